"""What a reader says of an answer: where the page sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from doors.feedback import Feedback, FeedbackBook, Verdict
from doors.gate import CALLER
from doors.reported_questions import Gold, append_row, find_sentence, make_row
from doors.roles import Caller
from rag.errors import ReplyDeskError
from rag.records import Letter, Turn
from screens.chat.conversations import Conversations
from screens.chat.owner import LOCAL

FindLetters = Callable[[str], Sequence[Letter]]
_NOTED = "谢谢，已记录。", "Thank you, noted."
_ASKED_AGAIN = "谢谢，已记录，并已加入评测题。", "Thank you, noted, and made a question of the evaluation."


class FeedbackBody(BaseModel):
    """As the page sends it."""

    verdict: Verdict
    comment: str = ""
    language: str = "zh"
    is_question: bool = False  # to be asked in evaluations, with what is right:
    gold: str = ""
    sentence: str = ""  # that proves it; empty: the letters do not say it


def make_feedback_routes(conversations: Conversations, find_letters: FindLetters) -> APIRouter:
    """The route; everybody judges his own answers alone. `find_letters` gives the letters in which a sentence may stand, likeliest first."""
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
            if body.is_question:
                history = [Turn(turn.question, turn.answer.text) for turn in conversations.before(owner, ticket) if turn.answer]
                found = find_sentence(body.sentence, find_letters(body.sentence)) if body.sentence.strip() else None
                row = make_row(exchange.question, history, Gold(body.gold, body.sentence), found, date.today())
                append_row(book.path.parent, row)
            book.add(Feedback(owner, ticket, body.verdict, body.comment.strip(), exchange.question, exchange.answer.text))
        except ReplyDeskError as error:
            return Response(error.chinese if body.language == "zh" else str(error), 422)
        thanks = _ASKED_AGAIN if body.is_question else _NOTED
        return Response(thanks[body.language == "en"], media_type="text/plain")

    return routes
