"""The pipeline as a LangChain Runnable, so that others can compose it."""

from __future__ import annotations

from langchain_core.runnables import Runnable, RunnableLambda

from rag.pipeline import Pipeline
from rag.records import Answer


def make_langchain_pipeline(pipeline: Pipeline) -> Runnable[str, Answer]:
    """A Runnable from a question to its verified answer: `.invoke(question)`, `.batch([…])`, `|` with other steps."""
    return RunnableLambda(lambda question: pipeline.ask(question), name="replydesk")
