"""Whether evidence proves one sentence: its quantities first, then names, direction, place, year, status and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag import claims
from rag.cited import Source, pairs_of, share_of
from rag.names import COMMON_PLACE_WORDS, Known, KnownPlace, find_places, same_english_name, short_name
from rag.proof_figures import Similarity, check_quantity, check_status_words
from rag.quantity import read_quantities
from rag.records import Quantity
from rag.script import normalise

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NUMBER_WORDS = {
    "two": "2|二|两", "three": "3|三", "four": "4|四", "five": "5|五", "six": "6|六", "seven": "7|七", "eight": "8|八", "nine": "9|九", "ten": "10|十",
    "eleven": "11|十一", "twelve": "12|十二", "fifteen": "15|十五", "twenty": "20|二十", "thirty": "30|三十", "forty": "40|四十", "fifty": "50|五十", "sixty": "60|六十",
    "hundred": "100|百", "thousand": "1000|千",
}  # fmt: skip
ENGLISH_NUMBER = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
CHINESE_SUPPORT = 0.6  # share of a sentence's character pairs that must stand in the evidence
CLAUSE_SUPPORT = 0.5  # the same for the clause of a quantity
SIMILAR = 0.37  # of an English sentence to its Chinese evidence
LINK = re.compile(r"^[在于和与及对为是由从向比以的到]")  # may stand before a name of one character: 在滕县
OPENING = re.compile(
    r"^(?:根据|依据|按照|据|其中|同时|此外|另外|因此|所以|总之|具体|例如|主要|目前|截至|截止|计划|预计|力争|到|在|至|从|自|于|以及|而|我们|该|这|全年|年)+"
)


def check_sentence(sentence: str, sources: Sequence[Source], known: Known | None = None, similarity: Similarity | None = None) -> str:
    """Empty when the sources together prove the sentence; else why not."""
    support = "\n".join(source.support for source in sources)
    folded = normalise(support)
    if any(normalise(sentence).rstrip("。.;；") == normalise(source.text).rstrip("。.;；") for source in sources):
        return ""
    quantities = read_quantities(sentence)
    english = claims.is_english(sentence)
    checks: tuple[Callable[[], str], ...] = (
        lambda: _check_years(sentence, quantities, sources),
        lambda: _check_places(sentence, sources, known, english=english),
        lambda: next((r for q in quantities if (r := check_quantity(sentence, q, quantities, sources, similarity, english=english))), ""),
        lambda: claims.check_names(sentence, support),
        lambda: _check_rest(sentence, quantities, folded),
        lambda: _check_direction(sentence, sources, folded, english=english),
        lambda: check_status_words(sentence, quantities, sources),
        lambda: _check_words(sentence, quantities, sources, similarity, english=english),
    )
    return next((reason for check in checks if (reason := check())), "")


def _check_years(sentence: str, quantities: Sequence[Quantity], sources: Sequence[Source]) -> str:
    allowed = frozenset().union(*(source.years for source in sources))
    for _, year in claims.find_years(sentence, quantities):
        if year not in allowed:
            return f"the year {year} is not that of the evidence"
    if claims.is_english(sentence) and re.search(r"\b(?:this|last|next) year\b", sentence, re.IGNORECASE):
        return "“this year” of a letter is not today's"
    return ""


def _check_places(sentence: str, sources: Sequence[Source], known: Known | None, *, english: bool) -> str:
    own = frozenset().union(*(source.places for source in sources))
    support = "\n".join(source.support for source in sources)
    own_known = tuple(KnownPlace(place) for place in own if len(place) >= 2)
    named = find_places(sentence, Known(places=(*(known.places if known else ()), *own_known)), english)
    for place in named.known:
        if place not in own and short_name(place) not in support:
            return f"the place {place} is not that of the evidence"
    for place in named.unknown:
        if english:
            if not any(same_english_name(place, short_name(mine)) for mine in own):
                return f"the name {place} is not in the evidence"
        elif place not in support:
            return f"the place {place} is not that of the evidence"
    return "" if english else _check_other_names(sentence, support)


def _check_other_names(sentence: str, support: str) -> str:
    """Whatever ends like a place, and a name right before a year (杭州2023年), must be known to the evidence."""
    for found in re.finditer(rf"(?=([{claims.HAN}]{{2}}[市省县区])(?!民(?!政)|[场政长级内外直属]))", sentence):
        name = LINK.sub("", found.group(1))
        if name not in support and not any(COMMON_PLACE_WORDS.fullmatch(name[-size:]) for size in (2, 3)):
            return f"the place {name} is not that of the evidence"
    for found in re.finditer(rf"(?:^|[，。；、：])([{claims.HAN}]{{2,8}})(?=(?:19|20)\d\d年|今年|全年)", sentence):
        name = OPENING.sub("", found.group(1))
        if len(name) >= 2 and not any(name[i : i + 2] in support for i in range(len(name) - 1)):
            return f"the name {name} is not in the evidence"
    return ""


def _check_direction(sentence: str, sources: Sequence[Source], folded: str, *, english: bool) -> str:
    text = "\n".join(source.text for source in sources)
    if english:
        return "" if claims.is_english(text) else claims.check_polarity(sentence, text)
    return claims.check_direction(sentence, text) or claims.check_classes(normalise(sentence), folded)


def _check_rest(sentence: str, quantities: Sequence[Quantity], folded_support: str) -> str:
    """Digits that are neither a quantity nor a year (numbers of documents, proposals, days) must stand in the evidence."""
    text = list(normalise(sentence))
    for quantity in quantities:
        text[quantity.start : quantity.end] = " " * (quantity.end - quantity.start)
    for position, year in claims.find_years(sentence, quantities):
        text[position : position + len(str(year))] = "    "
    plain = folded_support.replace(",", "")
    for found in NUMBER.finditer("".join(text)):
        number = found.group(0).replace(",", "").rstrip(".")
        if not re.search(rf"(?<![\d.])0*{re.escape(number.lstrip('0') or '0')}(?!\d|\.\d)", plain):
            return f"the number {number} is not in the evidence"
    for word in ENGLISH_NUMBER.findall("".join(text)):
        if not re.search(rf"(?<![\d一二三四五六七八九十百])(?:{NUMBER_WORDS[word.lower()]})(?![\d一二三四五六七八九十百])", plain):
            return f"the number “{word}” is not in the evidence"
    return ""


def _check_words(
    sentence: str,
    quantities: Sequence[Quantity],
    sources: Sequence[Source],
    similarity: Similarity | None,
    *,
    english: bool,
) -> str:
    """Enough of what is said must stand in the evidence."""
    support = normalise("\n".join(source.support for source in sources))
    if english and not claims.is_english(sources[0].text):
        if similarity is None:
            return "" if quantities else "no figure in it can be compared with the Chinese evidence"
        likeness = max(similarity(sentence, source.evidence.text) for source in sources)
        limit = SIMILAR * (0.5 if quantities else 1)
        return "" if likeness >= limit else f"it is not what the evidence says (likeness {likeness:.2f})"
    pairs = pairs_of(normalise(sentence)) if not english else set(re.findall(r"[a-z]{3,}", sentence.lower()))
    share = share_of(pairs, support)
    if share < CHINESE_SUPPORT:
        return f"only {share:.0%} of its words stand in the evidence"
    for quantity in quantities:
        start, end = claims.clause_at(sentence, quantity.start)
        if not english and share_of(pairs_of(normalise(sentence[start:end])), support) < CLAUSE_SUPPORT:
            return f"what {quantity.text} is of does not stand in the evidence"
    return ""
