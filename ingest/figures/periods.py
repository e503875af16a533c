"""When a figure is true: 今年, 2022年底, 截至6月底, “十四五”末, 到2025年 → year, as the letter's year and the text before it tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from ingest.figures.clauses import find_spans, inside
from rag.numerals import read_chinese


class PeriodKind(StrEnum):
    """How an expression speaks of time."""

    DURING = "during"  # 2022年, 今年, 去年
    END = "end"  # 2022年底, 年末
    AS_OF = "as_of"  # 截至6月底: a result
    BY = "by"  # 到2025年: a plan where the year has not come
    FROM = "from"  # 从2024年起
    SINCE = "since"  # 2021年以来: true now
    PART = "part"  # 上半年, 一季度
    NOW = "now"  # 目前, 现有, 现行: no year told
    COMPARED = "compared"  # 比2021年: not the figure's own time
    ASIDE = "aside"  # 2010年以前建成的水闸, 2022年4月印发的办法


@dataclass(frozen=True, slots=True)
class Period:
    """A time expression; offsets into the sentence's text. `year` is None where it leans on what came before."""

    start: int
    end: int
    text: str
    kind: PeriodKind
    year: int | None
    leading: bool = False  # at the beginning of a clause
    month: int | None = None
    anaphoric: bool = False  # 全年, 年底, 当年: the year of what came before


_YEAR = r"(?:(?P<digits>(?:19|20)\d\d)|(?P<characters>[二一][〇零九][〇零一二三四五六七八九]{2}))"
_MONTHS_OF = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_DAYS_OF = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_TAIL = (
    rf"(?P<tail>(?:(?:{_MONTHS_OF}月?[—–\-~至到])?{_MONTHS_OF}月(?:{_DAYS_OF}日)?(?:底|末|初|中旬|上旬|下旬)?)?(?:年?底|年?末|年?初|上半年|下半年|第?[一二三四]季度|前[一二三两]季度|前(?:[二两三四五六七八九十]|十一|\d{{1,2}})个月|春季学期|秋季学期|秋季|春季|暑期|暑假|寒假|夏季|冬季|汛期|汛)?"
    r"(?:以来|以前|之前|前|起|开始|以后|之后|内|度|期间|全年|当年)?)"
)
_ABSOLUTE = re.compile(
    rf"(?P<lead>截至|截止到?|到|至|自|从|由|比|较|与|同|和|于|在)?(?:(?P<span>(?:19|20)\d\d)年?[—–\-~至到、和]+)?{_YEAR}年{_TAIL}"
)
_PLAN = re.compile(
    r"(?P<lead>到|至|在)?“?(?P<plan>十[二三四五六七]五)”?(?P<tail>规划期?末|规划期内|(?:收官|结束|收尾)(?:时|之年|之际|之前|前)?|前三年|前两年|前四年|头三年|头两年|(?=累计|总目标|全[市县区省]|我[市县区省]|[^，。；\d]{2,20}(?:目标|任务)(?:值|数)?(?:为|是)?\d)|期末|末|期间|时期|以来|全周期|收官之年|后三年|后两年|规划(?=[\d提确设])|总任务|目标)?"
)
_RELATIVE = re.compile(
    r"(?P<lead>截至|截止到?|到|至|自|从|比|较|与|同)?(?P<word>今年以来|今年|本年度?|去年|上一年度?|上年度?|前年|明年|后年|次年|翌年|同年|当年|全年|(?<![一二两三四五六七八九十\d])年内|年度内|(?<!\d)年底|(?<!\d)年末|(?<!\d)年初|上半年|下半年|前[一二三两]季度|[一二三四]季度|前(?:[二两三四五六七八九十]|十一|\d{1,2})个月|"
    r"本学期|本学年|截至目前|到目前|至今|目前为止|目前|当前|现阶段|现有|现行|现共有|迄今)(?P<tail>年?底|年?末|年?初|上半年|下半年|第?[一二三四]季度|前[一二三两]季度|前(?:[二两三四五六七八九十]|十一|\d{1,2})个月|(?:\d{1,2}月?[—–\-~至到])?\d{1,2}月(?:\d{1,2}日)?(?:份|底|末|初)?|春季学期|秋季学期|秋季|春季|暑期|以来|前|起|内|同期)*(?P<after>以来|前|起|内|同期)?"
)
_MONTH = re.compile(
    r"(?P<lead>截至|截止到?|到|至)?(?P<since>\d{1,2}月?[—–\-~至到])?(?P<month>\d{1,2})月(?:份)?(?:\d{1,2}日)?(?P<tail>底|末|初|中旬|上旬|下旬)?(?P<after>以来|前|起|内)?"
)
_SINCE_LATER = re.compile(r"^[^，。；]{0,14}以来")
_ATTRIBUTE = re.compile(
    r"^(?:建成、[^，。；\d（]{0,14}的(?!约|近|\d)|[^，。；、\d（]{0,8}(?:建成|发布|印发|出台|制定|修订|提出|启动|立项|开工|竣工|投用|下达|确定|设立|成立|实施|通过|签订|签约|认定|采购|投放|出生|入学|毕业|退休)(?:投用|使用|运营)?的(?!约|近|\d)|版|级|届|款)"
)
_PLAN_ENDS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035, "十七五": 2040}
_OFFSETS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2, "明年": 1, "后年": 2}


def find_periods(text: str, year: int | None) -> list[Period]:
    """Find the time expressions of a sentence in order; `year` is the letter's year."""
    titles = find_spans(text, "《", "》")
    found: list[Period] = []
    taken: list[tuple[int, int]] = []
    for pattern, read in ((_ABSOLUTE, _read_absolute), (_PLAN, _read_plan), (_RELATIVE, _read_relative), (_MONTH, _read_month)):
        for match in pattern.finditer(text):
            if inside(match.start(), titles) or any(match.start() < end and start < match.end() for start, end in taken):
                continue
            period = read(match, year)
            if period is None:
                continue
            taken.append((period.start, period.end))
            found.append(replace(period, leading=_is_leading(text, period.start)))
    return sorted(found, key=lambda period: period.start)


def _is_leading(text: str, start: int) -> bool:
    before = text[max(0, start - 9) : start]
    return bool(
        re.search(
            r"(?:^|[，；：。、（()）“”]|其中|其|但|而|据|我[市县区省局委厅办]|全[市县区省]|计划|力争|预计|争取|确保|并|同时|一是|二是|三是|四是|五是|六是|我们|也|将|(?:^|[，；：])于|(?:^|[，；：])在|目标是|[局委厅办])$",
            before,
        )
    )


# What the words around a year make of it; the first that fits counts. Each takes lead, tail, text before and text behind.
_COMPARING = re.compile(r"[^，。；]{0,10}(?:相比|持平|提高|下降|增长|增加|减少)")
_MANIFOLD = re.compile(r"的?(?:同期)?(?:约|近|超过)?[\d.一二两三四五六七八九]+(?:成|%)|[^，；\d]{0,8}[\d.一二两三四五六七八九]+倍")
_MONTHS = re.compile(r"\d月?[—–\-~至到]\d{1,2}月")
_CUT_OFF = ("截至", "截止", "截止到")


def _is_compared(lead: str, before: str, after: str, tail: str = "") -> bool:
    """比2021年, 与上年相比, 由2021年的118家, 恢复到2019年的八成二, 在2020年的基础上: another figure's time."""
    if lead in ("比", "较") or (lead in ("与", "同", "和") and _COMPARING.match(after)):
        return True
    if lead in ("自", "从", "由") and not tail.endswith("起") and re.match(r"的|[^，；]{0,4}\d", after):
        return True
    if before.endswith("继") or (lead == "在" and re.match(r"[^，；]{0,12}(?:之后|后)(?:再|又|，)", after)):
        return True
    if lead in ("到", "至", "", "于") and _MANIFOLD.match(after) and re.search(r"(?:是|恢复|相当于?|达|为|占)$", before):
        return True
    if lead in ("到", "至") and re.search(r"(?:延期|延后|推迟|顺延|延迟|延长|结转)$", before):
        return True
    return bool(re.match(r"(?:的)?基础上", after))


def _absolute_kind(lead: str, tail: str, before: str, after: str) -> PeriodKind:
    if lead in ("到", "至") and re.search(r"[达提降升增]$|(?:增加|增长|提高|提升|上升|扩大|发展|下降|降低|减少|压减)$", before):
        lead = ""  # 没有达到2021年95%的任务: 到 belongs to the verb
    rules: list[tuple[PeriodKind, object]] = [
        (PeriodKind.COMPARED, _is_compared(lead, before, after, tail)),
        (PeriodKind.ASIDE, _ATTRIBUTE.match(after) or (tail.endswith(("前", "之前", "以前")) and re.match(r"[^，。；]{0,6}的", after))),
        (PeriodKind.AS_OF, lead in _CUT_OFF),
        (PeriodKind.SINCE, tail.endswith("以来") or (lead in ("自", "从", "") and _SINCE_LATER.match(after))),
        (PeriodKind.BY, lead in ("到", "至")),
        (PeriodKind.FROM, tail.endswith(("起", "开始")) or lead in ("自", "从")),
        (PeriodKind.ASIDE, tail.endswith("初")),
        (PeriodKind.END, tail.endswith(("底", "末", "前", "内"))),
        (PeriodKind.PART, "半年" in tail or "季度" in tail or "个月" in tail or _MONTHS.search(tail)),
    ]
    return next((kind for kind, fits in rules if fits), PeriodKind.DURING)


def _read_absolute(match: re.Match[str], year: int | None) -> Period | None:
    value = int(match["digits"]) if match["digits"] else _chinese_year(match["characters"])
    if value is None:
        return None
    lead, tail = match["lead"] or "", match["tail"].removeprefix("年")
    text, after = match.string, match.string[match.end() :]
    start = match.start() if lead not in ("和", "于", "在", "同", "与") else match.start() + len(lead)
    month = _month_of(tail)
    kind = _absolute_kind(lead, tail, text[: match.start()], after)
    if kind is PeriodKind.FROM:
        value += _years_on(after)
    if kind is PeriodKind.SINCE and year:
        value = max(value, year)
    return Period(start, match.end(), text[start : match.end()], kind, value, month=month)


_SEASONS = {"春": 3, "夏": 6, "暑": 7, "秋": 9, "冬": 12, "寒": 1}


def _month_of(text: str) -> int | None:
    """The (last) month that an expression names; a season's first."""
    months = re.findall(rf"({_MONTHS_OF})月", text)
    if months:
        value = int(months[-1]) if months[-1].isdigit() else int(read_chinese(months[-1]) or 0)
        return value if 1 <= value <= 12 else None
    season = re.search(r"春季|夏季|暑期|暑假|秋季|冬季|寒假", text)
    return _SEASONS[season[0][0]] if season else None


def _years_on(after: str) -> int:
    """今年起三年内: the plan ends two years on."""
    match = re.match(r"[，]?(?:用)?([两二三四五])年(?:内|时间|左右)", after)
    return int(read_chinese(match[1]) or 1) - 1 if match else 0


def _chinese_year(characters: str) -> int | None:
    digits = "".join(str(int(read_chinese(c) or 0)) if c not in "〇零" else "0" for c in characters)
    value = int(digits)
    return value if 1900 < value < 2100 else None


def _read_plan(match: re.Match[str], year: int | None) -> Period | None:
    tail = match["tail"]
    value = _PLAN_ENDS[match["plan"]]
    if tail is None:
        return None
    if tail[:1] in ("前", "头"):
        value = value - 5 + {"两": 2, "三": 3, "四": 4}.get(tail[1:2], 3)
        return Period(match.start(), match.end(), match[0], PeriodKind.DURING, value)
    if tail == "以来":
        return Period(match.start(), match.end(), match[0], PeriodKind.SINCE, min(value, year) if year else value)
    return Period(match.start(), match.end(), match[0], PeriodKind.BY, value)


_NOW = ("目前", "当前", "现阶段", "现有", "现行", "现共有", "截至目前", "到目前", "至今", "目前为止", "迄今")


def _read_relative(match: re.Match[str], year: int | None) -> Period | None:
    lead, word = match["lead"] or "", match["word"]
    rest = match.string[match.start("word") + len(word) : match.end()]
    after = match.string[match.end() :]
    base = word.removesuffix("度").removesuffix("以来")
    compared = lead in ("比", "较") or (lead in ("与", "同") and bool(_COMPARING.match(after))) or (lead == "同" and word == "上年")
    if word in _NOW:
        return Period(match.start(), match.end(), match[0], PeriodKind.NOW, None)
    if base not in _OFFSETS:
        kind = PeriodKind.COMPARED if compared else _leaning_kind(lead, word)
        return Period(match.start(), match.end(), match[0], kind, None, anaphoric=True)
    kind = PeriodKind.COMPARED if compared else _relative_kind(lead, word, rest, after)
    value = year + _OFFSETS[base] + (_years_on(after) if kind is PeriodKind.FROM else 0) if year else None
    return Period(match.start(), match.end(), match[0], kind, value, month=_month_of(rest))


def _relative_kind(lead: str, word: str, rest: str, after: str) -> PeriodKind:
    rules: list[tuple[PeriodKind, object]] = [
        (PeriodKind.AS_OF, word == "今年以来" or "以来" in rest or lead in _CUT_OFF),
        (PeriodKind.BY, lead in ("到", "至")),
        (PeriodKind.PART, "半年" in rest or "季度" in rest or "个月" in rest or _MONTHS.search(rest)),
        (PeriodKind.FROM, rest.endswith("起") or lead in ("自", "从")),
        (PeriodKind.ASIDE, "初" in rest or _ATTRIBUTE.match(after)),
        (PeriodKind.END, any(mark in rest for mark in ("底", "末", "前", "内"))),
    ]
    return next((kind for kind, fits in rules if fits), PeriodKind.DURING)


def _leaning_kind(lead: str, word: str) -> PeriodKind:
    """全年, 年底, 上半年: the year of what came before."""
    rules: list[tuple[PeriodKind, object]] = [
        (PeriodKind.ASIDE, word == "年初" or (word == "同年" and lead)),
        (PeriodKind.AS_OF, lead in _CUT_OFF),
        (PeriodKind.BY, lead in ("到", "至")),
        (PeriodKind.END, word in ("年底", "年末", "年内")),
        (PeriodKind.PART, "半年" in word or "季度" in word or "个月" in word),
    ]
    return next((kind for kind, fits in rules if fits), PeriodKind.DURING)


def _read_month(match: re.Match[str], year: int | None) -> Period | None:
    month = int(match["month"])
    if not 1 <= month <= 12 or match.string[max(0, match.start() - 1) : match.start()].isdigit():
        return None
    before = match.string[max(0, match.start() - 2) : match.start()]
    if before.endswith(("年", "个")):
        return None
    lead = match["lead"] or ""
    kind = PeriodKind.AS_OF if lead.startswith("截") else PeriodKind.BY if lead else PeriodKind.END
    if match["after"] == "起":
        kind = PeriodKind.FROM
    elif match["since"]:
        kind = PeriodKind.PART
    return Period(match.start(), match.end(), match[0], kind, None, month=month, anaphoric=True)


def heading_year(headings: tuple[str, ...], year: int | None) -> int | None:
    """The year that a section's headings set for the text under them, the innermost first."""
    for heading in reversed(headings):
        if re.search(r"您|你们|贵|“[^”]*年[^”]*”", heading):
            continue
        plain = [p for p in find_periods(heading, year) if p.kind not in (PeriodKind.COMPARED, PeriodKind.ASIDE, PeriodKind.NOW)]
        years = [p.year for p in plain if p.year]
        if years:
            return years[-1]
    return None
