"""The plain pipelines: they find and quote as the tutorial does, fuse ranks as published, and are told apart in one table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from eval import peer_llamaindex
from eval.baseline import as_table, main, summarise_system
from eval.plain import PlainChunk, PlainIndex, PlainPipeline, PlainText, WordIndex, fuse_ranks
from eval.questions import GoldEvidence, Question
from eval.run import ask_all
from rag.llm import Usage
from rag.prompting import Message
from rag.records import Answer, Outcome, Turn
from tests.small_store import CountingEncoder

TEXTS = [PlainText("a.txt", "今年计划新增养老床位1200张。\n\n改造老旧小区85个。"), PlainText("b.txt", "公交专用道达到110公里。")]
A, B, C = (PlainChunk("x.txt", i, text) for i, text in enumerate(["养老床位一千张", "公交专用道", "养老服务与床位"]))


class FakeModel:
    """Says what it is told to, and remembers what it was asked."""

    name = "fake"

    def __init__(self, reply: str) -> None:
        self.reply, self.asked = reply, [("", "")]

    def stream(self, messages: Sequence[Message], usage: Usage | None = None) -> Iterator[str]:
        self.asked.append((messages[0].content, messages[-1].content))
        yield from self.reply


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PlainIndex:
    made = PlainIndex(tmp_path_factory.mktemp("plain"), CountingEncoder(), chunk_size=40)
    made.add(TEXTS)
    return made


def question(**fields: object) -> Question:
    base: dict[str, object] = {
        "id": "q", "lang": "zh", "kind": "single_target", "question": "养老床位多少张？", "answer": "", "answerable": True, "numbers": ("1200张",),
        "evidence": (GoldEvidence("a.txt", "今年计划新增养老床位1200张。", "今年计划新增养老床位1200张。"),),
    }  # fmt: skip
    return Question(**(base | fields))  # type: ignore[arg-type]


def test_chunks_stand_where_they_say(index: PlainIndex) -> None:
    texts = {text.file: text.text for text in TEXTS}
    assert {chunk.file for chunk in index.chunks} == set(texts)
    assert all(texts[c.file][c.start : c.start + len(c.text)] == c.text for c in index.chunks)


def test_words_find_chinese_without_spaces() -> None:
    assert WordIndex([A, B, C]).search("养老床位有多少") == [A, C]
    assert WordIndex([A, B, C]).search("天气") == []


def test_fusion_prefers_what_both_legs_find() -> None:
    assert fuse_ranks([[A, B], [B, C]])[0] == B  # 1/62 + 1/61 against 1/61
    assert len(fuse_ranks([[A, B], [B, C]], limit=2)) == 2


def test_without_a_model_the_first_chunk_is_quoted_and_cited(index: PlainIndex) -> None:
    answer = PlainPipeline(index).ask("养老床位")
    assert answer.outcome is Outcome.ANSWERED
    assert [citation.text for citation in answer.citations] == [answer.text]


def test_a_model_gets_the_chunks_and_the_turn_before(index: PlainIndex) -> None:
    model = FakeModel("1200张。")
    answer = PlainPipeline(index, model=model).ask("那公交呢？", [Turn("养老床位多少张？", "1200张")])
    assert (answer.text, answer.model) == ("1200张。", "fake")
    assert "养老床位多少张？ 那公交呢？" in model.asked[-1][1]
    assert all(citation.text in model.asked[-1][1] for citation in answer.citations)


@pytest.mark.parametrize(("reply", "outcome"), [("我不知道。", "not_found"), ("I don't know.", "not_found"), ("1200张。", "answered")])
def test_a_model_that_says_it_does_not_know_refuses(index: PlainIndex, reply: str, outcome: str) -> None:
    assert PlainPipeline(index, model=FakeModel(reply)).ask("养老床位").outcome == outcome


class Always:
    """Gives one answer to everything."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(self, question: str, **told: object) -> Answer:
        return self.answer


def test_the_table_has_intervals_and_says_who_is_better(index: PlainIndex) -> None:
    questions = [question(id=f"q{i}") for i in range(12)]
    best, worst = (ask_all(Always(Answer(Outcome.ANSWERED, text)), questions) for text in ("1200张。", "我们感谢您。"))  # type: ignore[arg-type]
    rows = [summarise_system("ours", best, best), summarise_system("plain", worst, best)]
    table = as_table(rows)
    assert "| ours | 100.0% (75.8%–100.0%)" in table  # Wilson: 12 / (12 + 3.84)
    assert rows[1]["replydesk_is"] == "better"
    assert "replydesk_is" not in rows[0]


def test_the_whole_way_from_letters_to_an_answer(index: PlainIndex, tmp_path: Path) -> None:
    fused = PlainPipeline(index, WordIndex(index.chunks))
    result = ask_all(fused, [question(question="养老床位计划新增多少张？")])[0]
    assert result.scores["answer_correct"].value == 1
    assert result.scores["citation_recall"].value == 1


def test_the_llamaindex_peer_answers_or_says_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    for text in TEXTS:
        (letters / f"{Path(text.file).stem}.txt").write_text(text.text * 5, encoding="utf-8")
    questions = tmp_path / "q.jsonl"
    row = {
        "id": "q",
        "lang": "zh",
        "kind": "single_target",
        "question": "养老床位多少张？",
        "answer": "1200张",
        "answerable": True,
        "numbers": ["1200张"],
    }
    row["evidence"] = [{"file": "a.txt", "sentence": "今年计划新增养老床位1200张。"}]
    questions.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main([str(questions), "--ingest", str(letters), "--out", str(tmp_path / "out")]) == 0
    systems = [row["system"] for row in json.loads((tmp_path / "out" / "table.json").read_text(encoding="utf-8"))]
    told = capsys.readouterr().err
    assert len(systems) == (4 if peer_llamaindex.is_installed() else 3)
    assert (peer_llamaindex.HOW_TO in told) is not peer_llamaindex.is_installed()
    if peer_llamaindex.is_installed():
        lines = (tmp_path / "out" / "llamaindex" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(lines[0])["citations"]
