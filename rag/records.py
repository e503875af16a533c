"""The typed records that pass between steps. Imports nothing of ours.

Offsets are character offsets into `Letter.text`, the clean text of one letter: `letter.text[s.start:s.end] == s.text`
holds for each sentence. Values are `Decimal`, never float. All records are frozen: a step returns a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class LetterKind(StrEnum):
    """What the letter replies to."""

    PROPOSAL = "proposal"  # 政协提案
    SUGGESTION = "suggestion"  # 人大建议
    OTHER = "other"


class Status(StrEnum):
    """What kind of truth a figure is."""

    TARGET = "target"  # plan, goal, estimate of a planned project
    ACTUAL = "actual"  # result, stock, standard in force
    BASELINE = "baseline"  # an earlier or replaced figure, quoted for comparison


class Comparator(StrEnum):
    """How the value bounds the truth: 180万平方米以上 is AT_LEAST."""

    EQUAL = "="
    AT_LEAST = ">="  # 以上 不少于 不低于
    MORE = ">"  # 超过 突破 余 多
    AT_MOST = "<="  # 以内 不超过 不高于 最高
    LESS = "<"  # 不到 不足 近 低于
    ABOUT = "~"  # 约 左右 上下
    RANGE = "range"


class Measure(StrEnum):
    """A level is not a change of it: 增长23.5% must never answer “how much”."""

    LEVEL = "level"
    CHANGE = "change"  # growth, decrease, rate of growth, difference to another year
    COMPLETION = "completion"  # 完成年度目标的115.5%


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTLY = "partly"
    NOT_FOUND = "not_found"


class SentenceRole(StrEnum):
    """Where in a letter a sentence stands."""

    HEAD = "head"  # body's name, number, title, addressee
    HEADING = "heading"
    BODY = "body"
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"
    TAIL = "tail"  # contact, signature, dates, copies


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity read in a text: `text[start:end]` holds number, scale and unit, comparator words left out.

    `unit` is as written with its scale (万平方米), `unit_base` without (平方米); `value_base` has the scale multiplied out.
    For a range `value`/`value_base` are the low end and `high`/`high_base` the high end, else the latter are None.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    value_base: Decimal
    unit_base: str
    comparator: Comparator = Comparator.EQUAL
    high: Decimal | None = None
    high_base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, as shares of the page's width and height as it is looked at: (0, 0) is its top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands on the page."""

    text: str
    box: Box
    confidence: float = 1.0  # of character recognition, the mean over the line; 1 where the text was written in the file
    doubtful: tuple[str, ...] = ()  # numbers in it that were recognised with low confidence, as read: 1936


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a reader gives it, its noise still in. Table rows stand one a line, cells parted by tabs."""

    text: str
    number: int | None = None  # from 1; None where the format has no pages
    lines: tuple[Line, ...] = ()  # in reading order, where the format has places; empty where not
    scanned: bool = False  # the text was recognised on a picture


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of a file."""

    file: str  # file name without folder
    format: str  # txt, md, html, docx, pdf …
    pages: tuple[Page, ...]
    content_hash: str  # SHA-256 of the file's bytes, hex
    fields: dict[str, str] = field(default_factory=dict)  # what the page itself declares: title, doc_number, issued_on, publisher


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of citation."""

    index: int
    start: int
    end: int
    text: str
    role: SentenceRole = SentenceRole.BODY
    section: tuple[str, ...] = ()  # headings above it, outermost first
    page: int | None = None
    table: int | None = None  # number of the table within the letter, for TABLE_HEAD and TABLE_ROW
    caption: str | None = None  # title of that table, such as 表1　全市义务教育学位新增情况（单位：个）
    boxes: tuple[Box, ...] = ()  # where it stands on the pages, one a line; empty where the format has no places
    scanned: bool = False  # recognised on a picture
    doubtful: tuple[str, ...] = ()  # numbers in it that were recognised with low confidence, without spaces: check the original

    @property
    def doubtful_digits(self) -> bool:
        """Whether a number in it must be checked in the original."""
        return bool(self.doubtful)


@dataclass(frozen=True, slots=True)
class Letter:
    """One issued reply, parsed. What the letter does not say is None or empty."""

    letter_id: str
    content_hash: str
    file: str
    format: str
    text: str
    sentences: tuple[Sentence, ...]
    title: str | None = None
    bodies: tuple[str, ...] = ()  # issuing bodies, full names, lead body first: 甲市科学技术局
    place: str | None = None  # the place they govern: 甲市, 东湖区, 乙省
    parent_place: str | None = None  # of a district or county: the city, where the letter tells
    doc_number: str | None = None  # 澜科提复〔2023〕31号
    kind: LetterKind = LetterKind.OTHER
    proposal_number: str | None = None  # digits only: 203, 0336
    proposal_title: str | None = None
    session: str | None = None  # 市政协十届二次会议
    addressees: tuple[str, ...] = ()  # 张某; 民盟甲市委会 (no 委员/代表)
    lead_bodies: tuple[str, ...] = ()  # 主办
    joint_bodies: tuple[str, ...] = ()  # 会办 协办
    issued_on: date | None = None
    printed_on: date | None = None
    contact: str | None = None
    signer: str | None = None  # 签发人
    copies_to: tuple[str, ...] = ()
    corrects: str | None = None  # doc number of the letter that this one corrects (更正)
    reissue: bool = False  # 重新印发: replaces the letter of the same identity

    @property
    def year(self) -> int | None:
        """The year of issue: “this year” inside the letter."""
        return self.issued_on.year if self.issued_on else None


@dataclass(frozen=True, slots=True)
class Figure:
    """指标: one numeric statement of a letter, as a row of a table would give it."""

    letter_id: str
    name: str  # indicator as a person would name it in a table: 新增孵化面积
    value: Decimal
    unit: str
    value_base: Decimal
    unit_base: str
    comparator: Comparator
    year: int | None  # the year it is true of; end year of a plan (十四五: 2025); None: the letter does not tell
    period: str  # as said: 2022年底, 2023年上半年, “十四五”, 到2025年; "" when nothing is said
    status: Status
    subject: str | None  # the narrowest place, body or thing it is true of
    place: str | None  # the administrative place that the subject lies in
    sentence: int  # Sentence.index
    start: int  # of the quantity, in Letter.text
    end: int
    measure: Measure = Measure.LEVEL
    high: Decimal | None = None
    high_base: Decimal | None = None
    header: int | None = None  # Sentence.index of the table's head
    revoked: bool = False  # the sentence itself says that this value no longer holds (原为, 由…更正为)
    group: str = ""  # qualifier within the name: 其中：小学; 80岁以上
    doubt: str | None = None  # why year, subject or status cannot be told


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of sentences within one section; `context` is put in front for the vector only."""

    chunk_id: str
    letter_id: str
    text: str
    context: str  # title, year, body, heading path
    first_sentence: int
    last_sentence: int  # inclusive
    tokens: int  # of context and text together


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str = ""


class Intent(StrEnum):
    """What a question wants."""

    VALUE = "value"  # how much, how many
    LIST = "list"  # which targets, how many in each county
    COMPARE = "compare"  # more or less, by how much, who is higher
    COMPLETION = "completion"  # was the target met
    YES_NO = "yes_no"  # any other question for yes or no
    DOCUMENT = "document"  # number, date, addressee … of a letter
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW = "how"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Topic:
    """One indicator that a question asks for."""

    text: str  # the words that name it, in the question's language
    terms: str  # the same in canonical Chinese; of an English question only what the lexicon knows
    context: str = ""  # canonical words of an earlier clause or turn that may belong to it
    unit_kind: str | None = None  # people, money, percent …
    unit: str = ""  # measure word as asked: 家
    measure: Measure = Measure.LEVEL
    asked: str = ""  # the whole clause, canonical, for qualifiers


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood."""

    question: str  # normalised
    resolved: str  # standing alone: what a follow-up leaves out is filled in
    language: str  # zh, en
    intent: Intent
    topics: tuple[Topic, ...] = ()
    years: tuple[int, ...] = ()
    plan: tuple[int, int] | None = None  # “十四五”: (2021, 2025)
    part: str = ""  # end, first half, month 6 …
    between: bool = False  # from the first to the last year
    places: tuple[str, ...] = ()  # full names that the store knows
    unknown_places: tuple[str, ...] = ()  # named, but not in the store
    level: str = ""  # 市, 省, 区, 县: 全市, 我省 …
    home: str = ""  # the place meant where none is named
    home_set: bool = False
    departments: tuple[str, ...] = ()  # canonical: 科学技术
    statuses: tuple[Status, ...] = ()  # asked for, in order of mention
    names: tuple[str, ...] = ()  # pinyin words that must occur: Donghu
    doc_numbers: tuple[str, ...] = ()
    proposal_numbers: tuple[str, ...] = ()
    today: date = date(2000, 1, 1)
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found for a question; a higher score is better."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class SentenceRef:
    """A sentence of a letter: what a statement is proved by."""

    letter_id: str
    sentence: int  # Sentence.index


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer composed by code, with the sentences that prove it. The pipeline adds the markers."""

    text: str  # without markers, with its end punctuation
    proofs: tuple[SentenceRef, ...] = ()
    figures: tuple[Figure, ...] = ()  # the ledger's figures that it gives or computes from


@dataclass(frozen=True, slots=True)
class Finding:
    """What a step (ledger, passages) found for a question: an answer before markers and verification."""

    outcome: Outcome
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()  # how the question was read: which home place, which year
    score: float = 0.0  # confidence 0…1, to choose between two findings


@dataclass(frozen=True, slots=True)
class Evidence:
    """证据: one sentence chosen for one question, with the scope it is true of. The marker is E1, written [E1]."""

    marker: str  # E1
    text: str  # the sentence itself: letter.text[start:end]
    letter_id: str
    sentence: int  # Sentence.index
    place: str | None = None  # 甲市; the place that the sentence is true of
    year: int | None = None  # the year that the sentence is true of
    status: Status | None = None
    scope: str = ""  # what stands in front of it in the prompt: 甲市，2023年，目标
    header: str = ""  # text that a table row needs to be understood: caption and head of the table
    figures: tuple[Figure, ...] = ()  # the figures of this sentence
    letter_year: int | None = None  # year of issue: 今年 inside the sentence
    body: str | None = None  # issuing body, full name


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted sentence that stands in a letter; `text == letter.text[start:end]`."""

    marker: str  # E1
    file: str
    letter_id: str
    doc_number: str | None
    title: str | None
    issued_on: date | None
    section: str | None  # headings joined by " › "
    page: int | None
    start: int
    end: int
    text: str
    body: str | None = None
    doubtful: tuple[str, ...] = ()  # numbers in it that a scan left in doubt: check the original
    content_hash: str = ""  # of the version that it stands in


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """A figure that the answer gives, with the marker of the sentence that proves it."""

    name: str
    value: Decimal
    unit: str
    comparator: Comparator
    year: int | None
    status: Status | None  # None: computed from cited figures
    subject: str | None
    marker: str
    high: Decimal | None = None
    period: str = ""  # as the letter says it, where it is not the whole year: 截至6月底
    doubtful: bool = False  # its value or year was recognised on a scan with low confidence: check the original


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, already verified."""

    outcome: Outcome
    text: str  # with markers [E1]
    citations: tuple[Citation, ...] = ()
    figures: tuple[AnswerFigure, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)  # understand, retrieve, generate, verify, total
    model: str | None = None  # None: no model took part
    dropped: tuple[str, ...] = ()  # what verification took out, each with its reason
    notes: tuple[str, ...] = ()  # how the question was read: home place, year
    score: float = 0.0  # 0…1: how well what was found fits the question; orders answers, and is no probability
    tokens: tuple[int, int] | None = None  # that a model read and wrote; None: none took part, or its endpoint does not count
