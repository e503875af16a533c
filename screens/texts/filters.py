"""Words of what a question may be narrowed down to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilterTexts:
    """{…} are filled in with `str.format`."""

    title: str
    years: str
    statuses: str
    bodies: str
    kinds: str
    letters: str
    as_of: str
    as_of_hint: str
    bad_day: str
    year: str
    until: str
    clear: str
    remove: str
    narrowed: str


ZH = FilterTexts(
    title="筛选",
    years="指标年份",
    statuses="指标性质",
    bodies="发文机关",
    kinds="答复类别",
    letters="指定函件",
    as_of="截至日期",
    as_of_hint="如 2023-06-30，只用此日之前的函件",
    bad_day="日期请写成 2023-06-30 的样子",
    year="{year}年",
    until="截至 {day}",
    clear="全部清除",
    remove="去掉筛选条件：{what}",
    narrowed="按以下条件筛选",
)
EN = FilterTexts(
    title="Filter",
    years="Years of figures",
    statuses="Kind of figure",
    bodies="Issued by",
    kinds="Kind of reply",
    letters="These letters only",
    as_of="As of",
    as_of_hint="2023-06-30: from letters until that day",
    bad_day="Write the day like 2023-06-30",
    year="{year}",
    until="as of {day}",
    clear="Clear all",
    remove="Remove the filter: {what}",
    narrowed="Narrowed down to",
)
