"""Bodies and people named in the head and tail of a letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.dates import without_date
from ingest.layout import BODY_LINE, Block, BlockKind
from ingest.places import split_place

_BODY_WORD = re.compile(r"(?:局|委|厅|办|部|院|政府|中心|公司|会|队|校|行|社|所|署|集团|街道|镇|乡|处|馆|站|公安|法院|银行|省军区|联)$")
_SEAL = re.compile(r"[（(](?:代章|盖章|印章|公章|章)[)）]")
_OFFICE_TITLE = re.compile(r"(?:委员|代表|女士|先生|同志|们|老师|教授)+$")
_GENERIC = re.compile(
    r"^(?:各位|两位|三位|几位|诸位|全体|提案|联名|附议|领衔|相关|尊敬的|有关|其他)*(?:提案|联名|附议|领衔)*(?:人|者)?(?:委员|代表|单位)?$"
)


def bodies_of_line(text: str) -> list[str]:
    """The bodies that a line of nothing but names holds."""
    text = _SEAL.sub("", re.sub(r"(?:文件|公文|公函)$", "", text.strip())).strip()
    if not BODY_LINE.match(text):
        return []
    return [part for part in re.split(r"[\u3000 ]+", text) if part]


def issuing_bodies(blocks: list[Block], title: str | None, declared: Iterable[str]) -> list[str]:
    """The bodies that issue the letter, lead body first."""
    head = [body for b in blocks if b.kind is BlockKind.HEAD and not b.text.endswith(("：", ":")) for body in bodies_of_line(b.text)]
    signature = _signature(blocks)
    titled = re.match(
        r"^([\u4e00-\u9fff]{3,24}?(?:局|委员会|厅|办公室|政府|中心|公司|院|队|委|部|联合会|总会|分行|支行|联社))(?:关于|对)", title or ""
    )
    named = _split_joined(titled[1]) if titled else []
    stated = [body for text in declared for body in bodies_of_line(text)]
    found = head or signature or named or stated
    merged: list[str] = []
    for body in [*found, *(signature if head else []), *named, *(stated if not split_place(found[0])[0] else [])] if found else []:
        _merge(merged, body)
    return merged


_JOINED = re.compile(
    r"(?P<first>(?P<place>[\u4e00-\u9fff]{2,6}?[省市县区州])[\u4e00-\u9fff]{2,12}?(?:局|委员会|厅|办公室|委|政府))(?P<rest>(?P=place)[\u4e00-\u9fff]{2,})"
)


def _split_joined(text: str) -> list[str]:
    """甲市民政局甲市卫生健康委员会: two bodies of one place, written in one."""
    match = _JOINED.fullmatch(text)
    return [match["first"], *_split_joined(match["rest"])] if match else [text]


def _merge(bodies: list[str], body: str) -> None:
    """Add a body unless it is there; of two spellings the fuller one stays."""
    for index, known in enumerate(bodies):
        if known.endswith(body) or body == known:
            return
        if body.endswith(known) or (known[0] in "省市县区州" and body.endswith(known[1:])):
            bodies[index] = body
            return
        if known.endswith("委员会") and body.endswith("委") and known.startswith(body):
            return
    bodies.append(body)


def _signature(blocks: list[Block]) -> list[str]:
    """Bodies that stand alone in the tail just above (or beside) the date of signature."""
    tail = [b.text for b in blocks if b.kind is BlockKind.TAIL]
    found: list[str] = []
    for index, text in enumerate(tail):
        name = without_date(text)
        following = tail[index + 1] if index + 1 < len(tail) else ""
        if "印发" in text or following.endswith("印发"):
            continue
        for body in bodies_of_line(name):
            if body not in found:
                found.append(body)
    return found


def complete_name(body: str, place: str | None) -> str:
    """市教育局 → 甲市教育局, where the place is known."""
    if place is None or split_place(body)[0]:
        return body
    return place + (body[1:] if body[0] == place[-1] and not body.startswith("市场") else body)


def same_body(short: str, full: str) -> bool:
    """Tell whether `short`, a body without its place or in short form, is `full`: 市卫生健康委, 甲市卫生健康委员会."""
    if full.endswith("委员会") and short.endswith("委"):
        short += "员会"
    return full == short or full.endswith(short) or (short[0] in "省市县区州旗" and full.endswith(short[1:]) and short[0] in full)


def read_addressees(block: Block | None) -> tuple[str, ...]:
    """Names of the addressee line: people without 委员/代表, organisations whole."""
    if block is None:
        return ()
    text = block.text.rstrip("：: ")
    raw = block.raw.strip(" \u3000\t").rstrip("：: ")
    pieces = re.split(r"[ \u3000]+", raw)
    if (
        len(pieces) > 1
        and all(2 <= len(_OFFICE_TITLE.sub("", p)) <= 4 or _OFFICE_TITLE.fullmatch(p) for p in pieces)
        and sum(map(len, pieces)) == len(text)
    ):
        text = "、".join(pieces)
    text = re.sub(r"等?(?:\d+|[一二两三四五六七八九十]+)[位名个](?=委员|代表|同志|$)|等(?=委员|代表|同志|$)", "", text)
    text = re.sub(r"[（(].*?[)）]", "", text)
    names: list[str] = []
    for part in re.split(r"[、，,；;\u3000 ]|并(?=提案|各位|联名)|和(?!委员|代表)(?=[\u4e00-\u9fff]{2,4}(?:委员|代表))", text):
        name = re.sub(r"^尊敬的", "", part).strip()
        if not name or _GENERIC.match(name):
            continue
        bare = _OFFICE_TITLE.sub("", name)
        names.append(bare if bare and not re.search(r"(?:人大|政协|委员会)$", name) else name)
    return tuple(dict.fromkeys(n for n in names if n))


_UP_TO_BODY = re.compile(r"^.{2,20}(?:局|委员会|委|厅|办公室|办|政府|支队|中心|集团|公司|大学|学院)")


def read_list(text: str) -> tuple[str, ...]:
    """Bodies of a list in running text: 市财政局、市水利局和市民政局."""
    text = re.sub(r"[（(][^）)]*[)）]", "", text)
    parts = re.split(r"[、，,；;\u3000 ]|(?<=局|委|厅|办|院|府)[和及与]", text)
    parts = [found[0] if (found := _UP_TO_BODY.match(part.strip())) else part for part in parts]
    names = [re.sub(r"^(?:和|及|与|由|有|为|是|以及|会同)|(?:等|等单位|等部门|单位|部门)$", "", part.strip(" 。.")) for part in parts]
    return tuple(
        dict.fromkeys(n for n in names if 2 <= len(n) <= 22 and _BODY_WORD.search(n) and not re.search(r"有关|相关|各|我[市局委厅办]", n))
    )


_LEAD = re.compile(
    r"由([^。，；]{2,80}?)(?:共同|联合|牵头)?主办|主办单位(?:为|是|[:：])\s*([^。，；)）]{2,80})|([我本][局委厅办部院会])(?:作为|为|系|是)主办"
)
_JOINT = (
    re.compile(
        r"主办(?:（[^）]*）)?[，、；]?(?:由|并由)?([^。；（）]{2,200}?)(?:等)?(?:\d+家|[一二三四五六七八九十]+家)?(?:单位|部门)?(?:共同|参与|配合)?(?:会办|协办|分办)"
    ),
    re.compile(r"(?:会办|协办|分办)(?:单位|部门)(?:为|是|有|[:：])?\s*([^。；)）]{2,200})"),
    re.compile(r"(?:会同|结合|经商|综合|商)([^。；，]{2,200}?)等?的?(?:会办|协办|分办)(?:单位|部门|意见)"),
    re.compile(r"由([^。；，主]{2,200}?)(?:会办|协办)"),
)
_CONSULTED = re.compile(
    r"(?:经商|会同|会商|征求|商)([^。；，]{2,200}?)(?:意见|研究|，|；|。|$)|经?与([^。，；]{2,200}?)(?:会商|共同研究|研究|协商|沟通)"
)


def read_partners(text: str, bodies: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lead bodies (主办) and joint bodies (会办, 协办; else those consulted), from the opening and the tail of a letter."""
    lead: list[str] = []
    for match in _LEAD.finditer(text):
        named = next(group for group in match.groups() if group)
        lead.extend(bodies[:1] if re.search(r"[我本][局委厅办部院会]", named) else read_list(named))
    joint: list[str] = []
    for pattern in _JOINT:
        for match in pattern.finditer(text):
            joint.extend(read_list(match[1]))
        if joint:
            break
    if not joint:
        for match in _CONSULTED.finditer(text):
            joint.extend(read_list(match[1] or match[2] or ""))
    lead = list(dict.fromkeys(lead)) or list(bodies[:1])
    return tuple(lead), tuple(name for name in dict.fromkeys(joint) if name not in lead)


_PERSON = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_CONTACT = re.compile(r"(?:联系人|承办人|经办人|具体联系人|经办|联络人)(?:及(?:联系)?电话|及联系方式|、(?:联系)?电话|和电话)?[:：]\s*(.+)")
_CONTACT_UNIT = re.compile(
    r"(?:联系|承办|经办)(?:单位|处室|科室|部门)(?:及(?:联系)?电话)?[:：]\s*([^\d，；,;\u3000 :：]+?)(?=(?:联系)?电话|[\d，；,;\u3000 ]|$)"
)
SIGNER = re.compile(r"(?:签发人?|领导签发|审签人?)[:：]\s*([\u4e00-\u9fff·]{2,5}?)(?=[\u3000 ）)]|$|\d|[，；])")


def read_contact(tail: Iterable[str]) -> str | None:
    """The person to ask; the unit where no person is named."""
    lines = list(tail)
    for text in lines:
        if match := _CONTACT.search(
            re.sub(r"(?:联系)?电话|手机", "\u3000", text)
            if re.search(r"[\u4e00-\u9fff](?:联系)?电话[:：]", text) and not re.search(r"联系人(?:及|、|和)(?:联系)?电话", text)
            else text
        ):
            for part in re.split(r"[\u3000 ，,；;、：:（(）)\d-]+", match[1]):
                if _PERSON.match(part) and not re.search(r"(?:局|委|厅|处|科|办|中心|电话|手机|政府|室)$", part):
                    return part
    for text in lines:
        if match := _CONTACT_UNIT.search(text):
            return match[1]
    return None


def read_copies(tail: Iterable[str]) -> tuple[str, ...]:
    """Whom the letter is copied to (抄送, 抄报)."""
    found: list[str] = []
    for text in tail:
        if match := re.match(r"(?:抄送|抄报|抄送单位)\s*[:：]\s*(.+)", text):
            parts = re.split(r"[、，,；;。\u3000]", re.sub(r"[（(]\d+份?[)）]", "", match[1]))
            found.extend(part.strip() for part in parts if part.strip() and not part.strip().isdigit())
    return tuple(dict.fromkeys(found))
