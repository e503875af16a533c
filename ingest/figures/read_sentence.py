"""One sentence → its figures: time, status, subject, name and measure of each quantity in turn."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.figures import words
from ingest.figures.antecedent import named_before, resolve_place_pointer, resolve_pointer
from ingest.figures.baselines import judge_baseline
from ingest.figures.clauses import Mention, inside
from ingest.figures.corrected import is_bare, name_bare, name_corrected
from ingest.figures.flow import Flow
from ingest.figures.in_order import place_in_order
from ingest.figures.leave_out import left_out
from ingest.figures.names import measure_of
from ingest.figures.naming import Naming
from ingest.figures.periods import Period, PeriodKind
from ingest.figures.series import Given, distribute, distribute_years
from ingest.figures.status import Setting, decide, last_cue
from ingest.figures.subjects import find_institution, find_subject
from ingest.figures.timing import find_period
from ingest.figures.view import OWN_TIME, SentenceView
from rag.records import Comparator, Figure, Measure, Sentence, Status
from rag.units import UnitKind, unit_kind

_NEIGHBOUR = re.compile(r"^(?:相邻|邻近|周边|兄弟|邻市|同期)(?:城市)?的?")
# 在松陵区开展试点，建设…: what follows is true of the pilot alone.
_PILOT = re.compile(r"(?:市|区|县|镇|街道)(?:等地?)?(?:率先|先行|先期|首批)?(?:开展|进行|启动|先行)?(?:试点|先行|示范)")
_COMPARING = re.compile(r"不及|低于|高于|超过|落后|[比较]")
_LABEL = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆•·—-]+)?\s*(?P<label>[^，；：。、\d]{4,24})：(?=[^，；。]{0,10}\d)"
)
_EACH = re.compile(r"每[家户个人名台辆亩床套件生月]")  # a rate in force says nothing of what is told behind it
_PROJECT = re.compile(r"(?:更新|改造|提升|工程|项目|大桥|[桥路园校院馆库厂站苑房])$")
_NO_PROJECT = re.compile(r"呈|近[两三四五\d]年|走势|趋势|情况|连续|逐年|方面")
_AT_PRESENT = re.compile(r"目前|当前|现")
_RATE = re.compile(r"每(?!年(?:投入|安排|新增)|千|万|百)|标准|最高(?!人民)")
_GRANT_TO = re.compile(r"对[^，；]{2,30}，[^，；]{0,8}(?:奖励|奖补|补助|资助)[^，；]{0,3}$")  # 对评为优秀的水厂，奖励5万元
_RATE_TO_COME = re.compile(r"(?:提高|增加|上调|调整|降低|下调|涨)[到至为]|将")
_DONE_OF = re.compile(r"(?:完成|占)[^，；]{0,20}(?:计划|目标|任务)[^，；]{0,14}的$")  # 完成当年计划15000个的102.7%
_WHOLE_PLACE = re.compile(r"^(?:其中)?(?P<place>(?:全|我|本)[市县区省])")


class SentenceReader:
    """Reads the figures of one sentence."""

    def __init__(self, flow: Flow, sentence: Sentence, text: str, before: str = "") -> None:
        self.flow = flow
        self.before = before  # the paragraph before the sentence
        self.carried_subject: str | None = None  # what the next sentence may lean on
        self.view = SentenceView(flow, sentence, text)
        self.kept: list[Mention] = []
        self.figures: list[Figure] = []
        self.subject: str | None = None  # named by an earlier clause
        self.institution: str | None = None

    def read(self) -> list[Figure]:
        """Read the sentence; the flow remembers what the next sentence may lean on."""
        view = self.view
        dropped = left_out(view.text, view.clauses, view.mentions)
        self.kept = view.keep([mention for mention, out in zip(view.mentions, dropped, strict=True) if not out])
        given = distribute(view.clauses, self.kept, self.flow.places)
        for start, year in distribute_years(view.text, view.clauses, self.kept).items():
            given[start] = replace(given.get(start, Given()), year=year)
        entered = 0
        for mention in self.kept:
            for index in range(entered, mention.clause + 1):
                self._enter_clause(index)
            entered = max(entered, mention.clause + 1)
            self.figures.append(self._figure(mention, given.get(mention.quantity.start, Given())))
        for index in range(entered, len(view.clauses)):
            self._enter_clause(index)
        self.figures = name_corrected(view.text, view.sentence.start, self.figures, self.flow.named)
        self.figures = place_in_order(view.text, view.sentence.start, self.figures, self.flow.places.home)
        self.flow.mixed_years = len({view.year_of(p) for p in view.periods if p.leading and p.kind in OWN_TIME and view.year_of(p)}) > 1
        self.flow.remember(self.figures, self._carried_period(), self.carried_subject)
        return self.figures

    def _carried_period(self) -> Period | None:
        """The time that holds on for the next sentence: the last one that begins a clause."""
        own = [p for p in self.view.periods if not inside(p.start, self.view.based)]
        leading = [p for p in own if p.leading and p.kind in OWN_TIME and p.kind is not PeriodKind.NOW and self.view.year_of(p)]
        leading = [p for p in leading if self.view.text[max(0, p.start - 1) : p.start] not in ("而", "（", "(")] or leading
        if not leading:
            return None
        first = self.view.clauses[0].end if self.view.clauses else 0
        if leading[-1].kind is PeriodKind.BY and leading[-1].start > first and len({self.view.year_of(p) for p in leading}) > 1:
            return None  # 去年…，到2025年…: the next sentence stands under neither
        kind = PeriodKind.AS_OF if leading[-1].kind is PeriodKind.AS_OF else PeriodKind.DURING
        return replace(leading[-1], year=self.view.year_of(leading[-1]), kind=kind, start=-1, end=-1)

    def _enter_clause(self, index: int) -> None:
        clause = self.view.clauses[index]
        if index and self.view.clauses[index - 1].mark == "；":
            self.institution = None
        subject, named = find_subject(clause.text, len(clause.text), self.flow.places)
        first = self.flow.places.find(_NEIGHBOUR.sub("", clause.text)[:14])
        whole = _WHOLE_PLACE.match(self.view.without_times(clause.start, clause.end))
        if whole:
            self.subject, self.institution = self.flow.places.resolve(whole["place"]), None
        elif (pointed_place := resolve_place_pointer(clause.text, self.before + self.view.text[: clause.start])) is not None:
            self.subject = pointed_place
        elif named and subject and self._opens_with(clause.text, first):
            self.subject = subject
            if index == 0 and not self._is_foreign(subject):
                self.carried_subject = subject
        pointed = resolve_pointer(clause.text, self.before + self.view.text[: clause.start])
        if pointed is not None and len(pointed[1]) > 3:
            self.institution = pointed[1]
        self.institution = find_institution(self.view.without_times(clause.start, clause.end)) or self.institution

    def _opens_with(self, text: str, first: list[tuple[int, int, str]]) -> bool:
        """Whether a clause speaks of the place it names: 在东湖区开展试点; 东湖区建成; not 其中东湖区, 不及东湖市."""
        if _COMPARING.search(text[: first[0][0]] if first else ""):
            return False
        return bool(_PILOT.search(text)) or bool(first and first[0][0] <= 2 and not re.match(r"其中|[^，]{0,2}等", text))

    def _is_foreign(self, subject: str | None) -> bool:
        """Another city than the letter's: named in passing, it is not what the text goes on about."""
        home = self.flow.places.home or ""
        return bool(subject) and subject != home and str(subject).endswith("市") and not home.endswith("省")

    def _figure(self, mention: Mention, given: Given) -> Figure:
        quantity, view = mention.quantity, self.view
        if pointed := resolve_pointer(mention.before, self.before + view.text[: view.clause_of(mention).start]):
            mention = replace(mention, before=mention.before.replace(pointed[0], pointed[1], 1))
        period, year = find_period(view, mention, self.figures)
        if given.year is not None:
            period, year = None, given.year
        status = decide(view.text[: quantity.start], view.own_text(mention), view.text[quantity.end :], self._setting(period, year))
        if status is Status.TARGET and self._is_rate_in_force(mention, period, year):
            status = Status.ACTUAL
        subject, place = (given.place, given.place) if given.place else self._subject(mention)
        if given.place:
            mention = replace(mention, before=re.sub(r"^.*分别", "", mention.before))
        measure = Measure.CHANGE if given.change else measure_of(mention.before, given.unit or quantity.unit_base)
        if measure is Measure.CHANGE and words.GOAL_NOUN.match(view.text[quantity.end :]):
            measure = Measure.LEVEL
        if quantity.unit_base == "%" and _DONE_OF.search(view.own_text(mention)):
            measure = Measure.COMPLETION
            if not re.search(r"预计|力争|确保|将|拟", view.own_text(mention)):
                status = Status.ACTUAL  # 占年度计划120台的71.7% is done
        name, group = self._name(mention, measure, given)
        if measure is Measure.CHANGE and self.figures:
            level = self._last_level()
            if level is not None and level.year == year:
                status = level.status
                if not given.place and not self._names_place(mention):
                    subject, place = level.subject, level.place
        status, year, revoked = judge_baseline(view, mention, status, year)
        if year is None and status is Status.TARGET and period is not None and period.anaphoric:
            year = self.flow.year  # what is planned for 全年 is planned for the letter's year
        now = period is not None and period.kind is PeriodKind.NOW
        return Figure(
            letter_id=self.flow.letter.letter_id,
            name=name,
            value=quantity.value,
            unit=given.unit or quantity.unit,
            value_base=quantity.value_base,
            unit_base=given.unit or quantity.unit_base,
            comparator=_comparator(mention, given),
            year=year,
            period=period.text if period else f"{year}年" if year else "",
            status=status,
            subject=subject,
            place=place,
            sentence=view.sentence.index,
            start=view.sentence.start + quantity.start,
            end=view.sentence.start + quantity.end,
            measure=measure,
            high=quantity.high,
            high_base=quantity.high_base,
            revoked=revoked,
            group=group,
            doubt="period not told" if year is None and not now else None,
        )

    def _name(self, mention: Mention, measure: Measure, given: Given) -> tuple[str, str]:
        """Name and group; a name that names nothing takes those of what was counted before."""
        name, group = Naming(self.view, self.kept, self.figures, self.institution).name(mention, measure, given)
        unit = given.unit or mention.quantity.unit_base
        before = [*reversed(self.figures), *reversed(self.flow.previous)]
        if meant := named_before(name, self.view.text[: mention.quantity.start], unit, before, self.flow.named):
            name, group = meant
        elif is_bare(name) and self.flow.letter.corrects and unit in self.flow.named:
            name = name_bare(name, self.flow.named[unit])
        # the sentence before told the wish; this one tells how things are
        return name if "建议" in self.view.text else name.removeprefix("建议"), group

    def _is_to_come(self, period: Period, year: int | None) -> bool:
        """自9月1日起 in a letter of June."""
        issued = self.flow.letter.issued_on
        return issued is not None and period.month is not None and (period.year or year or 0, period.month) > (issued.year, issued.month)

    def _is_rate_in_force(self, mention: Mention, period: Period | None, year: int | None) -> bool:
        """补助标准为每床每月200元, 每户最高3万元: a rate holds now, unless its own clause plans it or tells from when."""
        own = self.view.own_text(mention)
        if (
            unit_kind(mention.quantity.unit_base) is not UnitKind.MONEY
            or last_cue(own) == "plan"
            or not (_RATE.search(own) or _GRANT_TO.search(self.view.text[: mention.quantity.start]))
        ):
            return False
        clause = self.view.clause_of(mention)
        fresh = period is not None and (
            period.start >= clause.start or (period.kind is PeriodKind.FROM and period.start >= 0 and self._is_to_come(period, year))
        )
        dated = period is not None and fresh and period.kind is not PeriodKind.NOW
        return not dated and not _RATE_TO_COME.search(own) and not words.GOAL_NOUN.match(mention.after)

    def _setting(self, period: Period | None, year: int | None) -> Setting:
        level = next(
            (f for f in reversed(self.figures or self.flow.previous) if f.status is not Status.BASELINE and not _EACH.search(f.name)), None
        )
        fresh = period is not None and period.start >= 0 and not self.figures
        stock = level is not None and period is not None and period.kind is not PeriodKind.NOW and bool(_AT_PRESENT.match(level.period))
        carried = level.status if level is not None and level.year == year and not fresh and not stock else None
        issued = self.flow.letter.issued_on
        months = (
            issued.month - period.month if period and issued and (period.year or year) == issued.year and period.month is not None else None
        )
        came, comes = months is not None and months >= 0, months is not None and months < 0
        unmarked = period is None and self.flow.paragraph_period is None and self.flow.section_year is None
        return Setting(year, period, self.flow.year, self.flow.tone, carried, came, comes, self._is_reported(period, year), unmarked)

    def _is_reported(self, period: Period | None, year: int | None) -> bool:
        """截至6月底，今年新增…；新增…: what was done until then, as long as no other time follows."""
        start = period.end if period is not None and period.start >= 0 else len(self.view.text)
        cut = [p for p in self.view.periods if p.kind is PeriodKind.AS_OF and p.end <= start]
        after = [p for p in self.view.periods if cut and cut[-1].end <= p.start and p.end < start and p.kind in OWN_TIME]
        return bool(cut) and not after and year == self.view.year_of(cut[-1]) == self.flow.year

    def _last_level(self) -> Figure | None:
        """The last figure before this one that is no baseline, in this sentence or the one before."""
        return next((f for f in reversed(self.figures or self.flow.previous) if f.status is not Status.BASELINE), None)

    # --- subject -----------------------------------------------------------------------------------------------------

    def _names_place(self, mention: Mention) -> bool:
        clause = self.view.clause_of(mention)
        return find_subject(clause.text, mention.quantity.start - clause.start, self.flow.places)[1]

    def _subject(self, mention: Mention) -> tuple[str | None, str | None]:
        """The narrowest place or institution, and the administrative place it lies in."""
        clause = self.view.clause_of(mention)
        place, named = find_subject(clause.text, mention.quantity.start - clause.start, self.flow.places)
        if not named:
            place = self.subject or self._place_of_section() or self.flow.paragraph_subject
        place = place or self.flow.places.home
        label = self._label()
        if label and not named:
            inside = self.flow.places.find(label)
            return label, inside[0][2] if inside else place
        joined, place = place, self.flow.places.home if place and "、" in place else place
        if joined != place:
            return joined, place
        institution = (
            find_institution(re.sub(r"^(?:、|和|与|其中)+", "", mention.before))
            or find_institution(self.view.without_times(clause.start, mention.quantity.start))
            or (self.institution if not named else None)
        )
        if not institution:
            return place, place
        within = self.flow.places.find(institution)
        return institution, within[0][2] if within and within[-1][2] != institution else place

    def _label(self) -> str:
        """东湖区老桥改造：全长110米: the project that the sentence is headed with."""
        match = _LABEL.match(self.view.text)
        return (
            match["label"]
            if match
            and (self.flow.places.find(match["label"]) or _PROJECT.search(match["label"]))
            and not _NO_PROJECT.search(match["label"])
            else ""
        )

    def _place_of_section(self) -> str | None:
        for heading in reversed(self.flow.section):
            named = self.flow.places.find(re.sub(r"“[^”]*”", "", heading))
            if named and not re.search(r"学习|对标|借鉴|与|和|您|你们", heading):
                return named[0][2]
        return None


def _comparator(mention: Mention, given: Given) -> Comparator:
    """What bounds the value: its own words, those of 分别不少于, or 约占…的."""
    if mention.quantity.comparator is not Comparator.EQUAL:
        return mention.quantity.comparator
    if given.comparator is not None:
        return given.comparator
    return Comparator.ABOUT if re.search(r"约(?:占|为)[^，；]{1,12}$", mention.before) else Comparator.EQUAL
