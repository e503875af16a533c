"""The administrative place that a body governs, read from names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = "[\u4e00-\u9fff]"
_PLACE = re.compile(
    rf"^(?:中共|中国共产党|政协|国家税务总局|国网)?(?P<province>{_NAME}{{2,6}}?(?:自治区|省))?"
    rf"(?P<city>{_NAME}{{2,8}}?(?:自治州|地区|州(?!市)|盟|市(?!场)))?"
    rf"(?P<county>(?!城市|社区|园区|小区|景区|市区|县区|山区|库区|地区|市场|区域|县域){_NAME}{{1,9}}?(?:自治县|自治旗|林区|新区|开发区|高新区|示范区|县|区|旗|市))?"
)
_TOWN = re.compile(rf"(?P<town>{_NAME}{{1,4}}(?:镇|乡|街道))(?:党委|党工委|人大)?(?:人民政府|政府|办事处)")
_NO_PLACE = re.compile(r"^(?:市|县|区|省|州)?(?:人民)?(?:政府|城市|社区|市场|农业农村|园区)")
_GENERIC = re.compile(r"^(?:全|我|本|各|该|外|邻|省|市|县|区|有关|相关|其他|设区|地级|县级|周边|两|三)+[省市县区州]")
MUNICIPAL = ("北京市", "上海市", "天津市", "重庆市")


def split_place(name: str) -> tuple[str | None, str | None]:
    """The narrowest place that a body's name begins with, and the place above it."""
    if _NO_PLACE.match(name):
        return None, None
    match = _PLACE.match(name)
    if not match:
        return None, None
    parts = [match[level] for level in ("province", "city", "county")]
    county = parts[2]
    if county and (len(county) < 2 or match.end() >= len(name) or _is_word(county, name[match.end() :])):
        parts[2] = None
    town = _TOWN.match(name, match.end() if any(parts) else 0)
    if town:
        parts.append(town["town"])
    found = [part for part in parts if part and not _GENERIC.match(part)]
    if not found:
        return None, None
    above = found[-2] if len(found) > 1 and (parts[2] or town) else None
    return found[-1], above


def _is_word(county: str, rest: str) -> bool:
    """城市 in 城市管理局 is a word and no town."""
    return bool(re.search(r"(?:城市|都市|集市|超市|股市|社区|城乡社区|园区)$", county)) or rest == ""


def without_parent(name: str) -> str:
    """A body's name without the places above its own: 甲市东湖区民政局 → 东湖区民政局."""
    place, above = split_place(name)
    return name[name.index(place) :] if place and above else name


def find_place(names: Iterable[str]) -> tuple[str | None, str | None]:
    """The first place that any of the names tells, and the place above it."""
    place: str | None = None
    for name in names:
        found, above = split_place(name)
        if place is None:
            place = found
        if found == place and above:
            return place, above
    return place, None


def is_town(place: str) -> bool:
    """Whether a place is a township or an urban subdistrict."""
    return place.endswith(("镇", "乡", "街道"))


def find_parent(place: str, text: str) -> str | None:
    """The city of a district or county, where the text tells it."""
    if not place.endswith(("区", "县", "旗")) and not re.search(rf"{_NAME}{{2,4}}市{place}", text):
        return None
    name = re.escape(place)
    for match in re.finditer(rf"({_NAME}{{2,4}}?市){name}", text):
        city = re.sub(r"^(?:的|在|对|与|和|及|为|由|向|到|是|于|政协|中共)+", "", match[1])
        if len(city) > 2 and not _GENERIC.match(city):
            return city
    for match in re.finditer(
        rf"{name}(?:地处|位于|隶属于?|属于|处于|是)({_NAME}{{2,3}}?)(?=[东西南北中]部|市|[东西南北]郊|主城|中心城|最|唯一|的)", text
    ):
        if not _GENERIC.match(match[1] + "市") and match[1][0] not in "全我本各主一":
            return match[1] + "市"
    return None
