"""What 该路, 该基金, 该市, 这个比例 and 比计划的 speak of: a name before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingest.figures.names import strip_left
from rag.records import Figure, Measure, Status

_POINTER = re.compile(r"该(?=[\u4e00-\u9fff]{1,4})(?![市区县省局委厅办])")
_BORDER = re.compile(r"[^\u4e00-\u9fffA-Za-z“”（）]|以|对|由|在|的|和|与|把|将|为|及|了")
_VERB = re.compile(r"^(?:关于|加快|推进|建设|启动|实施|支持|新建|完善|何时|尽快|早日|规划|您|提出|建议)+")


def resolve_pointer(text: str, before: str) -> tuple[str, str] | None:
    """Find 该X in `text` and the full name that X has in `before`.

    Returns:
        The words to be replaced (该路) and the name (东湖快速路), or None.
    """
    match = _POINTER.search(text)
    if match is None:
        return None
    for length in (4, 3, 2, 1):
        noun = text[match.end() : match.end() + length]
        position = before.rfind(noun) if len(noun) == length else -1
        if position < 2:
            continue
        name = _VERB.sub("", strip_left(_BORDER.split(before[max(0, position - 14) : position])[-1]))
        if len(name) >= 2:
            return f"该{noun}", name + noun
    return None


_PLACE_POINTER = re.compile(r"^(?:其中)?(?:该|当地|彼)(?P<rank>[市县区省])")
_PLACE_BORDER = r"(?:^|[，。；、：“（\s据从向与和在由对比赴到近邻似如])"


def resolve_place_pointer(text: str, before: str) -> str | None:
    """The place that 该市 at the head of a clause speaks of: the last one of that rank named before it.

    Returns:
        Its name (据东湖市商务局公开的数字，该市…: 东湖市), or None.
    """
    match = _PLACE_POINTER.match(text.strip())
    if match is None:
        return None
    rank = match["rank"]
    named = re.findall(rf"{_PLACE_BORDER}([\u4e00-\u9fff]{{2,3}}?{rank})(?![\u4e00-\u9fff]?[场民内外级里])", before)
    named = [re.sub(r"^[据从向与和在由对比赴到近邻似如](?=[\u4e00-\u9fff]{3})", "", name) for name in named]
    named = [name for name in named if name[0] not in "全我本该各两多" and not name.startswith(("城市", "地区", "相邻"))]
    return named[-1] if named else None


_FIGURE_POINTER = re.compile(r"(?:这|这个|这一|这项|该|该项|此|此项)(?:比例|比率|比重|占比|数字|数值|指标|指标值|数据|数量|水平|规模|数)?")
_THAN_PLANNED = re.compile(r"(?:[比较]|超过|低于|高于|少于|多于)(?:年度|原|年初|全年|既定|预期)?(?:计划|目标|任务)(?:数)?的?$")

# 按每万人公交专用道里程计算，我市为0.24公里，邻市为0.33公里
_RECKONED = re.compile(
    r"按(?P<name>(?:每|人均|户均|常住|户籍)[^，。；]{2,16}?)(?:来|进行)?(?:计算|测算|折算|算|衡量|比较)，[^。；\d]*(?:\d[\d.]*[^\d。；，]{1,8}，[^。；\d]{2,10})?$"
)


def named_before(name: str, before: str, unit: str, figures: Iterable[Figure], named: Mapping[str, str]) -> tuple[str, str] | None:
    """Name and group of the figure that one without a name of its own speaks of: 这个比例2024年要到90%; 比计划的4.3万人次少了.

    Args:
        name: as cut from the text.
        before: the text in front of the quantity.
        unit: of the quantity, in base form.
        figures: the figures of this sentence and the one before, the nearest first.
        named: unit → the name of what the letter last counted in it.
    """
    if reckoned := _RECKONED.search(before):
        return reckoned["name"], ""
    pointer = _FIGURE_POINTER.fullmatch(name)
    if not (pointer or _THAN_PLANNED.search(before)):
        return None
    for figure in figures:
        if figure.unit_base == unit and figure.measure is Measure.LEVEL and figure.status is not Status.BASELINE:
            return figure.name, figure.group
    return (named[unit], "") if pointer and unit in named else None
