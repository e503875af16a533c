"""Questions about a letter itself: its number, date, addressee, body, proposal. Answered from the letter's own fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rag.records import Finding, Letter, LetterKind, Outcome, SentenceRef, SentenceRole, Statement
from rag.script import normalise, to_simplified

# What is asked for → wordings in both languages. Order is the order of the answer.
FIELD_WORDS: dict[str, str] = {
    "title": r"标题|题目|名称是什么|叫什么名|案由|关于什么|什么内容的提案|what is the title|title of|what was .*proposal about",
    "proposal_number": r"第几号|几号(?:提案|建议|议案)|哪(?:一)?[件个份](?:提案|建议|议案)|(?:提案|建议|议案)(?:编号|号码|号)是|(?:提案|建议|案)号(?!\d)"
    r"|which (?:proposal|suggestion)|what (?:proposal|suggestion)|(?:proposal|suggestion)\b.*\bits number|proposal number|suggestion number|number of the (?:proposal|suggestion)",
    "addressees": r"谁提|谁(?:们)?(?:提出|写|交)|由谁提|哪(?:几|两|三|些|一)?(?:位|名|个)(?:委员|代表|人大代表|政协委员)|哪个(?:党派|单位|组织|界别)提|提案人|提出者|领衔代表"
    r"|(?:答复|回复|写)(?:的是|给)(?:了)?(?:谁|哪)|收信人|谁的(?:提案|建议)|addressed to|wh(?:o|ich \w+)[^?.]{0,30}(?:put forward|propos|submit|raise|made the suggestion|tabled)"
    r"|which (?:deput|member|delegate)|whose (?:proposal|suggestion|motion)|who (?:is|was|are|were) (?:the )?(?:deput|member|delegate|propos)",
    "doc_number": r"哪(?:一)?[份封件](?:函|文|复函|答复|回复)|which letter|文号|发文字号|(?:函|文|文件)(?:的)?(?:编)?号(?:是|为)?(?:多少|什么|几)|几号文|document number|reference number|doc(?:ument)? no|file number",
    "issued_on": r"(?:哪[一]?天|什么时候|何时|哪[一]?日|几月几[日号]|什么日期|日期|哪年哪月|几时)[^，。？?]{0,8}(?:发|答复|回复|成文|出具|落款|印发|办复|写|函)"
    r"|(?:成文|发文|答复|回复|落款|出具|更正函|复函|印发|签发)[^，。？?]{0,6}(?:日期|时间|哪[一]?天|什么时候|何时|哪[一]?日|几月几)"
    r"|when (?:was|were|did)[^?.]{0,60}(?:repl|letter|issued|dated|answered)|(?:date|dated)[^?.]{0,60}(?:reply|letter)|what date",
    "lead_bodies": r"主办|牵头(?:单位|部门)?|哪(?:个|家|两个|三个|几个|些|几家)(?:局|部门|单位|委)[^，。？?]{0,8}(?:答复|回复|办理|发)|谁(?:来)?(?:答复|回复|办理)的?"
    r"|lead (?:body|department|agency|unit)|(?:which|what) (?:body|department|bureau|agency|office|authority)[^?.]{0,30}(?:repl|answer|handl|issued|wrote)|who (?:replied|answered|wrote)",
    "joint_bodies": r"会办|协办|joint(?:ly)? (?:handl|body|bodies|unit)|co-?handl|assist(?:ing|ed)? (?:body|bodies|department|unit)",
    "signer": r"签发|signed(?: off)?|signatory|who signs|sign-off",
    "contact": r"联系人|联络人|经办人|承办人|联系电话|电话|\bcontact(?: person)?\b|phone|telephone",
    "copies_to": r"抄送|cop(?:y|ies|ied) to|cc(?:'d|ed)?\b",
}
FIELD_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in FIELD_WORDS.items()}
# A question that speaks of a letter or proposal, not of the world.
LETTER_WORDS = re.compile(
    r"函|答复|回复|回信|复信|那封|复文|提案|建议|议案|文号|发文|来信|letter|repl(?:y|ies)|proposal|suggestion|motion|document number",
    re.IGNORECASE,
)
DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[（(【]\s*(20\d\d)\s*[〕\]）)】]\s*第?\s*(\d+)\s*号")
PROPOSAL_NUMBER = re.compile(r"第\s*(\d{1,5})\s*号|(\d{1,5})\s*号(?:提案|建议|议案)|(?:no\.?|number|#)\s*(\d{1,5})\b", re.IGNORECASE)
SESSION = re.compile(r"([一二三四五六七八九十]+届[一二三四五六七八九十]+次)")
QUOTED_YEAR_MONTH = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
ENGLISH_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\s+(?:(\d{{1,2}}),?\s+)?(20\d\d)", re.IGNORECASE)
YEAR = re.compile(r"(20\d\d)")
CONTACT_LINE = re.compile(r"联\s*系|经\s*办|承\s*办人|电\s*话")
WITHHELD = re.compile(r"不予?公开|不对外")
CONTACT_LABEL = re.compile(r"^联\s*系\s*人\s*[:：]\s*")
CORRECTING = re.compile(r"更正|修正|勘误|correct", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names, as understood elsewhere: full names of bodies and places, people as the letters write them."""

    bodies: Collection[str] = ()
    places: Collection[str] = ()
    people: Collection[str] = ()
    strangers: Collection[str] = ()  # departments and people of whom no letter is

    def __bool__(self) -> bool:
        return bool(self.bodies or self.places or self.people or self.strangers)


# 哪位县领导牵头: a person is asked for, and a body is no person.
A_PERSON = re.compile(
    r"哪(?:位|个|一位)[^，。？?]{0,4}(?:领导|市长|县长|区长|镇长|局长|主任|同志)|which (?:leader|official|deputy|vice)", re.IGNORECASE
)
BODIES_SIGNED = re.compile(r"which (?:\w+ )?(?:bodies|body|bureaus?|departments?|authorit(?:y|ies))\b.{0,30}\b(?:sign|issu)", re.IGNORECASE)


# 给简素心代表的答复
SOMEBODY = re.compile(r"(?:^|[给由是、，和及与]|答复|回复)(?!答复|回复|[给由是和及与])([\u4e00-\u9fff]{2,4}?)(?=代表|委员)(?!委员会)")
NOBODY = re.compile(r"[各哪位名全诸几两三些个的谁本该这那有]|人大|政协|[省市县区]|民主|建议|提案|提出|什么")


def people_named(question: str) -> list[str]:
    """Deputies and members whom a Chinese question names, known or not."""
    return [name for name in SOMEBODY.findall(normalise(to_simplified(question))) if not NOBODY.search(name)]


def asked_fields(question: str) -> list[str]:
    """Names of the letter's fields that the question asks for, in the order of FIELD_WORDS."""
    text = normalise(to_simplified(question))
    if not LETTER_WORDS.search(text):
        # the telephone of a body stands only under its letters
        return (
            ["contact"]
            if re.search(r"联系人|联系电话|(?:找谁|联系谁|问谁).*电话|电话.*(?:找谁|联系谁)|contact person", text, re.IGNORECASE)
            else []
        )
    found = [name for name, pattern in FIELD_PATTERNS.items() if pattern.search(text)]
    if BODIES_SIGNED.search(text):
        return ["lead_bodies"]
    return [name for name in found if not (name.endswith("bodies") and A_PERSON.search(text))]


def find_letters(
    question: str, letters: Sequence[Letter], named: Named, similarity: Callable[[Letter], float] | None = None
) -> list[Letter]:
    """The letters that the question means, best first; empty when what it names fits none.

    Numbers, sessions, names, bodies and dates are conditions: a letter that breaks one is out. Words of the title rank the rest.
    `similarity` gives 0…1 for a letter where words cannot (an English question over Chinese titles).
    """
    if named.strangers:
        return []
    text = normalise(to_simplified(question))
    ranked: list[tuple[float, int, Letter]] = []
    for index, letter in enumerate(letters):
        score = _score_letter(text, letter, named)
        if score is None:
            continue
        score += 3 * _title_overlap(text, letter)
        if similarity is not None:
            score += 3 * similarity(letter)
        ranked.append((score, index, letter))
    ranked.sort(key=lambda entry: (-entry[0], entry[1]))
    if not ranked or ranked[0][0] < 1.0:
        return [letters[0]] if len(letters) == 1 and not _names_anything(text, named) else []
    best = ranked[0][0]
    return [letter for score, _, letter in ranked if score >= best - 0.5]


def _names_anything(text: str, named: Named) -> bool:
    return bool(named or DOC_NUMBER.search(text) or _proposal_numbers(text))


def _proposal_numbers(text: str) -> set[str]:
    without_doc_numbers = DOC_NUMBER.sub(" ", text)
    return {next(g for g in m.groups() if g).lstrip("0") for m in PROPOSAL_NUMBER.finditer(without_doc_numbers)}


def _doc_key(number: str) -> str:
    return re.sub(r"[\[\]〔〕（）()【】\s第号]", "", normalise(to_simplified(number)))


def _score_letter(text: str, letter: Letter, named: Named) -> float | None:
    """Points for each condition of the question that the letter fulfils; None when it breaks one."""
    points = [
        _doc_number_points(text, letter),
        _proposal_points(text, letter),
        _session_points(text, letter),
        _people_points(named, letter),
        _body_points(named, letter),
        _date_points(text, letter),
        _nature_points(text, letter),
    ]
    if any(p is None for p in points):
        return None
    return sum(p for p in points if p is not None)


def _doc_number_points(text: str, letter: Letter) -> float | None:
    asked = [_doc_key(m.group(0)) for m in DOC_NUMBER.finditer(text)]
    if not asked:
        return 0.0
    own = _doc_key(letter.doc_number or "")
    if CORRECTING.search(text) and letter.corrects and any(a.endswith(_doc_key(letter.corrects)[-10:]) for a in asked):
        return 15.0
    # The question's match may have swallowed words in front of the number: 答复澜科提复〔2023〕31号.
    return 10.0 if own and any(a.endswith(own) for a in asked) else None


def _proposal_points(text: str, letter: Letter) -> float | None:
    asked = _proposal_numbers(text)
    if not asked:
        return 0.0
    return 6.0 if (letter.proposal_number or "").lstrip("0") in asked else None


def _session_points(text: str, letter: Letter) -> float | None:
    asked = SESSION.search(text)
    if not asked:
        return 0.0
    own = SESSION.search(to_simplified(letter.session or ""))
    return 2.0 if own and own.group(1) == asked.group(1) else None


def _people_points(named: Named, letter: Letter) -> float | None:
    if not named.people:
        return 0.0
    own = {*letter.addressees, *filter(None, (letter.contact, letter.signer))}
    return 6.0 if any(person in own for person in named.people) else None


def _body_points(named: Named, letter: Letter) -> float | None:
    if named.bodies:
        return 3.0 if any(body in letter.bodies for body in named.bodies) else None
    if named.places and letter.place:
        return 1.0 if letter.place in named.places else -1.0
    return 0.0


def _date_points(text: str, letter: Letter) -> float | None:
    wanted: list[tuple[int, int | None, int | None]] = [
        (int(m.group(1)), int(m.group(2)), int(m.group(3)) if m.group(3) else None) for m in QUOTED_YEAR_MONTH.finditer(text)
    ]
    wanted += [
        (int(m.group(3)), MONTHS.index(m.group(1).lower()) + 1, int(m.group(2)) if m.group(2) else None)
        for m in ENGLISH_MONTH.finditer(text)
    ]
    if wanted and letter.issued_on:
        fits = any(
            letter.issued_on.year == y and (m is None or letter.issued_on.month == m) and (d is None or letter.issued_on.day == d)
            for y, m, d in wanted
        )
        return 4.0 if fits else -2.0
    years = {int(y) for y in YEAR.findall(DOC_NUMBER.sub(" ", text))}
    if years and letter.issued_on:
        return 1.5 if letter.issued_on.year in years else -1.0
    return 0.0


def _nature_points(text: str, letter: Letter) -> float:
    """更正 and 重新印发 letters are meant when the question says so, and only then."""
    points = 0.0
    if re.search(r"更正|correct", text, re.IGNORECASE):
        points += 4.0 if letter.corrects else 0.0
    elif letter.corrects:
        points -= 1.0
    if re.search(r"重新印发|重印|重发|re-?issue", text, re.IGNORECASE):
        points += 4.0 if letter.reissue else 0.0
    if re.search(r"人大|代表|deputy|people's congress|suggestion", text, re.IGNORECASE) and letter.kind is LetterKind.SUGGESTION:
        points += 0.5
    if re.search(r"政协|委员|CPPCC|proposal", text, re.IGNORECASE) and letter.kind is LetterKind.PROPOSAL:
        points += 0.5
    return points


COMMON_TITLE_WORDS = re.compile(
    r"关于|提案|建议|议案|答复|回复|复函|函|第\d+号|市政协|政协|人大|会议|推进|加强|进一步|促进|加快|发展|建设|工作|我市|的|号"
)


def _title_overlap(text: str, letter: Letter) -> float:
    """Share (0…1) of the title's telling bigrams that the question has."""
    title = to_simplified(f"{letter.proposal_title or ''} {letter.title or ''}")
    telling = COMMON_TITLE_WORDS.sub(" ", title)
    bigrams = {telling[i : i + 2] for i in range(len(telling) - 1) if re.fullmatch(r"[\u4e00-\u9fff]{2}", telling[i : i + 2])}
    shared = {b for b in bigrams if b in text}
    return min(1.0, len(shared) / 4)


FIELD_LABELS = {
    "title": ("标题", "Title"),
    "proposal_number": ("提案（建议）号", "Proposal no."),
    "addressees": ("提出人", "Put forward by"),
    "doc_number": ("文号", "Document no."),
    "issued_on": ("成文日期", "Dated"),
    "lead_bodies": ("主办（答复）单位", "Replying body"),
    "joint_bodies": ("会办单位", "Joint bodies"),
    "signer": ("签发人", "Signed off by"),
    "contact": ("联系人", "Contact"),
    "copies_to": ("抄送", "Copies to"),
}


def answer_letter_facts(
    question: str,
    language: str,
    letters: Sequence[Letter],
    named: Named,
    whole: Callable[[str], Letter],
    similarity: Callable[[Letter], float] | None = None,
) -> Finding | None:
    """Answer a question about a letter's own fields; None when it asks for none or no letter is meant.

    Args:
        question: with follow-ups resolved.
        language: zh or en.
        letters: all letters; their fields are enough.
        named: bodies, places and people of the question.
        whole: letter_id → the letter with its sentences.
        similarity: see `find_letters`.
    """
    fields = asked_fields(question)
    if not fields:
        return None
    meant = [whole(letter.letter_id) for letter in find_letters(question, letters, named, similarity)[:3]]
    if not meant and (told := _say_unknown(question, named, language)):
        return Finding(Outcome.NOT_FOUND, (Statement(told),), score=0.9)
    if not meant:
        return None
    statements: list[Statement] = []
    missing: list[str] = []
    for letter in meant:
        for field in fields:
            value, words = _field_value(letter, field)
            label = FIELD_LABELS[field][language == "en"]
            if not value:
                missing.append(label)
                continue
            statements.append(_state(letter, label, value, words, language, several=len(meant) > 1))
    if not statements:
        return Finding(Outcome.NOT_FOUND, (_say_missing(meant[0], missing, language),), score=0.9)
    return Finding(Outcome.PARTLY if missing else Outcome.ANSWERED, tuple(statements), score=0.9)


def _say_unknown(question: str, named: Named, language: str) -> str:
    """That the store has no letter of this number or of these people; empty where the question names neither."""
    text = normalise(to_simplified(question))
    numbers = [m.group(0).strip() for m in DOC_NUMBER.finditer(text)] or [f"第{number}号" for number in sorted(_proposal_numbers(text))]
    who = "、".join([*named.strangers, *numbers])
    if not who:
        return ""
    return f"未找到：库中没有与“{who}”相符的答复函。" if language == "zh" else f"Not found: the store has no letter that fits “{who}”."


def letter_name(letter: Letter, language: str) -> str:
    """How an answer names a letter: by number, else by title, else by body and date."""
    name = letter.doc_number or (f"《{letter.title}》" if letter.title else None)
    body = letter.bodies[0] if letter.bodies else ""
    if name is None:
        name = f"{body}{letter.issued_on or ''}答复" if language == "zh" else f"reply of {body} of {letter.issued_on or '?'}"
    return name


def _field_value(letter: Letter, field: str) -> tuple[str, tuple[str, ...]]:
    """The value as shown, and the words by which its sentence is found."""
    if field == "issued_on":
        return (_say_date(letter.issued_on), _date_wordings(letter.issued_on)) if letter.issued_on else ("", ())
    if field == "proposal_number":
        number = letter.proposal_number
        if not number:
            return "", ()
        session = letter.session or ""
        noun = "建议" if letter.kind is LetterKind.SUGGESTION else "提案"
        return f"{session}第{number}号{noun}", (f"第{number}号", number)
    if field == "title":
        title = letter.proposal_title or letter.title
        return (f"《{title}》", (title,)) if title else ("", ())
    if field == "lead_bodies":
        bodies = letter.lead_bodies or letter.bodies
        return "、".join(bodies), tuple(bodies)
    if field == "contact":
        lines = [
            s.text.strip("（）() \n")
            for s in letter.sentences
            if s.role is not SentenceRole.BODY and CONTACT_LINE.search(s.text) and not WITHHELD.search(s.text)
        ][:3]
        lines = lines or [letter.contact or ""]
        return CONTACT_LABEL.sub("", "，".join(dict.fromkeys(lines))), tuple(lines)
    value = getattr(letter, field)
    if isinstance(value, tuple):
        return "、".join(value), value
    return value or "", (value,) if value else ()


def _say_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _date_wordings(day: date) -> tuple[str, ...]:
    return (f"{day.year}年{day.month}月{day.day}日", f"{day.year}-{day.month:02d}-{day.day:02d}", f"{day.month}月{day.day}日")


def _state(letter: Letter, label: str, value: str, words: tuple[str, ...], language: str, several: bool) -> Statement:
    proof = _proving_sentence(letter, words)
    prefix = (
        f"{letter_name(letter, language)}：" if several and language == "zh" else f"{letter_name(letter, language)}: " if several else ""
    )
    text = f"{prefix}{label}：{value}。" if language == "zh" else f"{prefix}{label}: {value}."
    return Statement(text, (SentenceRef(letter.letter_id, proof),) if proof is not None else ())


def _proving_sentence(letter: Letter, words: tuple[str, ...]) -> int | None:
    """The sentence that has the words: the head first for names and numbers, the tail for what stands only there."""
    order = {SentenceRole.HEAD: 0, SentenceRole.TAIL: 1, SentenceRole.BODY: 2}
    for word in words:
        key = _squeeze(word)
        found = [s for s in letter.sentences if key in _squeeze(s.text)]
        if found:
            return min(found, key=lambda s: (order.get(s.role, 3), s.index)).index
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", normalise(to_simplified(text)))


def _say_missing(letter: Letter, labels: list[str], language: str) -> Statement:
    name = letter_name(letter, language)
    proof = (SentenceRef(letter.letter_id, letter.sentences[0].index),) if letter.sentences else ()
    if language == "zh":
        return Statement(f"未找到：{name}没有载明{'、'.join(dict.fromkeys(labels))}。", proof)
    return Statement(f"Not found: {name} does not give: {', '.join(dict.fromkeys(labels)).lower()}.", proof)
