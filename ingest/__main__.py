"""`python -m ingest`: letters into the store, and the store's upkeep. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ingest.backup import Backup, back_up, restore
from ingest.check import check_store
from ingest.pinned import PinnedGate, find_pinned_file, read_pinned
from ingest.report import (
    answers_as_json,
    answers_as_text,
    ingestion_as_json,
    ingestion_as_text,
    letters_as_json,
    letters_as_text,
    undone_as_json,
    undone_as_text,
)
from ingest.scan import list_files
from ingest.undo import undo_ingestion
from ingest.update import Tally, ingest_files
from ingest.upkeep import rebuild_store, remove_from_store
from ingest.watch import watch
from rag.errors import ReplyDeskError, SettingError
from rag.settings import Settings
from rag.store import PINNED, Store, open_store

DONE, FAILED, WRONG_USE = 0, 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit code."""
    parser = _make_parser()
    asked = parser.parse_args(words)
    actions = [bool(getattr(asked, name)) for name in ("list", "check", "rebuild", "remove", "undo", "backup", "restore", "paths")]
    if sum(actions) != 1 or (asked.watch and not asked.paths):
        parser.print_usage(sys.stderr)
        sys.stderr.write(
            "Give files or folders (with --watch or without), or one of --list, --remove, --rebuild, --check, --undo, --backup, --restore.\n"
        )
        return WRONG_USE
    try:
        settings = Settings.from_environment()
        if asked.store is not None:
            settings = replace(settings, store=asked.store)
        return _run(asked, settings)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USE
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Take letters into the store. What is there already is left as it is."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="letter files, or folders of them")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the store's folder (else REPLYDESK_STORE, else data/store)")
    parser.add_argument(
        "--watch", action="store_true", help="stay, and take in what is new or changed in these folders, once fully written"
    )
    parser.add_argument("--interval", type=float, default=5, metavar="SECONDS", help="with --watch: time between two looks (default: 5)")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait so long for another writer of the store to finish")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--list", action="store_true", help="list the letters in the store")
    parser.add_argument("--remove", metavar="LETTER_ID", help="remove a letter with all its versions")
    parser.add_argument("--rebuild", action="store_true", help="make vectors and full text anew, also for another REPLYDESK_EMBEDDING")
    parser.add_argument("--check", action="store_true", help="check that registry, figures, full text, vectors and originals agree")
    parser.add_argument("--pinned", type=Path, metavar="FILE", help=f"ask these questions before and after (else the store's {PINNED})")
    parser.add_argument("--undo", action="store_true", help="take back the last ingestion, wholly; again: the one before it")
    parser.add_argument("--backup", type=Path, metavar="FILE", help="write the store into one file, while it is in use")
    parser.add_argument("--restore", type=Path, metavar="FILE", help="put the store back to what such a file holds, wholly or not at all")
    return parser


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.list:
        with open_store(settings, any_embedding=True) as store:
            return _list_letters(store, as_json=asked.json)
    if asked.check:
        with open_store(settings, any_embedding=True) as store:
            return _check(store, as_json=asked.json)
    if asked.backup:
        with open_store(settings, any_embedding=True) as store:
            return _tell_backup(back_up(store, asked.backup), "holds", as_json=asked.json)
    if asked.restore:
        return _tell_backup(restore(settings, asked.restore, wait_seconds=asked.wait), "is put back:", as_json=asked.json)
    if asked.watch:
        return _watch(asked, settings)
    any_embedding = asked.rebuild or asked.undo or asked.remove is not None
    with open_store(settings, write=True, any_embedding=any_embedding, wait_seconds=asked.wait, purpose=_purpose(asked)) as store:
        if asked.remove is not None:
            removed = remove_from_store(store, asked.remove)
            _tell({"removed": asked.remove, "versions": removed}, f"Removed {asked.remove} ({removed} versions).", as_json=asked.json)
            return DONE
        if asked.undo:
            undone = undo_ingestion(store)
            _tell(undone_as_json(undone), undone_as_text(undone), as_json=asked.json)
            return DONE
        if asked.rebuild:
            with _progress("versions", quiet=asked.json) as (bar, task):
                chunks = rebuild_store(store, lambda done, total: bar.update(task, completed=done, total=total))
            _tell({"chunks": chunks}, f"Made vectors and full text of {chunks} chunks anew.", as_json=asked.json)
            return DONE
        return _ingest(store, asked.paths, asked.pinned, as_json=asked.json)


def _watch(asked: argparse.Namespace, settings: Settings) -> int:
    """Until it is interrupted or told to end; what was under way is left as any stopped ingestion: each letter wholly in or not at all."""
    if not asked.interval > 0:
        raise SettingError(f"--interval is {asked.interval}; give a number of seconds above 0, such as 5.")

    def take(paths: Sequence[Path]) -> None:
        with open_store(settings, write=True, wait_seconds=asked.wait, purpose=_purpose(asked)) as store:
            _ingest(store, paths, asked.pinned, as_json=asked.json)
        sys.stdout.flush()

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    tell(f"Watching {', '.join(map(str, asked.paths))}. Ctrl-C ends it.")
    try:
        watch(asked.paths, take, tell, lambda: time.sleep(asked.interval))
    except KeyboardInterrupt:
        tell("Stopped watching.")
    return DONE


def _purpose(asked: argparse.Namespace) -> str:
    """What another one who wants to write is told."""
    if asked.remove is not None:
        what = f"--remove {asked.remove}"
    else:
        paths = " ".join(map(str, asked.paths))
        what = "--rebuild" if asked.rebuild else "--undo" if asked.undo else f"--watch {paths}" if asked.watch else paths
    return f"python -m ingest {what}"[:200]


def _ingest(store: Store, paths: Sequence[Path], pinned: Path | None, *, as_json: bool) -> int:
    started = time.perf_counter()
    files = list(list_files(paths))
    pinned = find_pinned_file(store, pinned)
    questions = read_pinned(pinned) if pinned else []
    gate = PinnedGate(store, questions) if questions else None
    with _progress("files", quiet=False) as (bar, task):

        def report(tally: Tally) -> None:
            counts = f"{tally.new} new, {tally.changed} changed, {tally.unchanged} unchanged, {len(tally.failed)} failed"
            bar.update(task, completed=tally.seen, total=len(files), counts=counts)

        tally = ingest_files(store, files, report)
    size, seconds = store.registry.size(), time.perf_counter() - started
    told, text = ingestion_as_json(tally, size, seconds), ingestion_as_text(tally, size, seconds)
    if gate:
        answers = gate.find_changes(tally.written, tally.changes)
        told["pinned"] = answers_as_json(answers)
        text = f"{text}\n{answers_as_text(answers, len(questions))}"
    _tell(told, text, as_json=as_json)
    return FAILED if tally.failed else DONE


def _list_letters(store: Store, *, as_json: bool) -> int:
    rows = letters_as_json(store.registry)
    _tell(rows, letters_as_text(rows), as_json=as_json)
    return DONE


def _tell_backup(backup: Backup, does: str, *, as_json: bool) -> int:
    told = {name: value for name, value in asdict(backup).items() if name != "file"} | {"file": str(backup.file)}
    lines = [f"{file}: its original is not in the store, and so not in the backup" for file in backup.missing]
    lines.append(f"{backup.file} of {backup.made_at} {does} {backup.letters} letters, {backup.originals} originals.")
    _tell(told, "\n".join(lines), as_json=as_json)
    return FAILED if backup.missing else DONE


def _check(store: Store, *, as_json: bool) -> int:
    faults = check_store(store)
    told = "\n".join([*(f"{fault.what}. Cure: {fault.cure}" for fault in faults),
                      f"{len(faults)} disagreements." if faults else "The parts of the store agree."])  # fmt: skip
    _tell({"letters": store.registry.count(), "faults": [asdict(fault) for fault in faults]}, told, as_json=as_json)
    return FAILED if faults else DONE


def _tell(result: object, text: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(result, ensure_ascii=False) if as_json else text) + "\n")


@contextmanager
def _progress(unit: str, *, quiet: bool) -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True, quiet=quiet)) as bar:
        yield bar, bar.add_task(unit, total=None, counts="")


if __name__ == "__main__":
    sys.exit(main())
