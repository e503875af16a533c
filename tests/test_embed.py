"""Embeddings: the built-in one, and a tiny real model of sentence-transformers on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from rag.embed import (
    READ_AT_MOST,
    BuiltInEncoder,
    TransformerEncoder,
    embedding_name,
    load_encoder,
    load_reranker,
    pack_vectors,
    unit_length,
    unpack_vectors,
)
from rag.errors import SettingError
from rag.settings import Settings

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"新增孵化面积养老床位学校多少家个"]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of one layer with random weights, saved as users save theirs."""
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(config).save_pretrained(folder)
    return folder


def test_built_in_encoder_gives_unit_vectors_in_the_order_of_the_texts() -> None:
    encoder = BuiltInEncoder()
    texts = ["新增孵化面积五十万平方米", "床位", "new floor space of incubators"]
    rows = encoder.encode(texts)
    assert rows.shape == (3, encoder.size)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert rows[1] @ encoder.encode(["床位"])[0] == pytest.approx(1.0, abs=1e-4)
    assert rows[0] @ rows[2] > rows[1] @ rows[2]


def test_no_texts_give_no_rows() -> None:
    assert BuiltInEncoder().encode([]).shape == (0, 512)


def test_text_without_end_is_read_at_its_beginning() -> None:
    encoder = BuiltInEncoder()
    text = "养老床位" + "a" * 3_000_000
    start = perf_counter()
    rows = encoder.encode([text, text[:READ_AT_MOST]])
    assert perf_counter() - start < 10
    assert rows[0] @ rows[1] == pytest.approx(1.0, abs=1e-4)


def test_packed_vectors_keep_their_angles() -> None:
    rows = unit_length(np.random.default_rng(3).standard_normal((40, 512)).astype(np.float32))
    again = unpack_vectors(pack_vectors(rows), 512)
    assert np.abs(again @ again.T - rows @ rows.T).max() < 0.01


def test_folder_of_a_transformer_is_used_by_its_name(tiny_model: Path) -> None:
    settings = Settings(embedding=str(tiny_model))
    encoder = load_encoder(settings)
    assert isinstance(encoder, TransformerEncoder)
    assert (encoder.name, encoder.size) == (embedding_name(settings), 16) == ("tiny-bert", 16)
    rows = encoder.encode(["新增孵化面积", "养老床位"])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode([]).shape == (0, 16)


def test_reranker_scores_each_text(tiny_model: Path) -> None:
    reranker = load_reranker(Settings(reranker=str(tiny_model)))
    assert reranker is not None
    assert reranker.score("新增面积多少", ["孵化面积", "养老床位", "学校"]).shape == (3,)
    assert reranker.score("新增面积多少", []).shape == (0,)


def test_model_that_is_not_there_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"REPLYDESK_EMBEDDING=.*nowhere.*local folder"):
        load_encoder(Settings(embedding=str(tmp_path / "nowhere")))
    with pytest.raises(SettingError, match=r"REPLYDESK_RERANKER=.*nowhere"):
        load_reranker(Settings(reranker=str(tmp_path / "nowhere")))


def test_built_in_encoder_does_not_load_torch() -> None:
    program = "import sys; from rag.embed import BuiltInEncoder; BuiltInEncoder().encode(['一']); sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120, cwd=Path(__file__).parent.parent)
