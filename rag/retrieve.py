"""Question → the chunks that fit it best.

Candidates come from full text and from the vector index; then each candidate is scored by all measures, and their standardised
scores are summed. Measured on public sets (docs/log.md): the sum beats rank fusion; in Chinese the words lead; in an English
question over Chinese text the vectors lead and only numbers and Latin words can match.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.embed import Reranker, Vectors, load_reranker, unpack_vectors
from rag.keyword import read_characters, read_terms, read_words, search_terms
from rag.records import Hit
from rag.registry_search import Candidate, list_keys_of, load_candidates, sample_texts
from rag.script import fold_for_matching
from rag.store import Store

Scores = NDArray[np.float64]

CANDIDATES = 200  # from each of full text and vector index
EXACT_BELOW = 600  # chunks of the asked letters: so few are all candidates
RERANKED = 20
SAMPLE = 2000  # chunks that tell how rare a character is
WINDOW = 2  # sentences
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]*")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each standardised score counts."""

    words: float  # BM25 over bigrams, Latin words and numbers
    characters: float  # the best two sentences' share of the question's characters, the rarer the more
    sentence: float  # cosine of the best sentence
    passage: float  # cosine of the whole chunk


WEIGHTS = {"zh": Weights(1.0, 0.4, 0.4, 0.4), "en": Weights(0.15, 0.0, 1.0, 0.8)}


class Retriever:
    """Finds chunks for questions in one store."""

    def __init__(self, store: Store, reranker: Reranker | None = None, weights: Mapping[str, Weights] = WEIGHTS) -> None:
        self._store = store
        self._weights = weights
        self._reranker = reranker or load_reranker(store.settings)
        self._rarity: tuple[int, dict[str, float]] | None = None

    def retrieve(
        self,
        text: str,
        language: str,
        limit: int,
        letter_ids: Collection[str] | None = None,
        as_of: date | None = None,
        view: Mapping[str, int] | None = None,
    ) -> list[Hit]:
        """The best chunks, best first.

        Args:
            text: the question.
            language: zh or en: which measure leads.
            limit: how many at most.
            letter_ids: only in these letters.
            as_of: in the versions that counted on that day.
            view: in these versions (letter → version), in place of `as_of`.
        """
        view = self._store.registry.view(as_of) if view is None else view
        if letter_ids is not None:
            view = {letter_id: view[letter_id] for letter_id in letter_ids if letter_id in view}
        if not view or not text.strip():
            return []
        question = self._store.encoder.encode_questions([text])[0]
        candidates = self._find_candidates(text, question, set(view.values()), bounded=letter_ids is not None)
        if not candidates:
            return []
        scores = self._score(text, question, candidates, self._weights.get(language, self._weights["zh"]))
        order = np.argsort(-scores, kind="stable")
        hits = [Hit(candidates[position].chunk, float(scores[position])) for position in order[: max(limit, RERANKED)]]
        return self._rerank(text, hits)[:limit]

    def _find_candidates(self, text: str, question: Vectors, version_ids: set[int], *, bounded: bool) -> list[Candidate]:
        store = self._store
        terms = read_terms(text)
        with store.registry.read() as connection:
            keys = list_keys_of(connection, version_ids) if bounded else None
            words = search_terms(connection, terms, CANDIDATES, keys)
            near = [] if keys is not None and len(keys) <= EXACT_BELOW else store.nearest_chunks(question, CANDIDATES)
            everything = keys if keys is not None and len(keys) <= EXACT_BELOW else ()
            return load_candidates(
                connection,
                word_scores={hit.key: hit.score for hit in words},
                vector_keys=[found.key for found in near],
                chunk_keys=everything,
                version_ids=version_ids,
            )

    def _score(self, text: str, question: Vectors, candidates: Sequence[Candidate], weights: Weights) -> Scores:
        rows = unpack_vectors(b"".join(candidate.packed for candidate in candidates), question.shape[0])
        lengths = [len(candidate.packed) // question.shape[0] for candidate in candidates]
        cosines = rows @ question
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(int)
        passage = cosines[starts]
        sentence = np.array([cosines[s + 1 : s + n].max() if n > 1 else cosines[s] for s, n in zip(starts, lengths, strict=True)])
        words = np.array([candidate.word_score for candidate in candidates])
        total = weights.words * standardise(words) + weights.sentence * standardise(sentence) + weights.passage * standardise(passage)
        if weights.characters:
            rarity = self._character_rarity()
            unseen = max(rarity.values(), default=1.0)
            wanted = {character: rarity.get(character, unseen) for character in read_characters(text)}
            total += weights.characters * standardise(np.array([_match_window(candidate.chunk.text, wanted) for candidate in candidates]))
        return total

    def _character_rarity(self) -> dict[str, float]:
        """How much a character tells, from a sample of the store's chunks; refreshed when the store has doubled."""
        count = self._store.registry.count()
        if self._rarity is None or count > 2 * self._rarity[0] or count * 2 < self._rarity[0]:
            with self._store.registry.read() as connection:
                texts = sample_texts(connection, SAMPLE)
            seen = Counter(character for text in texts for character in set(read_characters(text)))
            rarity = {character: max(1e-6, math.log((len(texts) - n + 0.5) / (n + 0.5))) for character, n in seen.items()}
            self._rarity = (count, rarity)
        return self._rarity[1]

    def _rerank(self, text: str, hits: list[Hit]) -> list[Hit]:
        if self._reranker is None or not hits:
            return hits
        first, rest = hits[:RERANKED], hits[RERANKED:]
        scores = self._reranker.score(text, [hit.chunk.text for hit in first])
        # Their scales differ: the reranked keep their places before the rest, with scores that fall in that order.
        order = np.argsort(-scores, kind="stable")
        ladder = sorted((hit.score for hit in first), reverse=True)
        return [Hit(first[position].chunk, ladder[rank]) for rank, position in enumerate(order)] + rest


def standardise(scores: Scores) -> Scores:
    """Mean 0, deviation 1; scores that are all alike say nothing and become 0."""
    deviation = scores.std()
    return np.zeros(len(scores)) if deviation < 1e-9 else np.asarray((scores - scores.mean()) / deviation, dtype=np.float64)


def _match_window(text: str, wanted: dict[str, float]) -> float:
    """The weight of the wanted characters that stand in the best run of neighbouring sentences."""
    words = {word for word in wanted if word.isascii()}  # Latin words and numbers count when they stand whole
    characters = wanted.keys() - words
    found: list[set[str]] = []
    for match in _SENTENCE.finditer(_fold(text)):
        sentence = match.group()
        found.append((characters & set(sentence)) | (words & set(read_words(sentence)) if words else set()))
    windows = range(max(1, len(found) - WINDOW + 1))
    return max((sum(wanted[character] for character in set().union(*found[first : first + WINDOW])) for first in windows), default=0.0)


@lru_cache(maxsize=20_000)
def _fold(text: str) -> str:
    return fold_for_matching(text)
