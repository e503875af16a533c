"""REST: letters and figures; letters are taken in and out."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, UploadFile
from fastapi.responses import FileResponse
from fastapi.responses import JSONResponse as Json
from starlette.concurrency import run_in_threadpool

from doors.intake import FAILED, Taken
from doors.office import Office
from doors.problems import Problem, respond
from doors.roles import Action, Caller, require
from doors.routes import CallerOf, problems
from doors.shapes import FigurePage, LetterPage, RemovedBody, TakenBody, TakenList, VersionBody, WholeLetter
from ingest.report import answers_as_json, change_as_json
from rag.figures import FigureFilter, figure_row, keeps
from rag.records import Letter

PER_PAGE = 50
PER_PAGE_AT_MOST = 500
FILES_AT_MOST = 100
NAME_AT_MOST = 120  # characters of a file's name
Page = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=PER_PAGE_AT_MOST)]
Words = Annotated[str, Query(max_length=200)]


def make_letter_routes(office: Office) -> APIRouter:
    """The routes under /letters, and /figures."""
    routes = APIRouter()
    _add_figures(routes, office)
    _add_reading(routes, office)
    _add_writing(routes, office)
    return routes


def _add_figures(routes: APIRouter, office: Office) -> None:
    @routes.get("/figures", response_model=FigurePage, responses=problems(), tags=["figures"], summary="The ledger, filtered")
    def list_figures(
        caller: CallerOf,
        name: Words = "",
        year: Annotated[list[int] | None, Query(max_length=50)] = None,
        status: Literal["", "target", "actual", "baseline"] = "",
        body: Words = "",
        place: Words = "",
        revoked: bool = False,
        page: Page = 1,
        per_page: PerPage = PER_PAGE,
    ) -> Json:
        wanted = FigureFilter(tuple(year or ()), status, name, body, place)
        kept = [figure for figure, letter in office.figures(caller, revoked=revoked) if keeps(figure, letter, wanted)]
        rows = []
        for figure in kept[(page - 1) * per_page : page * per_page]:
            letter = office.letter(caller, figure.letter_id)
            if letter is not None:
                rows.append(figure_row(figure, letter))
        return Json({"total": len(kept), "page": page, "per_page": per_page, "figures": rows})


def _add_reading(routes: APIRouter, office: Office) -> None:
    @routes.get("/letters", response_model=LetterPage, responses=problems(), tags=["letters"], summary="The letters, newest first")
    def list_letters(
        caller: CallerOf,
        words: Annotated[str, Query(max_length=200, description="In title, body, number or file name.")] = "",
        year: Annotated[int | None, Query(description="Of issue.")] = None,
        as_of: date | None = None,
        page: Page = 1,
        per_page: PerPage = PER_PAGE,
    ) -> Json:
        kept = [letter for letter in office.letters(caller, as_of) if year in (None, letter.year) and _speaks_of(letter, words)]
        kept.sort(key=lambda letter: letter.issued_on or date.min, reverse=True)
        shown = [letter_as_json(letter) for letter in kept[(page - 1) * per_page : page * per_page]]
        return Json({"total": len(kept), "page": page, "per_page": per_page, "letters": shown})

    # a letter's id may hold a slash; so what stands behind the id comes first
    @routes.get(
        "/letters/{letter_id:path}/versions",
        response_model=list[VersionBody],
        responses=problems(404),
        tags=["letters"],
        summary="The texts that a letter has had",
    )
    def list_versions(letter_id: str, caller: CallerOf) -> Json:
        versions = office.versions(caller, letter_id)
        if not versions:
            return _no_letter(letter_id, caller)
        rows = [asdict(version) | {"issued_on": version.issued_on and version.issued_on.isoformat()} for version in versions]
        return Json([{name: value for name, value in row.items() if name in VersionBody.model_fields} for row in rows])

    @routes.get(
        "/letters/{letter_id:path}/original",
        response_class=FileResponse,
        responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}, **problems(404)},
        tags=["letters"],
        summary="The file that a letter was read from",
    )
    def give_original(letter_id: str, caller: CallerOf, as_of: date | None = None) -> Any:  # noqa: ANN401 - a file or a problem
        letter = office.letter(caller, letter_id, as_of)
        path = office.original(caller, letter) if letter else None
        if letter is None or path is None:
            return _no_letter(letter_id, caller)
        # never shown within this server's pages, whatever it is: saved as a file
        return FileResponse(path, filename=_plain_name(letter.file), media_type="application/octet-stream")

    @routes.get(
        "/letters/{letter_id:path}",
        response_model=WholeLetter,
        responses=problems(404),
        tags=["letters"],
        summary="One letter with its text",
    )
    def read_letter(letter_id: str, caller: CallerOf, as_of: date | None = None) -> Json:
        letter = office.letter(caller, letter_id, as_of)
        return Json(whole_letter_as_json(letter)) if letter else _no_letter(letter_id, caller)


def _add_writing(routes: APIRouter, office: Office) -> None:
    @routes.post("/letters", response_model=TakenList, responses=problems(), tags=["letters"], summary="Take letters in (editor)")
    async def take_letters(caller: CallerOf, files: Annotated[list[UploadFile], File(max_length=FILES_AT_MOST)]) -> Json:
        require(caller, Action.INGEST)
        taken: list[Taken] = []
        with TemporaryDirectory(prefix="replydesk-upload-") as folder:
            for number, file in enumerate(files):
                path = Path(folder) / str(number) / _plain_name(file.filename or "")
                path.parent.mkdir()
                with path.open("wb") as out:
                    while part := await file.read(1024 * 1024):
                        out.write(part)
                if path.stat().st_size:
                    taken += await run_in_threadpool(office.add_file, caller, path)
                else:
                    told = f"{path.name}: the file is empty. Export or download it again."
                    taken.append(Taken(path.name, FAILED, reason=told, reason_zh=f"{path.name}：文件是空的。请重新导出或下载。"))
        return Json({"results": [taken_as_json(one) for one in taken]})

    @routes.delete(
        "/letters/{letter_id:path}",
        response_model=RemovedBody,
        responses=problems(404),
        tags=["letters"],
        summary="Remove a letter with its versions (editor)",
    )
    def remove_letter(letter_id: str, caller: CallerOf) -> Json:
        require(caller, Action.REMOVE)
        if not office.versions(caller, letter_id):
            return _no_letter(letter_id, caller)
        return Json({"letter_id": letter_id, "versions": office.remove(caller, letter_id)})


def letter_as_json(letter: Letter) -> dict[str, object]:
    """What is known of a letter, without its text."""
    return {
        "letter_id": letter.letter_id,
        "title": letter.title,
        "doc_number": letter.doc_number,
        "bodies": list(letter.bodies),
        "place": letter.place,
        "kind": letter.kind.value,
        "proposal_number": letter.proposal_number,
        "proposal_title": letter.proposal_title,
        "session": letter.session,
        "addressees": list(letter.addressees),
        "lead_bodies": list(letter.lead_bodies),
        "joint_bodies": list(letter.joint_bodies),
        "issued_on": letter.issued_on.isoformat() if letter.issued_on else None,
        "corrects": letter.corrects,
        "file": letter.file,
        "format": letter.format,
        "content_hash": letter.content_hash,
    }


def whole_letter_as_json(letter: Letter) -> dict[str, object]:
    """A letter with its text and sentences."""
    sentences = [
        {
            "index": sentence.index,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "role": sentence.role.value,
            "section": list(sentence.section),
            "page": sentence.page,
        }
        for sentence in letter.sentences
    ]
    return {**letter_as_json(letter), "text": letter.text, "sentences": sentences}


def _speaks_of(letter: Letter, words: str) -> bool:
    known = " ".join(part for part in (letter.title, letter.doc_number, letter.proposal_title, *letter.bodies, letter.file) if part)
    return all(word in known.casefold() for word in words.casefold().split())


def taken_as_json(taken: Taken) -> dict[str, object]:
    """What became of one file or letter."""
    told = {name: getattr(taken, name) for name in TakenBody.model_fields}
    return told | {"changes": [change_as_json(change) for change in taken.changes], "answers": answers_as_json(taken.answers)}


def _no_letter(letter_id: str, caller: Caller) -> Json:
    shown = letter_id[:100]
    cure = "GET /api/v1/letters lists those that are there."
    return respond(Problem(404, "no-such-letter", f"There is no letter {shown!r}.", cure, f"没有答复函 {shown}。"), caller.request_id)


def _plain_name(name: str) -> str:
    """A file's name without folders and without what a disk or a header may stumble over."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "_", last).strip(" .") or "letter"
    return clean if len(clean) <= NAME_AT_MOST else Path(clean).stem[: NAME_AT_MOST - 12] + Path(clean).suffix[:12]
