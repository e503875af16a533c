"""MCP with its own client: over HTTP at the running server, and over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from rag.audit_trail import AuditTrail
from rag.settings import ROOT
from tests.office_server import LETTER_ID, QUESTION, Office

TOOLS = ["ask", "list_figures", "read_letter", "search_letters"]


@asynccontextmanager
async def over_http(office: Office, key: str) -> AsyncIterator[ClientSession]:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60) as http,
        streamable_http_client(f"{office.address}/mcp", http_client=http) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def over_stdio(store: Path) -> AsyncIterator[ClientSession]:
    environment = {**os.environ, "REPLYDESK_LLM": "none"}
    command = StdioServerParameters(command=sys.executable, args=["-m", "doors.mcp", "--store", str(store)], cwd=str(ROOT), env=environment)
    async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        yield session


async def use_all_tools(session: ClientSession) -> None:
    tools = (await session.list_tools()).tools
    assert sorted(tool.name for tool in tools) == TOOLS
    assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in tools)
    answer = content_of(await session.call_tool("ask", {"question": QUESTION}))
    assert answer["outcome"] == "answered"
    assert "180万平方米" in answer["answer"]
    assert answer["citations"][0]["letter_id"] == LETTER_ID
    follow_up = content_of(await session.call_tool("ask", {"question": "文号是多少？", "earlier_questions": [QUESTION]}))
    assert "温科提复〔2023〕94号" in follow_up["answer"]
    found = content_of(await session.call_tool("search_letters", {"words": "科技企业孵化器", "limit": 3}))["result"]
    assert len(found) == 3
    assert LETTER_ID in {passage["letter_id"] for passage in found}
    figures = content_of(await session.call_tool("list_figures", {"name": "孵化面积", "year": 2023}))["result"]
    assert "180" in {f"{figure['value']:g}" for figure in figures}
    letter = content_of(await session.call_tool("read_letter", {"letter_id": LETTER_ID}))
    assert "新增孵化面积180万平方米以上" in letter["text"]
    missing = await session.call_tool("read_letter", {"letter_id": "nobody"})
    assert missing.is_error
    assert "search_letters finds" in text_of(missing)
    too_long = await session.call_tool("ask", {"question": "长" * 3000})
    assert too_long.is_error
    assert "at most 2000" in text_of(too_long)


def content_of(result: CallToolResult) -> Any:
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return result.structured_content


def text_of(result: CallToolResult) -> str:
    return " ".join(getattr(part, "text", "") for part in result.content)


def test_all_tools_over_http(office: Office) -> None:
    async def run() -> None:
        async with over_http(office, office.keys["reader"]) as session:
            await use_all_tools(session)

    anyio.run(run)
    noted = [entry.note for entry in AuditTrail(office.store).entries() if entry.note.door == "mcp"]
    assert noted
    assert {(note.account, note.action) for note in noted} == {("reader", "ask")}


def test_all_tools_over_standard_input_and_output(letters_store: Path) -> None:
    async def run() -> None:
        async with over_stdio(letters_store) as session:
            await use_all_tools(session)

    anyio.run(run)


def test_without_a_key_there_is_no_session(office: Office) -> None:
    response = office.client().post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert response.status_code == 401
