"""The retriever as a LangChain one, so that others can compose it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.records import Hit
from rag.retrieve import Retriever
from rag.store import Store


class LetterRetriever(BaseRetriever):
    """Chunks of letters as LangChain documents; what is known of the letter is in their metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    retriever: Retriever
    limit: int = 5
    language: str = ""  # zh or en; empty: by the characters of the question

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        language = self.language or ("zh" if any("一" <= character <= "鿿" for character in query) else "en")
        return [self._make_document(hit) for hit in self.retriever.retrieve(query, language, self.limit)]

    def _make_document(self, hit: Hit) -> Document:
        letter = self.store.registry.letter(hit.chunk.letter_id)
        known = {
            "letter_id": letter.letter_id,
            "file": letter.file,
            "title": letter.title,
            "doc_number": letter.doc_number,
            "body": letter.bodies[0] if letter.bodies else None,
            "issued_on": letter.issued_on.isoformat() if letter.issued_on else None,
            "start": letter.sentences[hit.chunk.first_sentence].start,
            "end": letter.sentences[hit.chunk.last_sentence].end,
            "score": hit.score,
        }
        return Document(id=hit.chunk.chunk_id, page_content=hit.chunk.text, metadata=known)


def make_langchain_retriever(store: Store, limit: int = 5, language: str = "") -> LetterRetriever:
    """A LangChain retriever over a store."""
    return LetterRetriever(store=store, retriever=Retriever(store), limit=limit, language=language)
