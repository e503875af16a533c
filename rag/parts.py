"""A question that asks several things of one object (哪年投用、投资多少、谁负责) → a question for each, and one answer of theirs.

Only where one of them asks for a person, a date or a place: several figures asked at once are the ledger's own work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.records import Finding, Outcome, Statement
from rag.wordings import Asked, asked_kind

ASKS = re.compile(
    r"谁|哪|何时|什么(?:时候|时间|地方|单位|部门|名字)|多少|几(?!乎|何|年来|经)|多[久大长高]|"
    r"\b(?:who|when|where|which|how (?:much|many|long|big|large)|what)\b",
    re.IGNORECASE,
)
ASKS_NO_NUMBER = re.compile(
    r"谁|何时|什么(?:时候|时间|地方|单位|部门|名字)|几(?:月|号|时)|哪(?!些|几|种|类|项)|\b(?:who|when|where|which (?:company|body|bureau|department|district|county|year|month))\b",
    re.IGNORECASE,
)
OTHER_ASKING = re.compile(
    r"为什么|为何|原因|怎么|如何|吗|是否|[高低多少大]于|相差|差多少|比.{0,12}[多少高低]|分别|各|(?:谁|哪[个里边家])[^，,。？?]{0,14}[高低多少大强快](?=$|[，,？?])|\bwhy\b|\bhow (?:will|does|do|did|is|are)\b|\b(?:than|difference|each|respectively)\b",
    re.IGNORECASE,
)
SPLIT = re.compile(r"[，、；,;]|(?:并且|以及)|和(?=谁|哪|何时|什么|多少|几)")
ENGLISH_SPLIT = re.compile(
    r",\s*(?:and\s+)?(?=(?:who|when|where|which|how|what)\b)|\s+and\s+(?=(?:who|when|where|which|how|what)\b)", re.IGNORECASE
)
# What an object is asked for; behind its name, it does not belong to it.
ATTRIBUTE = re.compile(
    r"(?:的|是|在|于|由|归|为|有|了|共|一共|总共|大概|计划|打算|预计|准备|将|要|会|到底|具体|建[在到]|设[在到]|放[在到]|落[在户]|位于|坐落|选址|地址|地点|位置|占地|面积|建筑面积|规模|总?投资(?:额|了)?|投(?:入|了)?|花(?:了|费)?|造价|资金|经费|床位|学位|泊位|全长|长度"
    r"|开工|动工|启动|开建|建成|完工|竣工|投用|投入使用|投产|开业|开园|开馆|开放|通车|交付|负责人?|责任人|责任单位|牵头(?:人|单位|部门)?|施工单位|建设单位|承建单位|代建单位|运营单位|主管部门)+$"
)
ENGLISH_OBJECT = re.compile(r"\b(?:of|for|at|on|in|to)\s+((?:the\s+)?[^,?]{4,})$", re.IGNORECASE)
ENGLISH_VERB = re.compile(
    r"\s+(?:be|opens?|starts?|begins?|launch|go(?:es)? into|come into|finish(?:ed)?|completed?|costs?|built|due|located|take)\b[^?]*$",
    re.IGNORECASE,
)
ENGLISH_LEAD = re.compile(
    r"^(?:who|when|where|which \w+|how (?:much|many \w+|long|big|large)|what(?: \w+)?)\s+(?:is|are|was|were|will|did|does|do|has|have|to)?\s*",
    re.IGNORECASE,
)

# What tells surely, in a sentence about the object, the place, the date, the person.
TOLD = {
    Asked.WHERE: re.compile(r"位于|选址(?!待|尚|未)|坐落|地址|落户"),
    Asked.WHEN: re.compile(r"(?:\d{4}年|\d{1,2}月|年底)[^，。；]{0,12}(?:开工|启动|建成|完工|竣工|投用|投产|开放|通车|交付)"),
    Asked.WHO: re.compile(r"由[^，。；]{2,20}(?:负责|牵头|承建|代建)|(?:负责人|责任人|总指挥)"),
}


def parts_of(question: str, language: str) -> tuple[str, ...]:
    """The questions that a question holds, each whole in itself; empty where it asks one thing or only for figures."""
    if OTHER_ASKING.search(question):
        return ()
    segments = [s.strip(" ？?。.") for s in (ENGLISH_SPLIT if language == "en" else SPLIT).split(question)]
    segments = [s for s in segments if s]
    asking = [s for s in segments if ASKS.search(s)]
    if len(asking) < 2 or not any(ASKS_NO_NUMBER.search(s) for s in asking):
        return ()
    thing = _english_object(asking[0]) if language == "en" else _object_of(segments)
    if len(thing) < 2:
        return ()
    if language == "en":
        return (f"{asking[0]}?", *(f"{s} ({thing})?" for s in asking[1:]))
    return tuple(f"{thing}{s[len(thing) :] if s.startswith(thing) else _own_words(s, segments)}？" for s in asking)


def _names_who(part: str, finding: Finding) -> bool:
    """Whether an answer to “who” says by whom; any sentence about the object has some office in it."""
    return asked_kind(part) is not Asked.WHO or any(TOLD[Asked.WHO].search(s.text) for s in finding.statements)


def _is_told(part: str, told: str) -> bool:
    """Whether a sentence that is quoted for another part has this one's thing, too."""
    shown = TOLD.get(asked_kind(part))
    return bool(shown and shown.search(told))


def _object_of(segments: Sequence[str]) -> str:
    """The words before the first thing asked, without the word for what is asked."""
    scene = ""
    for segment in segments:
        match = ASKS.search(segment)
        if match is None:
            scene += segment
            continue
        head = ATTRIBUTE.sub("", segment[: match.start()])
        return re.sub(r"^关于", "", scene + head)
    return ""


def _own_words(segment: str, segments: Sequence[str]) -> str:
    """The first asking segment without the object, which stands before it."""
    first = next(s for s in segments if ASKS.search(s))
    if segment != first:
        return segment
    match = ASKS.search(segment)
    assert match is not None
    return segment[len(ATTRIBUTE.sub("", segment[: match.start()])) :]


def _english_object(first: str) -> str:
    rest = ENGLISH_VERB.sub("", ENGLISH_LEAD.sub("", first))
    match = ENGLISH_OBJECT.search(rest) if re.match(r"who|what", first, re.IGNORECASE) else None
    return (match.group(1) if match else rest).strip()


def join(parts: Sequence[str], findings: Sequence[Finding], english: bool) -> Finding | None:
    """One answer: each part's statements, those of one letter; parts without an answer are named. None where none has one."""
    found = {i: f for i, f in enumerate(findings) if f.outcome is not Outcome.NOT_FOUND and _names_who(parts[i], f)}
    if len(found) < 2:
        return None
    letters = Counter(letter for f in found.values() for letter in {p.letter_id for s in f.statements for p in s.proofs})
    main = letters.most_common(1)[0][0]
    own = {i: f for i, f in found.items() if any(p.letter_id == main for s in f.statements for p in s.proofs)}
    if len(own) < 2:
        return None
    statements: list[Statement] = []
    for finding in own.values():
        quoted = {proof for s in statements if not s.figures for proof in s.proofs}
        statements += [s for s in finding.statements if s not in statements and not (s.proofs and set(s.proofs) <= quoted)]
    told = "".join(s.text for s in statements if not s.figures)
    missing = [part for i, part in enumerate(parts) if i not in own and not _is_told(part, told)]
    if missing:
        listed = "; ".join(missing) if english else "；".join(missing)
        statements.append(Statement(f"The letters do not answer: {listed}" if english else f"答复函中没有提到：{listed}"))
    score = min(f.score for f in own.values())
    return Finding(Outcome.PARTLY if missing else Outcome.ANSWERED, tuple(statements), score=score)
