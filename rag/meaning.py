"""Whether words mean the same, by the embedding of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def without_like(words: Sequence[str], others: Sequence[str], encode: Encode, least: float) -> list[str]:
    """The words that no other comes near to in meaning.

    Args:
        words: each is looked at for itself.
        others: what may mean the same.
        encode: texts → unit vectors.
        least: cosine from which on two words mean the same.
    """
    if not words or not others:
        return list(words)
    vectors = encode([*words, *dict.fromkeys(others)])
    likest = (vectors[: len(words)] @ vectors[len(words) :].T).max(axis=1)
    return [word for word, likeness in zip(words, likest, strict=True) if likeness < least]
