"""A figure's name from the sentence around it: what its own words, the figure before, the clause before and the section say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention
from ingest.figures.compose_name import NameContext, compose_name, is_hollow, left_part
from ingest.figures.names import (
    KEPT_VERB,
    SERIES_VERB,
    add_count,
    change_name,
    corrected_statement,
    heading_topic,
    strip_left,
    strip_right,
    tidy,
    topic_of,
)
from ingest.figures.series import Given
from ingest.figures.view import SentenceView
from rag.records import Figure, Measure, Status
from rag.units import UnitKind, unit_kind

_EMPTY_BEFORE = re.compile(
    r"^[，、和及与]?(?:其中|计划|力争|预计|将|拟|要|争取|分别)*(?:扩大|提高|增加|达|上升|下降|降|增|减|扩|缩短|升|上调|发展|调整)?(?:到|至|为|达到|共|约|近|超过)*$"
)
_VERB_BEFORE = re.compile(r"^[，、]?(?:其中|计划|再|拟|将|又)*(?:新建|新增|改造|建设|增加|开工|完成|培训|再建|建成|补助|整治)$")
_THIS_RATE = re.compile(r"(?:该|这一|上述|其|此项)(?:比例|指标|数值|数据|数字|占比|比重)[^，]{0,8}$")
_IN_SET = re.compile(r"^[^，、中]{1,10}中(?!心|小|学|医|央|国|高|职|等|型)")
_COMPARED_YEAR = re.compile(
    r"在?(?:19|20)\d\d年(?:的)?基础上|(?:比|较|与|同)(?:上年|去年|上一年|(?:19|20)\d\d年)(?:底|末|初|同期|度)?(?:相比)?"
)
_INDICATOR = re.compile(
    r"([\u4e00-\u9fffA-Z&]{2,16}?(?:额|率|面积|比重|占比|数量|总数|规模|浓度|床位|学位|托位))(?:的|约束|目标|指标|任务|不低于|不超过|达到|提高到|(?:今年|全年)?年?底|\d)"
)
_SET = re.compile(
    r"\d[\d,.]*余?[万亿]?(?:家|个|所|座|条|处|户|名|人|台|辆|项|户)([\u4e00-\u9fff（）]{2,16})中(?=[，,已有仅只尚]|[^，；\d]{0,14}的)(?!心|小|学)"
)
_LABEL = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆•·—-]+)?\s*(?P<label>[^，；：。、]{3,24})：")
# （1）山货交易中心，投资…: an item of a list of projects is named by its first clause.
_ITEM_LABEL = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、]|[①-⑳])\s*(?P<label>[^，；：。、]{4,24})，(?=(?:总|共|概算|估算|计划)*(?:投资|全长|占地|概算|建筑面积|规模|用地|长|\d))"
)
_ACTS_ITSELF = re.compile(r"(?:政府|[^员托]委|[^邮结布]局|厅|部门|公司|集团|单位|我们)$")
_GRANTED = re.compile(
    r"(?:发放|给予|享受|设立)([\u4e00-\u9fff]{2,12}(?:补贴|补助|津贴|奖励|资助))$"
)  # 对困难学生发放助学补贴，高中每人800元
_SITUATED = re.compile(r"\s*(?P<label>[\u4e00-\u9fff]{2,12}?)(?:[为系属](?:新建|改建|改扩建|迁建)(?:项目|工程)?|位于[^，]+|地处[^，]+)，")
_NO_LABEL = re.compile(
    r"致歉|抱歉|[您你贵]|[这一几]点|说明|附带|补充|报告|如下|逐年|连续|明显|显著|稳步|目标|任务|情况|安排|计划|分别|其中|答|问|成绩|数据|要求|标准|措施|方面|工作|主要|指标"
)
_ATTRIBUTE = re.compile(r"(?<=[\u4e00-\u9fff]{3})(?:(?:计划|概算|估算)?总投资|占地(?:面积)?|总?建筑面积)$")
_OUTPUT = re.compile(r"(?:年|总)*(?:产量|产值|产)")
_GROWN_ON = re.compile(r"(?:(?:播种|种植|栽培|养殖|采摘)?面积|(?:存|出)栏量?数?)$")
_THINGS = (UnitKind.LENGTH, UnitKind.COUNT, UnitKind.AREA, UnitKind.VOLUME, UnitKind.POWER)
_INDICATOR_END = re.compile(r"(?:率|比例|比重|占比|额|量|收入|面积|浓度|价格|成本|水平)$")
_PROVIDER = re.compile(r"^由([\u4e00-\u9fff]{3,14}?)(?:提供|承担|负责|解决|供给)")
_MISSED_GOAL = re.compile(r"提前|低于|高于|没有|未|超额|与|(?<!占)比(?!例|重)|只有|提出|确定|下达")
_OF_THE_PLAN = re.compile(r"^[，、]?(?:完成|占)(?:年度|全年|年初|总)?(?:计划|目标|任务)(?:数|量)?(?:的)?$")
_PART = re.compile(r"[\u4e00-\u9fff]{1,12}(?<!年)(?<!月)")
_AGAINST_OTHERS = re.compile(r"(?:高于|低于|快于|慢于|好于|优于|超过|领先于?)(?:全[国省市]|省定|国家|同期|[^，]{0,6}(?:平均|标准|水平))")
_IN_GOAL_BRACKETS = re.compile(r"^[^（]*(?:目标|任务|计划|指标)(?:值|数)?（(?=[\u4e00-\u9fffA-Z])")
_GIVEN_CHANGE = re.compile(r"(提高|下降|增长|增加|减少|上升|降低|高出)[^到至]{0,3}$")


@dataclass(frozen=True, slots=True)
class Naming:
    """Names the figures of one sentence; `figures` are those before the one to be named."""

    view: SentenceView
    kept: Sequence[Mention]
    figures: Sequence[Figure]
    institution: str | None

    def name(self, mention: Mention, measure: Measure, given: Given | None) -> tuple[str, str]:
        """Return name and group."""
        if self.figures and (beside := self._beside_last(mention)):
            return beside
        if given is not None and given.name and (told := self._given_name(mention, measure, given)):
            return told, ""
        if (alike := self._alike(mention)) and self._is_place_alone(mention):
            return alike, ""
        corrected, _ = corrected_statement(self.view.flow.section)
        if corrected and re.match(r"^(?:应为|更正为|修正为|订正为|实为)“?$", self.view.text[: mention.quantity.start].strip()):
            return add_count(tidy(corrected), mention.quantity.unit), ""
        parent = self._parent(mention)
        label = self.view.flow.label
        topic = heading_topic((*self.view.flow.section, label) if label else self.view.flow.section)
        compared = words.COMPARED_WITH.search(mention.before)
        if compared and parent and measure is Measure.LEVEL and len(strip_right(strip_left(mention.before[: compared.start()]))) < 2:
            return parent, ""
        mention = self._trimmed(mention)
        left = strip_right(strip_left(mention.before))
        if measure is Measure.CHANGE:
            return tidy(change_name(mention.before, parent or topic)) or "变化", ""
        if measure is Measure.COMPLETION:
            own = self.view.without_places(self.view.without_times(self.view.clause_of(mention).start, mention.quantity.start))
            left = strip_right(strip_left(re.sub(r"(?:占|完成|达到?|实现)[^，]*$", "", own)))
            left = "" if re.search(r"\d|目标|任务|计划", left) else left
            return tidy((left or parent or topic) + "完成率"), ""
        if words.GOAL_NOUN.match(self.view.text[mention.quantity.end :]):
            if not parent and re.search(r"提出|确定|下达|设定", mention.before):
                parent = self._indicator_before(mention)
            if parent and (len(left) < 4 or _MISSED_GOAL.search(mention.before)):
                return parent, ""
        return self._composed(mention, parent, topic)

    def _reaches(self, mention: Mention) -> bool:
        """人均收入增长7%左右，突破2万元: the level of what was said to change."""
        last = self.figures[-1]
        alone = re.match(r"^[，、]?(?:突破|达到?|超过)(?:约|近)?$", mention.before)
        return (
            bool(alone)
            and last.measure is Measure.CHANGE
            and (last.unit_base in ("%", "成", "个百分点"))
            and (mention.quantity.unit_base in ("%", "成")) == (last.unit_base == "个百分点")
        )

    def _beside_last(self, mention: Mention) -> tuple[str, str] | None:
        """312户947人: counted of the same thing; 占年度计划120台: the plan of what was counted; 3600个（一中1200个，二中1000个）: its parts."""
        last = self.figures[-1]
        if self._is_turned_from_last(mention):
            return last.name, last.group
        if self._reaches(mention):
            return re.sub(rf"(?:{words.CHANGE_VERB})$", "", last.name), ""
        if not mention.before and last.end == self.view.sentence.start + mention.quantity.start and last.measure is Measure.LEVEL:
            return last.name, last.group
        alike = next((f for f in reversed(self._levels()) if f.unit_base == mention.quantity.unit_base), None)
        if alike is not None and _OF_THE_PLAN.search(mention.before):
            return alike.name, alike.group
        return self._part_in_brackets(mention)

    def _part_in_brackets(self, mention: Mention) -> tuple[str, str] | None:
        opened = self.view.text.rfind("（", 0, mention.quantity.start)
        inside = self.view.text[opened + 1 : mention.quantity.start]
        if opened < 0 or "）" in inside or "其中" in inside:
            return None
        whole = next((f for f in self._levels() if f.end == self.view.sentence.start + opened), None)
        part = re.split(r"[，、；]", inside)[-1]
        if whole is None or whole.unit_base != mention.quantity.unit_base or not _PART.fullmatch(part):
            return None
        within = [m for m in self.kept if opened < m.quantity.start < (self.view.text + "）").find("）", opened)]
        if len(within) < 2 or sum(m.quantity.value_base for m in within) != whole.value_base:
            return None
        return whole.name, part

    def _levels(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.measure is Measure.LEVEL]

    def _parent(self, mention: Mention) -> str:
        """The name that a figure without one of its own leans on."""
        levels = self._levels()
        if not levels and self.figures:
            named = [figure.name for figure in self.figures if not _AGAINST_OTHERS.search(figure.name)] or [self.figures[-1].name]
            return re.sub(rf"(?:{words.CHANGE_VERB})$", "", named[-1])
        if not levels:
            before = [figure for figure in self.view.flow.previous if figure.measure is Measure.LEVEL]
            alike = [figure for figure in before if figure.unit_base == mention.quantity.unit_base]
            chosen = alike if alike and self._goes_on() else before
            return chosen[-1].name if chosen else ""
        if re.match(r"^[，]?约?占", mention.before):
            return levels[-1].name
        if self._is_among(mention):
            position = self.view.sentence.start + self.view.text.rfind("其中", 0, mention.quantity.start)
            before_among = [figure for figure in levels if figure.start < position] or levels
            alike = [figure for figure in before_among if figure.unit_base == mention.quantity.unit_base]
            return (alike or before_among)[-1].name
        alike = [figure for figure in levels if figure.unit_base == mention.quantity.unit_base]
        if alike and re.match(r"^，?(?:比|较|超出|超过|低于|高于|少于|多于)(?:年度|原|年初|全年)?(?:计划|目标|任务)", mention.before):
            return alike[-1].name
        if alike and (_EMPTY_BEFORE.match(mention.before) or _VERB_BEFORE.match(mention.before)):
            return alike[-1].name
        return levels[-1].name

    def _is_among(self, mention: Mention) -> bool:
        text, end = self.view.text, mention.quantity.start
        return "其中" in text[text.rfind("；", 0, end) + 1 : end]

    def _goes_on(self) -> bool:
        """A sentence that begins with 其中 is part of the one before."""
        return self.view.text.startswith("其中")

    def _given_name(self, mention: Mention, measure: Measure, given: Given) -> str:
        """The name that 分别 gives; #2 means the second figure back from the clause."""
        if not given.name.startswith("#"):
            return tidy(given.name)
        order, clause = int(given.name[1:]), self.view.clause_of(mention)
        earlier = [figure for figure in self._levels() if figure.start < self.view.sentence.start + clause.start]
        if len(earlier) < order:
            return ""
        first = min(m.quantity.start for m in self.kept if m.clause == mention.clause)
        verb = _GIVEN_CHANGE.search(self.view.text[clause.start : first])
        return earlier[-order].name + (verb[1] if verb and measure is Measure.CHANGE else "")

    def _trimmed(self, mention: Mention) -> Mention:
        """Take from the words before a figure what names its set (…中), its year of comparison and its place."""
        before = _IN_GOAL_BRACKETS.sub("", mention.before)
        in_set = _IN_SET.match(before)
        if in_set and any(m.clause == mention.clause and m.quantity.start < mention.quantity.start for m in self.kept):
            before = before[in_set.end() :]
        if any(m.clause == mention.clause and m.quantity.start < mention.quantity.start for m in self.kept):
            before = re.sub(r"^[\u4e00-\u9fff]{1,4}、", "、", before)  # 36个班、1620个学位: 班 belongs to the value before
        before = re.sub(r"^[（(，、]*[^、，（]*\d[\d.]*[\u4e00-\u9fff]{1,2}[）)]、", "", before)
        before = re.sub(r"^(?:同期|同年)?(?:邻近|相邻|周边|邻市|兄弟)(?:城市)?的?", "", before)
        return replace(mention, before=self.view.without_places(_COMPARED_YEAR.sub("", before)))

    def _composed(self, mention: Mention, parent: str, topic: str) -> tuple[str, str]:
        levels = self._levels()
        inherited = self._inherited(mention)
        begun = self.view.sentence.start + self.view.text.rfind("；", 0, mention.quantity.start) + 1
        if words.BARE.match(inherited) and topic:
            inherited = ""
        fresh = bool(inherited) and not _ACTS_ITSELF.search(inherited) and not any(figure.start >= begun for figure in self.figures)
        if levels and not fresh and not _INDICATOR_END.search(inherited) and not re.match(r"^[，]?(?:约)?占", mention.before):
            inherited = ""
        if re.search(r"任务$|^各", inherited) and parent:
            inherited, topic = "", parent
        if _THIS_RATE.search(mention.before):
            rates = [f.name for f in [*self.view.flow.previous, *levels] if f.unit_base == mention.quantity.unit_base]
            inherited = self._indicator_before(mention) or (rates[-1] if rates else "")
        if re.search(r"实际(?:上)?(?:只|仅)?(?:有|为|是|达到?|完成)?(?:了|到)?$", mention.before) and is_hollow(left_part(mention)):
            asked = re.sub(r"^.*(?:建议|提出|提到|希望)", "", self._indicator_before(mention))
            if len(asked) > 2:
                return asked, ""  # 建议…占比达到八成，我市实际为61%
        if told := self._output(left_part(mention)) or self._named_above(mention, left_part(mention)):
            return told, ""
        alike = self._alike(mention, left_part(mention))
        if fresh and _INDICATOR_END.search(inherited):
            alike = ""  # 节水器具占比，2021年70%: the clause before is the indicator
        if alike and (is_hollow(left_part(mention)) or (words.BARE.match(left_part(mention)) and alike.endswith(left_part(mention)))):
            parent = alike
        else:
            alike = ""
        context = NameContext(
            parent, inherited, topic, self.institution or "", among=self._is_among(mention), in_sentence=(bool(levels) and not fresh) or self._goes_on(), fresh=fresh,
            alike=bool(alike), whole=self._whole(mention), label=self._label(mention), first=self._first(mention),
        )  # fmt: skip
        name, group = compose_name(mention, context)
        name = self._with_verb(mention, name) if levels and not group else name
        provider = _PROVIDER.match(mention.after)
        if provider:
            name = provider[1] + name.removeprefix("其余")
        if len(name) < 2:
            name = parent or topic or name or self._counted_above(mention)
        return tidy(name) or parent or topic or self._counted_above(mention), group

    def _counted_above(self, mention: Mention) -> str:
        """What the letter last counted in that unit, where the sentence names nothing (任务4400亩); else the unit."""
        unit = mention.quantity.unit_base
        return self.view.flow.named.get(unit, unit)

    def _alike(self, mention: Mention, left: str = "") -> str:
        """What the paragraph counts in the same unit: in the sentence the last, before it the most frequent; one that ends in a bare word's own."""
        unit = mention.quantity.unit_base
        levels = [figure for figure in self._levels() if figure.unit_base == unit]
        if not self._is_among(mention):
            levels = [figure for figure in levels if not self._stands_among(figure)] or levels
        here = [figure.name for figure in levels]
        if len(left) > 1 and (acting := [name for name in here if left in name]):
            return acting[-1]
        above = [figure.name for figure in self.view.flow.paragraph if figure.unit_base == unit]
        names = [*above, *here]
        if words.BARE.match(left) and (ending := [name for name in names if name.endswith(left)]):
            return ending[-1]
        if here or not above:
            return here[-1] if here else ""
        return max(reversed(above), key=above.count)

    def _output(self, left: str) -> str:
        """粮食播种面积30万亩，总产量12万吨: of what is grown on that area."""
        grown = next((f.name for f in reversed(self._levels()) if _GROWN_ON.search(f.name)), "")
        crop = re.sub(r"^(?:全年|新增|扩种|落实|完成)+", "", _GROWN_ON.sub("", grown))
        return f"{crop}{'产值' if '值' in left else '产量'}" if len(crop) > 1 and _OUTPUT.fullmatch(left) else ""

    def _named_above(self, mention: Mention, left: str) -> str:
        """其余60亩: the rest of what was last counted in that unit; 甲类提高到: the paragraph has the class's full name."""
        above = [figure.name for figure in self.view.flow.paragraph if figure.unit_base == mention.quantity.unit_base]
        if left in ("其余", "其他", "剩余") and above and not self._levels():
            return left + above[-1]
        if 1 < len(left) <= 3 and left.endswith(("类", "级", "档", "等")):
            return next((name for name in reversed(above) if name.startswith(left) and len(name) > len(left) + 2), "")
        return ""

    def _stands_among(self, figure: Figure) -> bool:
        text, end = self.view.text, figure.start - self.view.sentence.start
        return "其中" in text[text.rfind("；", 0, end) + 1 : end]

    def _is_place_alone(self, mention: Mention) -> bool:
        """领先于东湖区（35%）、西岭区（33%）: the value in brackets is the place's."""
        before = self.view.text[: mention.quantity.start]
        found = self.view.flow.places.find(before)
        return before.endswith(("（", "(")) and bool(found) and found[-1][1] == len(before) - 1

    def _whole(self, mention: Mention) -> str:
        """The set that a part is taken from: 48家敬老院中，已建食堂的31家."""
        found = _SET.findall(self._part(mention))
        return found[-1] if found else ""

    def _part(self, mention: Mention) -> str:
        """The text before a figure back to the last ；."""
        return self.view.text[self.view.text.rfind("；", 0, mention.quantity.start) + 1 : mention.quantity.start]

    def _label(self, mention: Mention) -> str:
        """东湖桥改造：全长110米，投资…: what stands before the colon owns what follows."""
        part = self._part(mention)
        label = _LABEL.match(self.view.text[: mention.quantity.start]) or _ITEM_LABEL.match(self.view.text) or _SITUATED.match(part)
        text = re.sub(r"现行$", "", strip_right(strip_left(self.view.without_places(label["label"])))) if label else ""
        if not text and (granted := _GRANTED.search(part[: max(0, part.rfind("，"))])):
            return granted[1]
        return text if len(text) > 2 and not _NO_LABEL.search(text) else ""

    def _first(self, mention: Mention) -> str:
        """What the part of the sentence began with: 环湖步道12公里由…承建，投资4000万元 → 环湖步道."""
        begun = self.view.sentence.start + self.view.text.rfind("；", 0, mention.quantity.start) + 1
        own = next((f.name for f in self._levels() if f.start >= begun and _ATTRIBUTE.search(f.name)), "")
        first = next((f for f in self._levels() if f.start >= begun and unit_kind(f.unit_base) in _THINGS), None)
        last = next((f for f in reversed(self._levels()) if f.start >= begun and unit_kind(f.unit_base) in _THINGS), None)
        if first is None or last is None:
            return _ATTRIBUTE.sub("", own)
        chosen = last if "其中" in self._part(mention) else first
        name = re.sub(r"(?:占地|总投资|建筑面积|面积|长度|全长|总数|数)+$", "", chosen.name)
        return name if len(name) > 2 and not words.BARE.match(name) else ""

    def _with_verb(self, mention: Mention, name: str) -> str:
        """新增企业2家、机构15家: the verb holds for all of the row."""
        last = self.figures[-1].name
        verb = SERIES_VERB.match(last)
        joined = re.match(r"^[、和及]", self.view.text[self.figures[-1].end - self.view.sentence.start :].lstrip("以上左右内"))
        same_clause = self.view.clause_at(self.figures[-1].start - self.view.sentence.start) == mention.clause
        if (
            not verb
            or not joined
            or not same_clause
            or re.match(rf"(?:{KEPT_VERB}|总|累计|其|占|平均|每)", name)
            or name.startswith(verb[0])
        ):
            return name
        return verb[0] + name

    def _inherited(self, mention: Mention) -> str:
        """What the clause before speaks of, where it has no figure of its own."""
        view, clause = self.view, self.view.clause_of(mention)
        counted = [m.quantity for m in self.kept]
        if mention.clause == 0 or any(clause.start <= q.start < mention.quantity.start for q in view.quantities):
            return ""
        before = view.clauses[mention.clause - 1]
        if aspect := re.match(r"^(?:在([\u4e00-\u9fff]{2,14}?)(?:方面|上)|([\u4e00-\u9fff]{2,14})方面)$", before.text):
            return strip_left(aspect[1] or aspect[2])
        if whom := re.match(r"^对于?([\u4e00-\u9fff“”]{2,24}?)的?$", before.text):
            return strip_left(whom[1])
        if before.mark == "；" or any(before.start <= q.start < before.end for q in counted):
            return ""
        text = view.without_places(view.without_times(before.start, before.end))
        if re.match(r"^的?[\u4e00-\u9fff]{0,6}(?:情况|进展)$", text):
            return ""
        return topic_of(Clause(before.start, before.end, text, before.mark))

    def _is_turned_from_last(self, mention: Mention) -> bool:
        """The new value of 由A提高到B has the name of the old one."""
        last = self.figures[-1]
        between = self.view.text[last.end - self.view.sentence.start : mention.quantity.start]
        kinds = unit_kind(last.unit_base), unit_kind(mention.quantity.unit_base)
        same = (last.unit_base == mention.quantity.unit_base or kinds == (UnitKind.TIME, UnitKind.TIME)) and last.status is Status.BASELINE
        return same and len(between) < 16 and not re.search(r"[，；。]", between) and bool(words.TURN.match(between))

    def _indicator_before(self, mention: Mention) -> str:
        """An indicator that the sentence named before: 没有分解粮食播种面积的指标，只提出…."""
        found = _INDICATOR.findall(self.view.text[: mention.quantity.start])
        return strip_left(found[-1]) if found else ""
