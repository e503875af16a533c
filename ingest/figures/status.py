"""Target, actual or baseline, told by wording and section, not by position alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.figures import words
from ingest.figures.periods import Period, PeriodKind
from rag.records import Status

# Results that also stand inside plans: 力争…累计建成, 首次突破.
_WEAK_RESULT = re.compile(
    r"实际|同比|环比|[比较](?:上年|去年|上一年)|上年|去年|已经|[增降升]至|[降升]为|累计.*|首次|顺利|成功|圆满|测算|摸底|入选|达到了|聘用|得到|取得|共计|上半年|一季度|受理|查处|办结|超额|以来"
)
_CUES = re.compile(rf"(?P<plan>{words.PLAN})|(?P<result>{words.RESULT})")
_OWN_PLAN_AFTER = re.compile(
    r"^[^。；]{0,24}(?:，|,)(?:计划|力争|拟|预计|争取|确保|将)[^。；]{0,20}(?:开工|完工|建成|投用|竣工|完成|启用|通车|开通|投入|交付|上线|运行|落成)"
)
_NOT_A_PLAN = re.compile(r"^(?:以来)?(?:目标|任务|计划|规划)[^，。；]{0,8}(?:完成|超额|的\d)|^目标(?:任务)?的$")


@dataclass(frozen=True, slots=True)
class Tone:
    """What a section's headings promise."""

    target: bool = False
    actual: bool = False


def section_tone(headings: tuple[str, ...]) -> Tone:
    """Read the tone of the innermost heading that has one."""
    for heading in reversed(headings):
        plain = re.sub(r"“[^”]*”|《[^》]*》", "", heading)
        if re.search(r"您|你们|贵|建议|提案|意见", plain):
            continue
        target, actual = words.TARGET_SECTION.search(plain), words.ACTUAL_SECTION.search(plain)
        if target and not (actual and re.search(r"完成情况|落实情况|目标完成|任务完成|执行情况", plain)):
            return Tone(target=True)
        if actual:
            return Tone(actual=True)
    return Tone()


def _strong_result(lead: str) -> bool:
    return any(match["result"] and not _WEAK_RESULT.fullmatch(match[0]) for match in _CUES.finditer(lead))


def last_cue(lead: str) -> str | None:
    """Find the last word of plan or result before a figure: `plan`, `result` or None."""
    kind: str | None = None
    for match in _CUES.finditer(lead):
        if match["plan"]:
            if words.WEAK_PLAN.fullmatch(match[0]) and kind is not None:
                continue
            if _NOT_A_PLAN.match(lead[match.start() :]):
                continue
            kind = "plan"
        elif kind != "plan" or not _WEAK_RESULT.fullmatch(match[0]):
            kind = "result"
    return kind


_RESULT_START = re.compile(r"^(?:全[市县区省])?(?:建成(?!后)|组建|开设|创建成|建立|累计|完成了|开通了|已|形成|涌现|获评|入选)")


# 拆除围网34处，已于3月12日完成: done, whatever stood before.
DONE_BEHIND = re.compile(
    r"^[^，；。\d]{0,8}，?(?:均|都|全部)?已(?:经)?(?:于|在)[^，；。]{0,10}[月日底初](?:份)?(?:全部|全面|正式)?(?:完成|完工|建成|投用|发完|发放|办结|到位|竣工|启用|开通|落实|交付|拨付)"
)
_THE_PLANNED = re.compile(
    r"占(?:年度|全年|年初|总)?(?:计划|目标|任务)(?:数|量)?$|(?:[比较]|超过|低于|高于|少于|多于)(?:年度|原|年初|全年)?(?:计划|目标|任务)(?:数)?的$"
)  # 比计划的30座多4座
# 省里下达改造任务4000户: the task itself; not 完成改造任务4000户.
_THE_TASK = re.compile(r"(?:下达|分解|核定|分配|承担)(?:(?!完成|落实|实现|超额)[^，；])*任务(?:数|量)?(?:为|是|：)?$")
# 2023年的任务是6万人: what was to be done, in whatever year.
_THE_GOAL = re.compile(r"(?<!完成)(?<!主要)(?<!中心)(?:任务|目标|计划)(?:数|值|量)?(?:仍|仍然|原)?(?:是|为)[^，。；：\d]{0,14}$")
# 新建学校12所、新增学位1.5万个的目标: what is joined to a goal is part of it.
_JOINED_TO_GOAL = re.compile(
    r"^[、和及与][^，。；：]{0,40}?\d[^，。；：、]{0,6}?的?(?:年度|全年|预期)?(?:目标|任务|计划)(?:任务)?(?:[，。；：]|$)"
)
# 均完成考核目标（优良率84%）: what stands in the brackets is the goal.
_GOAL_IN_BRACKETS = re.compile(r"(?:目标|任务|指标)(?:值|数)?（(?![^（）]*(?:实际|完成|达到|已))[^（）]*$")
# A plan that a result is measured by is no word of plan: 比44条的年度计划少3条, 完成全年任务的三成, 离年初定的20%还差.
_MEASURED_BY = re.compile(
    r"完成了?[^，；。]{0,12}(?:计划|目标|任务)的(?=[\d一二三四五六七八九百])|(?:(?<!占)[比较]|超过|超出|低于|高于|少于|多于|占|未达到?|没有达到|没有完成|未完成|仅完成|[离距])(?!争)[^，；。]{0,20}?(?:计划|目标|任务|预期)(?:数|值)?(?:的|[多少高低]|$|(?=[，；。]))"
)


def _without_quotes(text: str) -> str:
    """Names in quotes and titles are no words of plan or result: “双高计划”, 《行动计划》; nor is a plan that a result is measured by."""
    plain = re.sub(
        r"“[^”]*”|《[^》]*》|（[^（）]*）|，(?:而)?(?:上半年末?|去年|上年|(?:19|20)\d\d年[底末]?)(?:仅|只)?[有为是]\d[^，；]*(?=；)",
        lambda match: "\0" * len(match[0]),
        text,
    )
    return _MEASURED_BY.sub(lambda match: "\0" * len(match[0]), plain)


def _is_due(period: Period) -> bool:
    """到年底, 2023年底前, 年内: a date this year that the text still looks ahead to."""
    return period.kind is PeriodKind.BY or (period.kind is PeriodKind.END and period.text.endswith(("前", "内", "年底")))


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a figure before its status is decided."""

    year: int | None  # the year the figure is true of
    period: Period | None  # the time expression that gave it
    letter_year: int | None
    tone: Tone  # what the section promises
    carried: Status | None = None  # status of the figures before it in the same run of text
    in_force: bool = False  # the month it names had come when the letter was written
    to_come: bool = False  # it had not
    reported: bool = False  # a cut-off date stands above it
    unmarked: bool = False  # no time stands above it; its year is the letter's


def decide(lead: str, own: str, after: str, setting: Setting) -> Status:
    """Decide between target and actual.

    Args:
        lead: the sentence before the figure.
        own: the clause before the figure.
        after: the sentence behind the figure.
        setting: year, period, section and neighbours.
    """
    if words.GOAL_NOUN.match(after) or (after.startswith("的") and re.search(r"完成[^，；]{0,8}(?:计划|目标|任务)$", own)):
        return Status.TARGET
    if _THE_PLANNED.search(own) or _THE_TASK.search(own) or _THE_GOAL.search(own) or _GOAL_IN_BRACKETS.search(lead):
        return Status.TARGET
    if _JOINED_TO_GOAL.match(after) and not re.search(r"完成|实现|超额|已", own):
        return Status.TARGET
    lead, own = _without_quotes(lead), _without_quotes(own)
    year, letter_year = setting.year, setting.letter_year
    if year is not None and letter_year is not None and year != letter_year:
        since = (
            own[-(len(lead) - setting.period.start) :]
            if setting.period is not None and len(lead) - len(own) <= setting.period.start < len(lead)
            else own
        )
        return Status.TARGET if year > letter_year or _is_past_plan(since) else Status.ACTUAL
    cue = _cue_under(lead, setting.period)
    by_period = _by_period(own, cue, setting) if setting.period is not None and not DONE_BEHIND.match(after) else None
    if by_period is not None:
        return by_period
    if DONE_BEHIND.match(after):
        return Status.ACTUAL
    if _OWN_PLAN_AFTER.match(after) and cue != "result":
        return Status.TARGET
    if cue == "result" and setting.tone.target and not _strong_result(lead):
        cue = None
    if cue is not None:
        return Status.TARGET if cue == "plan" else Status.ACTUAL
    return _by_section(own, setting)


def _is_past_plan(own: str) -> bool:
    return last_cue(own) == "plan" and bool(re.search(r"计划(?!生育)|预期目标|目标[为是]", own)) and not re.search(r"实际|完成", own)


def _cue_under(lead: str, period: Period | None) -> str | None:
    """The cue before a figure; a new time begins anew: 现有21个，今年新增6个."""
    cue = last_cue(lead)
    if cue == "result" and period is not None and period.kind is PeriodKind.DURING and 0 < period.start < len(lead):
        return last_cue(lead[period.start :])
    return cue


def _by_period(own: str, cue: str | None, setting: Setting) -> Status | None:
    """What the kind of time tells of a figure of this year."""
    period = setting.period
    if period is None:
        return None
    this_year = setting.year == setting.letter_year
    if this_year and setting.in_force and period.kind is PeriodKind.BY and re.search(r"完成|已|实现|累计", own) and last_cue(own) != "plan":
        return Status.ACTUAL
    if this_year and _is_due(period) and not re.search(r"已|实际|完成了", own):
        return Status.TARGET
    planned = last_cue(own) == "plan"
    if setting.reported and not planned:
        return Status.ACTUAL
    dated = period.kind in (PeriodKind.FROM, PeriodKind.DURING, PeriodKind.END)
    in_force = dated and this_year and setting.in_force
    if dated and this_year and setting.to_come:
        return Status.TARGET
    reported = period.kind in (PeriodKind.AS_OF, PeriodKind.NOW)
    part = period.kind is PeriodKind.PART and this_year and cue != "plan"
    return Status.ACTUAL if part or ((in_force or reported) and not planned) else None


def _by_section(own: str, setting: Setting) -> Status:
    if setting.tone.target:
        return Status.TARGET
    planned_row = setting.carried is Status.TARGET and setting.year == setting.letter_year and setting.year is not None
    if planned_row and not setting.tone.actual and not re.search(r"已|了|累计", own):
        return Status.TARGET  # 今年新发展商户300家，建成示范街2条
    if setting.tone.actual or _RESULT_START.match(own):
        return Status.ACTUAL
    this_year = setting.year is not None and setting.year == setting.letter_year
    if setting.carried is not None and setting.year == setting.letter_year:
        return setting.carried
    return Status.TARGET if this_year and not setting.unmarked else Status.ACTUAL
