"""What a reader says of an answer: where the page sends it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from doors.feedback import Feedback, FeedbackBook, Verdict
from doors.gate import CALLER
from doors.roles import Caller
from rag.errors import ReplyDeskError
from screens.chat.conversations import Conversations
from screens.chat.owner import LOCAL


class FeedbackBody(BaseModel):
    """As the page sends it."""

    verdict: Verdict
    comment: str = ""
    language: str = "zh"


def make_feedback_routes(conversations: Conversations) -> APIRouter:
    """The route; everybody judges his own answers alone."""
    routes = APIRouter(include_in_schema=False)
    book = FeedbackBook(conversations.path.parent)

    @routes.post("/feedback/{ticket}")
    def take_feedback(ticket: str, body: FeedbackBody, request: Request) -> Response:
        caller = request.scope.get(CALLER)
        owner = caller.name if isinstance(caller, Caller) else LOCAL
        exchange = conversations.exchange(owner, ticket)
        if exchange is None or exchange.answer is None:
            return Response("找不到这个回答。" if body.language == "zh" else "This answer is not there.", 404)
        try:
            book.add(Feedback(owner, ticket, body.verdict, body.comment.strip(), exchange.question, exchange.answer.text))
        except ReplyDeskError as error:
            return Response(error.chinese if body.language == "zh" else str(error), 422)
        return Response("谢谢，已记录。" if body.language == "zh" else "Thank you, noted.", media_type="text/plain")

    return routes
