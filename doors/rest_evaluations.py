"""REST: start an evaluation, ask how far it is, stop it."""

from __future__ import annotations

import json
from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from doors.evaluations import Evaluation, Evaluations
from doors.office import Office
from doors.problems import Problem, respond
from doors.roles import Action, Caller, require
from doors.routes import CallerOf, problems
from doors.shapes import EvaluationBody, Shape

QUESTIONS_AT_MOST = 5000


class StartBody(Shape):
    """A question set."""

    questions: list[dict[str, object]] = Field(
        min_length=1, max_length=QUESTIONS_AT_MOST, description="Each as a line of a set: eval/questions/README.md tells the fields."
    )
    with_model: bool = Field(False, description="With the model of the settings; else without any.")


def make_evaluation_routes(office: Office, evaluations: Evaluations) -> APIRouter:
    """The routes under /evaluations."""
    routes = APIRouter(tags=["evaluations"])

    @routes.post(
        "/evaluations",
        response_model=EvaluationBody,
        status_code=202,
        responses=problems(429),
        summary="Start an evaluation over the store (admin)",
    )
    def start_evaluation(body: StartBody, caller: CallerOf) -> JSONResponse:
        require(caller, Action.EVALUATE)
        lines = [json.dumps(question, ensure_ascii=False) for question in body.questions]
        started = evaluations.start(lines, office.settings.llm if body.with_model else "none")
        office.note(caller, "evaluate", subject=started.evaluation_id, outcome=f"{started.questions} questions")
        return _tell(started, 202)

    @routes.get("/evaluations/{evaluation_id}", response_model=EvaluationBody, responses=problems(404), summary="How far it is (admin)")
    def find_evaluation(evaluation_id: str, caller: CallerOf) -> JSONResponse:
        require(caller, Action.EVALUATE)
        found = evaluations.find(evaluation_id)
        return _tell(found) if found else _missing(evaluation_id, caller)

    @routes.delete("/evaluations/{evaluation_id}", response_model=EvaluationBody, responses=problems(404), summary="Stop it (admin)")
    def stop_evaluation(evaluation_id: str, caller: CallerOf) -> JSONResponse:
        require(caller, Action.EVALUATE)
        found = evaluations.stop(evaluation_id)
        return _tell(found) if found else _missing(evaluation_id, caller)

    return routes


def _tell(evaluation: Evaluation, status: int = 200) -> JSONResponse:
    return JSONResponse(asdict(evaluation), status)


def _missing(evaluation_id: str, caller: Caller) -> JSONResponse:
    shown = evaluation_id[:40]
    cure = "Start one with POST /api/v1/evaluations; those of before the last start of the server are in the store's folder."
    problem = Problem(404, "no-such-evaluation", f"There is no evaluation {shown!r}.", cure, f"没有评测 {shown}。")
    return respond(problem, caller.request_id)
