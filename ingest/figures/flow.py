"""What is carried from clause to clause and from sentence to sentence while a letter is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.figures.periods import Period, heading_year
from ingest.figures.status import Tone, section_tone
from ingest.figures.subjects import Places, collect_places
from rag.records import Figure, Letter, Measure, Sentence, SentenceRole, Status
from rag.script import normalise, to_simplified


@dataclass
class Flow:
    """The reading position's memory; changed only by `ingest/figures/find.py`."""

    letter: Letter
    places: Places
    year: int | None
    section: tuple[str, ...] = ()
    section_year: int | None = None
    tone: Tone = field(default_factory=Tone)
    paragraph_period: Period | None = None
    paragraph_subject: str | None = None
    mixed_years: bool = False  # the sentence before spoke of several years: what names none stands under none of them
    previous: list[Figure] = field(default_factory=list)  # figures of the sentence before, for what it leaves unsaid
    status: Status | None = None
    in_instruction: bool = False
    paragraph: list[Figure] = field(default_factory=list)  # the levels of the paragraph so far
    named: dict[str, str] = field(default_factory=dict)  # unit → the name of what the letter last counted in it
    text_before: str = ""  # of the paragraph, for what 该路 points back to
    label: str = ""  # the short sentence that a paragraph begins with: 关于资金。
    ahead: bool = False  # 下一步，我们将在以下方面发力： stands above; the sections under it are plans of this year
    before_list: bool = False  # the text before ended with a colon: what follows are its items

    @classmethod
    def begin(cls, letter: Letter) -> Flow:
        """Start at the top of a letter."""
        return cls(letter, collect_places(letter), letter.year)

    def enter(self, sentence: Sentence, *, new_paragraph: bool) -> None:
        """Step into a sentence: a new section or paragraph forgets what the one before said."""
        section = tuple(fold(heading) for heading in sentence.section)
        if section != self.section:
            self.section = section
            self.section_year = heading_year(section, self.year)
            self.tone = section_tone(section)
            self._look_ahead()
            new_paragraph = True
        if new_paragraph and (year := _year_of_line(fold(sentence.text), self.year)) is not None:
            self.section_year = year
        elif new_paragraph and _TONE_LINE.match(fold(sentence.text)):
            self.tone = section_tone((fold(sentence.text),))
            self.section_year = heading_year((fold(sentence.text),), self.year)
        item = self.before_list and section == self.section and _ITEM.match(fold(sentence.text))
        self.before_list = bool(item) or fold(sentence.text).rstrip().endswith("：")
        if new_paragraph and not item:
            self.paragraph_period = None
            self.paragraph_subject = None
            self.previous = []
            self.paragraph = []
            self.mixed_years = False
            self.status = None
        if new_paragraph:
            self.text_before = ""
            label = _LABEL.match(fold(sentence.text))
            plain = re.sub(r"\d[\d.]*[万亿]?[个条家座所项套元%]?", "", label["label"]) if label else ""
            self.label = "" if re.search(r"采纳|列入|同意|属实|如下|支持$|[您你贵]", plain) else plain

    def open_plans(self, text: str, following: Sentence | None) -> None:
        """A paragraph that announces what comes next makes plans of the sections behind it."""
        if following is not None and following.role is SentenceRole.HEADING and _ANNOUNCEMENT.match(text):
            self.ahead = True

    def _look_ahead(self) -> None:
        if not self.ahead or not self.section:
            return
        if self.tone.actual or any(word in heading for heading in self.section for word in ("关于", "建议", "提案", "附件")):
            self.ahead = False
        elif self.tone == Tone():
            self.tone = Tone(target=True)
            self.section_year = self.section_year or self.year

    def remember(self, figures: list[Figure], period: Period | None, subject: str | None) -> None:
        """Keep what the next sentence may lean on."""
        if figures:
            self.previous = figures
            self.paragraph.extend(figure for figure in figures if figure.measure is Measure.LEVEL)
            self.status = figures[-1].status
            self.named |= {f.unit_base: f.name for f in figures if f.measure is Measure.LEVEL and f.name != f.unit_base}
        if period is not None:
            self.paragraph_period = replace(period)
        if subject is not None:
            self.paragraph_subject = subject


_LABEL = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆•·—-]+|[一二三四五六七八九十]是)?\s*“?(?P<label>[^，；：。？]{2,30})”?[。？]”?$"
)
# A line that heads the paragraphs under it with their year: ■ 2021年：起步之年.
_YEAR_LINE = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆▲★•·—-]+)?\s*[^，。；\d]{0,4}(?:19|20)\d\d年[^，。；\d]{0,16}$|^[^，。；\d]{2,14}（(?:19|20)\d\d年[底末度]?）[：:]?$"
)


_TONE_LINE = re.compile(r"^\s*\d{1,2}\s*[\u4e00-\u9fff]{2,10}$")  # 2 今年任务


def _year_of_line(text: str, year: int | None) -> int | None:
    return heading_year((text,), year) if _YEAR_LINE.match(text.strip()) else None


# 下一步，我们将在……等方面发力。 今后，我局将重点做好以下工作：
_ANNOUNCEMENT = re.compile(
    r"^\s*(?:下一步|下步|今后|接下来|下一?阶段|下一步工作中)[，,：]?[^。]*(?:方面|重点|以下|如下|着力|发力|做好|抓好|推进|加强|加大|落实|工作)[^。]*[。：]?$"
)


# The items of a list in paragraphs of their own: 主要目标是： （1）… ；（2）…
_ITEM = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆•·—-]|[一二三四五六七八九十]是)")


def fold(text: str) -> str:
    """Simplified characters, half-width digits; same length."""
    return to_simplified(normalise(text))
