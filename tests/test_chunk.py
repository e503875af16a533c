"""Chunks follow sections, keep sentences whole and tables with their head, and stay within their tokens."""

from __future__ import annotations

import pytest

from ingest.chunk import make_chunks
from ingest.parse import parse_letter
from ingest.readers.choose import read_bytes
from rag.records import Letter
from rag.tokens import count_tokens

ROWS = "\n".join(f"第{n}街道\t{n}\t{n + 1}" for n in range(1, 40))
TEXT = f"""临河市水务局文件

临水提复〔2022〕8号

关于市政协八届一次会议第15号提案的答复

周望野委员：

您提出的《关于推进节水型城市建设的提案》（第15号）收悉，现答复如下：

一、工作回顾

（一）供水。{"去年新建管网35公里，改造泵站四座，居民用水满意率稳步提高。" * 12}

（二）节水。节水企业128家。

二、各街道情况

街道\t2021年完成\t2022年计划
{ROWS}

三、下步打算

继续努力。

感谢您的支持。

临河市水务局
2022年5月20日
"""


@pytest.fixture(scope="module")
def letter() -> Letter:
    return parse_letter(read_bytes(TEXT.encode(), "letter.txt"))


def test_each_sentence_is_in_exactly_one_chunk(letter: Letter) -> None:
    chunks = make_chunks(letter, count_tokens)
    assert [i for c in chunks for i in range(c.first_sentence, c.last_sentence + 1)] == list(range(len(letter.sentences)))
    assert all(c.text == letter.text[letter.sentences[c.first_sentence].start : letter.sentences[c.last_sentence].end] for c in chunks)
    assert len({c.chunk_id for c in chunks}) == len(chunks)


@pytest.mark.parametrize("limit", [120, 200, 320, 600])
def test_chunks_keep_to_their_tokens(letter: Letter, limit: int) -> None:
    chunks = make_chunks(letter, count_tokens, limit)
    assert all(c.tokens == count_tokens(f"{c.context}\n{c.text}") for c in chunks)
    assert [c.text for c in chunks if c.tokens > limit and c.first_sentence != c.last_sentence] == []


def test_no_chunk_holds_text_of_two_sections(letter: Letter) -> None:
    for chunk in make_chunks(letter, count_tokens):
        held = {
            s.section for s in letter.sentences[chunk.first_sentence : chunk.last_sentence + 1] if s.role.value in ("body", "table_row")
        }
        assert len(held) <= 1


def test_heading_stands_with_what_follows_it(letter: Letter) -> None:
    chunk = next(c for c in make_chunks(letter, count_tokens) if "节水企业128家" in c.text)
    assert chunk.text == "（二）节水。节水企业128家。"


def test_context_names_title_body_year_and_headings(letter: Letter) -> None:
    chunk = next(c for c in make_chunks(letter, count_tokens) if "节水企业128家" in c.text)
    assert chunk.context == "关于推进节水型城市建设的提案 临河市水务局 2022年\n一、工作回顾 › （二）节水"


def test_each_part_of_a_long_table_has_its_head(letter: Letter) -> None:
    parts = [c for c in make_chunks(letter, count_tokens) if "街道 | " in c.text]
    assert len(parts) > 1
    assert all("街道 | 2021年完成 | 2022年计划" in c.context for c in parts)
