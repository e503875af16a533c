"""A desk with memory for the screens' tests: three letters, answers given by word, no store and no model."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest.page_pictures import PagePicture, PageSize
from rag.errors import ReadError, StoreError
from rag.figure_table import FigureTable
from rag.filters import NOTHING, Filters
from rag.pipeline import Draft, Event, EvidenceReady, Final
from rag.records import (
    Answer,
    AnswerFigure,
    Citation,
    Comparator,
    Letter,
    LetterKind,
    Outcome,
    Sentence,
    SentenceRole,
    Status,
    Turn,
)
from rag.rows import Version
from screens.chat.conversations import Conversations
from screens.chat.filters import list_choices
from screens.seams import FileOutcome, FileResult, FilterChoices, ModelPhase, ModelState, Shelf

INJECTION = '<script>window.injected = 1</script><img src=x onerror="window.injected = 2"> ${window.injected = 3} {{value}}'

_ROLES = {
    "#": SentenceRole.HEADING,
    "^": SentenceRole.HEAD,
    "$": SentenceRole.TAIL,
    "=": SentenceRole.TABLE_HEAD,
    "|": SentenceRole.TABLE_ROW,
}


def make_letter(letter_id: str, lines: Sequence[str], **known: object) -> Letter:
    """A letter from lines; the first character of a line tells its role, none is body text cut at each 。"""
    text = ""
    sentences: list[Sentence] = []
    section: tuple[str, ...] = ()
    for line in lines:
        role = _ROLES.get(line[0], SentenceRole.BODY)
        line = line if role is SentenceRole.BODY else line[1:]
        pieces = [piece + "。" for piece in line.split("。") if piece] if role is SentenceRole.BODY else [line]
        for piece in pieces:
            is_row = role in (SentenceRole.TABLE_HEAD, SentenceRole.TABLE_ROW)
            sentences.append(
                Sentence(
                    len(sentences), len(text), len(text) + len(piece), piece, role, section, table=1 if is_row else None,
                    caption="表1 分年新增面积" if is_row else None,
                )
            )  # fmt: skip
            text += piece
        if role is SentenceRole.HEADING:
            section = (line,)
        text += "\n"
    return Letter(letter_id, "0" * 64, f"{letter_id}.txt", "txt", text, tuple(sentences), **known)  # type: ignore[arg-type]


LIBRARY_LETTER = make_letter(
    "文旅-12",
    [
        "^柳溪市文化和旅游局文件",
        "^柳文旅提复〔2023〕12号",
        "^关于市政协六届三次会议第58号提案的答复函",
        "^尹若兰委员：",
        "您提出的《关于把书房办到家门口的提案》收悉。现答复如下：",
        "#一、去年工作",
        *["近年来，我市把城市书房列入民生实事，按照“步行十五分钟可达”的要求选点。各县（市、区）因地制宜，闲置用房改造与新建并举。"] * 8,
        "2022年，全市新建城市书房36座，总面积1.8万平方米。到馆读者突破210万人次。",
        "=年份\t新建书房（座）\t新增面积（万平方米）",
        "|2021\t28\t1.2",
        "|2022\t36\t1.8",
        "#二、今年安排",
        "2023年，计划新建城市书房45座以上，新增藏书60万册。各地要把好选址关。",
        *["书房夜间开放的人员经费由属地保障，志愿者队伍由市图书馆统一培训。"] * 6,
        "感谢您对文化事业的关心。",
        "$联系电话：0000-00001234",
        "$柳溪市文化和旅游局",
        "$2023年5月18日",
    ],
    title="关于市政协六届三次会议第58号提案的答复函",
    bodies=("柳溪市文化和旅游局",),
    place="柳溪市",
    doc_number="柳文旅提复〔2023〕12号",
    kind=LetterKind.PROPOSAL,
    proposal_number="58",
    proposal_title="关于把书房办到家门口的提案",
    session="市政协六届三次会议",
    addressees=("尹若兰",),
    issued_on=date(2023, 5, 18),
)
HOSTILE_LETTER = make_letter(
    "hostile",
    [f"^{INJECTION}", f"本函含有{INJECTION}等内容。2023年新建书房9座。"],
    title=INJECTION,
    bodies=(INJECTION,),
    doc_number="柳试〔2023〕1号",
    issued_on=date(2023, 1, 5),
)
NUMBERLESS_LETTER = make_letter("numberless", ["^关于加强夜间公交的答复", "2023年开通夜间线路12条。"], title="关于加强夜间公交的答复")


def cite(letter: Letter, words: str, marker: str) -> Citation:
    """The sentence of the letter in which the words stand."""
    sentence = next(s for s in letter.sentences if words in s.text)
    return Citation(
        marker, letter.file, letter.letter_id, letter.doc_number, letter.title, letter.issued_on,
        " › ".join(sentence.section) or None, sentence.page, sentence.start, sentence.end, sentence.text,
        letter.bodies[0] if letter.bodies else None, content_hash=letter.content_hash,
    )  # fmt: skip


def _figure(name: str, value: str, unit: str, comparator: Comparator, year: int, status: Status, marker: str) -> AnswerFigure:
    return AnswerFigure(name, Decimal(value), unit, comparator, year, status, "柳溪市", marker)


def answer_target(language: str) -> Answer:
    text = (
        "柳溪市2023年新建城市书房的目标是45座以上。[E1]"
        if language == "zh"
        else "Liuxi's 2023 target is at least 45 new city reading rooms. [E1]"
    )
    return Answer(
        Outcome.ANSWERED,
        text,
        (cite(LIBRARY_LETTER, "45座以上", "E1"),),
        (_figure("新建城市书房", "45", "座", Comparator.AT_LEAST, 2023, Status.TARGET, "E1"),),
        {"total": 0.042},
    )


def answer_comparison() -> Answer:
    return Answer(
        Outcome.ANSWERED,
        "柳溪市新建城市书房：2022年实际36座。[E1]\n2023年目标45座以上，比上年多9座以上。[E2]",
        (cite(LIBRARY_LETTER, "36座", "E1"), cite(LIBRARY_LETTER, "45座以上", "E2")),
        (
            _figure("新建城市书房", "36", "座", Comparator.EQUAL, 2022, Status.ACTUAL, "E1"),
            _figure("新建城市书房", "45", "座", Comparator.AT_LEAST, 2023, Status.TARGET, "E2"),
        ),
        {"total": 0.061},
        notes=("home: 柳溪市",),
    )


def answer_list() -> Answer:
    one, two = cite(LIBRARY_LETTER, "36座", "E1"), cite(LIBRARY_LETTER, "45座以上", "E2")
    three = cite(LIBRARY_LETTER, "210万人次", "E3")
    figures = (
        _figure("新建城市书房", "36", "座", Comparator.EQUAL, 2022, Status.ACTUAL, "E1"),
        _figure("总面积", "1.8", "万平方米", Comparator.EQUAL, 2022, Status.ACTUAL, "E1"),
        _figure("到馆读者", "210", "万人次", Comparator.MORE, 2022, Status.ACTUAL, "E3"),
        _figure("新建城市书房", "45", "座", Comparator.AT_LEAST, 2023, Status.TARGET, "E2"),
        _figure("新增藏书", "60", "万册", Comparator.EQUAL, 2023, Status.TARGET, "E2"),
    )
    text = "信中列出的指标有：\n- 新建城市书房36座，总面积1.8万平方米。[E1]\n- 到馆读者突破210万人次。[E3]\n- 新建城市书房45座以上，新增藏书60万册。[E2]"
    return Answer(Outcome.PARTLY, text, (one, two, three), figures, {"total": 0.08})


def answer_not_found(language: str) -> Answer:
    if language == "zh":
        text = "已入库的答复函里没有2030年新建城市书房的目标。同一指标有2023年的：45座以上。[E1]"
    else:
        text = "The letters give no 2030 target for new city reading rooms. For 2023 there is one: at least 45. [E1]"
    return Answer(Outcome.NOT_FOUND, text, (cite(LIBRARY_LETTER, "45座以上", "E1"),), (), {"total": 0.03})


class SmallChat:
    """Real conversations in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.conversations = Conversations(folder)


class SmallOriginals:
    """Letters without files."""

    def __init__(self, shelved: dict[str, Letter]) -> None:
        self._shelved = shelved

    def letter(self, letter_id: str, version: str = "") -> Letter | None:
        found = self._shelved.get(letter_id)
        return found if found and version in ("", found.content_hash) else None

    def versions(self, letter_id: str) -> Sequence[Version]:
        return []

    def file(self, letter: Letter) -> Path | None:
        return None

    def sizes(self, letter: Letter) -> tuple[PageSize, ...]:
        return ()

    def draw(self, letter: Letter, number: int) -> PagePicture:
        raise ReadError(f"{letter.file} has no pages.", f"{letter.file} 没有页。")


class SmallDesk:
    """Remembers what it was asked and which files it was given."""

    def __init__(self, folder: Path, pause_seconds: float = 0.0) -> None:
        self.chat = SmallChat(folder)
        self.asked: list[tuple[str, list[Turn]]] = []
        self.narrowed: list[Filters] = []
        self.added: list[str] = []
        self.brought: dict[str, int] = {}  # letter → number of the upload
        self.pause_seconds = pause_seconds
        self.state = ModelState(ModelPhase.NONE)
        self.shelved = {letter.letter_id: letter for letter in (LIBRARY_LETTER, HOSTILE_LETTER, NUMBERLESS_LETTER)}
        self.originals = SmallOriginals(self.shelved)
        self.ledger = NoStore()

    def letters_with(self, sentence: str) -> Sequence[Letter]:
        return self.letters()

    def filter_choices(self) -> FilterChoices:
        return list_choices(self.letters(), [])

    def ask(self, question: str, history: Sequence[Turn], filters: Filters = NOTHING) -> Iterator[Event]:
        self.asked.append((question, list(history)))
        self.narrowed.append(filters)
        language = "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in question) else "en"
        if "store is gone" in question:
            raise StoreError("The store data/store cannot be read. Run python -m ingest --check.")
        if "bug" in question:
            raise RuntimeError("a fault of the program")
        if "无声" in question:
            time.sleep(60)  # longer than any test waits
        answer = self._choose(question, language)
        yield EvidenceReady(answer)
        if "慢" in question or "slow" in question:
            for length in range(1, 1200):  # longer than any test waits
                time.sleep(self.pause_seconds or 0.05)
                yield Draft(answer.text[: length % len(answer.text)])
        if "模型" in question:
            for length in range(4, len(answer.text), 3):
                time.sleep(self.pause_seconds)
                yield Draft(answer.text[:length])
            answer = replace(answer, model="small-model", dropped=("“共50座”：原文没有这个数字",))
        yield Final(answer)

    def _choose(self, question: str, language: str) -> Answer:
        if "2030" in question:
            return answer_not_found(language)
        if "相比" in question:
            return answer_comparison()
        if "全部" in question:
            return answer_list()
        if "注入" in question:
            return Answer(
                Outcome.ANSWERED, f"{INJECTION}[E1]", (cite(HOSTILE_LETTER, "本函含有", "E1"),),
                (AnswerFigure(INJECTION, Decimal(9), "座", Comparator.EQUAL, 2023, Status.ACTUAL, INJECTION, "E1"),), notes=(INJECTION,),
            )  # fmt: skip
        return answer_target(language)

    def shelf(self) -> Shelf:
        return Shelf(len(self.shelved), 6, "柳溪市")

    def letters(self) -> Sequence[Letter]:
        return list(self.shelved.values())

    def letter(self, letter_id: str) -> Letter | None:
        return self.shelved.get(letter_id)

    def examples(self, language: str) -> Sequence[str]:
        if language == "zh":
            return (
                "2023年新建城市书房的目标是多少？",
                "新建城市书房2022年和2023年相比如何？",
                "第58号提案是谁提的，哪天答复的？",
                "柳溪市文化和旅游局2023年的全部目标有哪些？",
            )
        return ("What is the 2023 target for 新建城市书房?", "Who made proposal no. 58, and when was it answered?")

    def model(self) -> ModelState:
        return self.state

    def undo(self, ingestions: Collection[int]) -> list[str]:
        gone = [self.shelved.pop(letter_id).file for letter_id, number in list(self.brought.items()) if number in ingestions]
        self.brought = {letter_id: number for letter_id, number in self.brought.items() if number not in ingestions}
        return gone

    def add_file(self, path: Path) -> list[FileResult]:
        self.added.append(path.name)
        if path.stat().st_size == 0:
            raise ReadError(f"{path.name} is empty. Check the file and upload it again.", f"{path.name} 是空的。请检查后重新上传。")
        letter = replace(NUMBERLESS_LETTER, letter_id=path.stem, file=path.name, title=f"关于{path.stem}的答复")
        self.shelved[letter.letter_id] = letter
        self.brought[letter.letter_id] = len(self.added)
        return [FileResult(path.name, FileOutcome.NEW, letter.title or "", letter.letter_id, 1, ingestion=len(self.added))]


class NoStore:
    """In place of what needs a real store."""

    def table(self) -> FigureTable:
        raise StoreError("There is no store behind the small desk. Use the real one.", "这个测试页面没有文件库。")
