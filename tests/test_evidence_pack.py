"""The evidence pack, opened again with the libraries that read such files."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from rag.ask import main
from rag.evidence_pack import Pack, make_pack
from rag.pack_files import write_pack
from rag.pipeline import Pipeline
from rag.settings import Settings
from screens.chat.answer import render_exchange
from screens.chat.conversations import Conversations
from screens.chat.exchange import Exchange
from screens.texts import texts_for
from tests.office_server import QUESTION, Office

ASKED_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack(letters_store: Path) -> Pack:
    settings = Settings(store=letters_store, llm="none", home="温州市")
    pipeline = Pipeline(settings)
    answer = pipeline.ask(QUESTION)
    pipeline.store.close()
    assert answer.citations
    return make_pack(QUESTION, answer, ASKED_AT, settings)


def text_of_word(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def facts_of(pack: Pack) -> list[str]:
    """What every pack must hold."""
    facts = [pack.question, pack.answer.text, ASKED_AT.isoformat(), "未使用模型", "✓", "温州市"]
    for citation in pack.answer.citations:
        facts += [citation.text, citation.body or "", citation.doc_number or "", str(citation.issued_on), citation.content_hash]
    return facts


def test_word_file_holds_every_sentence_and_its_letter(pack: Pack) -> None:
    text = text_of_word(write_pack(pack, "docx"))
    assert len(pack.answer.citations[0].content_hash) == 64
    assert [fact for fact in facts_of(pack) if fact not in text] == []


def test_workbook_holds_numbers_as_numbers_with_units_apart(pack: Pack) -> None:
    book = load_workbook(io.BytesIO(write_pack(pack, "xlsx")))
    heads, row = list(book.worksheets[0].values)[:2]
    figure = dict(zip(heads, row, strict=True))
    assert (figure["指标"], figure["数值"], figure["单位"], figure["年份"], figure["类型"]) == (
        "新增孵化面积",
        180,
        "万平方米",
        2023,
        "目标",
    )
    text = "\n".join(str(value) for sheet in book.worksheets for line in sheet.values for value in line)
    assert [fact for fact in facts_of(pack) if fact not in text] == []


def test_text_that_begins_like_a_formula_is_not_run(pack: Pack) -> None:
    evil = replace(pack, question='=HYPERLINK("http://a.example","x")')
    cells = [cell for sheet in load_workbook(io.BytesIO(write_pack(evil, "xlsx"))).worksheets for line in sheet.rows for cell in line]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


def test_control_characters_do_not_spoil_the_file(pack: Pack) -> None:
    odd = replace(pack, question="面积\x07\x1b多少？")
    assert "面积多少？" in text_of_word(write_pack(odd, "docx"))
    assert write_pack(odd, "xlsx")


def test_english_pack_speaks_english(pack: Pack) -> None:
    text = text_of_word(write_pack(replace(pack, language="en"), "docx"))
    assert "Quoted sentences" in text
    assert "引用原句" not in text


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_command_writes_the_pack(letters_store: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"pack.{kind}"
    assert main([QUESTION, "--store", str(letters_store), "--llm", "none", "--pack", str(path)]) == 0
    assert path.read_bytes().startswith(b"PK")


def test_command_refuses_another_kind(letters_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pack.odt"
    assert main([QUESTION, "--store", str(letters_store), "--llm", "none", "--pack", str(path)]) == 2
    assert "docx" in capsys.readouterr().err
    assert not path.exists()


def test_rest_gives_the_file(office: Office) -> None:
    response = office.client("reader").post("/api/v1/ask/pack?kind=docx", json={"question": QUESTION})
    assert response.status_code == 200, response.text
    text = text_of_word(response.content)
    assert "2023年新增孵化面积180万平方米以上" in text
    assert "温科提复〔2023〕94号" in text
    assert office.client("reader").post("/api/v1/ask/pack?kind=exe", json={"question": QUESTION}).status_code == 422


def test_shown_answer_is_saved_by_its_owner_alone(office: Office, pack: Pack) -> None:
    kept = Conversations(office.store)
    exchange = Exchange(QUESTION, pack.answer, is_done=True, ticket="pack-of-reader", asked_at=ASKED_AT.isoformat())
    kept.add("reader", kept.begin("reader", QUESTION), exchange)
    address = "/pack/pack-of-reader.docx?language=zh"
    saved = office.client("reader").get(address)
    assert saved.status_code == 200, saved.text
    assert pack.answer.citations[0].text in text_of_word(saved.content)
    assert office.client("editor").get(address).status_code == 404
    assert office.client().get(address).status_code in (303, 401)
    assert office.client("reader").get("/pack/pack-of-reader.exe").status_code == 404


def test_menu_stands_under_an_answer(pack: Pack) -> None:
    exchange = Exchange(QUESTION, pack.answer, is_done=True, ticket="abc", asked_at=ASKED_AT.isoformat())
    shown = render_exchange(exchange, texts_for("en"))
    assert 'href="/pack/abc.docx?language=en"' in shown
    assert 'href="/pack/abc.xlsx?language=en"' in shown
