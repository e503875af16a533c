"""Addresses of letters: the letter itself, one of its pages as a picture, its original as a file."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from doors.roles import Action, may
from rag.errors import ReadError
from rag.privacy import has_personal, mask_letter
from rag.records import Letter
from screens.access import caller_of_request
from screens.markup import escape
from screens.originals import cut_out
from screens.seams import Desk
from screens.source import render_missing, render_page, render_source
from screens.source_pages import Original
from screens.texts import texts_for

# A letter on its own page has one script, ours
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'"
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
KEEP = "private, max-age=86400, immutable"  # a version never changes


def _hides(request: Request, letter: Letter | None) -> bool:
    """Whether a letter has numbers of people that whoever asks may not see."""
    return letter is not None and not may(caller_of_request(request), Action.SEE_PERSONAL) and has_personal(letter.text)


def _find_open(desk: Desk, request: Request, letter_id: str, version: str) -> Letter | None:
    """A letter whose pages and file may be shown; None where there is none."""
    found = desk.originals.letter(letter_id, version)
    return None if _hides(request, found) else found


def make_source_routes(desk: Desk, default_language: str, style: str) -> APIRouter:
    """The routes; who may use them is decided before they are reached."""
    routes = APIRouter()

    @routes.get("/source")
    def show_source(
        request: Request,
        letter: str,
        language: str = default_language,
        start: int | None = None,
        end: int | None = None,
        version: str = "",
        part: bool = False,
    ) -> HTMLResponse:
        texts = texts_for(language)
        found = desk.originals.letter(letter, version)
        is_gone = found is None and version != ""
        if is_gone:
            found, start, end = desk.originals.letter(letter), None, None
        is_masked = _hides(request, found)
        shown = mask_letter(found) if found and is_masked else found
        inner = (
            render_source(shown, texts, start, end, _look_up(desk, shown, is_gone, is_masked=is_masked)) if shown else render_missing(texts)
        )
        status = 200 if found else 404
        if part:
            return HTMLResponse(inner, status)
        return HTMLResponse(render_page(inner, texts, style), status, headers={"Content-Security-Policy": LETTER_POLICY})

    @routes.get("/page")
    def show_page(request: Request, letter: str, number: int, version: str = "", language: str = default_language) -> Response:
        found = _find_open(desk, request, letter, version)
        if found is None:
            return Response(status_code=404)
        headers = {"Content-Security-Policy": PICTURE_POLICY}
        try:
            picture = desk.originals.draw(found, number)
        except ReadError:
            said = escape(texts_for(language).source.not_drawn)
            content = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><text x="105" y="60" text-anchor="middle" font-size="7">{said}</text></svg>'
            return Response(content, media_type="image/svg+xml", headers=headers)
        return Response(
            picture.content, media_type=picture.media_type, headers={**headers, "Cache-Control": KEEP if version else "no-cache"}
        )

    @routes.get("/line")
    def show_line(request: Request, letter: str, start: int, end: int, version: str = "") -> Response:
        found = _find_open(desk, request, letter, version)
        try:
            picture = cut_out(desk.originals, found, start, end) if found else None
        except ReadError:
            picture = None  # the sentence and its warning are shown without it
        if picture is None:
            return Response(status_code=404)
        headers = {"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": KEEP if version else "no-cache"}
        return Response(picture.content, media_type=picture.media_type, headers=headers)

    @routes.get("/original")
    def fetch_original(request: Request, letter: str, version: str = "") -> Response:
        found = _find_open(desk, request, letter, version)
        path = desk.originals.file(found) if found else None
        if found is None or path is None:
            return Response(status_code=404)
        named = f"attachment; filename*=UTF-8''{quote(found.file)}"
        return FileResponse(path, media_type="application/octet-stream", headers={"Content-Disposition": named})

    return routes


def _look_up(desk: Desk, letter: Letter, is_quoted_version_gone: bool, *, is_masked: bool) -> Original:
    """What is shown beside the text; pages and file cannot be masked, so they are left out where the text is."""
    originals, versions = desk.originals, desk.originals.versions(letter.letter_id)
    if is_masked:
        return Original(versions, is_quoted_version_gone=is_quoted_version_gone, is_masked=True)
    return Original(versions, originals.sizes(letter), originals.file(letter) is not None, is_quoted_version_gone)
