"""Words for what letters and figures tell: status, kind, comparator, heads of tables."""

from __future__ import annotations

from dataclasses import dataclass

from rag.records import Comparator, LetterKind, Status


@dataclass(frozen=True, slots=True)
class FactTexts:
    """{…} are filled in with `str.format`."""

    computed: str
    doubtful: str  # said of a figure, or of a quoted sentence with its numbers behind it
    scanned_line: str  # below the picture of the line that such a number was read from
    open_source: str
    no_year: str
    period: str
    column_name: str
    column_value: str
    column_period: str
    column_status: str
    column_subject: str
    page: str
    column_title: str
    column_body: str
    column_number: str
    column_date: str
    column_kind: str
    untitled: str
    statuses: dict[Status, str]
    kinds: dict[LetterKind, str]
    comparators: dict[Comparator, tuple[str, str]]  # before and after the value


ZH = FactTexts(
    computed="计算得出",
    doubtful="扫描件，此数字请核对原件",
    scanned_line="原件中的这一行",
    open_source="在原文中查看",
    no_year="未注明年份",
    period="{year}年",
    column_name="指标",
    column_value="数值",
    column_period="年份",
    column_status="性质",
    column_subject="范围",
    page="第 {page} 页",
    column_title="标题",
    column_body="机关",
    column_number="文号",
    column_date="日期",
    column_kind="类别",
    untitled="（无标题）",
    statuses={Status.TARGET: "目标", Status.ACTUAL: "实际", Status.BASELINE: "原数"},
    kinds={LetterKind.PROPOSAL: "政协提案", LetterKind.SUGGESTION: "人大建议", LetterKind.OTHER: "其他"},
    comparators={
        Comparator.EQUAL: ("", ""),
        Comparator.AT_LEAST: ("", "以上"),
        Comparator.MORE: ("超过", ""),
        Comparator.AT_MOST: ("", "以内"),
        Comparator.LESS: ("不足", ""),
        Comparator.ABOUT: ("约", ""),
        Comparator.RANGE: ("", ""),
    },
)


EN = FactTexts(
    computed="Computed",
    doubtful="Scanned: check this number in the original",
    scanned_line="The line in the original",
    open_source="See it in the letter",
    no_year="Year not stated",
    period="{year}",
    column_name="Indicator",
    column_value="Value",
    column_period="Year",
    column_status="Status",
    column_subject="True of",
    page="page {page}",
    column_title="Title",
    column_body="Body",
    column_number="Number",
    column_date="Date",
    column_kind="Kind",
    untitled="(untitled)",
    statuses={Status.TARGET: "Target", Status.ACTUAL: "Actual", Status.BASELINE: "Earlier figure"},
    kinds={LetterKind.PROPOSAL: "CPPCC proposal", LetterKind.SUGGESTION: "Congress suggestion", LetterKind.OTHER: "Other"},
    comparators={
        Comparator.EQUAL: ("", ""),
        Comparator.AT_LEAST: ("at least", ""),
        Comparator.MORE: ("more than", ""),
        Comparator.AT_MOST: ("at most", ""),
        Comparator.LESS: ("less than", ""),
        Comparator.ABOUT: ("about", ""),
        Comparator.RANGE: ("", ""),
    },
)
