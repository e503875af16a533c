"""The plain pipelines that ReplyDesk is measured against: the LangChain tutorial's, and the same with BM25 and rank fusion.

Recursive splitter, Chroma, top 4, one prompt. Same reading of the files, same embedding, same model as the product, so that what differs is what is
done with them. Needs langchain-chroma (requirements-dev.txt).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from langchain_core.embeddings import Embeddings

from rag.embed import Encoder
from rag.keyword import read_terms
from rag.llm import Model
from rag.prompting import Message, load_prompt
from rag.records import Answer, Citation, Outcome, Turn

TOP = 4  # the tutorial's
POOL = 20  # of each leg, before fusion
FUSION = 60  # Cormack et al. 2009
K1, B = 1.5, 0.75  # BM25's usual constants
BATCH = 500
SEPARATORS = ["\n\n", "\n", "。", "；", "，", " ", ""]  # LangChain's own advice for Chinese: sentence ends before spaces
_UNKNOWN = re.compile(
    r"不知道|无法(?:回答|确定|得知|提供)|没有(?:提供|提到|提及|相关|找到)|未(?:提供|提到|提及|找到)|don.t know|do not know|not (?:provide|mention|specif|state)|no information"
    r"|cannot (?:answer|determine)|does not (?:contain|say)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A letter as the plain pipelines see it."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class PlainChunk:
    """A piece of a letter's text."""

    file: str
    start: int
    text: str


class Index(Protocol):
    """Letters split and indexed, in whatever way."""

    chunks: list[PlainChunk]

    def add(self, texts: Sequence[PlainText]) -> None:
        """Split and write letters."""
        ...

    def search(self, text: str, limit: int) -> list[PlainChunk]:
        """The nearest chunks."""
        ...


class PlainEmbeddings(Embeddings):
    """The product's encoder as a LangChain embedding."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages."""
        return [[float(x) for x in row] for row in self._encoder.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question."""
        return [float(x) for x in self._encoder.encode_questions([text])[0]]


class PlainIndex:
    """Splitter and Chroma, as in the tutorial."""

    def __init__(self, folder: Path, encoder: Encoder, chunk_size: int = 400) -> None:
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=chunk_size, chunk_overlap=chunk_size // 5, separators=SEPARATORS, add_start_index=True
        )
        self._chroma: Any = Chroma(
            collection_name=f"plain-{chunk_size}", embedding_function=PlainEmbeddings(encoder), persist_directory=str(folder)
        )
        self.chunks: list[PlainChunk] = []

    def add(self, texts: Sequence[PlainText]) -> None:
        """Split and write letters."""
        documents = self._splitter.create_documents([t.text for t in texts], [{"file": t.file} for t in texts])
        for first in range(0, len(documents), BATCH):
            self._chroma.add_documents(documents[first : first + BATCH])
        self.chunks += [_chunk_of(document) for document in documents]

    def search(self, text: str, limit: int = TOP) -> list[PlainChunk]:
        """The nearest chunks."""
        return [_chunk_of(document) for document in self._chroma.similarity_search(text, k=limit)]


def _chunk_of(document: Any) -> PlainChunk:  # noqa: ANN401 - a LangChain document
    return PlainChunk(document.metadata["file"], document.metadata["start_index"], document.page_content)


class WordIndex:
    """BM25 over character bigrams and whole Latin words: the terms that suit Chinese, since a tokeniser that splits on spaces finds nothing."""

    def __init__(self, chunks: Sequence[PlainChunk]) -> None:
        self._chunks = list(chunks)
        self._counts = [Counter(read_terms(chunk.text)) for chunk in self._chunks]
        lengths = [sum(counts.values()) for counts in self._counts]
        self._lengths, self._mean = lengths, (sum(lengths) / len(lengths) if lengths else 1.0)
        self._found_in = Counter(term for counts in self._counts for term in counts)

    def search(self, text: str, limit: int = TOP) -> list[PlainChunk]:
        """The chunks with the highest BM25; those without any term of the question are left out."""
        terms = set(read_terms(text))
        scores = [self._score(terms, i) for i in range(len(self._chunks))]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])[:limit]
        return [self._chunks[i] for i in order if scores[i] > 0]

    def _score(self, terms: Iterable[str], i: int) -> float:
        counts, total = self._counts[i], len(self._chunks)
        score = 0.0
        for term in terms:
            if count := counts.get(term):
                rarity = math.log(1 + (total - self._found_in[term] + 0.5) / (self._found_in[term] + 0.5))
                score += rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * self._lengths[i] / self._mean))
        return score


def fuse_ranks(rankings: Sequence[Sequence[PlainChunk]], limit: int = TOP) -> list[PlainChunk]:
    """Reciprocal rank fusion."""
    scores: dict[PlainChunk, float] = {}
    for ranking in rankings:
        for place, chunk in enumerate(ranking):
            scores[chunk] = scores.get(chunk, 0.0) + 1 / (FUSION + place + 1)
    return sorted(scores, key=lambda chunk: -scores[chunk])[:limit]


class PlainPipeline:
    """Retrieve, then let the model answer; without a model the first chunk is quoted."""

    def __init__(self, index: Index, words: WordIndex | None = None, model: Model | None = None, top: int = TOP) -> None:
        self._index, self._words, self._model, self._top = index, words, model, top

    def messages(self, question: str, chunks: Sequence[PlainChunk]) -> Sequence[Message]:
        """What the model is asked."""
        return load_prompt("plain_rag").fill({"question": question, "context": "\n\n".join(chunk.text for chunk in chunks)})

    def retrieve(self, text: str, limit: int | None = None) -> list[PlainChunk]:
        """The chunks for a question; as many as the model is shown, unless told otherwise."""
        limit = limit or self._top
        if self._words is None:
            return self._index.search(text, limit)
        return fuse_ranks([self._index.search(text, POOL), self._words.search(text, POOL)], limit)

    def ask(self, question: str, history: Sequence[Turn] = (), as_of: date | None = None, asked_on: date | None = None) -> Answer:
        """Answer like the tutorial; a follow-up is asked with the question before it, and the day of asking is told."""
        start = perf_counter()
        asked = " ".join([*(turn.question for turn in history[-1:]), question])
        chunks = self.retrieve(asked)
        found = perf_counter()
        if not chunks:
            return Answer(Outcome.NOT_FOUND, "")
        if self._model is None:
            text, cited = chunks[0].text, chunks[:1]
        else:
            dated = f"{asked} ({asked_on.isoformat()})" if asked_on else asked
            text, cited = "".join(self._model.stream(self.messages(dated, chunks))).strip(), chunks
        refused = self._model is not None and _UNKNOWN.search(text) is not None
        end = perf_counter()
        seconds = {"understand": 0.0, "retrieve": found - start, "generate": end - found, "verify": 0.0, "total": end - start}
        citations = tuple(_cite(chunk, place) for place, chunk in enumerate(cited, 1))
        return Answer(
            Outcome.NOT_FOUND if refused else Outcome.ANSWERED,
            text,
            citations,
            seconds=seconds,
            model=self._model.name if self._model else None,
        )


def _cite(chunk: PlainChunk, place: int) -> Citation:
    end = chunk.start + len(chunk.text)
    return Citation(f"E{place}", chunk.file, chunk.file, None, None, None, None, None, chunk.start, end, chunk.text)


def read_plain_texts(folder: Path) -> list[PlainText]:
    """The letters of a folder, read by the product's readers."""
    from ingest.readers.choose import read_document

    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [PlainText(path.name, "\n\n".join(page.text for page in read_document(path).pages)) for path in files]
