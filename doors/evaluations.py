"""Evaluations started by an administrator: `python -m eval.run` in a process of its own, one at a time, its scores kept in the store's folder."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic

from eval.questions import read_questions
from rag.errors import BusyError, ReplyDeskError
from rag.settings import ROOT, Settings

FOLDER = "evaluations"
RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
LONGEST_SECONDS = 4 * 3600
KEPT = 20  # of them; older ones are forgotten
_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run over a question set."""

    evaluation_id: str
    state: str  # running, done, failed, stopped
    questions: int
    started_at: str  # UTC, ISO 8601
    seconds: float
    reason: str = ""  # why it failed
    scores: dict[str, object] | None = None


class Evaluations:
    """The runs of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()

    def start(self, questions: Sequence[str], llm: str) -> Evaluation:
        """Start one over questions, each a line of JSON as eval/questions/README.md tells.

        Raises:
            BusyError: one is running.
            QuestionSetError: they are no questions of this kind.
        """
        with self._lock:
            for run in self._runs.values():
                if run.tell().state == RUNNING:
                    raise BusyError(
                        f"The evaluation {run.evaluation_id} is running, and there is one at a time. Wait for it, or stop it with DELETE.",
                        f"评测 {run.evaluation_id} 正在进行，同一时间只能有一个。请等待其完成，或先停止。",
                    )
            while len(self._runs) >= KEPT:
                self._runs.pop(next(iter(self._runs)))
            run = _Run(self._settings, questions, llm)
            self._runs[run.evaluation_id] = run
        return run.tell()

    def find(self, evaluation_id: str) -> Evaluation | None:
        """How far it is; None where there is none of this id since the server was started."""
        run = self._runs.get(evaluation_id) if _ID.fullmatch(evaluation_id) else None
        return run.tell() if run else None

    def stop(self, evaluation_id: str) -> Evaluation | None:
        """End it."""
        run = self._runs.get(evaluation_id)
        if run is None:
            return None
        run.stop()
        return run.tell()

    def close(self) -> None:
        """End all of them: the server stops."""
        for run in list(self._runs.values()):
            run.stop()


class _Run:
    def __init__(self, settings: Settings, questions: Sequence[str], llm: str) -> None:
        self.evaluation_id = token_hex(6)
        self._folder = settings.store / FOLDER / self.evaluation_id
        self._count = len(questions)
        self._started_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._started, self._ended = monotonic(), 0.0
        self._is_stopped = False
        try:
            self._folder.mkdir(parents=True)
            asked = self._folder / "questions.jsonl"
            asked.write_text("".join(line + "\n" for line in questions), encoding="utf-8")
            read_questions(asked)
            self._log = (self._folder / "log.txt").open("wb")
        except OSError as error:
            raise ReplyDeskError(f"{self._folder} cannot be written: {error.strerror}. Check the store's folder and its disk.") from error
        command = [sys.executable, "-m", "eval.run", str(asked), "--store", str(settings.store), "--llm", llm, "--out", str(self._folder)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT)
        threading.Thread(target=self._wait, name="evaluation", daemon=True).start()

    def tell(self) -> Evaluation:
        code = self._process.poll()
        seconds = round((self._ended or monotonic()) - self._started, 1)
        if code is None or not self._ended:
            return Evaluation(self.evaluation_id, RUNNING, self._count, self._started_at, seconds)
        if self._is_stopped:
            return Evaluation(self.evaluation_id, STOPPED, self._count, self._started_at, seconds)
        scores = self._folder / "scores.json"
        if not scores.exists():
            said = (self._folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-500:]
            reason = f"It ended with code {code}: {said}"
            return Evaluation(self.evaluation_id, FAILED, self._count, self._started_at, seconds, reason)
        told = json.loads(scores.read_text(encoding="utf-8"))
        return Evaluation(self.evaluation_id, DONE, self._count, self._started_at, seconds, scores=told)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._is_stopped = True
            self._process.terminate()

    def _wait(self) -> None:
        try:
            self._process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            self.stop()
            self._process.wait()
        self._log.close()
        self._ended = monotonic()
