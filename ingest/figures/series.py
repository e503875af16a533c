"""“分别”: several values given to several names or places in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.figures.clauses import Clause, Mention
from ingest.figures.names import add_count, strip_left, strip_right
from ingest.figures.subjects import Places
from rag.records import Comparator

# Anything but time words before 分别: then it has names of its own.
_CONTENT = re.compile(r"[\u4e00-\u9fff]{3,}(?<!年)(?<!年底)(?<!年末)")
_CHANGED = re.compile(r"分别(?:比上年|较上年|比去年|同比|环比|比(?:19|20)\d\d年)?(?:增长|下降|提高|减少|增加|上升|降低)(?:了|约|近)?\d")
_SPLIT = re.compile(r"、|和|与|以及|及(?!格)")
_SHARED_TAIL = re.compile(
    r"(?:平均|人均|户均|年均|日均|重点|总|累计|新增|占|覆盖|增长|完成|参与|投诉|处理|减排|排放|就业|入学|毕业|升学|养老|医疗|培训|建设|改造|达标|合格|优良|发生|死亡|签约|规范)[\u4e00-\u9fff]{0,12}(?:率|比例|比重|数|量|额|面积|班额|规模|标准|浓度|人数|水平|里程|占比|支出|收入|价格|增速|床位|学位|强度|目标)$"
    r"|(?:增长率|覆盖率|就诊率|占比|比例|比重|人数|数量|面积|总额|支出|收入|标准|浓度|产量|规模|得分|满意度)$"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What 分别 gives to one value: a name, a place, a unit that only the last value carries."""

    name: str = ""
    place: str = ""
    unit: str = ""
    change: bool = False
    comparator: Comparator | None = None
    year: int | None = None


_YEARS = re.compile(
    r"(?:(?:19|20)\d\d年?(?:[底末]|全年)?[、和及与]){1,}(?:19|20)\d\d(?:[两三四五六]?年)|(?:19|20)\d\d年?[—–\-~至到]+(?:19|20)\d\d年"
)


# Years that no names stand between: 2019、2020、2021三年, 2019—2021年.
_YEARS_ALONE = re.compile(r"(?:(?:19|20)\d\d年?[底末]?[、和及与])+(?:19|20)\d\d[两三四五六]?年|(?:19|20)\d\d年?[—–\-~至到]+(?:19|20)\d\d年")


def distribute_years(text: str, clauses: Sequence[Clause], mentions: Sequence[Mention]) -> dict[int, int]:
    """2021年、2022年、2023年…分别完成A、B、C: each value is of its year; keyed by the quantity's start."""
    found: dict[int, int] = {}
    for run in _YEARS.finditer(text):
        years = [int(year) for year in re.findall(r"\d{4}", run[0])]
        if len(years) == 2 and re.search(r"[—–\-~至到]", run[0]):
            years = list(range(years[0], years[1] + 1))  # 2021—2023年
        for index, clause in enumerate(clauses):
            values = [
                m for m in mentions if m.clause == index and m.quantity.start > max(run.end(), clause.start + clause.text.find("分别"))
            ]
            if "分别" in clause.text and len(values) == len(years) and len({m.quantity.unit_base for m in values}) == 1:
                found |= {m.quantity.start: year for m, year in zip(values, years, strict=True)}
    return found | _years_above(text, clauses, mentions)


def _years_above(text: str, clauses: Sequence[Clause], mentions: Sequence[Mention]) -> dict[int, int]:
    """产量2021年为A，2022年为B；面积分别为C和D: as many values as the clauses above told years."""
    found: dict[int, int] = {}
    for index, clause in enumerate(clauses):
        values = [m for m in mentions if m.clause == index and m.quantity.start >= clause.start + clause.text.find("分别")]
        above = [
            int(year)
            for year in re.findall(r"(?:^|(?<=[^比较到至]))((?:19|20)\d\d)年(?:底|末|度)?(?=[^，；]{0,24}\d)", text[: clause.start])
        ]
        years = list(dict.fromkeys(above))
        plain = "分别" in clause.text and not re.search(r"、|和|与|\d", clause.text[: clause.text.find("分别")])
        if plain and len(years) > 1 and len(values) == len(years) and len({m.quantity.unit_base for m in values}) == 1:
            found |= {m.quantity.start: year for m, year in zip(values, years, strict=True)}
    return found


def distribute(clauses: Sequence[Clause], mentions: Sequence[Mention], places: Places) -> dict[int, Given]:
    """Give the values behind 分别 to the names or places before it, in order; keyed by the quantity's start."""
    given: dict[int, Given] = {}
    places_before: list[str] = []
    for index, clause in enumerate(clauses):
        position = clause.text.find("分别")
        values = [m for m in mentions if m.clause == index and m.quantity.start >= clause.start + position]
        if position < 0 or len(values) < 2:
            continue
        head, behind = _YEARS_ALONE.sub("", clause.text[:position]), clause.text[position:]
        shared = Given(unit=_shared_unit(values), change=bool(_CHANGED.match(behind)), comparator=_shared_comparator(behind, values))
        named, rest = _places_before(head, places, len(values))
        if not named and len(places_before) == len(values) and not _SPLIT.search(head):
            named, rest = places_before, head
        if named:
            places_before = named
            name = strip_right(strip_left(rest))
            for mention, place in zip(values, named, strict=True):
                given[mention.quantity.start] = replace(
                    shared, place=place, name=_finish(name, mention, clause, position) if len(name) > 1 else ""
                )
            continue
        own = _names_before(head, len(values), same=len({m.quantity.unit_base for m in values}) == 1)
        if own:
            for mention, name in zip(values, own, strict=True):
                given[mention.quantity.start] = replace(shared, name=_finish(name, mention, clause, position))
        elif head == clause.text[:position] and not _CONTENT.search(strip_left(head)):
            for order, mention in enumerate(values):
                given[mention.quantity.start] = replace(shared, name=f"#{len(values) - order}")
    return given


def _shared_unit(values: Sequence[Mention]) -> str:
    """提高0.4个、1.1个和2.9个百分点: the last value's unit is meant for all."""
    last, units = values[-1].quantity.unit_base, {m.quantity.unit_base for m in values}
    return last if last == "个百分点" and units <= {"个", "", last} else ""


def _shared_comparator(behind: str, values: Sequence[Mention]) -> Comparator | None:
    """分别不少于70吨、45吨 bounds both."""
    first = values[0].quantity.comparator
    bounded = re.match(r"分别(?:为|达到?)?(?:不少于|不低于|不超过|不高于|超过|突破|约|近|不到|不足|至少|最高)", behind)
    return first if bounded and first is not Comparator.EQUAL else None


def _places_before(head: str, places: Places, count: int) -> tuple[list[str], str]:
    """The places that the values belong to, and what stands between them and 分别."""
    found = places.find(head)
    if len(found) >= count:
        return [name for _, _, name in found[-count:]], head[found[-1][1] :]
    towns, rest = _towns(head)
    return (towns, rest) if len(towns) == count else ([], "")


def _towns(head: str) -> tuple[list[str], str]:
    """东山、西岭、南湖三镇供水能力: the rank stands once, behind the last name."""
    match = re.search(
        r"(?P<names>[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3})+?)[两三四五六七八九](?P<rank>镇|乡|区|县|市|街道|村)(?P<rest>[^，]{0,16})$",
        head,
    )
    if match is None:
        return [], ""
    return [name + match["rank"] for name in re.split(r"[、和]", match["names"])], match["rest"]


def _finish(name: str, mention: Mention, clause: Clause, position: int) -> str:
    verb = re.match(r"分别(?:比上年|较上年|同比)?(增长|下降|提高|减少|增加|上升)(?!到|至)", clause.text[position:])
    return name + verb[1] if verb else add_count(name, mention.quantity.unit)


def _names_before(head: str, count: int, *, same: bool) -> list[str]:
    """The `count` names joined before 分别, each with the noun they share."""
    plain = strip_right(strip_left(re.sub(r"^(?:到|截至)?(?:19|20)\d\d年[^，、]{0,2}?(?:底|末|初)?|^全[市县区省]", "", head)))
    parts = [part.strip() for part in _SPLIT.split(plain) if part.strip()]
    if len(parts) != count or any(re.search(r"(?:市|区|县|省|镇|街道)$", part) for part in parts):
        return []
    last = parts[-1]
    tail = _SHARED_TAIL.search(last)
    if same and tail and tail.start() > 0 and not any(part.endswith(tail[0][-1]) for part in parts[:-1]):
        return [*(part + tail[0] for part in parts[:-1]), last]
    return parts
