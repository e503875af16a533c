"""The header fields of a letter: numbers, title, bodies, people, dates. What the letter does not say stays empty."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date

from ingest import bodies as names
from ingest.dates import find_date, find_month, is_date_line, read_number, without_date
from ingest.layout import Block, BlockKind
from ingest.places import find_parent, find_place, is_town, without_parent
from rag.records import Document, Letter, LetterKind, Sentence, SentenceRole
from rag.script import is_traditional, to_simplified

DOC_NUMBER = re.compile(r"([\u4e00-\u9fffA-Za-z]{1,14})\s*[〔\[（(【﹝［]\s*((?:19|20)\d{2})\s*[〕\]）)】﹞］]\s*(?:第\s*)?(\d{1,5})\s*号")
_N = r"[\d一二三四五六七八九十百零〇]"
_SESSION = re.compile(
    rf"(?:(?:政协|中国人民政治协商会议)?(?:第{_N}{{1,3}}届)?[\u4e00-\u9fff]{{0,12}}?(?:政协|人大|人民代表大会|委员会)?)(?:第)?{_N}{{1,3}}届"
    rf"(?:人大|人民代表大会|政协|委员会|全国委员会|[\u4e00-\u9fff]{{2,6}}委员会)?(?:常委会)?(?:第)?{_N}{{1,2}}次(?:全体)?(?:会议|全会)?|"
    rf"政协第{_N}{{1,3}}届[\u4e00-\u9fff]{{2,8}}委员会第{_N}{{1,2}}次(?:全体)?会议"
)
_NUMBERED = (
    re.compile(rf"第\s*[A-Z]?({_N}{{1,8}})\s*号(?:重点|联名|平时|集体|党派|督办|政协|人大|代表|委员|大会)*(?:提案|建议|议案|意见|件)"),
    re.compile(rf"(?:提案|建议|议案)\s*[（(]?\s*(?:编号[:：]?|第)?\s*({_N}{{1,8}})\s*号"),
    re.compile(rf"》?[（(](?:编号[:：]?|(?:提案|建议|政协提案)?第?|案号[:：]?)\s*({_N}{{1,8}})\s*号?[)）]"),
    re.compile(rf"第\s*({_N}{{1,8}})\s*号"),
)
_TITLE = re.compile(r"(?:关于|对).*(?:答复|复函|函|回复|意见|报告|说明|通报|情况)(?:[（(].{1,12}[)）])?$")
_REISSUED = re.compile(r"重新印发|重新制发|重印|再次印发|修订(?:稿|版|印发)|重新答复|换发")
_REPLACES = re.compile(r"(?:此前|原|前)(?:印发|答复|复函|函|件).{0,20}(?:作废|废止|停止使用)|以(?:本函|本件|本答复|此次答复|本次答复)为准")
_CORRECTION = re.compile(r"更正|勘误|订正")


def read_header(document: Document, blocks: list[Block], text: str, sentences: tuple[Sentence, ...]) -> Letter:
    """Read the fields and make the letter. Fields of a letter in traditional characters are given in simplified ones."""
    if is_traditional(text):
        blocks = [_simplify(block) for block in blocks]
    plain = to_simplified(text) if is_traditional(text) else text
    head = [b.text for b in blocks if b.kind is BlockKind.HEAD]
    tail = [b.text for b in blocks if b.kind is BlockKind.TAIL]
    opening = _opening(sentences, plain)
    fields = document.fields
    title = _find_title(head, fields)
    stated = names.issuing_bodies(blocks, title, [fields.get(key, "") for key in ("publisher", "source", "site")])
    named = _named_places(title, opening)
    place, parent = find_place([*stated, *tail, *head, *(fields.get(key, "") for key in ("publisher", "site")), *named])
    if place and not parent:
        parent = find_parent(place, plain) or (find_place(named)[0] if is_town(place) else None)
    bodies = tuple(dict.fromkeys(names.complete_name(body, place) for body in stated))
    doc_number = _find_doc_number([*head, fields.get("doc_number", ""), *tail])
    kind = _find_kind(title, opening, doc_number)
    addressee = next((b for b in reversed(blocks) if b.kind is BlockKind.HEAD and b.text.endswith(("：", ":"))), None)
    lead, joint = names.read_partners("\n".join([opening, *(t for t in tail if "办单位" in t)]), bodies)
    issued_on, printed_on = _find_dates(head, tail, fields)
    number, session = _find_proposal_number(title, opening), _find_session(title, opening)
    letter = Letter(
        letter_id="",
        content_hash=document.content_hash,
        file=document.file,
        format=document.format,
        text=text,
        sentences=sentences,
        title=title,
        bodies=bodies,
        place=place,
        parent_place=parent,
        doc_number=doc_number,
        kind=kind,
        proposal_number=number,
        proposal_title=_find_proposal_title(opening, title),
        session=session,
        addressees=names.read_addressees(addressee),
        lead_bodies=tuple(dict.fromkeys(next((full for full in bodies if names.same_body(b, full)), b) for b in lead)),
        joint_bodies=joint,
        issued_on=issued_on,
        printed_on=printed_on,
        contact=names.read_contact(tail),
        signer=next((m[1] for t in [*head, *tail] if (m := names.SIGNER.search(t))), None),
        copies_to=names.read_copies(tail),
        corrects=_find_corrected(title, opening, doc_number),
        reissue=any(_REISSUED.search(t) for t in head) or bool(_REPLACES.search(opening)) or "重新印发" in opening,
    )
    return _with_identity(letter)


def _simplify(block: Block) -> Block:
    return Block(block.kind, to_simplified(block.text), block.pages, block.table, block.caption, to_simplified(block.raw))


def _opening(sentences: tuple[Sentence, ...], text: str) -> str:
    """The first paragraph or so of the running text: what is replied to, and with whom."""
    body = [s for s in sentences if s.role in (SentenceRole.BODY, SentenceRole.HEADING)]
    taken: list[str] = []
    for sentence in body[:14]:
        if sentence.role is SentenceRole.HEADING and taken:
            break
        taken.append(text[sentence.start : sentence.end])
    return "".join(taken)


def _named_places(title: str | None, opening: str) -> list[str]:
    found = [session for session in (_find_session(title, opening),) if session]
    return [re.sub(r"^政协", "", name) for name in found]


def _find_title(head: list[str], fields: dict[str, str]) -> str | None:
    for text in head:
        if _TITLE.search(text) and not text.endswith(("：", ":")) and " | " not in text:
            return text
    if fields.get("title"):
        return re.sub(r"\s+", "", fields["title"])
    for text in head:
        if re.search(r"关于|答复|复函", text) and len(text) > 8 and not text.endswith(("：", ":")) and " | " not in text:
            return text
    return None


def _find_doc_number(texts: list[str]) -> str | None:
    for text in texts:
        if match := DOC_NUMBER.search(text):
            return f"{re.sub(r'^(?:文号|发文字号|编号)', '', match[1])}〔{match[2]}〕{int(match[3])}号"
    return None


def _find_kind(title: str | None, opening: str, doc_number: str | None) -> LetterKind:
    for text in (title or "", re.sub(r"《[^》]*》", "", opening)[:200], opening[:200], doc_number or ""):
        if re.search(r"提案|政协|提复|提函", text):
            return LetterKind.PROPOSAL
        if re.search(r"人大|建议|人民代表大会|代表|建复|建函|议复", text):
            return LetterKind.SUGGESTION
    return LetterKind.OTHER


def _find_proposal_number(title: str | None, opening: str) -> str | None:
    for text in (title or "", opening[:400]):
        for pattern in _NUMBERED[:3] if text is not title else _NUMBERED:
            for match in pattern.finditer(text):
                if text[max(0, match.start() - 1) : match.start()] in ("〕", "]"):
                    continue
                digits = match[1]
                return digits if digits.isascii() else str(read_number(digits))
    return None


def _find_session(title: str | None, opening: str) -> str | None:
    for text in (title or "", opening[:300]):
        for match in _SESSION.finditer(text):
            name = re.sub(r"^.*(?:关于|您在|你们?在|贵.{0,3}在|代表在|委员在|对|在|就|的|更正|答复|办理)(?=[\u4e00-\u9fff])", "", match[0])
            name = (
                re.sub(r"^[\u4e00-\u9fff]*?(?:局|厅|委员会(?=.*届)|委会|办公室)(?=[\u4e00-\u9fff]*(?:政协|人大|届))", "", name)
                if re.match(r"[^届]*(?:局|厅|办公室)", name)
                else name
            )
            return name if re.search(r"会议|全会", name) else name + "会议"
    return None


def _find_proposal_title(opening: str, title: str | None) -> str | None:
    quoted = re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", opening)
    for name in quoted:
        if re.search(r"提案|建议|议案|意见$", name):
            return str(name)
    for match in re.finditer(r"《((?:[^《》]|《[^《》]*》)+)》(?=[（(]|的?(?:提案|建议|收悉))", opening):
        return match[1]
    inside = re.search(r"《((?:[^《》]|《[^《》]*》)+)》", title or "")
    return inside[1] if inside else None


def _find_dates(head: list[str], tail: list[str], fields: dict[str, str]) -> tuple[date | None, date | None]:
    """The date of issue (signature) and that of printing."""
    printed = _printing_date(tail)
    for text in tail:
        if re.search(r"印发|发布|浏览|公开|更新|抄送|打印", text):
            continue
        bodied = names.bodies_of_line(without_date(text))
        if (is_date_line(text) or bodied) and (found := find_date(text)):
            return found, printed
    for text in head:
        if is_date_line(re.sub(r"^[（(]|[)）]$", "", text)) and (found := find_date(text)):
            return found, printed
    declared = find_date(fields.get("issued_on", ""))
    published = find_date(fields.get("published_on", "")) or next((d for t in tail if "发布" in t and (d := find_date(t))), None)
    return declared or printed or published or next((month for t in reversed(tail) if (month := find_month(t))), None), printed


def _printing_date(tail: list[str]) -> date | None:
    for index, text in enumerate(tail):
        if "印发" in text and "年" in (text + (tail[index - 1] if index else "")):
            return find_date(text) or (find_date(tail[index - 1]) if index and text.strip() == "印发" else None)
    return None


def _find_corrected(title: str | None, opening: str, own: str | None) -> str | None:
    if not (_CORRECTION.search(title or "") or re.search(r"(?:予以|现予|作如下|现作|特此|现将.{0,20})更正|更正如下", opening)):
        return None
    for match in DOC_NUMBER.finditer((title or "") + opening):
        number = f"{_own_prefix(match[1], own)}〔{match[2]}〕{int(match[3])}号"
        if number != own:
            return number
    return None


def _own_prefix(prefix: str, own: str | None) -> str:
    """Running text stands before a number without a space: 我局以澜教函 → 澜教函."""
    mine = own.split("〔")[0] if own else ""
    if mine and prefix.endswith(mine):
        return mine
    return re.sub(r"^.*(?:以|的|在|见|按|据|为|将|于|对|印发|文号|下发|作出|出具|更正|关于|订正|勘误)", "", prefix) or prefix


def _with_identity(letter: Letter) -> Letter:
    body = without_parent(letter.bodies[0]) if letter.bodies else ""
    if letter.doc_number:
        identity = f"{body}-{letter.doc_number}" if body else letter.doc_number
    elif letter.proposal_number and (body or letter.session):
        identity = "-".join(part for part in (body, letter.session or "", f"{letter.kind.value}{letter.proposal_number}") if part)
    else:
        known = "\n".join((letter.title or "", body, letter.issued_on.isoformat() if letter.issued_on else ""))
        source = known if len(known) > 10 else letter.text
        identity = f"{body or 'letter'}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
    return replace(letter, letter_id=re.sub(r"\s+", "", identity))
