"""The evidence pack of an answer that was shown: the address where the file is made."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from doors.gate import CALLER
from doors.roles import Caller
from rag.errors import SettingError
from rag.evidence_pack import make_pack
from rag.pack_files import MEDIA_TYPES, write_pack
from rag.settings import Settings
from screens.access import caller_of_request, show_to
from screens.chat.conversations import Conversations
from screens.chat.owner import LOCAL
from screens.markup import escape

_NAMED = {"zh": "答复依据", "en": "evidence"}
_GONE = {
    "zh": "找不到这个回答：它没有保存，或所在的对话已被删除。请重新提问，再下载依据。",
    "en": "This answer is not there: it was not kept, or its conversation was deleted. Ask again, then save the evidence.",
}


def make_pack_routes(conversations: Conversations, settings: Settings) -> APIRouter:
    """The routes; who may use them is decided before they are reached, and everybody finds his own answers alone."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/pack/{name}")
    def save_pack(name: str, request: Request, language: str = "zh") -> Response:
        language = language if language in _NAMED else "zh"
        ticket, _, kind = name.rpartition(".")
        caller = request.scope.get(CALLER)
        owner = caller.name if isinstance(caller, Caller) else LOCAL
        exchange = conversations.exchange(owner, ticket)
        if exchange is None or exchange.answer is None:
            return HTMLResponse(escape(_GONE[language]), 404)
        asked_at = datetime.fromisoformat(exchange.asked_at).astimezone()
        pack = make_pack(exchange.question, show_to(caller_of_request(request), exchange.answer), asked_at, settings, language=language)
        try:
            content = write_pack(pack, kind)
        except SettingError as error:
            return HTMLResponse(escape(str(error)), 404)
        named = quote(f"{_NAMED[language]}-{asked_at:%Y%m%d-%H%M%S}.{kind}")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{named}", "Cache-Control": "no-store"}
        return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)

    return routes
