"""Differences, ratios, sums and completion, in Decimal, with the formula shown and the operands cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.compose import amount, english_name, english_place, english_when, label, number, plain, proofs_of, when, where
from rag.numerals import trim
from rag.quantity import format_english
from rag.records import Comparator, Figure, Statement, Status
from rag.units import split_scale

# Indicators of which less is better.
LOWER_IS_BETTER = re.compile(
    r"浓度|PM|空置率|能耗|排放|死亡|事故|发案|漏损|超标|用水量|失业率|近视|投诉|贫困|总磷|总氮|氨氮|COD|大班额|污染天数|碳强度|拥堵|违法|等待时间|欠薪"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second, in the unit of the first."""

    first: Figure
    second: Figure
    value: Decimal  # absolute
    unit: str
    sign: int  # 1: the first is more


def percent_unit(unit: str) -> bool:
    """Whether a unit is a share."""
    return unit in ("%", "成", "比例")


def comparable(first: Figure, second: Figure) -> bool:
    """Whether two figures measure in the same unit."""
    return first.unit_base == second.unit_base or (percent_unit(first.unit_base) and percent_unit(second.unit_base))


def shown_unit(unit: str) -> str:
    """Unit of a difference: shares differ by 个百分点."""
    return "个百分点" if percent_unit(unit) else unit


def difference(first: Figure, second: Figure) -> Difference:
    """Subtract; the unit as written when both are written alike, else the finer of the two."""
    if first.unit == second.unit:
        delta = first.value - second.value
        unit = first.unit
    else:
        unit = min((first.unit, second.unit), key=lambda u: split_scale(u)[0])
        scale = split_scale(unit)[0]
        delta = (first.value_base - second.value_base) / scale
        if scale == 1 and abs(delta) >= 10000 and "元" in unit:
            unit, delta = f"万{unit}", delta / 10000
    return Difference(first, second, trim(abs(delta)), shown_unit(unit), (delta > 0) - (delta < 0))


def in_unit(figure: Figure, unit: str) -> str:
    """The figure's value, written in another scale of its unit."""
    if unit == "个百分点" or figure.unit == unit:
        return plain(figure.value if figure.unit != "比例" else figure.value * 100)
    return plain(trim(figure.value_base / split_scale(unit)[0]))


def formula(found: Difference) -> str:
    """226.9−138.6=88.3亿元, the larger operand first."""
    high, low = (found.first, found.second) if found.sign >= 0 else (found.second, found.first)
    unit = found.unit
    return f"{in_unit(high, unit)}−{in_unit(low, unit)}={plain(found.value)}{unit}"


def across_years(first: Figure, second: Figure, english: bool) -> list[Statement]:
    """How an indicator went from the earlier to the later of two figures."""
    if (first.year or 0, first.status is Status.TARGET) > (second.year or 0, second.status is Status.TARGET):
        first, second = second, first
    found = difference(second, first)
    bounded = _bounded(first, second, english)
    if english:
        change = "no change"
        if found.sign:
            kind = "an increase" if found.sign > 0 else "a decrease"
            change = f"{english_amount(found)} {english_direction(found)}, {kind} ({english_formula(found)})"
        text = (
            f"{english_place(where(second))}, {english_name(second)}: {amount(second, True)} ({_english_scope(second)}) "
            f"against {amount(first, True)} ({_english_scope(first)}); {change}.{bounded}"
        )
    else:
        verb = "持平" if not found.sign else ("增加（提高）" if found.sign > 0 else "减少（下降）") + f"{plain(found.value)}{found.unit}"
        text = (
            f"{where(second)}{label(second)}：{_scope(second)}{amount(second, False)}，{_scope(first)}{amount(first, False)}，"
            f"{verb}（{formula(found)}）。{bounded}"
        )
    return [Statement(text, proofs_of((second, first)), (second, first))]


def _scope(figure: Figure) -> str:
    return f"{when(figure)}{'目标' if figure.status is Status.TARGET else '实际'}"


def _english_scope(figure: Figure) -> str:
    return f"{english_when(figure)} {'target' if figure.status is Status.TARGET else 'actual'}"


def _bounded(first: Figure, second: Figure, english: bool) -> str:
    """A word of caution when an operand is a bound."""
    exact = (Comparator.EQUAL, Comparator.ABOUT)
    if first.comparator in exact and second.comparator in exact:
        return ""
    return " (computed from the bounds stated.)" if english else ""


def english_amount(found: Difference) -> str:
    """The difference in English."""
    if found.unit == "个百分点":
        return f"{plain(found.value)} percentage points"
    return format_english(found.value, found.unit)


def english_direction(found: Difference) -> str:
    """More or fewer of what can be counted, higher or lower of what cannot."""
    counted = found.unit != "个百分点" and "/" not in found.unit and not re.search(r"[元米亩吨克升%]", found.unit)
    if found.sign >= 0:
        return "more" if counted else "higher"
    return "fewer" if counted else "lower"


def english_formula(found: Difference) -> str:
    """The formula with English numbers."""
    high, low = (found.first, found.second) if found.sign >= 0 else (found.second, found.first)
    return f"{_english_value(high, found.unit)} minus {_english_value(low, found.unit)} = {english_amount(found)}"


def _english_value(figure: Figure, unit: str) -> str:
    return f"{plain(figure.value)}%" if unit == "个百分点" else format_english(figure.value, figure.unit)


def across_places(first: Figure, second: Figure, english: bool) -> list[Statement]:
    """Which of two places has more, and by how much."""
    found = difference(first, second)
    high, low = (first, second) if found.sign >= 0 else (second, first)
    if english:
        scope = f"{english_name(high)}, {_english_scope(high)}"
        values = f"{english_place(where(high))} {amount(high, True)}; {english_place(where(low))} {amount(low, True)}"
        lead = (
            f"{english_place(where(high))} is higher by {english_amount(found)} (more: {english_formula(found)})"
            if found.sign
            else "they are equal"
        )
        text = f"{scope}: {values}; {lead}."
    else:
        lead = f"{where(high)}高（多）{plain(found.value)}{found.unit}（{formula(found)}）" if found.sign else "两者持平"
        text = f"{_scope(high)}{label(high)}：{where(high)}{amount(high, False)}，{where(low)}{amount(low, False)}，{lead}。"
    return [Statement(text, proofs_of((high, low)), (high, low))]


def total(figures: Sequence[Figure], english: bool) -> list[Statement]:
    """The sum of figures of one unit."""
    unit = figures[0].unit if all(f.unit == figures[0].unit for f in figures) else figures[0].unit_base
    value = trim(sum((f.value if unit == f.unit else f.value_base for f in figures), Decimal(0)))
    if english:
        parts = " + ".join(format_english(f.value, f.unit) for f in figures)
        text = f"{english_name(figures[0])}: {parts} = {format_english(value, unit)} in total."
    else:
        parts = "＋".join(f"{where(f)}{when(f)}{number(f.value, f.unit)}" for f in figures)
        text = f"{label(figures[0])}合计{plain(value)}{unit}（{parts}）。"
    return [Statement(text, proofs_of(figures), tuple(figures))]


def ratio(first: Figure, second: Figure, english: bool) -> list[Statement]:
    """How many times the second the first is."""
    value = (first.value_base / second.value_base).quantize(Decimal("0.01")) if second.value_base else Decimal(0)
    if english:
        text = f"{english_name(first)}: {amount(first, True)} against {amount(second, True)}, i.e. {plain(value)} times."
    else:
        text = (
            f"{label(first)}：{where(first)}{when(first)}{amount(first, False)}，{where(second)}{when(second)}{amount(second, False)}，"
            f"前者约为后者的{plain(value)}倍。"
        )
    return [Statement(text, proofs_of((first, second)), (first, second))]


def lower_is_better(target: Figure) -> bool:
    """Whether a target is met from above."""
    if target.comparator in (Comparator.AT_MOST, Comparator.LESS):
        return True
    return target.comparator is not Comparator.AT_LEAST and bool(LOWER_IS_BETTER.search(target.name))


def is_met(target: Figure, actual: Figure) -> bool:
    """Whether the actual figure reaches the target."""
    goal = target.value_base
    if lower_is_better(target):
        return actual.value_base <= goal
    if target.comparator is Comparator.MORE:
        return actual.value_base > goal
    return actual.value_base >= goal


def completion(target: Figure, actual: Figure, english: bool) -> list[Statement]:
    """Target beside actual, with the verdict first."""
    met = is_met(target, actual)
    found = difference(actual, target)
    rate = ""
    if not percent_unit(actual.unit) and target.value_base > 0 and not lower_is_better(target):
        rate = f"{plain((actual.value_base / target.value_base * 100).quantize(Decimal('0.1')))}%"
    if english:
        verdict = "Yes, the target was met" if met else "No, the target was not met"
        extra = f"; {rate} of the target" if rate else ""
        text = (
            f"{verdict}: {english_place(where(actual))}, {english_name(actual)}: {_english_scope(actual)} {amount(actual, True)}; "
            f"target {amount(target, True)}; difference {english_amount(found)}{extra}."
        )
    else:
        verdict = "完成了（达到目标）" if met else "没有完成（未达到目标）"
        gap = f"，{'高出' if found.sign > 0 else '低' if found.sign < 0 else '持平'}{plain(found.value) + found.unit if found.sign else ''}"
        extra = f"，完成率{rate}" if rate else ""
        text = f"{verdict}：{where(actual)}{when(actual)}{label(actual)}实际为{amount(actual, False)}，目标为{amount(target, False)}{gap}{extra}。"
    return [Statement(text, proofs_of((actual, target)), (actual, target))]
