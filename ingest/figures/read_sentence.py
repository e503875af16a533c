"""One sentence → its figures: time, status, subject, name and measure of each quantity in turn."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention, split_clauses
from ingest.figures.flow import Flow
from ingest.figures.leave_out import left_out
from ingest.figures.names import build_name, change_name, heading_topic, measure_of, strip_left, strip_right, tidy, topic_of
from ingest.figures.periods import Period, PeriodKind, find_periods
from ingest.figures.series import Given, distribute
from ingest.figures.status import decide
from ingest.figures.subjects import find_institution, find_subject
from rag.quantity import read_quantities
from rag.records import Comparator, Figure, Measure, Sentence, Status
from rag.units import UnitKind, unit_kind

_OWN_TIME = (PeriodKind.DURING, PeriodKind.END, PeriodKind.AS_OF, PeriodKind.BY, PeriodKind.FROM, PeriodKind.SINCE, PeriodKind.PART, PeriodKind.NOW)
_COMPLETION = re.compile(r"执行|施行|完工|建成|竣工|投用|投入使用|启用|开工|交付|通车|开通|上线|运营|运行|完成|投产|落成|开业|开园|开学|验收|实施")
_PROJECT_UNITS = (UnitKind.AREA, UnitKind.LENGTH, UnitKind.MONEY, UnitKind.VOLUME, UnitKind.COUNT, UnitKind.POWER, UnitKind.ENERGY, UnitKind.WEIGHT, UnitKind.PEOPLE)
# 提高到2025年的…: 到 belongs to the verb.
_TURNED_TO = re.compile(r"[高加升大降少短展长整正化增减扩][到至]$")
_EMPTY_BEFORE = re.compile(r"^[，、和及与]?(?:其中|计划|力争|预计|将|拟|要|争取|分别)*(?:扩大|提高|增加|达|上升|下降|降|增|减|扩|缩短|升|上调|发展|调整)?(?:到|至|为|达到|共|约|近|超过)*$")
_SUFFIX = re.compile(r"^(?:及|（含）)?(?:以上|以下|以内|之内|左右|上下)")


class SentenceReader:
    """Reads the figures of one sentence."""

    def __init__(self, flow: Flow, sentence: Sentence, text: str) -> None:
        self.flow, self.sentence, self.text = flow, sentence, text
        self.clauses = split_clauses(text)
        self.periods = find_periods(text, flow.year)
        self.quantities = read_quantities(text)
        self.mentions = [self._mention(index) for index in range(len(self.quantities))]
        self.figures: list[Figure] = []
        self.subject: str | None = None  # named by an earlier clause
        self.institution: str | None = None
        self.kept: list[Mention] = []

    def read(self) -> list[Figure]:
        """Read the sentence; the flow remembers what the next sentence may lean on."""
        dropped = left_out(self.text, self.clauses, self.mentions)
        kept = [mention for mention, out in zip(self.mentions, dropped, strict=True) if not out]
        self.kept = kept = self._rejoined(kept)
        names = distribute(self.text, self.clauses, kept, self.flow.places)
        done_clause = -1
        for mention in kept:
            for index in range(done_clause + 1, mention.clause + 1):
                self._enter_clause(self.clauses[index])
            done_clause = max(done_clause, mention.clause)
            self.figures.append(self._figure(mention, names.get(mention.quantity.start)))
        for index in range(done_clause + 1, len(self.clauses)):
            self._enter_clause(self.clauses[index])
        leading = [p for p in self.periods if p.leading and p.kind in _OWN_TIME and p.kind is not PeriodKind.NOW and self._year_of(p)]
        carried = None
        if leading:
            kind = PeriodKind.AS_OF if leading[-1].kind is PeriodKind.AS_OF else PeriodKind.DURING
            carried = replace(leading[-1], year=self._year_of(leading[-1]), kind=kind, start=-1, end=-1)
        self.flow.remember(self.figures, carried, self.subject)
        return self.figures

    # --- parts -------------------------------------------------------------------------------------------------------

    def _mention(self, index: int) -> Mention:
        quantity = self.quantities[index]
        number = next((i for i, clause in enumerate(self.clauses) if clause.start <= quantity.start < clause.end + 1), len(self.clauses) - 1)
        clause = self.clauses[number]
        left = clause.start
        if index and self.quantities[index - 1].end > left:
            left = self.quantities[index - 1].end
            suffix = _SUFFIX.match(self.text[left : quantity.start])
            left += suffix.end() if suffix else 0
        right = min([clause.end, *(other.start for other in self.quantities[index + 1 : index + 2])])
        before = self._without_times(left, quantity.start)
        return Mention(quantity, number, before, self.text[quantity.end : max(quantity.end, right)])

    def _rejoined(self, kept: list[Mention]) -> list[Mention]:
        """Widen the words around each figure over the thresholds that were left out: 每千人口拥有3岁以下婴幼儿托位数."""
        wider: list[Mention] = []
        for index, mention in enumerate(kept):
            clause, quantity = self.clauses[mention.clause], mention.quantity
            left = clause.start
            if index and kept[index - 1].clause == mention.clause:
                left = kept[index - 1].quantity.end
                suffix = _SUFFIX.match(self.text[left : quantity.start])
                left += suffix.end() if suffix else 0
            right = clause.end
            if index + 1 < len(kept) and kept[index + 1].clause == mention.clause:
                right = kept[index + 1].quantity.start
            wider.append(replace(mention, before=self._without_times(left, quantity.start), after=self.text[quantity.end : right]))
        return wider

    def _without_times(self, start: int, end: int) -> str:
        characters = list(self.text[start:end])
        for period in self.periods:
            if period.kind in (PeriodKind.COMPARED, PeriodKind.ASIDE) and not period.text.startswith(("由", "从", "自")):
                continue
            if period.kind is PeriodKind.NOW and period.text in ("现有", "现行"):
                continue
            first = period.start + 1 if _TURNED_TO.search(self.text[max(0, period.start - 2) : period.start + 1]) else period.start
            for position in range(max(first, start), min(period.end, end)):
                characters[position - start] = "\0"
        return re.sub(r"\0+的?", "", "".join(characters))

    def _enter_clause(self, clause: Clause) -> None:
        subject, named = find_subject(clause.text, len(clause.text), self.flow.places)
        first = self.flow.places.find(re.sub(r"^(?:相邻|邻近|周边|兄弟|邻市|同期)(?:城市)?的?", "", clause.text)[:14])
        if re.match(r"^(?:其中)?(?:全|我|本)[市县区省]", clause.text):
            self.subject, self.institution = self.flow.places.resolve(re.sub(r"^其中", "", clause.text)[:2]), None
        elif named and first and first[0][0] <= 2 and subject and not re.match(r"其中|[^，]{0,2}等", clause.text):
            self.subject = subject
        found = find_institution(self._without_times(clause.start, clause.end))
        if found:
            self.institution = found

    def _parent_names(self) -> list[str]:
        return [figure.name for figure in self.flow.previous if figure.measure is Measure.LEVEL]

    # --- time --------------------------------------------------------------------------------------------------------

    def _year_of(self, period: Period) -> int | None:
        if period.year is not None or not period.anaphoric:
            return period.year
        context = next((p.year for p in reversed(self.periods) if p.start < period.start and p.year and p.kind is not PeriodKind.COMPARED), None)
        if context is None and self.flow.paragraph_period is not None:
            context = self.flow.paragraph_period.year
        if context is None:
            context = self.flow.section_year
        if period.kind is PeriodKind.AS_OF and self.flow.year and (context is None or context > self.flow.year):
            return self.flow.year
        if context is None:
            if period.text in ("全年", "当年", "同年") and not self._is_planned(period.start):
                return None
            return self.flow.year
        if period.text.startswith(("次年", "翌年")):
            return context + 1
        return context

    def _is_planned(self, position: int) -> bool:
        return self.flow.tone.target or bool(re.search(words.PLAN, self.text[max(0, position - 12) : position + 12]))

    def _period_for(self, mention: Mention) -> tuple[Period | None, int | None]:
        """The time expression that a figure stands under, and its year."""
        start = mention.quantity.start
        clause = self.clauses[mention.clause]
        own = [p for p in self.periods if clause.start <= p.start and p.end <= start and p.kind in _OWN_TIME]
        if own:
            return own[-1], self._year_of(own[-1])
        if self._is_yearly(mention):
            return None, None
        if self._turns_later(mention):
            own_sentence = [p for p in self.periods if p.end <= start and p.kind in _OWN_TIME]
            return (own_sentence[-1], self._year_of(own_sentence[-1])) if own_sentence else (None, None)
        earlier = [p for p in self.periods if p.end <= start and p.kind in _OWN_TIME]
        completion = self._completion_after(mention)
        if completion is not None:
            return completion, self._year_of(completion)
        if earlier and not self._is_series_of_years(earlier, clause):
            usable = [p for p in earlier if p.leading or p.kind in (PeriodKind.AS_OF, PeriodKind.FROM, PeriodKind.END, PeriodKind.BY, PeriodKind.NOW, PeriodKind.SINCE) or self._is_near(p, mention)]
            if usable:
                return usable[-1], self._year_of(usable[-1])
            levels = [f for f in self.figures if f.status is not Status.BASELINE]
            if levels and levels[-1].year is not None:
                return None, levels[-1].year
        if earlier and self._is_series_of_years(earlier, clause):
            return None, None
        carried = self.flow.paragraph_period
        if carried is not None:
            return carried, carried.year
        return None, self.flow.section_year

    def _turns_later(self, mention: Mention) -> bool:
        """签约率达到43.5%…；2024年分别提高到46%: what stands before is how things are."""
        later = self.text[self.clauses[mention.clause].end :]
        year = self.flow.year
        return bool(year and re.search(rf"[；，](?:到)?(?:{year}年|今年)(?:底|末|内)?(?:要|将|计划|力争|拟)?(?:分别)?(?:提高|达到|增加|扩大|降|提升|上升)(?:到|至)?", later))

    @staticmethod
    def _is_yearly(mention: Mention) -> bool:
        """年均提高0.3个百分点 holds for each year, not for one."""
        return bool(re.search(r"年均(?:提高|增长|下降|递增|降低|增加|减少)[^，]{0,3}$", mention.before))

    def _is_near(self, period: Period, mention: Mention) -> bool:
        number = next((i for i, c in enumerate(self.clauses) if c.start <= period.start < c.end + 1), 0)
        return mention.clause - number <= 2

    def _is_series_of_years(self, earlier: list[Period], clause: Clause) -> bool:
        """…率2019年达到34%、2020年达到36%，时速提高到16公里: the years belong to the item they stand in."""
        last = earlier[-1]
        home = next((c for c in self.clauses if c.start <= last.start < c.end + 1), None)
        if home is None or home is clause:
            return False
        years = {p.year for p in earlier if home.start <= p.start < home.end and p.year}
        values = [q for q in self.quantities if home.start <= q.start < home.end]
        first = min(p.start for p in earlier if home.start <= p.start < home.end)
        turned = any(f.status is Status.BASELINE for f in self.figures)
        return len(years) > 1 and len(values) > 1 and first > home.start + 2 and not turned

    def _completion_after(self, mention: Mention) -> Period | None:
        """总投资3.6亿元，计划2025年8月底竣工: the last date of completion behind a project's figures."""
        if unit_kind(mention.quantity.unit_base) not in _PROJECT_UNITS:
            return None
        found = None
        for clause in self.clauses[mention.clause :]:
            inside = [p for p in self.periods if clause.start <= p.start and p.end <= clause.end and p.start > mention.quantity.end and p.kind in _OWN_TIME and p.year]
            fits = re.match(r"(?:建设|项目|工程)?(?:并|自|从|计划|力争|预计|将|于|拟|确保|争取|到|“?十|20|今年|明年|年底|年内|\d)", clause.text) and not re.search(r"延|推迟|因", clause.text)
            fits = fits or (clause is self.clauses[mention.clause] and not re.search(r"延|推迟", clause.text))
            if inside and fits and _COMPLETION.search(self.text[inside[-1].end : clause.end][:10]) and not any(
                q.start > inside[-1].start and q.end <= clause.end for q in self.quantities
            ):
                found = inside[-1]
            if clause.mark in ("；", "。"):
                break
        if found is None or self._has_result_before(mention):
            return None
        return found

    def _has_result_before(self, mention: Mention) -> bool:
        clause = self.clauses[mention.clause]
        return bool(re.search(r"已|完成|截至", self.text[clause.start : mention.quantity.start]))

    # --- one figure --------------------------------------------------------------------------------------------------

    def _figure(self, mention: Mention, given: Given | None) -> Figure:
        quantity = mention.quantity
        clause = self.clauses[mention.clause]
        period, year = self._period_for(mention)
        own = self.text[clause.start : quantity.start]
        lead = self.text[: quantity.start]
        after = self.text[quantity.end :]
        levels = [f for f in (self.figures or self.flow.previous) if f.status is not Status.BASELINE]
        fresh = period is not None and period.start >= 0 and not self.figures
        carried = levels[-1].status if levels and levels[-1].year == year and not fresh else None
        in_force = period is not None and self._is_in_force(period)
        status = decide(lead, own, after, year, period, self.flow.year, self.flow.tone, carried, in_force=in_force)
        subject, place = self._subject(mention)
        if given is not None and given.place:
            subject = place = given.place
            mention = replace(mention, before=re.sub(r"^.*分别", "", mention.before))
        comparator = quantity.comparator
        if comparator is Comparator.EQUAL:
            told = given.comparator if given is not None else None
            comparator = told or (Comparator.ABOUT if re.search(r"约(?:占|为)[^，；]{1,12}$", mention.before) else comparator)
        shared = given.unit if given is not None else ""
        measure = measure_of(mention.before, shared or quantity.unit_base, mention.after)
        if given is not None and given.change:
            measure = Measure.CHANGE
        name, group = self._name(mention, measure, given)
        if measure is Measure.CHANGE and levels and levels[-1].year == year and self.figures and status is not Status.BASELINE:
            status = levels[-1].status
            if not find_subject(clause.text, quantity.start - clause.start, self.flow.places)[1]:
                subject, place = levels[-1].subject, levels[-1].place
        status, year, revoked = self._baseline(mention, status, year)
        said = period.text if period else ""
        doubt = None
        if year is None and not (period is not None and period.kind is PeriodKind.NOW):
            doubt = "period not told"
        if period is None and year is not None:
            said = f"{year}年"
        figure = Figure(
            letter_id=self.flow.letter.letter_id,
            name=name,
            value=quantity.value,
            unit=shared or quantity.unit,
            value_base=quantity.value_base,
            unit_base=shared or quantity.unit_base,
            comparator=comparator,
            year=year,
            period=said,
            status=status,
            subject=subject,
            place=place,
            sentence=self.sentence.index,
            start=self.sentence.start + quantity.start,
            end=self.sentence.start + quantity.end,
            measure=measure,
            high=quantity.high,
            high_base=quantity.high_base,
            revoked=revoked,
            group=group,
            doubt=doubt,
        )
        return figure

    def _is_in_force(self, period: Period) -> bool:
        issued = self.flow.letter.issued_on
        return issued is not None and period.year == issued.year and period.month is not None and period.month <= issued.month

    def _subject(self, mention: Mention) -> tuple[str | None, str | None]:
        """The narrowest place or institution, and the administrative place it lies in."""
        clause = self.clauses[mention.clause]
        home = self.flow.places.home
        place, named = find_subject(clause.text, mention.quantity.start - clause.start, self.flow.places)
        if not named:
            place = self.subject or self._place_of_section() or (self.flow.paragraph_subject if not self.figures or self.subject is None else None)
        place = place or home
        institution = find_institution(self._without_times(clause.start, mention.quantity.start)) or (self.institution if not named else None)
        if institution and institution not in (mention.quantity.text,):
            within = self.flow.places.find(institution)
            if within and within[-1][2] != institution:
                place = within[0][2]
            return institution, place
        return place, place

    def _place_of_section(self) -> str | None:
        for heading in reversed(self.flow.section):
            named = self.flow.places.find(re.sub(r"“[^”]*”", "", heading))
            if named and not re.search(r"学习|对标|借鉴|与|和|您|你们", heading):
                return named[0][2]
        return None

    def _name(self, mention: Mention, measure: Measure, given: Given | None) -> tuple[str, str]:
        """Name, group, and the unit that a series shares where the quantity has none of its own."""
        if self.figures and self._is_turned_from_last(mention):
            return self.figures[-1].name, self.figures[-1].group
        levels = [figure for figure in self.figures if figure.measure is Measure.LEVEL]
        parent = levels[-1].name if levels else (self._parent_names()[-1] if self._parent_names() else "")
        if given is not None and given.name.startswith("#"):
            order = int(given.name[1:])
            earlier = [f for f in levels if f.start < self.sentence.start + self.clauses[mention.clause].start]
            if len(earlier) >= order:
                verb = re.search(r"(提高|下降|增长|增加|减少|上升|降低|高出)[^到至]{0,3}$", self.text[self.clauses[mention.clause].start : self._first_value(mention)])
                return earlier[-order].name + (verb[1] if verb and measure is Measure.CHANGE else ""), ""
        elif given is not None and given.name:
            return tidy(given.name), ""
        part = self.text[self.text.rfind("；", 0, mention.quantity.start) + 1 : mention.quantity.start]
        among = "其中" in part
        alike = [figure for figure in levels if figure.unit_base == mention.quantity.unit_base]
        if alike and (_EMPTY_BEFORE.match(mention.before) or re.match(r"^[，、]?(?:其中|计划|再|拟|将|又)*(?:新建|新增|改造|建设|增加|开工|完成|培训|再建|建成|补助|整治)$", mention.before)):
            parent = alike[-1].name
        if among and levels:
            parent = self._parent_of_among(mention, levels)
        topic = heading_topic(self.flow.section)
        compared = words.COMPARED_WITH.search(mention.before)
        if compared and parent and measure is Measure.LEVEL and len(strip_right(strip_left(mention.before[: compared.start()]))) < 2:
            return parent, ""
        in_set = re.match(r"^[^，、中]{1,10}中(?!心|小|学|医|央|国|高|职|等|型)", mention.before)
        if in_set and any(m.clause == mention.clause and m.quantity.start < mention.quantity.start for m in self.kept):
            mention = replace(mention, before=mention.before[in_set.end() :])
        before = re.sub(r"(?:比|较|与|同)(?:上年|去年|上一年|(?:19|20)\d\d年)(?:底|末|初|同期|度)?(?:相比)?", "", mention.before)
        mention = replace(mention, before=self._without_places(before))
        if measure is Measure.CHANGE:
            return tidy(change_name(mention.before, parent or topic)), ""
        if measure is Measure.COMPLETION:
            left = strip_right(strip_left(re.sub(r"(?:占|完成|达到?|实现)[^，]*$", "", mention.before)))
            return tidy((left or parent or topic) + "完成率"), ""
        goal = words.GOAL_NOUN.match(self.text[mention.quantity.end :])
        left = strip_right(strip_left(mention.before))
        if goal and not parent and re.search(r"提出|确定|下达|设定", mention.before):
            parent = self._indicator_in(self.text[: mention.quantity.start]) or ""
        if goal and parent and (len(left) < 4 or re.search(r"低于|高于|没有|未|超额|与|比|只有|提出|确定|下达", mention.before)):
            return tidy(parent), ""
        provider = re.match(r"^由([\u4e00-\u9fff]{3,14}?)(?:提供|承担|负责|解决|供给)", mention.after)
        inherited = self._inherited(mention)
        if levels and not re.search(r"(?:率|比例|比重|占比|额|量|收入|面积|浓度|价格|成本|水平)$", inherited) and not re.match(r"^[，]?(?:约)?占", mention.before):
            inherited = ""
        if re.search(r"任务$|^各", inherited) and parent:
            inherited = ""
            topic = parent
        if re.search(r"(?:该|这一|上述|其|此项)(?:比例|指标|数值|数据|占比|比重)[^，]{0,8}$", mention.before):
            rates = [f.name for f in [*self.flow.previous, *levels] if f.unit_base == mention.quantity.unit_base]
            inherited = self._indicator_in(self.text[: mention.quantity.start]) or (rates[-1] if rates else "")
        name, group = build_name(
            mention, parent, inherited, topic, among=among, project=self.institution or "", in_sentence=bool(levels)
        )
        if provider:
            name = provider[1] + name.removeprefix("其余")
        if len(name) < 2:
            name = parent or topic or name or mention.quantity.unit_base
        return tidy(name), group

    def _is_turned_from_last(self, mention: Mention) -> bool:
        """The new value of 由A提高到B has the name of the old one."""
        last = self.figures[-1]
        between = self.text[last.end - self.sentence.start : mention.quantity.start]
        same = last.unit_base == mention.quantity.unit_base and last.status is Status.BASELINE
        return same and len(between) < 16 and not re.search(r"[，；。]", between) and bool(words.TURN.match(between))

    @staticmethod
    def _indicator_in(text: str) -> str | None:
        """An indicator that the sentence named before: 没有下达…技术合同成交额的约束性指标，只提出…."""
        found = re.findall(r"([\u4e00-\u9fffA-Z&]{2,16}?(?:额|率|面积|比重|占比|数量|总数|规模|浓度|床位|学位|托位))(?:的|约束|目标|指标|任务|\d)", text)
        return strip_left(found[-1]) if found else None

    def _parent_of_among(self, mention: Mention, levels: list[Figure]) -> str:
        """The figure before 其中, not the sister after it."""
        position = self.text.rfind("其中", 0, mention.quantity.start)
        before = [figure for figure in levels if figure.start - self.sentence.start < position]
        return (before or levels)[-1].name

    def _inherited(self, mention: Mention) -> str:
        """What the clause before speaks of, where it has no figure of its own."""
        if mention.clause == 0 or mention.before and self.quantities and any(
            self.clauses[mention.clause].start <= q.start < mention.quantity.start for q in self.quantities
        ):
            return ""
        before = self.clauses[mention.clause - 1]
        if any(before.start <= q.start < before.end for q in self.quantities) or before.mark in ("；",):
            return ""
        text = self._without_places(self._without_times(before.start, before.end))
        return topic_of(Clause(before.start, before.end, text, before.mark))

    def _without_places(self, before: str) -> str:
        """Take the place off the front: it is the subject."""
        text = re.sub(r"^(?:[（(][一二三四五六七八九十\d]+[)）]|其中|[，、和与及（(]|截至)+", "", before)
        for _ in range(6):
            found = self.flow.places.find(text)
            if found and found[0][0] == 0:
                text = text[found[0][1] :].lstrip("、和与及的")
            else:
                break
        return text

    def _baseline(self, mention: Mention, status: Status, year: int | None) -> tuple[Status, int | None, bool]:
        """An earlier or replaced value: 由7.9提高到8.3, 比2021年的2.46%, 原为5000个."""
        quantity = mention.quantity
        clause = self.clauses[mention.clause]
        own = self.text[clause.start : quantity.start]
        after = self.text[quantity.end :]
        letter_year = self.flow.year
        turn = words.TURN.match(mention.after)
        if turn and re.search(r"(?:由|从|将)[^，；]{0,26}$", own) and self._next_in_clause(mention):
            planned = bool(re.search(r"计划|目标|规划|任务|预期", own)) or status is Status.TARGET and bool(re.search(words.RESET, turn[0]))
            revoked = bool(words.CORRECTED.search(turn[0])) or (bool(words.RESET.search(turn[0])) and planned)
            told = self._own_year(own)
            if revoked:
                return Status.BASELINE, year, True
            if told is not None:
                return Status.BASELINE, told, revoked
            if planned and re.search(r"计划由|目标由|计划从|目标从", own):
                return Status.BASELINE, year, True
            if "改造前" in own or year is None:
                return Status.BASELINE, year, False
            return Status.BASELINE, year - 1, False
        compared = words.COMPARED_WITH.search(own)
        if compared and not re.search(r"以上|以下", own[compared.start() :]) and measure_of(mention.before, quantity.unit_base, mention.after) is Measure.LEVEL:
            if words.GOAL_NOUN.match(after) or re.search(r"年初|计划", compared["when"]) and status is Status.TARGET:
                return status, year, False
            when = find_periods("比" + compared["when"], letter_year)
            told = next((p.year for p in when if p.year), None)
            if told is None and compared["when"].startswith("上年") and year is not None:
                told = year - 1
            if told is None and year is not None and re.search(r"年初|期初|同期", compared["when"]):
                told = year if "初" in compared["when"] else year - 1
            return Status.BASELINE, told if told is not None else year, False
        if re.match(r"(?:原(?:复函|答复|函|文|表|计划|定|为|规划))", self.text) and not re.search(r"更正为|应为|调整为|改为|修正为", self.text[: quantity.start]):
            return Status.BASELINE, year, True
        if re.search(r"(?:原为|误为|原计划|原定|原目标)[^，；]{0,8}$", own):
            return Status.BASELINE, year, True
        return status, year, False

    def _own_year(self, own: str) -> int | None:
        match = re.search(r"(?:由|从)(?P<when>[^，]{0,24})$", own)
        if match is None:
            return None
        return next((p.year for p in find_periods(match["when"], self.flow.year) if p.year), None)

    def _next_in_clause(self, mention: Mention) -> bool:
        return any(m.clause == mention.clause and m.quantity.start > mention.quantity.start for m in self.mentions)

    def _first_value(self, mention: Mention) -> int:
        """Where the first value of the mention's clause begins."""
        return min(m.quantity.start for m in self.kept if m.clause == mention.clause)
