"""An answer with all that proves it, to be filed or sent: one record, and its words in the language of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rag.figures import Row, as_number
from rag.records import Answer, Citation, Comparator, Outcome, Status
from rag.settings import Settings

_SIGNS = {comparator: "" if comparator in (Comparator.EQUAL, Comparator.RANGE) else comparator.value for comparator in Comparator}


@dataclass(frozen=True, slots=True)
class Pack:
    """What was asked and answered, when, and with which settings."""

    question: str
    answer: Answer
    asked_at: datetime  # with its time zone
    language: str = "zh"  # of the pack's own words: zh, en
    settings: tuple[tuple[str, str], ...] = ()  # name → value, as the answer was made


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    question: str
    answer: str
    sources: str
    made: str
    figures: str
    fields: tuple[str, ...]  # body, number, title, date, section, file, version
    asked_at: str
    outcome: str
    model: str
    quoting: str
    proof: str
    proved: str
    unproved: str
    heads: tuple[str, ...]
    outcomes: dict[Outcome, str]
    statuses: dict[Status, str]
    computed: str


_ZH = _Words(
    title="答复依据",
    question="问题",
    answer="回答",
    sources="引用原句",
    made="生成情况",
    figures="指标",
    fields=("发文单位", "文号", "标题", "日期", "章节", "文件", "版本（内容哈希）"),
    asked_at="提问时间",
    outcome="结果",
    model="模型",
    quoting="未使用模型（引用原句）",
    proof="核验标记",
    proved="✓ 每句话、每个数字均由下列原句证明",
    unproved="没有可引用的原句",
    heads=("指标", "比较", "数值", "上限", "单位", "年份", "时期", "类型", "对象", "依据", "文号", "日期", "原句", "存疑"),
    outcomes={Outcome.ANSWERED: "已回答", Outcome.PARTLY: "部分回答", Outcome.NOT_FOUND: "未找到依据"},
    statuses={Status.TARGET: "目标", Status.ACTUAL: "实际", Status.BASELINE: "基期"},
    computed="计算所得",
)
_EN = _Words(
    title="Evidence of an answer",
    question="Question",
    answer="Answer",
    sources="Quoted sentences",
    made="How it was made",
    figures="Figures",
    fields=("Issuing body", "Letter number", "Title", "Date", "Section", "File", "Version (content hash)"),
    asked_at="Asked at",
    outcome="Outcome",
    model="Model",
    quoting="no model (quoted sentences)",
    proof="Proof",
    proved="✓ every sentence and figure is proved by the sentences quoted here",
    unproved="there is no sentence to quote",
    heads=(
        "Figure", "Comparison", "Value", "Upper value", "Unit", "Year", "Period", "Kind", "True of", "Source", "Letter number", "Date",
        "Sentence", "In doubt",
    ),
    outcomes={Outcome.ANSWERED: "answered", Outcome.PARTLY: "partly answered", Outcome.NOT_FOUND: "not found"},
    statuses={Status.TARGET: "target", Status.ACTUAL: "actual", Status.BASELINE: "baseline"},
    computed="computed",
)  # fmt: skip


def make_pack(
    question: str,
    answer: Answer,
    asked_at: datetime,
    settings: Settings,
    as_of: date | None = None,
    asked_on: date | None = None,
    language: str = "zh",
) -> Pack:
    """With the settings that decide what is answered; addresses and keys stay out of what is handed on."""
    kept = {"as_of": as_of, "asked_on": asked_on, "home": settings.home, "embedding": settings.embedding, "reranker": settings.reranker}
    return Pack(question, answer, asked_at, language, tuple((name, str(value)) for name, value in kept.items() if value))


def words_of(pack: Pack) -> _Words:
    """The pack's own words."""
    return _EN if pack.language == "en" else _ZH


def list_source(citation: Citation, pack: Pack) -> list[tuple[str, str]]:
    """What is known of the letter that a sentence is quoted from, by name; what is not known is left out."""
    issued = citation.issued_on.isoformat() if citation.issued_on else None
    known = (
        citation.body, citation.doc_number, citation.title, issued, citation.section, citation.file, citation.content_hash,
    )  # fmt: skip
    return [(name, value) for name, value in zip(words_of(pack).fields, known, strict=True) if value]


def list_making(pack: Pack) -> list[tuple[str, str]]:
    """Time, outcome, model, proof, settings."""
    words, answer = words_of(pack), pack.answer
    return [
        (words.asked_at, pack.asked_at.isoformat(timespec="seconds")),
        (words.outcome, words.outcomes[answer.outcome]),
        (words.model, answer.model or words.quoting),
        (words.proof, words.proved if answer.citations else words.unproved),
        *pack.settings,
    ]


def list_figures(pack: Pack) -> list[Row]:
    """A row a figure: numbers as numbers, the unit apart."""
    words = words_of(pack)
    citations = {citation.marker: citation for citation in pack.answer.citations}
    rows: list[Row] = []
    for figure in pack.answer.figures:
        source = citations.get(figure.marker)
        status = words.statuses[figure.status] if figure.status else words.computed
        values = (
            figure.name, _SIGNS[figure.comparator], as_number(figure.value), as_number(figure.high), figure.unit, figure.year,
            figure.period, status, figure.subject, figure.marker, source.doc_number if source else None,
            source.issued_on.isoformat() if source and source.issued_on else None, source.text if source else None,
            "?" if figure.doubtful else "",
        )  # fmt: skip
        rows.append(dict(zip(words.heads, values, strict=True)))
    return rows
