"""Tables: the indicator in the row's head or the column's, year and status in the column's, places in rows, units where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.figures import words
from ingest.figures.cells import COMPARATORS, is_unit, noted_unit, read_cell
from ingest.figures.flow import Flow, fold
from ingest.figures.names import tidy
from ingest.figures.periods import PeriodKind, find_periods
from rag.records import Comparator, Figure, Quantity, Sentence, Status
from rag.units import split_scale

_BOUND_NOTE = re.compile(r"[（(，,;；](不少于|不低于|不高于|不超过)[）)]")
_HEAD_YEAR = re.compile(r"^(?:(?:19|20)\d\d年(?:底|末|度)?|“?十[三四五]五”?(?:期?末|期间))的?")
_CAPTION_UNIT = re.compile(r"单位\s*[：:]\s*(?P<unit>[^\s）)，。；]{1,10})")
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|小\s*计|全\s*[市县区省]|共\s*计|总\s*数)$")
_ORDINAL_COLUMN = re.compile(r"^(?:序\s*号|编\s*号|备\s*注|责任单位|牵头单位|完成时限|时间|文号)$")
_VALUE = re.compile(
    r"^(?:不少于|不低于|不高于|不超过|超过|突破|约|近|≥|≤|>|<|＞|＜)?\s*-?\d[\d,.]*\s*(?:[^\d年]{0,8})$|^[—–\-/]+$|^(?:未公布|未统计|未开展|未下达|暂缺|暂无|空缺|待定|不详|无|不适用|尚未统计|尚未公布)$"
)
_ROW_PERIOD = re.compile(
    r"^(?:(?:19|20)\d\d年(?:底|末|度|上半年|下半年|[一二三四]季度|\d{1,2}月)?|今年|去年|“?十[三四五]五”?(?:末|期间)?)(?:[（(].{1,6}[)）]|目标|计划|实绩|完成|实际|预期)?$"
)
_COMPLETION = re.compile(r"完工|竣工|交付|投用|建成|开工|通车|完成时间|时间")
_QUOTED_TASK = re.compile(
    r"“(?P<name>[\u4e00-\u9fff]{4,20})\d[\d.]*[万亿]?[\u4e00-\u9fff]{1,3}”"
)  # 把“新增车位800个”列入民生实事，各区任务如下
_PLAIN_CAPTION = re.compile(r"指标|项目$|计划$|任务$|主要|部分|汇总|工作")


@dataclass(frozen=True, slots=True)
class _Column:
    title: str  # without year, status words and unit
    unit: str
    year: int | None
    status: Status | None
    period: str
    group: str
    skip: bool = False
    place: str = ""  # the columns are places: 东湖区, 全省


class TableReader:
    """Reads one table after another."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.columns: list[_Column] = []
        self.head: Sentence | None = None
        self.caption = ""
        self.caption_unit = ""
        self.row_prefix = ""
        self.titles: list[str] = []
        self.in_full: dict[str, str] = {}
        self.rows_read = False
        self.last_unit = ""
        self.figures_before: list[Figure] = []  # of the text before a table
        self.line_before = ""  # the last line of text before a table

    def close(self) -> None:
        """Forget the table's head: the text goes on."""
        self.columns, self.head = [], None

    def read_head(self, sentence: Sentence, text: str) -> None:
        """Read the columns' titles; a second head row refines the first."""
        cells = _cells(text)
        if self.head is not None and self.head.table == sentence.table and not self.rows_read:
            cells = [
                " ".join(dict.fromkeys(part for part in (*above.split(" "), cell) if part))
                for above, cell in zip_longest(self.titles, cells, fillvalue="")
            ]
        self.titles = cells
        self.rows_read = False
        self.head = sentence
        self.caption = fold(sentence.caption or "")
        if re.search(r"答复(?:如下)?[：:]?$", self.caption):
            self.caption = ""
        if not self.caption and len(self.line_before) <= 40 and not re.search(r"[。，]|答复|[您你贵]", self.line_before):
            self.caption = self.line_before
        match = _CAPTION_UNIT.search(self.caption)
        self.caption_unit = match["unit"] if match else ""
        self.row_prefix = ""
        columns: list[_Column] = []
        for cell in cells:
            columns.append(self._column(cell, columns))
        self.columns = columns
        self.in_full = {column.title: self._in_full(column) for column in columns}

    def _in_full(self, column: _Column) -> str:
        """The name that the text before the table has for a column's short one: 公租房 for 配租公共租赁住房."""
        base = split_scale(column.unit)[1]
        for figure in reversed(self.figures_before):
            unit = re.sub(r"[（(].*$", "", figure.unit_base)
            if (
                unit == base
                and len(column.title) > 2
                and len(figure.name) > len(column.title)
                and _is_subsequence(column.title, figure.name)
            ):
                return figure.name
        return column.title

    def _column(self, cell: str, earlier: list[_Column]) -> _Column:
        before = earlier[-1] if earlier else None
        unit, parts = "", []
        for part in cell.split(" "):
            noted = noted_unit(part)
            if noted:
                unit, part = noted[0], part[: noted[1]]
            parts.append(part)
        title = "".join(parts)
        group = ""
        year, status, period = self._year_and_status(title)
        among = re.match(r"^其中[：:]?", title)
        plain = re.sub(r"^其中[：:]?", "", title)
        for found in find_periods(plain, self.flow.year):
            plain = plain.replace(found.text, "")
        plain = re.sub(rf"(?:{words.COLUMN_STATUS})+$", "", plain) if year or len(parts) > 1 else plain
        plain = re.sub(r"（累计）|（[^）]*(?:调整|更正)[^）]*）", "", plain).strip("：: （）()")
        if year is None and re.match(r"[年期]末|[年期]底|当年|全年", title):
            year = next((column.year for column in reversed(earlier) if column.year), None)
            status = status or (Status.ACTUAL if year and self.flow.year and year < self.flow.year else None)
            plain = re.sub(r"^(?:[年期][末底]|当年|全年)", "", plain)
        if among and before is not None:
            before = next((column for column in reversed(earlier) if column.unit == unit and column.title), before)
            group = plain
            year, status, period = year or before.year, status or before.status, period or before.period
            plain = f"{before.title if not before.group else before.title.replace(before.group, '', 1)}"
        if title in ("全市", "全县", "全区", "全省", "全国"):
            place = self.flow.places.resolve(title)
        else:
            place = title if any(end - start == len(title) for start, end, _ in self.flow.places.find(title)) else ""
        replaced = re.fullmatch(r"原[函文表复函答案数据]{1,4}(?:数据?)?|更正前|修正前|调整前", plain)
        plain = re.sub(
            r"^(?:更正|调整|修正|修订|变更)后?(?:数据?|计划|目标)?$|^原[函文表复函答案数据]{1,4}(?:数据?)?$|^(?:更正|修正|调整)前$",
            "",
            plain,
        )
        return _Column(plain, unit, year, Status.BASELINE if replaced else status, period, group, bool(_ORDINAL_COLUMN.match(cell)), place)

    def _year_and_status(self, title: str) -> tuple[int | None, Status | None, str]:
        periods = [p for p in find_periods(title, self.flow.year) if p.kind is not PeriodKind.COMPARED]
        if len({p.year for p in periods if p.year}) > 1:
            periods, title = periods[:1], title[: periods[1].start]  # 2021年底泊位及2022年计划: the columns of 2024 say so themselves
        year = next((p.year for p in reversed(periods) if p.year), None)
        status = None
        if any(p.kind in (PeriodKind.PART, PeriodKind.AS_OF) for p in periods) and not re.search(r"计划|目标", title):
            status = Status.ACTUAL
        elif words.TARGET_COLUMN.search(title):
            status = Status.TARGET
        elif words.ACTUAL_COLUMN.search(title):
            status = Status.ACTUAL
        return year, status, periods[-1].text if periods else ""

    def read_row(self, sentence: Sentence, text: str) -> list[Figure]:
        """Read the figures of one row."""
        cells = _cells(text)
        if not self.columns or len(cells) < 2:
            return []
        self.rows_read = True
        texts = [
            i
            for i, cell in enumerate(cells)
            if i < len(self.columns) and not self.columns[i].skip and not self._is_unit_column(i) and cell and not _VALUE.search(cell)
        ]
        leading = [i for i in texts if all(j in texts or self.columns[j].skip or self._is_unit_column(j) or not cells[j] for j in range(i))]
        head_index = leading[-1] if leading else 0
        row_head = cells[head_index]
        done = next(
            (
                found[-1].year
                for i, cell in enumerate(cells)
                if i > head_index
                and i < len(self.columns)
                and _COMPLETION.search(self.columns[i].title or self.titles[i])
                and (found := [p for p in find_periods(cell, self.flow.year) if p.year])
            ),
            None,
        )
        row_unit = next((cells[i] for i in range(min(len(cells), len(self.columns))) if self._is_unit_column(i)), "")
        figures: list[Figure] = []
        offset = 0
        for index, cell in enumerate(cells):
            start = text.find(cell, offset) if cell else offset
            offset = start + len(cell)
            if index <= head_index or index >= len(self.columns) or self.columns[index].skip or self._is_unit_column(index) or not cell:
                continue
            quantity = self._quantity(cell, self.columns[index], row_head, row_unit)
            if (
                quantity is not None
                and quantity.comparator is Comparator.EQUAL
                and (bound := _BOUND_NOTE.search(row_head) or _BOUND_NOTE.search(self.titles[index]))
            ):
                quantity = replace(quantity, comparator=COMPARATORS[bound[1]])
            if quantity is not None:
                figures.append(self._figure(sentence, quantity, index, row_head, start, done, head_index))
        return figures

    def _quantity(self, cell: str, column: _Column, row_head: str, row_unit: str) -> Quantity | None:
        unit = row_unit if row_unit and is_unit(row_unit) else self._unit(column, row_head)
        if not unit and _TOTAL.match(re.sub(r"\s+", "", row_head)):
            unit = self.last_unit
        self.last_unit = unit or self.last_unit
        return read_cell(cell, unit)

    def _is_unit_column(self, index: int) -> bool:
        return bool(re.match(r"^(?:计量)?单\s*位$", self.titles[index].split(" ")[0])) if index < len(self.titles) else False

    def _unit(self, column: _Column, row_head: str) -> str:
        if column.unit:
            return column.unit
        noted = noted_unit(row_head)
        if noted:
            return noted[0]
        if re.search(r"(?:率|占比|比例|比重)$", column.title + ("" if column.title else row_head)):
            return "%"
        return self.caption_unit

    def _figure(self, sentence: Sentence, quantity: Quantity, index: int, row_head: str, start: int, done: int | None, head: int) -> Figure:
        places, column = self.flow.places, self.columns[index]
        noted = noted_unit(row_head)
        plain_head = row_head[: noted[1]] if noted else row_head
        plain_head = plain_head.strip()
        among = re.match(r"^其中[：:]?", plain_head)
        plain_head = re.sub(r"^(?:其中[：:]?|[一二三四五六七八九十\d]+[、.．])\s*", "", plain_head)
        compact = re.sub(r"\s+", "", plain_head)
        total = bool(_TOTAL.match(compact))
        found = places.find(compact)
        is_place = (
            total
            or bool(found and found[0][0] == 0 and found[0][1] >= len(compact) - 2)
            or bool(re.search(r"(?:市|区|县|镇|乡|街道|市直属?|直属|本级)$", compact) and len(compact) <= 6)
        )
        caption_year, caption_status, _ = self._year_and_status(re.sub(r"[（(]单位.*", "", self.caption))
        row_year, row_status, row_period = self._year_and_status(compact) if _ROW_PERIOD.match(compact) else (None, None, "")
        if re.fullmatch(r"(?:19|20)\d\d", compact):
            row_year, row_period = int(compact), f"{compact}年"
        if column.year is None and column.status is None and not is_place and done is not None:
            column = replace(column, year=done, status=Status.TARGET if done >= (self.flow.year or done) else None)
        dated = _HEAD_YEAR.match(compact) if row_year is None and not is_place else None
        if dated:  # 2024年绿化率目标: the indicator's year and status stand beside it
            row_year, row_status, row_period = self._year_and_status(compact)
            compact = re.sub(rf"(?<=..)(?:{words.COLUMN_STATUS})+$", "", compact[dated.end() :]) or compact
        year = (
            row_year
            or column.year
            or caption_year
            or (self.flow.paragraph_period.year if self.flow.paragraph_period else None)
            or self.flow.section_year
        )
        year = year or (self.flow.year if column.period and column.status is Status.ACTUAL else None)
        status = (
            (row_status or (None if row_year is None else self._default_status(row_year)))
            or column.status
            or self._status_of_column(column)
            or caption_status
            or self._default_status(year)
        )
        group = column.group
        if row_year is not None and not dated:
            subject, is_place = places.home, False
            name = self._column_name(column, "" if len(column.title) > 5 else self._caption_topic()) or self._caption_topic()
        elif is_place:
            subject = (
                places.home if total else (places.resolve("全" + compact[-1]) if compact in ("全市", "全县", "全区", "全省") else compact)
            )
            topic = self._caption_topic()
            name = self._column_name(column, topic)
        else:
            measure = "" if column.place else self._measure_of_row(index)
            subject = compact if measure and not noted and self._is_list_of_things(head) else column.place or places.home
            name = compact + measure
            if among and self.row_prefix:
                group, name = compact, compact + self.row_prefix
            elif not among:
                self.row_prefix = name
        if group and group not in name:
            name = name + f"（{group}）" if is_place else name
        name = name or self._name_above(quantity.unit_base)
        period = row_period or column.period or (f"{year}年" if year else "")
        return Figure(
            letter_id=self.flow.letter.letter_id, name=tidy(name) or quantity.unit_base or "数值", value=quantity.value, unit=quantity.unit, value_base=quantity.value_base, unit_base=quantity.unit_base,
            comparator=quantity.comparator, year=year, period=period, status=status, subject=subject, place=subject if is_place or column.place else next((name for _, _, name in places.find(subject or "")), places.home), sentence=sentence.index,
            start=sentence.start + start + quantity.start, end=sentence.start + start + quantity.end, high=quantity.high, high_base=quantity.high_base,
            header=self.head.index if self.head else None, group=group, doubt=None if year else "period not told",
        )  # fmt: skip

    def _name_above(self, unit_base: str) -> str:
        """A table without an indicator of its own goes on about what the text above it counts in the same unit."""
        return next((figure.name for figure in reversed(self.figures_before) if figure.unit_base == unit_base), "")

    def _status_of_column(self, column: _Column) -> Status | None:
        """A column of another year than the letter's is a result or a plan by its year."""
        return self._default_status(column.year) if column.year is not None and column.year != self.flow.year else None

    def _is_list_of_things(self, head: int) -> bool:
        """A table of projects, schools …: its rows are what the figures are true of."""
        title = self.titles[head] if head < len(self.titles) else ""
        return bool(re.search(r"(?:工程|项目|学校|医院|单位|机构|园区|景区|企业|线路|桥梁|水库)(?:名称)?$|名称$", title)) and not re.search(
            r"指标|任务|内容", title
        )

    def _measure_of_row(self, index: int) -> str:
        """What a column measures of the thing in its row's head; nothing where the head is the indicator and the column only its year."""
        title = self.columns[index].title
        bare = re.sub(rf"^(?:累计)?(?:{words.COLUMN_STATUS}|年度|全年)+", "", title) if not title.endswith(("率", "数")) else title
        if bare or len(title) < 2:
            return title
        measured = [
            c
            for c in self.columns[:index]
            if c.unit and c.unit == self.columns[index].unit and len(re.sub(words.COLUMN_STATUS, "", c.title)) > 1
        ]
        return title + re.sub(rf"^总|{words.COLUMN_STATUS}", "", measured[-1].title) if measured else ""

    def _column_name(self, column: _Column, topic: str) -> str:
        """改造小区数 under the caption 老旧小区改造任务 → 老旧小区改造小区数; 新增 under 义务教育学位新增情况 → 新增义务教育学位."""
        if (title := self.in_full.get(column.title, column.title)) != column.title:
            return title
        head = next((c.title for c in self.columns if len(c.title) > 1 and topic.startswith(c.title) and len(topic) > len(c.title) + 2), "")
        if head and column.title and not re.search(r"率|比|占比|比例$", column.title):
            return column.title + topic.removeprefix(head)  # 城镇居民 beside 全体居民 under 全体居民人均消费支出
        bare = re.sub(r"^(?:实际|计划|目标|完成|预期|年度)+(?=.)|(?:实际|计划|目标|完成|实绩|任务|预期)+$", "", column.title)
        if len(bare) < 2:
            return topic or column.title
        if not topic or topic.endswith(bare) or bare.startswith(topic):
            return (
                (bare + topic.removesuffix(bare)) if topic.endswith(bare) and len(bare) == 2 else bare if len(bare) > 3 else topic or bare
            )
        if bare in topic and len(bare) == 2:
            return bare + topic.replace(bare, "", 1)
        if len(bare) > 5 or _PLAIN_CAPTION.search(topic):
            return bare
        overlap = next((n for n in range(min(len(bare), len(topic)), 0, -1) if topic.endswith(bare[:n])), 0)
        return topic + bare[overlap:] if len(topic) <= 16 else bare

    def _caption_topic(self) -> str:
        if quoted := _QUOTED_TASK.search(self.caption):
            return quoted["name"]
        text = re.sub(r"[（(][^）)]*[）)]|^答[：:]|^(?:附?表|附件)\s*[\d一二三四五六七八九十]*[：:、\s　]*", "", self.caption)
        for found in find_periods(text, self.flow.year):
            text = text.replace(found.text, "")
        text = re.sub(r"^[一二三四五六七八九十\d]+[、.．]", "", text)
        text = "" if "，" in text else text
        text = re.sub(
            r"(?:全|我)[市县区省]|各[街区县市乡镇][道区县镇]?(?:（[^）]*）)?(?=情况|如下|$)|情况表?|(?:有关|各)(?:设区)?[市县区]|(?:见|列)下表|具体为|任务分解表?|分解|分解表|一览表|统计表|明细表|安排表|目标表|计划表|(?:分地区|各县区|各区县|分县区)|见下表|如下|主要目标是?|工作安排|[：:]$|表$",
            "",
            text,
        )
        text = re.sub(r"^分?(?:区县|县区|地区|[区县市镇乡])?(?:数据?)?(?:更正|修正|调整)$", "", text)
        for _, _, name in self.flow.places.find(text)[:1]:
            text = text.replace(name, "", 1)
        return text.strip("的，。：: 　")

    def _default_status(self, year: int | None) -> Status:
        letter_year = self.flow.year
        if year is not None and letter_year is not None and year != letter_year:
            return Status.TARGET if year > letter_year else Status.ACTUAL
        if self.flow.tone.target:
            return Status.TARGET
        return Status.ACTUAL if year is None or self.flow.tone.actual else Status.TARGET


def _is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]
