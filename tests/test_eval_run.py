"""A run from questions to report, with a fake that remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from pathlib import Path

import pytest

from eval import report
from eval.questions import Question, read_questions
from eval.run import ask_all, choose_questions, write_run
from eval.run import main as run_main
from rag.errors import QuestionSetError
from rag.pipeline import Draft, Event, EvidenceReady, Final
from rag.records import Answer, Citation, Outcome, Turn

LETTERS = Path(__file__).parent / "letters"
QUESTIONS = read_questions(LETTERS / "questions.jsonl")


class FakeAsker:
    """Gives the gold answers but for the ids in `wrong`, fails on those in `broken`, and remembers."""

    def __init__(self, wrong: Sequence[str] = (), broken: Sequence[str] = ()) -> None:
        self.wrong, self.broken = wrong, broken
        self.asked: list[tuple[str, tuple[Turn, ...], date | None]] = []

    def ask(self, question: str, history: Sequence[Turn] = (), as_of: date | None = None, asked_on: date | None = None) -> Answer:
        self.asked.append((question, tuple(history), asked_on))
        row = next(q for q in QUESTIONS if q.question == question and q.history == tuple(history))
        if row.id in self.broken:
            raise RuntimeError("the store is gone")
        if row.id in self.wrong or not row.answerable:
            return Answer(Outcome.NOT_FOUND, "答复函中没有找到。<script>alert(1)</script>")
        cited = tuple(
            Citation(f"E{i}", e.file, e.file, None, None, date(2024, 5, 1), None, None, 0, 1, e.text) for i, e in enumerate(row.evidence, 1)
        )
        return Answer(Outcome.ANSWERED, row.answer, cited)


def run(folder: Path, asker: FakeAsker, questions: Sequence[Question] = QUESTIONS) -> dict[str, object]:
    return write_run(folder, ask_all(asker, questions), {"questions_file": "questions.jsonl", "llm": "none"})


def test_history_and_day_of_asking_reach_the_pipeline() -> None:
    asker = FakeAsker()
    ask_all(asker, QUESTIONS)
    assert [asked[1:] for asked in asker.asked] == [(q.history, q.asked_on) for q in QUESTIONS]
    assert any(asked[1] for asked in asker.asked)
    assert any(asked[2] for asked in asker.asked)


def test_a_run_writes_answers_scores_and_reports(tmp_path: Path) -> None:
    run(tmp_path, FakeAsker(wrong=["fc-q001", "fc-q002"]))
    answers = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == [q.id for q in QUESTIONS]
    assert {"id", "answer", "refused", "outcome", "citations", "seconds"} <= set(answers[0])
    assert answers[0]["refused"] is True
    assert answers[2]["citations"][0]["issued_on"] == "2024-05-01"
    scores = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert scores["overall"]["right"]["mean"] == pytest.approx(73 / 75)
    assert scores["overall"]["right"]["low"] < 73 / 75 < scores["overall"]["right"]["high"]
    assert scores["by_kind"]["unanswerable"]["refusal"]["mean"] == 1
    assert set(scores["by_language"]) == {"en", "zh"}
    assert scores["refusal"]["answerable_refused"] == {"refused": 2, "of": 58, "share": pytest.approx(2 / 58)}
    assert scores["per_question"]["fc-q001"]["answer_correct"]["reason"] == "refused, though the letters answer it"


def test_the_page_needs_nothing_from_outside_and_runs_nothing(tmp_path: Path) -> None:
    run(tmp_path, FakeAsker(wrong=["fc-q001"]))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page
    assert "&lt;script&gt;" in page
    assert "<svg" in page
    assert "<script" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_each_failing_question_is_shown_with_gold_answer_and_reason(tmp_path: Path) -> None:
    run(tmp_path, FakeAsker(wrong=["fc-q001"]))
    for name in ("report.md", "report.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Not right: 1" in text
        assert QUESTIONS[0].question in text
        assert QUESTIONS[0].answer in text
        assert "refused, though the letters answer it" in text
        assert QUESTIONS[2].question not in text


def test_a_crash_on_one_question_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    scores = run(tmp_path, FakeAsker(broken=["fc-q003"]))
    assert scores["failed"] == 1
    line = json.loads((tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()[2])
    assert line["error"] == "RuntimeError: the store is gone"
    assert line["refused"] is False


class StreamingAsker(FakeAsker):
    """Gives evidence first, then the words of a model, then the answer."""

    def stream(
        self, question: str, history: Sequence[Turn] = (), as_of: date | None = None, asked_on: date | None = None
    ) -> Iterator[Event]:
        answer = self.ask(question, history, as_of, asked_on)
        yield EvidenceReady(answer)
        yield Draft("一")
        yield Draft("一二")
        yield Final(answer)


def test_the_moments_of_a_stream_are_measured_in_their_order() -> None:
    results = ask_all(StreamingAsker(), QUESTIONS[:5])
    for result in results:
        times = result.times
        assert times.first_evidence is not None
        assert times.first_token is not None
        assert 0 < times.first_evidence < times.first_token < result.seconds
    assert ask_all(FakeAsker(), QUESTIONS[:1])[0].times.first_evidence is None  # no stream: not measured, which is not zero


def test_runs_over_time_are_drawn_once_there_are_two(tmp_path: Path) -> None:
    run(tmp_path, FakeAsker(wrong=["fc-q001"]))
    assert "Right, over time" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    run(tmp_path, FakeAsker())
    assert "Right, over time" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len((tmp_path / report.RUNS_FILE).read_text(encoding="utf-8").splitlines()) == 2


def test_a_sample_is_fixed_and_keeps_each_kinds_share() -> None:
    sample = choose_questions(QUESTIONS, sample=30)
    assert sample == choose_questions(QUESTIONS, sample=30)
    assert len(sample) == 30
    unanswerable = sum(q.kind == "unanswerable" for q in sample)
    assert 6 <= unanswerable <= 8  # 17 of 75
    assert [q.id for q in sample] == sorted(q.id for q in sample)
    assert choose_questions(QUESTIONS, limit=3) == QUESTIONS[:3]


def test_two_runs_are_compared_question_by_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "a", FakeAsker(wrong=[f"fc-q{n:03d}" for n in range(1, 13)]))
    run(tmp_path / "b", FakeAsker(wrong=["fc-q020"]))
    assert report.main([str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    text = capsys.readouterr().out
    right = next(line for line in text.splitlines() if line.startswith("| right"))
    assert right.endswith("| 12 | 1 | 0.003 | better |")  # 2 × (1 + 13) / 2^13
    assert "Turned right: 12" in text
    assert "Turned wrong: 1" in text
    assert (tmp_path / "b" / "comparison.md").read_text(encoding="utf-8") == text
    page = (tmp_path / "b" / "comparison.html").read_text(encoding="utf-8")
    turned = page[page.index("Turned wrong: 1") : page.index("Turned right: 12")]
    answers = {name: {row["id"]: row["answer"] for row in report.read_run(tmp_path / name)[1]} for name in "ab"}
    assert answers["a"]["fc-q020"] != answers["b"]["fc-q020"]
    assert all(escape(answers[name]["fc-q020"]) in turned for name in "ab")  # both answers, side by side


def test_two_equal_runs_cannot_be_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        run(tmp_path / name, FakeAsker(wrong=["fc-q001"]))
    report.main([str(tmp_path / "a"), str(tmp_path / "b")])
    text = capsys.readouterr().out
    assert "| better |" not in text
    assert "| worse |" not in text
    assert "cannot tell" in text


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="holds no run"):
        report.read_run(tmp_path)
    assert report.main([str(tmp_path)]) == 1


@pytest.mark.parametrize(
    "words", [["none.jsonl", "--out", "x"], [str(LETTERS / "questions.jsonl")], [str(LETTERS / "README.md"), "--out", "x"]]
)
def test_wrong_use_ends_with_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run_main(words)
    assert stop.value.code == 2
