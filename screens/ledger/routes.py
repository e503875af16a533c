"""Addresses of the ledger: the tab, the part under its filters, one indicator over the years, exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from rag.figure_pairs import PairTable
from rag.figures import save_xlsx, write_csv
from screens.ledger.export import heads_of, list_rows
from screens.ledger.query import LedgerQuery, read_query
from screens.ledger.series import render_series
from screens.ledger.tab import render_body, render_tab
from screens.parts import PartRoute
from screens.seams import Desk
from screens.texts import Texts, texts_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_AT_ONCE = 500
Asked = Annotated[LedgerQuery, Depends(read_query)]


def make_ledger_routes(desk: Desk) -> APIRouter:
    """The routes; who may use them is decided before they are reached."""
    routes = APIRouter(prefix="/ledger", route_class=PartRoute, include_in_schema=False)

    @routes.get("")
    def show_tab(query: Asked) -> HTMLResponse:
        return HTMLResponse(render_tab(desk.ledger.table(), query, texts_for(query.language)))

    @routes.get("/body")
    def show_body(query: Asked) -> HTMLResponse:
        return HTMLResponse(render_body(desk.ledger.table(), query, texts_for(query.language)))

    @routes.get("/series")
    def show_series(query: Asked) -> HTMLResponse:
        pairs = PairTable(desk.ledger.table()).series(query.wanted.indicator)
        return HTMLResponse(render_series(pairs, query, texts_for(query.language)))

    @routes.get("/export.csv")
    def export_csv(query: Asked) -> Response:
        texts = texts_for(query.language)
        lines = _write_lines(query, desk, texts)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_saved_as(texts, "csv"))

    @routes.get("/export.xlsx")
    def export_xlsx(query: Asked) -> Response:
        texts = texts_for(query.language)
        with TemporaryDirectory(prefix="replydesk-export-") as folder:
            path = Path(folder) / "ledger.xlsx"
            save_xlsx(list_rows(desk.ledger.table(), query, texts), heads_of(query, texts), path)
            content = path.read_bytes()
        return Response(content, media_type=XLSX, headers=_saved_as(texts, "xlsx"))

    return routes


def _write_lines(query: LedgerQuery, desk: Desk, texts: Texts) -> Iterator[str]:
    """With the mark by which spreadsheets know UTF-8."""
    heads = heads_of(query, texts)
    yield "\ufeff" + write_csv([], heads)
    part = []
    for row in list_rows(desk.ledger.table(), query, texts):
        part.append(row)
        if len(part) == LINES_AT_ONCE:
            yield write_csv(part, heads, with_head=False)
            part = []
    yield write_csv(part, heads, with_head=False)


def _saved_as(texts: Texts, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{texts.ledger.title}.{kind}')}"}
