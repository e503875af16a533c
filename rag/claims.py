"""What a sentence claims beside its quantities: years, target or result, direction, names, and words addressed to a model.

Each `check_…` compares one sentence of a draft with the text that it cites and returns why it fails, or "".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.records import Quantity, Status
from rag.script import normalise

HAN = "\u4e00-\u9fff"
YEAR = re.compile(r"(?<![\d.])((?:19|20)\d{2})(?![\d.,]*\d)(?!\s*(?:万|亿|家|个|人|项|元|%))")
CHINESE_YEAR = re.compile(r"[二一][零〇○九0][零〇○一二三四五六七八九]{2}(?=年)")
CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
PLANS = {"十二五": "12th", "十三五": "13th", "十四五": "14th", "十五五": "15th", "十六五": "16th"}
CLAUSE_END = re.compile(r"[，；：。！？\n]|[,;:!?](?=\s)|\.(?=\s|$)")

TARGET = re.compile(
    r"目标|计划|力争|争取|预计|预期|拟|将|规划|努力|确保|任务|到20\d\d年|(?<![截止])至20\d\d年|打算|要求|安排(?!了|[^，。；]{0,14}(?:资金|经费|补助|预算))|下一步|有望"
    r"|\b(?:targets?|goals?|plans?|planned|aims?|aimed|will|to be|expected?|expects|projected|intends?|strives?|by 20\d\d|hopes?)\b",
    re.IGNORECASE,
)
ACTUAL = re.compile(
    r"实际|已(?!计划)|截至|截止|目前|现有|达到了|完成了|实现了|新增了|建成|实绩|累计完成|共有|去年"
    r"|\b(?:actual(?:ly)?|achieved|reached|completed|has been|have been|had|was|were|has|have|currently|so far|totall?ed|stood at)\b",
    re.IGNORECASE,
)
REALISED = re.compile(
    r"实际|已(?!计划)|达到了|完成了|实现了|新增了|\b(?:actual(?:ly)?|achieved|reached|completed|has been|have been)\b", re.IGNORECASE
)
CHANGE = re.compile(
    r"增长|增加|提高|上升|下降|减少|降低|同比|环比|增幅|增速|降幅|翻番|比上年|较上年|提升|回落|缩短|压缩"
    r"|\b(?:grew|growth|grown|rise|rose|risen|increas\w*|up|fell|fall|drop\w*|decreas\w*|declin\w*|down|cut|reduc\w*)\b",
    re.IGNORECASE,
)
OPPOSITES = (
    (r"增长|增加|提高|上升|提升|升至", r"下降|减少|降低|回落|缩短|压缩|降至"),
    (r"超额|已完成|完成了|如期", r"未完成|没有完成|尚未|未能"),
    (r"同意|支持|采纳|可行", r"反对|不同意|不支持|不予|不可行"),
    (r"以上|不少于|不低于", r"以下|以内|不超过|不高于"),
)
NEGATIONS = re.compile(r"未|没有|无法|不再|不会|不能|不得|取消|停止|暂停|拒绝|并非|不是")
CHINESE_NO = re.compile(
    r"未(?!来|成年|央)|没有|无法|无权|不(?!少于|低于|超过|高于|断|仅|同|动产|足|大于|小于|久|限于|得|良|锈)|取消|停止|暂停|拒绝|并非|反对"
)
ENGLISH_NO = re.compile(
    r"\b(?:not|no|never|none|nor|cannot|without|unable|neither|refus\w*|reject\w*|yet to|lack\w*|fail\w*|inadequate)\b|n't\b",
    re.IGNORECASE,
)
CHINESE_UP = re.compile(r"增长|增加|提高|上升|提升|升至|净增|新增|扩大|增至|翻番|翻一番")
CHINESE_DOWN = re.compile(r"下降|减少|降低|回落|缩短|压缩|降至|降到|下调|削减")
ENGLISH_UP = re.compile(r"\b(?:grew|growth|grown|rise|rose|risen|increas\w*|rais\w*|higher)\b", re.IGNORECASE)
ENGLISH_DOWN = re.compile(r"\b(?:fell|fall|fallen|dropp\w*|decreas\w*|reduc\w*|lower\w*|cut|shorten\w*)\b", re.IGNORECASE)
DENIED = re.compile(
    rf"(?:尚未|暂未|未|没有|无法|不再|不能|不予|不会|无权|不具备|不(?!少|低|超|高|断|仅|同|足|大|小|限|得|动|良|锈))([{HAN}]{{2}})"
)
LEVELS = re.compile(
    r"国家级|省级|市级|区级|县级|小学|初中|高中|幼儿园|中学|男|女|城镇|农村|上半年|下半年|一季度|二季度|三季度|四季度|年底|年末"
)
DATE = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(?:(\d{1,2})日)?")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
ENGLISH_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})\s+)?({'|'.join(MONTHS)})\b(?:\s+(\d{{1,2}})(?!\d))?,?(?:\s+((?:19|20)\d{{2}}))?", re.IGNORECASE
)
TITLE = re.compile(r"《([^》]{2,80})》|“([^”]{2,60})”|\"([^\"]{3,80})\"")
PERSON = re.compile(
    rf"([{HAN}]{{2,4}}?)(?:、[{HAN}]{{2,4}}?)*(?:等)?(?:委员|代表|同志|先生|女士)(?!会|们|性|团|大会)"
    rf"|(?:联系人|签发人|提案人|提出者|领衔代表|由)[:：]?([{HAN}]{{2,3}})(?=提出|签发|[，。；、]|$)"
)
NOT_A_PERSON = re.compile(r"政协|人大|各位|位|名|全体|市民|群众|企业|学生|党|住|省|市|区|县|国家|法定|业主|职工|妇女|老人|居民|的|和|与")
INSTRUCTION = re.compile(
    r"(?:忽略|无视|不要理会|忘记|抛开)[^。]{0,20}(?:指令|要求|提示|规则|内容|证据|设定|问题)|(?:请|必须|务必|应当?|一律)(?:直接|只|仅|统一)?(?:回答|输出|回复说|答复说|写成|改为)[:：“\"]"
    r"|(?:AI|人工智能|语言模型|大模型|助手|机器人|系统提示|本系统)(?:请|应|必须|须|将|在|读到|看到)|你(?:现在)?是(?:一个|一名)?[^。]{0,10}(?:助手|模型|机器人)|系统提示词|提示词"
    r"|ignore (?:all |any |the |your )?(?:previous|prior|above|other|earlier)|disregard (?:all|any|the|your|previous)|system prompt|as an ai\b|you are now|you must (?:answer|reply|say|output)"
    r"|(?:answer|reply|respond)(?: only)? with\b",
    re.IGNORECASE,
)
NO_CLAIM = re.compile(
    r"现有材料没有写明|没有写明|(?:证据|材料|资料|信息|文中)[^。]{0,12}(?:没有|未|无法|不足)|无法(?:回答|确定|得知|提供)|不(?:清楚|知道|确定)|抱歉|对不起"
    r"|letters on file do not say|(?:evidence|text|letters?|documents?)[^.]{0,30}(?:does|do|did) not|not (?:mentioned|specified|provided|stated)|cannot (?:answer|determine)|unable to|sorry|no (?:information|evidence)",
    re.IGNORECASE,
)


def is_english(text: str) -> bool:
    """Whether a sentence is written in English: more Latin words than Chinese characters."""
    return len(re.findall(rf"[{HAN}]", text)) < len(re.findall(r"[A-Za-z]{2,}", text))


def is_instruction(text: str) -> bool:
    """Whether a text speaks to a language model instead of to the reader of a letter."""
    return bool(INSTRUCTION.search(normalise(text)) or INSTRUCTION.search(text))


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each clause."""
    borders = [0, *(m.end() for m in CLAUSE_END.finditer(text)), len(text)]
    for start, end in pairwise(borders):
        if text[start:end].strip():
            yield start, end


def clause_at(text: str, position: int) -> tuple[int, int]:
    """The clause that a position lies in."""
    return next(((s, e) for s, e in clauses(text) if s <= position < e), (0, len(text)))


def find_years(text: str, quantities: Sequence[Quantity] = ()) -> list[tuple[int, int]]:
    """(position, year) of each year that the text names; numbers that are quantities are none."""
    folded = normalise(text)
    found = [(m.start(), int(m.group(1))) for m in YEAR.finditer(folded)]
    found += [(m.start(), int(m.group(0).translate(CHINESE_DIGITS))) for m in CHINESE_YEAR.finditer(text)]
    for m in re.finditer(r"(?<!\d)((?:19|20)\d{2})\s*(?:-|—|–|~|至|到)+\s*((?:19|20)\d{2})(?!\d)", folded):
        found += (
            [(m.start(), year) for year in range(int(m.group(1)), int(m.group(2)) + 1)] if int(m.group(2)) - int(m.group(1)) < 20 else []
        )
    return sorted({(p, y) for p, y in found if not any(q.start <= p < q.end for q in quantities)})


@dataclass(frozen=True, slots=True)
class YearReading:
    """The years that a quantity may be read with, and where the words begin that tell."""

    years: frozenset[int]
    start: int


@dataclass(frozen=True, slots=True)
class StatusReading:
    """Target or actual, as words tell; None: none does."""

    status: Status | None
    start: int  # of the clause that tells


def year_of(text: str, quantity: Quantity, years: Sequence[tuple[int, int]]) -> YearReading:
    """The years of the quantity's clause, else of the nearest clause before; in English else any."""
    spans = list(clauses(text))
    own = next((i for i, (s, e) in enumerate(spans) if s <= quantity.start < e), 0)
    for start, end in reversed(spans[: own + 1]):
        here = [(p, y) for p, y in years if start <= p < end]
        before = [(p, y) for p, y in here if p < quantity.start]
        if before:
            last = max(p for p, _ in before)
            return YearReading(frozenset(y for p, y in here if p == last), last)
        if here:
            return YearReading(frozenset(y for _, y in here), start)
    return YearReading(frozenset(y for _, y in years) if is_english(text) else frozenset(), 0)


def status_of(text: str, quantity: Quantity) -> StatusReading:
    """By the words of the quantity's clause, else of the nearest clause before that tells."""
    spans = list(clauses(text))
    own = next((i for i, (s, e) in enumerate(spans) if s <= quantity.start < e), 0)
    for start, end in reversed(spans[: own + 1]):
        clause = text[start:end]
        target, actual = TARGET.search(clause), REALISED.search(clause)
        if target and actual:  # “完成目标”, “the target was achieved”: what stands last counts
            return StatusReading(Status.TARGET if target.start() > actual.start() else Status.ACTUAL, start)
        if target:
            return StatusReading(Status.TARGET, start)
        if actual or ACTUAL.search(clause):
            return StatusReading(Status.ACTUAL, start)
    return StatusReading(None, 0)


def check_direction(sentence: str, source: str) -> str:
    """Growth stays growth, a no stays a no."""
    for left, right in OPPOSITES:
        for own, other in ((left, right), (right, left)):
            said = re.search(own, sentence)
            if said and not re.search(own, source) and re.search(other, source):
                return f"“{said.group(0)}” turns what the evidence says around"
    for found in DENIED.finditer(source):
        word = re.escape(found.group(1))
        affirmed = rf"(?<![未不无没有暂法予再能会])(?<!没有|尚未|暂未){word}"
        if re.search(affirmed, sentence) and not re.search(affirmed, source):
            return f"the evidence denies “{found.group(1)}”"
    for word in set(NEGATIONS.findall(sentence)):
        if word not in source and not NEGATIONS.search(source):
            return f"“{word}” is not in the evidence"
    return ""


def check_polarity(sentence: str, source: str) -> str:
    """An English sentence says no where its Chinese evidence does, and only there; up stays up."""
    says_no = bool(ENGLISH_NO.search(sentence))
    if says_no and not CHINESE_NO.search(source):
        return "it says no where the evidence does not"
    if not says_no and CHINESE_NO.search(source):
        return "the evidence says no to something, which it does not"
    for english, chinese, other in ((ENGLISH_UP, CHINESE_UP, CHINESE_DOWN), (ENGLISH_DOWN, CHINESE_DOWN, CHINESE_UP)):
        if english.search(sentence) and not chinese.search(source) and other.search(source):
            return "it turns the direction around"
    return ""


def check_classes(sentence: str, source: str) -> str:
    """县级以上 is not 县级, 65岁以上 is not 65岁."""
    for found in re.finditer(rf"([{HAN}\d]{{2}})及?以([上下])", source):
        word = re.escape(found.group(1))
        bare = rf"{word}(?!及?以[上下])"
        if re.search(bare, sentence) and not re.search(bare, source):
            return f"“{found.group(1)}以{found.group(2)}” has become “{found.group(1)}”"
    return ""


def check_names(sentence: str, source: str) -> str:
    """Dates, plans, levels, quoted titles and people must stand in the evidence."""
    folded, support = normalise(sentence), normalise(source)
    for year, month, day in DATE.findall(folded):
        if not re.search(rf"{year}年0?{int(month)}月" + (rf"0?{int(day)}日" if day else ""), support):
            return f"the date {year}-{month}{'-' + day if day else ''} is not in the evidence"
    for found in ENGLISH_DATE.finditer(sentence):
        if found.group(2) == "may" or not (found.group(1) or found.group(3) or found.group(4)):
            continue
        month, day = MONTHS.index(found.group(2).lower()) + 1, found.group(1) or found.group(3)
        pattern = (rf"{found.group(4)}年" if found.group(4) else "") + rf"0?{month}月" + (rf"0?{int(day)}日" if day else "")
        if not re.search(pattern, support):
            return f"the date {found.group(0).strip()} is not in the evidence"
    for plan, english in PLANS.items():
        if (plan in folded or re.search(rf"\b{english}\b", sentence)) and plan not in support:
            return f"the plan {plan} is not in the evidence"
    for level in LEVELS.findall(folded):
        if level not in support and not (level == "年末" and "年底" in support) and not (level == "年底" and "年末" in support):
            return f"“{level}” is not in the evidence"
    for groups in TITLE.findall(sentence):
        title = normalise("".join(groups))
        if re.search(rf"[{HAN}]", title) and title.rstrip("，。,.") not in support:
            return f"the quoted words “{title}” are not in the evidence"
    return _check_people(sentence, source)


def _check_people(sentence: str, source: str) -> str:
    for found in PERSON.finditer(sentence):
        name = next(g for g in found.groups() if g)
        if not NOT_A_PERSON.search(name) and name[-2:] not in source:
            return f"the name {name} is not in the evidence"
    return ""
