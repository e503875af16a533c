"""The single measurements of `eval.bench`. What must not share memory or caches with another runs in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

import httpx

from rag.errors import StoreError
from rag.settings import ROOT, Settings

ASKERS = 8
PAGE_SECONDS = 120.0
EVIDENCE_TOKENS = (50, 150, 300)


def run_apart(measure: Callable[..., dict[str, Any]], *given: object) -> dict[str, Any]:
    """Call it in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *given).result()


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles (nearest rank) in milliseconds."""
    ordered = sorted(seconds)
    picks = {f"p{share}": ordered[max(0, -(-share * len(ordered) // 100) - 1)] for share in (50, 95, 99)} if ordered else {}
    return {name: round(value * 1000, 2) for name, value in picks.items()}


def measure_ingestion(letters: Path, store: Path) -> dict[str, Any]:
    """`python -m ingest`, with the seconds from start to end of the process and its peak memory and processor time, which tells what a busy machine hides.

    Raises:
        StoreError: it failed.
    """
    command = [sys.executable, "-m", "ingest", str(letters), "--store", str(store), "--json"]
    start = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    seconds = perf_counter() - start
    if process.returncode != 0:
        raise StoreError(f"{' '.join(command[1:4])} ended with {process.returncode}: {told.decode(errors='replace')[:300]}")
    result = json.loads(told)
    count = result["letters"]
    return {
        "seconds": round(seconds, 2), "letters_per_second": round(count / result["seconds"], 2), "peak_mb": round(usage.ru_maxrss / 1024, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "figures": result["figures"], "chunks": result["chunks"],
    }  # fmt: skip


def size_of_folder(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure_answers(store: Path, questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Ledger, retrieval and whole answers, with one asker and with eight; then this process's memory."""
    from rag.ledger import answer_from_ledger
    from rag.pipeline import Pipeline
    from rag.question import understand

    pipeline = Pipeline(replace(Settings.from_environment(), store=store, llm="none"))
    first = _timed(lambda: pipeline.ask(questions[0][0]))
    view = pipeline.view()
    queries = [understand(text, (), view.known, date(2026, 1, 1), "") for text, _ in questions]
    calls: dict[str, list[Callable[[], object]]] = {
        "ledger_ms": [lambda query=query: answer_from_ledger(query, view) for query in queries],  # type: ignore[misc]
        "retrieval_ms": [lambda query=query: pipeline.retriever.retrieve(query.resolved, query.language, 20) for query in queries],  # type: ignore[misc]
        "answer_ms": [lambda text=text: pipeline.ask(text) for text, _ in questions],  # type: ignore[misc]
    }
    result: dict[str, Any] = {"first_answer_seconds": round(first, 2)}
    for name, askers in (("1 asker", 1), (f"{ASKERS} askers", ASKERS)):
        with ThreadPoolExecutor(askers) as pool:
            result[name] = {kind: spread_ms(list(pool.map(_timed, some))) for kind, some in calls.items()}
    return {**result, "memory_mb": memory_mb(os.getpid())}


def _timed(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def memory_mb(process_id: int) -> float:
    """Resident memory of a process now; 0 where the system does not tell."""
    status = Path(f"/proc/{process_id}/status")
    if not status.is_file():
        return 0.0
    line = next((line for line in status.read_text().splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return round(int(line.split()[1]) / 1024, 1)


def measure_start(store: Path) -> dict[str, Any]:
    """Seconds from the start of app.py to its first page.

    Raises:
        StoreError: it ended, or the page did not come in time.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"REPLYDESK_STORE": str(store), "REPLYDESK_PORT": str(port), "REPLYDESK_HOST": "127.0.0.1", "REPLYDESK_LLM": "none"}
    start = monotonic()
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while monotonic() - start < PAGE_SECONDS:
            if process.poll() is not None:
                raise StoreError(f"app.py ended with {process.returncode} before its first page.")
            try:
                if httpx.get(f"http://127.0.0.1:{port}/", timeout=10).is_success:
                    return {"seconds": round(monotonic() - start, 2), "memory_mb": memory_mb(process.pid)}
            except httpx.TransportError:
                sleep(0.05)
        raise StoreError(f"app.py gave no page within {PAGE_SECONDS:.0f} s.")
    finally:
        process.terminate()
        process.wait(20)


def measure_plain(letters: Path, folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The plain LangChain pipeline over the same letters: taking them in, and its retrieval."""
    from eval.plain import PlainIndex, read_plain_texts
    from rag.embed import load_encoder

    start = perf_counter()
    index = PlainIndex(folder, load_encoder(Settings()))
    texts = read_plain_texts(letters)
    index.add(texts)
    seconds = perf_counter() - start
    times = [_timed(lambda text=text: index.search(text)) for text in questions]  # type: ignore[misc]
    return {
        "seconds": round(seconds, 2), "letters_per_second": round(len(texts) / seconds, 2), "chunks": len(index.chunks),
        "retrieval_ms": spread_ms(times), "store_mb": round(size_of_folder(folder) / 1e6, 1), "memory_mb": memory_mb(os.getpid()),
    }  # fmt: skip


def measure_first_word(llm: str) -> dict[str, float]:
    """Seconds to a model's first word, by about how many tokens of evidence."""
    from rag.llm import connect
    from rag.prompting import explain_prompt
    from rag.records import Evidence
    from rag.tokens import count_tokens

    model = connect(replace(Settings.from_environment(), llm=llm))
    if model is None:
        return {}
    result = {}
    line = "我们将健全工作机制，加大资金投入，按季度通报进度。"
    for tokens in EVIDENCE_TOKENS:
        evidence = [Evidence(f"E{i}", line, "made", i) for i in range(1, max(2, tokens // count_tokens(line) + 1))]
        stream = model.stream(explain_prompt(f"有哪{tokens}项安排？", "zh", evidence))
        result[str(tokens)] = round(_timed(lambda stream=stream: next(iter(stream), None)), 2)  # type: ignore[misc]
    return result
