"""LlamaIndex as a peer: its default splitter, index and question prompt, with the product's embedding and model.

Optional: `pip install -r requirements-peers.txt` (MIT). Without it `is_installed` is False and `eval.baseline` says how to get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from eval.plain import PlainChunk, PlainPipeline, PlainText
from rag.embed import Encoder
from rag.llm import Model
from rag.prompting import Message

HOW_TO = "LlamaIndex is left out: it is not installed. `pip install -r requirements-peers.txt` adds it."
CHUNK_TOKENS = (256, 512, 1024)  # 1024 is its default
OVERLAP = 20
TOP = 2  # its default


def is_installed() -> bool:
    """Whether the peer can be asked."""
    return find_spec("llama_index") is not None and find_spec("llama_index.core") is not None


class LlamaIndexIndex:
    """SentenceSplitter and VectorStoreIndex; the vectors are the product's."""

    def __init__(self, encoder: Encoder, chunk_tokens: int = CHUNK_TOKENS[-1]) -> None:
        from llama_index.core.node_parser import SentenceSplitter

        self._encoder = encoder
        self._splitter: Any = SentenceSplitter(chunk_size=chunk_tokens, chunk_overlap=OVERLAP)
        self._index: Any = None
        self.chunks: list[PlainChunk] = []

    def add(self, texts: Sequence[PlainText]) -> None:
        """Split the letters and index them; once, with all of them."""
        from llama_index.core import Document, MockEmbedding, VectorStoreIndex

        documents = [
            Document(text=t.text, metadata={"file": t.file}, excluded_embed_metadata_keys=["file"], excluded_llm_metadata_keys=["file"])
            for t in texts
        ]
        nodes: list[Any] = self._splitter.get_nodes_from_documents(documents)
        vectors = self._encoder.encode([node.text for node in nodes])
        for node, vector in zip(nodes, vectors, strict=True):
            node.embedding = [float(x) for x in vector]
        # the vectors are given with nodes and questions, so its own embedding is never asked
        self._index = VectorStoreIndex(nodes, embed_model=MockEmbedding(embed_dim=vectors.shape[1]))
        self.chunks = [_chunk_of(node) for node in nodes]

    def search(self, text: str, limit: int = TOP) -> list[PlainChunk]:
        """The nearest chunks."""
        from llama_index.core import QueryBundle

        vector = [float(x) for x in self._encoder.encode_questions([text])[0]]
        found = self._index.as_retriever(similarity_top_k=limit).retrieve(QueryBundle(text, embedding=vector))
        return [_chunk_of(hit.node) for hit in found]


class LlamaIndexPipeline(PlainPipeline):
    """Its way of asking: all chunks in one prompt, the prompt its own."""

    def __init__(self, index: LlamaIndexIndex, model: Model | None = None) -> None:
        super().__init__(index, model=model, top=TOP)

    def messages(self, question: str, chunks: Sequence[PlainChunk]) -> Sequence[Message]:
        """LlamaIndex's default prompt for questions."""
        from llama_index.core.prompts.default_prompts import DEFAULT_TEXT_QA_PROMPT

        context = "\n\n".join(chunk.text for chunk in chunks)
        return (Message("user", DEFAULT_TEXT_QA_PROMPT.format(context_str=context, query_str=question)),)


def _chunk_of(node: Any) -> PlainChunk:  # noqa: ANN401 - a LlamaIndex node
    return PlainChunk(node.metadata["file"], node.start_char_idx or 0, node.text)
