"""The letters for assistants that speak MCP: `python -m doors.mcp` on standard input and output; a running server has the same at /mcp.

Tools: ask, search_letters, list_figures, read_letter. All of them only read.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from doors.accounts import whose_computer
from doors.gate import CALLER
from doors.office import Asked, Office
from doors.rest_letters import whole_letter_as_json
from doors.roles import Caller, Role
from doors.shapes import AnswerBody, FigureBody, WholeLetter
from doors.streaming import follow
from rag.ask import answer_as_json
from rag.errors import ReplyDeskError, SettingError
from rag.figures import FigureFilter, figure_row, keeps
from rag.records import Turn
from rag.settings import Settings

FOUND_AT_MOST = 20
FIGURES_AT_MOST = 200
ABOUT = (
    "Official reply letters (政协提案、人大建议答复函) of a Chinese government office. `ask` answers questions in Chinese or English; each figure and sentence of "
    "its answer is proved by a quoted sentence, and what no letter says is not_found: do not fill it in from elsewhere. Cite the quoted sentences."
)
_ONLY_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class Passage(BaseModel):
    """A passage of a letter."""

    letter_id: str
    title: str | None
    doc_number: str | None
    issued_on: str | None
    text: str


def make_mcp(office: Office, stdio_caller: Caller | None = None) -> MCPServer[Any]:
    """The MCP server over an office; `stdio_caller` is who asks where there is no gate."""
    server: MCPServer[Any] = MCPServer("ReplyDesk", instructions=ABOUT, log_level="WARNING")

    def caller_of(context: Context[Any, Any]) -> Caller:
        request = context.request_context.request
        caller = request.scope.get(CALLER) if request is not None else stdio_caller
        if not isinstance(caller, Caller):
            raise ToolError("Nobody is known to ask. Send a key: `python -m doors.accounts key NAME`.")
        return caller

    @server.tool(title="Ask the letters", annotations=_ONLY_READS)
    async def ask(
        question: Annotated[str, Field(description="In Chinese or English; standing alone, with place and year where they matter.")],
        context: Context[Any, Any],
        earlier_questions: Annotated[list[str], Field(description="Questions of the conversation before it, oldest first.")] = [],  # noqa: B006 - never changed
    ) -> AnswerBody:
        """Answer a question from the letters. Outcome answered, partly or not_found; [E1] in the answer names a citation."""
        from rag.pipeline import Final

        with _told():
            asked = Asked(question, tuple(Turn(earlier) for earlier in earlier_questions))
            async with contextlib.aclosing(follow(office, caller_of(context), asked)) as events:
                async for event in events:
                    if isinstance(event, Final):
                        return AnswerBody.model_validate(answer_as_json(event.answer))
        raise ToolError("There is no answer. Ask again.")

    @server.tool(title="Search letters", annotations=_ONLY_READS)
    def search_letters(
        words: Annotated[str, Field(description="What to look for, in words or as a sentence.", max_length=2000)],
        context: Context[Any, Any],
        limit: Annotated[int, Field(ge=1, le=FOUND_AT_MOST)] = 8,
    ) -> list[Passage]:
        """The passages of letters that fit best, best first."""
        with _told():
            caller = caller_of(context)
            found = office.search(caller, words, limit)
            return [
                Passage(
                    letter_id=letter.letter_id,
                    title=letter.title,
                    doc_number=letter.doc_number,
                    issued_on=letter.issued_on.isoformat() if letter.issued_on else None,
                    text=text,
                )
                for letter, text in found
            ]

    @server.tool(title="List figures", annotations=_ONLY_READS)
    def list_figures(
        context: Context[Any, Any],
        name: Annotated[str, Field(description="Part of the indicator's name, in Chinese.", max_length=200)] = "",
        year: Annotated[int | None, Field(description="That the figure is true of.")] = None,
        status: Literal["", "target", "actual", "baseline"] = "",
        place: Annotated[str, Field(description="Part of the place or subject.", max_length=200)] = "",
        limit: Annotated[int, Field(ge=1, le=FIGURES_AT_MOST)] = 50,
    ) -> list[FigureBody]:
        """The ledger: figures of the letters that are in force, filtered, each with its sentence."""
        with _told():
            caller = caller_of(context)
            wanted = FigureFilter((year,) if year is not None else (), status, name, "", place)
            kept = [figure for figure, letter in office.figures(caller) if keeps(figure, letter, wanted)][:limit]
            whole = [(figure, office.letter(caller, figure.letter_id)) for figure in kept]
            return [FigureBody.model_validate(figure_row(figure, letter)) for figure, letter in whole if letter]

    @server.tool(title="Read a letter", annotations=_ONLY_READS)
    def read_letter(letter_id: str, context: Context[Any, Any]) -> WholeLetter:
        """One letter with its text and sentences."""
        with _told():
            letter = office.letter(caller_of(context), letter_id)
            if letter is None:
                raise ToolError(f"There is no letter {letter_id[:100]!r}. search_letters finds those that are there.")
            return WholeLetter.model_validate(whole_letter_as_json(letter))

    return server


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What fails is told to the asker with its cure."""
    try:
        yield
    except ReplyDeskError as error:
        raise ToolError(str(error)) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one client on standard input and output. Exit 0: the client left, 1: the store cannot be opened, 2: wrong use."""
    parser = argparse.ArgumentParser(prog="python -m doors.mcp", description="The letters for an MCP client, on standard input and output.")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the store's folder (else REPLYDESK_STORE, else data/store)")
    wanted = parser.parse_args(arguments)
    import anyio

    from rag.llm import connect
    from rag.pipeline import Pipeline

    try:
        settings = Settings.from_environment()
        if wanted.store:
            settings = replace(settings, store=wanted.store)
        pipeline = Pipeline(settings)
        with contextlib.suppress(ReplyDeskError):  # without a model it quotes
            pipeline.model = connect(settings)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    office = Office(settings, lambda: pipeline)
    anyio.run(make_mcp(office, Caller(whose_computer(), Role.READER, "mcp")).run_stdio_async)
    return 0


if __name__ == "__main__":
    sys.exit(main())
