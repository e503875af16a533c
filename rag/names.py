"""Names of places, bodies and people: short forms, pinyin, and English names of departments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

from rag.terms import english_words, load_lexicon

PLACE_ENDINGS = ("自治州", "自治县", "自治区", "地区", "新区", "林区", "市", "区", "县", "省", "州", "旗", "镇", "乡", "街道")
PLACE_KINDS = {
    "市": "city|municipality|municipal",
    "区": "district",
    "县": "county",
    "省": "province|provincial",
    "镇": "town|township",
    "乡": "township",
}
KIND_WORDS = frozenset({"city", "district", "county", "province"})
BODY_ENDING = re.compile(r"(?:委员会|管理局|局|厅|委|办公室|办|总会|联合会|总队|支队|中心)$")
SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|ia|ua|uo|a|o|e|i|u|v)"
)
CAPITALISED = re.compile(r"\b[A-Z][a-z]+(?:'an)?(?:\s[A-Z][a-z]+)*")
# What looks like a place but is a common word.
COMMON_PLACE_WORDS = re.compile(
    r"全市|全省|全区|全县|城市|本市|我市|我省|我区|我县|本区|本县|该市|该区|该县|市区|城区|地区|小区|社区|园区|校区|片区|库区|山区|辖区|院区|景区|新区|开发区|街区|林区|灌区|矿区|禁养区|"
    r"功能区|示范区|保护区|自贸区|产业区|各县|各区|各市|县区|区县|市县|郊区|湖区|老区|厂区|牧区|县域|省市|超市|上市|都市|门市|夜市|集市|菜市|农贸市|股市|楼市|入市|房市|哪个市|哪些市|哪个区|哪个县|哪些区|哪些县"
)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that letters govern or speak of."""

    name: str  # 东湖区
    parent: str | None = None  # 甲市


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows by name."""

    places: tuple[KnownPlace, ...] = ()
    bodies: tuple[str, ...] = ()  # issuing bodies, full names
    people: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    doc_numbers: tuple[str, ...] = ()
    home: str = ""  # home by setting, or the one place that dominates
    home_set: bool = False  # by setting

    def parent(self, name: str) -> str | None:
        """The place that a place lies in."""
        return next((p.parent for p in self.places if p.name == name), None)

    def children(self, name: str) -> tuple[str, ...]:
        """The places directly under a place."""
        return tuple(p.name for p in self.places if p.parent == name)


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """Places of a question."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=())


def to_pinyin(text: str) -> str:
    """Toneless pinyin, one word: 东湖 → donghu."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL)).lower().replace("ü", "v")


@lru_cache(maxsize=50_000)
def character_sounds(char: str) -> frozenset[str]:
    """All toneless readings of one character."""
    return frozenset(s.replace("ü", "v") for s in pinyin(char, style=Style.NORMAL, heteronym=True)[0])


@lru_cache(maxsize=20_000)
def name_sounds(name: str) -> frozenset[str]:
    """All spellings of a short name in pinyin: heteronyms count (长 is chang and zhang)."""
    spellings = {""}
    for char in name:
        spellings = {s + sound for s in spellings for sound in character_sounds(char)}
        if len(spellings) > 64:
            return frozenset({to_pinyin(name)})
    return frozenset(spellings)


@lru_cache(maxsize=50_000)
def _first_sound(char: str) -> str:
    return lazy_pinyin(char, style=Style.NORMAL)[0].replace("ü", "v")


def syllables(text: str) -> tuple[str, ...]:
    """The likeliest toneless sound of each character."""
    return tuple(_first_sound(char) for char in text)


def same_sound(a: str, b: str) -> bool:
    """Whether two Chinese texts of equal length sound alike: 和同 and 合同."""
    return len(a) == len(b) and all(x == y or character_sounds(x) & character_sounds(y) for x, y in zip(a, b, strict=True))


# Readings that place names have, where the usual one differs.
PLACE_READINGS = {"长": "chang", "重": "chong", "朝": "chao"}


def place_pinyin(place: str) -> str:
    """The pinyin of a place's short name, capitalised: 东岭省 → Dongling."""
    short = short_name(place)
    first = PLACE_READINGS.get(short[:1])
    return (first + to_pinyin(short[1:]) if first else to_pinyin(short)).capitalize()


def short_name(place: str) -> str:
    """东湖市 → 东湖; names of two characters stay."""
    for ending in PLACE_ENDINGS:
        if place.endswith(ending) and len(place) - len(ending) >= 2:
            return place[: -len(ending)]
    return place


def kind_of_place(place: str) -> str:
    """Its level: 省, 市, 区, 县 or the last character."""
    return place[-1] if place else ""


def plausible_place(name: str) -> bool:
    """Whether a name that was read from a text can be that of one place: not 其中省, 和东湖县, 西部三市."""
    lexicon = load_lexicon()
    short = short_name(name)
    if short in lexicon.literals or any(q.pattern.search(short) for q in lexicon.qualifiers if q.kind in ("gain", "form", "rate")):
        return False
    return not re.match(r"[其按和因包与及对在从由为各该本全我至到以将把向经群给含指据除某外同]", name) and not re.search(
        r"[一二三四五六七八九十两几][市区县省]|[、及与]|[市区县省]和|[区县]市$|节省", name
    )


@lru_cache(maxsize=64)
def _forms(places: tuple[KnownPlace, ...]) -> tuple[tuple[str, str], ...]:
    """(form, full name) of each plausible place, longest names first."""
    good = sorted((p.name for p in places if plausible_place(p.name)), key=len, reverse=True)
    return tuple((form, name) for name in good for form in dict.fromkeys((name, short_name(name))))


def find_places(text: str, known: Known, english: bool) -> NamedPlaces:
    """Places that a question names, in order; those that the store does not know apart."""
    found: dict[int, tuple[int, str]] = {}
    for form, name in _forms(known.places):
        at = text.find(form)
        while at >= 0:
            taken = any(s <= at < e for s, (e, _) in found.items())
            if not taken and not _part_of_other_name(text, at + len(form), form, name):
                urban = (
                    text[at + len(form) : at + len(form) + 1] == "区"
                    and form.endswith("市")
                    and text[at + len(form) + 1 :][:1] not in ("县", "")
                )
                found[at] = (at + len(form) + urban, name)  # 甲市区 is the city
            at = text.find(form, at + 1)
    if english:
        for start, end, name in _english_places(text, known):
            if not any(s <= start < e for s, (e, _) in found.items()):
                found[start] = (end, name)
    order = sorted(found.items())
    names = tuple(dict.fromkeys(name for _, (_, name) in order))
    spans = tuple((s, e) for s, (e, _) in order)
    unknown = _unknown_places(text, spans) if not english else _unknown_english(text, spans, known)
    return NamedPlaces(names, unknown, spans)


def _part_of_other_name(text: str, end: int, form: str, full: str) -> bool:
    """东湖 in 东湖山隧道 is still near 东湖区, but 西岭 in 西岭大道 is no claim about the city; another ending is another place."""
    rest = text[end : end + 2]
    if form != full and rest[:1] in "市区县省州" and rest[:1] != full[-1] and rest != "区县":
        return True
    return bool(re.match(r"大道|路口|大桥|山隧", rest))


@lru_cache(maxsize=64)
def _spellings(places: tuple[KnownPlace, ...]) -> tuple[dict[str, list[str]], re.Pattern[str] | None]:
    """Pinyin → places that are spelled so, and one pattern for all."""
    spelled: dict[str, list[str]] = {}
    for place in places:
        if plausible_place(place.name):
            for sound in name_sounds(short_name(place.name)):
                for spelling in dict.fromkeys((sound, sound.replace("v", "u"))):
                    spelled.setdefault(spelling, []).append(place.name)
    if not spelled:
        return spelled, None
    every = "|".join(_loose(s) for s in sorted(spelled, key=len, reverse=True))
    return spelled, re.compile(rf"\b(?P<name>{every})\b(?:'s)?(?:[\s-](?P<kind>[a-z]+))?")


def _english_places(text: str, known: Known) -> list[tuple[int, int, str]]:
    spelled, pattern = _spellings(known.places)
    spots: list[tuple[int, int, str]] = []
    for match in pattern.finditer(text.lower()) if pattern else ():
        names = spelled.get(re.sub(r"['\s-]", "", match["name"]), [])
        word = match["kind"] or ""
        fitting = [n for n in names if word in PLACE_KINDS.get(kind_of_place(n), "").split("|")]
        if fitting:
            spots.append((match.start(), match.end(), fitting[0]))
        elif names and word not in KIND_WORDS:
            spots.append((match.start(), match.end("name"), names[0]))
    return spots


def _loose(spelling: str) -> str:
    """Pinyin that may be parted by a blank, hyphen or apostrophe between syllables."""
    return r"['\s-]?".join(map(re.escape, spelling)) if len(spelling) <= 14 else re.escape(spelling)


def _unknown_places(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
    blank = list(text)
    for start, end in spans:
        blank[start:end] = "□" * (end - start)
    rest = COMMON_PLACE_WORDS.sub(lambda m: "□" * len(m.group(0)), "".join(blank))
    spots = re.finditer(
        r"(?<![\u4e00-\u9fff])[年月日起比和跟与在到从]?(?P<name>[\u4e00-\u9fff]{2,3}[市省县区])(?![场政长民级内外直属里])", rest
    )
    found = [m["name"] for m in spots if not re.search(r"^[年月日起]|完成|达到|下达|[的了]", m["name"])]
    outside = [m.group(0) for m in re.finditer("|".join(outside_places()), rest)] if outside_places() else []
    found += [name for name in outside if not any(full.startswith(name) for full in found)]
    return tuple(dict.fromkeys(found))


def is_pinyin(word: str) -> bool:
    """Whether a Latin word reads as two or more pinyin syllables."""
    parts = 0
    rest = word.lower().replace("'", "")
    while rest:
        match = SYLLABLE.match(rest)
        if not match:
            return False
        rest = rest[match.end() :]
        parts += 1
    return parts >= 2


def _unknown_english(text: str, spans: tuple[tuple[int, int], ...], known: Known) -> tuple[str, ...]:
    found = []
    for match in re.finditer(r"\b([A-Z][a-z']+)(?=\s+(?:City|District|County|Province|Municipality)\b)", text):
        if not any(s <= match.start() < e for s, e in spans):
            found.append(match.group(1))
    for match in re.finditer(
        r"\b(?:in|did|does|do|of|for|has|have|will|is|was|about|than|or|and)\s+([A-Z][a-z]{4,})\b(?!\s+[A-Za-z]*(?:road|highway|lake|river|hospital|park|school|line))",
        text,
    ):
        word = match.group(1)
        if is_pinyin(word) and not any(s <= match.start(1) < e for s, e in spans) and not _in_names(word, known):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _in_names(word: str, known: Known) -> bool:
    sound = word.lower()
    return any(sound in to_pinyin(name) for name in (*known.indicators, *known.people, *known.bodies))


@lru_cache(maxsize=1)
def outside_places() -> tuple[str, ...]:
    """Well-known Chinese cities and provinces, so that a question about one is not taken for one about home."""
    from rag.terms import read_rows

    return tuple(name for row in read_rows("places.tsv", 1) for name in row[0].split())


# English words that happen to read as pinyin.
NOT_PINYIN = frozenset(
    [
        "chinese",
        "bureau",
        "compare",
        "china",
        "people",
        "more",
        "name",
        "these",
        "have",
        "were",
        "game",
        "before",
        "women",
        "tunnel",
        "manage",
        "here",
        "there",
        "where",
        "line",
        "open",
    ]
)


def pinyin_words(text: str) -> tuple[str, ...]:
    """Capitalised words of an English text that read as pinyin: Donghu, Xiling."""
    return tuple(
        dict.fromkeys(
            w for m in CAPITALISED.findall(text) for w in m.split() if len(w) >= 4 and is_pinyin(w) and w.lower() not in NOT_PINYIN
        )
    )


def body_core(body: str, places: Iterable[str]) -> str:
    """甲市科学技术局 → 科学技术."""
    longest_first = sorted(places, key=len, reverse=True)
    while cut := next((p for p in longest_first if body.startswith(p) and len(body) > len(p)), None):
        body = body[len(cut) :]
    body = re.sub(r"^(?:[\u4e00-\u9fff]{2,3}[市省区县])?(?:人民政府)?|^[市省区县]", "", body)
    return BODY_ENDING.sub("", body)


ENGLISH_ENDING = r"(?:bureau|department|commission|office|authority|administration|committee)"


@lru_cache(maxsize=1)
def _english_departments() -> tuple[tuple[re.Pattern[str], int, str], ...]:
    found = []
    for term in load_lexicon().departments:
        for name in sorted(term.english, key=len, reverse=True):
            words = re.escape(name).replace(r"\ ", r"[\s-]+")
            prefix = r"(?:according to )?(?:the )?\b(?:(?:municipal|provincial|city|county|district) )?"
            pattern = rf"{prefix}(?:{words} {ENGLISH_ENDING}(?:'s)?\b|{ENGLISH_ENDING} of (?:the )?{words}\b)"
            found.append((re.compile(pattern, re.IGNORECASE), len(name), term.name))
    return tuple(found)


@lru_cache(maxsize=1)
def _chinese_departments() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """(pattern with ending, wording, department); longest wording first."""
    rows = [(name, term.name) for term in load_lexicon().departments for name in (term.name, *term.wordings)]
    rows.sort(key=lambda r: -len(r[0]))
    return tuple(
        (re.compile(rf"[市省区县]?{re.escape(n)}(?:委员会|局|厅|委(?!员)|部门|办公室|办(?![法理事学])|系统|口)(?:的)?"), n, d)
        for n, d in rows
    )


def find_departments(text: str, english: bool) -> tuple[str, ...]:
    """Departments that a question names, as canonical cores: 科技局 → 科学技术."""
    if english:
        hits = [(-size, name) for pattern, size, name in _english_departments() if pattern.search(text)]
        return (min(hits)[1],) if hits else ()
    found: list[tuple[int, str]] = []
    for pattern, wording, name in _chinese_departments():
        match = pattern.search(text) if wording in text else None
        if match:
            found.append((match.start(), name))
        elif wording.endswith(("会", "联")) and wording in text:
            found.append((text.index(wording), name))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def blank_departments(text: str, english: bool) -> str:
    """The text without the departments that it names, so that they are not taken for indicators."""
    if english:
        for pattern, _, _ in _english_departments():
            text = pattern.sub(" ", text)
        return text
    for pattern, wording, _ in _chinese_departments():
        if wording in text:
            text = pattern.sub(" ", text)
    return text


def department_of(body: str, places: Iterable[str]) -> str:
    """The canonical department of an issuing body."""
    core = body_core(body, places)
    for term in load_lexicon().departments:
        if core == term.name or core in term.wordings:
            return term.name
    for term in load_lexicon().departments:
        if any(len(w) >= 2 and core.startswith(w) for w in (term.name, *term.wordings)):
            return term.name
    return core


def departments_of(body: str, places: Iterable[str]) -> frozenset[str]:
    """All departments that a body's name holds: 经济信息化和科技局 is two."""
    core = body_core(body, places)
    found = {t.name for t in load_lexicon().departments if any(len(w) >= 2 and w in core for w in (t.name, *t.wordings))}
    return frozenset(found | {department_of(body, places)})


def same_english_name(text: str, chinese: str) -> bool:
    """Whether an English text spells a Chinese name in pinyin."""
    words = "".join(english_words(text))
    return any(sound in words for sound in name_sounds(chinese))
