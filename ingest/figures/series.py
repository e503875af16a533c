"""“分别”: several values given to several names or places in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.figures.clauses import Clause, Mention
from ingest.figures.names import add_count, strip_left, strip_right
from ingest.figures.subjects import Places

# Anything but time words before 分别: then it has names of its own.
_CONTENT = re.compile(r"[\u4e00-\u9fff]{3,}(?<!年)(?<!年底)(?<!年末)")
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


def distribute(text: str, clauses: Sequence[Clause], mentions: Sequence[Mention], places: Places) -> dict[int, Given]:
    """Give the values behind 分别 to the names or places before it, in order; keyed by the quantity's start."""
    given: dict[int, Given] = {}
    for index, clause in enumerate(clauses):
        position = clause.text.find("分别")
        if position < 0:
            continue
        values = [m for m in mentions if m.clause == index and m.quantity.start >= clause.start + position]
        if len(values) < 2:
            continue
        head = clause.text[:position]
        units = {m.quantity.unit_base for m in values}
        shared = values[-1].quantity.unit_base if values[-1].quantity.unit_base == "个百分点" and units <= {"个", "", "个百分点"} else ""
        changed = bool(re.match(r"分别(?:比上年|较上年|比去年|同比|环比)?(?:增长|下降|提高|减少|增加|上升|降低)(?:了|约|近)?\d", clause.text[position:]))
        named = [name for _, _, name in places.find(head)]
        named = named if len(named) >= len(values) else _towns(head)
        if len(named) >= len(values):
            for mention, place in zip(values, named[-len(values) :], strict=True):
                given[mention.quantity.start] = Given(place=place, unit=shared, change=changed)
            continue
        own = _names_before(head, len(values), same=len(units) == 1)
        if own:
            for mention, name in zip(values, own, strict=True):
                given[mention.quantity.start] = Given(name=_finish(name, mention, clause, position), unit=shared, change=changed)
        elif not _CONTENT.search(strip_left(head)):
            for order, mention in enumerate(values):
                given[mention.quantity.start] = Given(name=f"#{len(values) - order}", unit=shared, change=changed)
    return given


def _towns(head: str) -> list[str]:
    """石浦、云桥、松溪三镇: the rank stands once, behind the last name."""
    match = re.search(r"(?P<names>[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3})+?)[两二三四五六七八九](?P<rank>镇|乡|区|县|市|街道|村)$", head)
    return [name + match["rank"] for name in re.split(r"[、和]", match["names"])] if match else []


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
