"""A real ingestion is killed at random moments, and the store must be sound each time: `python -m tests.kill_ingestion --kills 200`.

Each kill (SIGKILL, to the command alone) strikes a `python -m ingest` that brings new letters, others in place of older ones, an archive and
a damaged file to a copy of one and the same store; most of them strike once it has begun to write. Then each letter must be wholly as before or wholly as after an ingestion that nobody
disturbed; the next start must sweep what is left over, go on where the killed one stopped, and end where the undisturbed one ended.

A kill leaves to the disk what the system has taken over from the program. A power cut may lose that too: registry, index and originals ask
the system to write it through before the registry tells of it, which no test of this kind can show.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from eval.made_letters import make_letter
from ingest.check import check_store
from ingest.scan import list_files
from ingest.update import ingest_files
from rag.embed import Encoder, load_encoder, unpack_vectors
from rag.registry import FILE
from rag.settings import Settings
from rag.store import ORIGINALS, SCRATCH, Store, open_store
from tests.forked_ingestion import Forks

ROOT = Path(__file__).resolve().parent.parent
SEED = 20231126
EVERYWHERE = 8  # each so many kills strike a program started from nothing, at any moment; the others one that is about to open the store,
BEFORE = 4  # each so many of these at any moment, the rest once the first new original lies in the store
LOOK_SECONDS = 0.002  # between two looks whether it has begun to write
_LEFT_OUT = {
    "version_id",
    "chunk_key",
    "ingestion",
    "arrived_at",
    "packed",
}  # numbers given by order of arrival, and by the run; vectors are compared by likeness

Letters = Mapping[str, Mapping[str, str]]  # letter → content hash of a version → digest of all that the registry holds of it


@dataclass(frozen=True, slots=True)
class Scene:
    """What all kills start from, and where they must end."""

    store: Path  # before
    files: Path  # what is ingested
    settings: Settings  # of the command's store
    before: Letters
    after: Letters
    vectors: Mapping[str, tuple[bytes, ...]]  # content hash → the packed vectors of its chunks
    seconds: float  # of an undisturbed run, with its start
    seconds_working: float  # without it
    seconds_writing: float  # of these, from the first original on


def write_files(folder: Path, letters: int) -> tuple[Path, Path]:
    """The letters that are there already, and those that come: a quarter as they were, a quarter changed, as many new as there were."""
    old, new = folder / "old", folder / "new"
    for place in (old, new):
        place.mkdir()
    for number in range(letters):
        made = make_letter(number)
        (old / made.file).write_text(made.text, encoding="utf-8")
        if number % 4 == 0:
            (new / made.file).write_text(made.text, encoding="utf-8")
        elif number % 4 == 1:
            (new / made.file).write_text(made.text.replace("以上。", "以上，力争更多。"), encoding="utf-8")
    packed = letters // 4
    for number in range(letters, 2 * letters - packed):
        made = make_letter(number)
        (new / made.file).write_text(made.text, encoding="utf-8")
    with zipfile.ZipFile(new / "more.zip", "w") as archive:
        for number in range(2 * letters - packed, 2 * letters):
            archive.writestr(f"又{number}.txt", make_letter(number).text)
    (new / "damaged.docx").write_bytes(b"PK\x03\x04 no document")
    return old, new


def make_scene(folder: Path, letters: int, encoder: Encoder, forks: Forks) -> Scene:
    """Make the store as it is before, and one as it must be after."""
    old, new = write_files(folder, letters)
    settings = Settings(store=folder / "before", llm="none")
    with open_store(settings, write=True, encoder=encoder) as store:
        ingest_files(store, list(list_files([old])))
    after = Settings(store=folder / "after", llm="none")
    shutil.copytree(settings.store, after.store)
    started = time.monotonic()
    start_from_nothing(new, after.store).communicate()
    ended = time.monotonic()
    with open_store(after, write=True, encoder=encoder) as store:
        assert check_store(store) == []
        vectors = read_vectors(store)
    working, writing = time_working(new, settings, folder / "again", forks)
    return Scene(
        store=settings.store,
        files=new,
        settings=Settings(store=folder / "killed", llm="none"),
        before=read_letters(settings.store),
        after=read_letters(after.store),
        vectors=vectors,
        seconds=ended - started,
        seconds_working=working,
        seconds_writing=writing,
    )


def start_from_nothing(files: Path, store: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ingest", str(files), "--store", str(store)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def time_working(files: Path, settings: Settings, store: Path, forks: Forks) -> tuple[float, float]:
    """Seconds of an undisturbed run, all of them and those from its first original on."""
    shutil.copytree(settings.store, store)
    started = time.monotonic()
    wait_for_original(store, settings.store, forks.start([str(files), "--store", str(store)]))
    begun = time.monotonic()
    assert forks.wait() == 1  # the damaged file
    ended = time.monotonic()
    return ended - started, ended - begun


def wait_for_original(store: Path, before: Path, process: int) -> None:
    """Until the first new original has come, or the process has ended."""
    there = count_originals(before)
    with suppress(ProcessLookupError):
        while count_originals(store) == there:
            os.kill(process, 0)  # only asks whether it is there
            time.sleep(LOOK_SECONDS)


def count_originals(store: Path) -> int:
    return sum(1 for _ in (store / ORIGINALS).glob("*/*"))


def read_letters(folder: Path) -> Letters:
    """All letters, read past the program: with SQLite alone, as a reader would find them."""
    found: dict[str, dict[str, str]] = {}
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.row_factory = sqlite3.Row
        for version in connection.execute("SELECT * FROM versions ORDER BY version_id"):
            number = (version["version_id"],)
            rows = [version]
            rows += connection.execute("SELECT * FROM sentences WHERE version_id = ? ORDER BY position", number)
            rows += connection.execute("SELECT * FROM figures WHERE version_id = ? ORDER BY position", number)
            rows += connection.execute(
                "SELECT c.*, length(x.packed), w.text AS words, w.context AS context_words FROM chunks c "
                "LEFT JOIN vectors x ON x.chunk_key = c.chunk_key LEFT JOIN chunk_words w ON w.rowid = c.chunk_key "
                "WHERE c.version_id = ? ORDER BY c.position",
                number,
            )
            told = [[(name, row[name]) for name in row.keys() if name not in _LEFT_OUT] for row in rows]  # noqa: SIM118 - values otherwise
            digest = hashlib.sha256(repr(told).encode()).hexdigest()
            found.setdefault(version["letter_id"], {})[version["content_hash"]] = digest
    return found


def read_vectors(store: Store) -> dict[str, tuple[bytes, ...]]:
    """The packed vectors of each version's chunks."""
    found: dict[str, tuple[bytes, ...]] = {}
    with store.registry.read() as connection:
        for content_hash, packed in connection.execute_plain(
            "SELECT v.content_hash, x.packed FROM versions v JOIN chunks c USING (version_id) JOIN vectors x USING (chunk_key) "
            "ORDER BY v.content_hash, c.position"
        ):
            assert isinstance(packed, bytes)
            found[str(content_hash)] = (*found.get(str(content_hash), ()), packed)
    return found


def strike(scene: Scene, chance: random.Random, number: int, forks: Forks) -> None:
    """Start an ingestion of a copy of the store, and kill it."""
    store = scene.settings.store
    shutil.rmtree(store, ignore_errors=True)
    shutil.copytree(scene.store, store)
    if number % EVERYWHERE == EVERYWHERE - 1:
        started = start_from_nothing(scene.files, store)
        time.sleep(chance.uniform(0, scene.seconds))
        started.kill()
        started.wait()
    else:
        process = forks.start([str(scene.files), "--store", str(store)])
        if number % BEFORE == 0:
            time.sleep(chance.uniform(0, scene.seconds_working))
        else:
            wait_for_original(store, scene.store, process)
            time.sleep(chance.uniform(0, scene.seconds_writing))
        with suppress(ProcessLookupError):  # it had ended
            os.kill(process, signal.SIGKILL)
        forks.wait()


def judge_strike(scene: Scene, encoder: Encoder) -> Iterator[str]:
    """Each fault of the store after a kill, then after the next start and its ingestion."""
    store = scene.settings.store
    found = read_letters(store)
    yield from judge_letters(found, scene)
    arrived = {content_hash for versions in found.values() for content_hash in versions}
    with open_store(scene.settings, write=True, encoder=encoder) as opened:
        yield from (f"after the sweep: {fault.what}" for fault in check_store(opened))
        yield from judge_leftovers(opened)
        if read_letters(store) != found:
            yield "the sweep changed letters"
        tally = ingest_files(opened, list(list_files([scene.files])))
        expected = {content_hash for versions in scene.after.values() for content_hash in versions}
        if tally.new + tally.changed != len(expected - arrived):
            yield f"{tally.new + tally.changed} letters went in where {len(expected - arrived)} were missing"
        yield from (f"at the end: {fault.what}" for fault in check_store(opened))
        yield from judge_leftovers(opened)
        if read_letters(store) != scene.after:
            yield "the end differs from that of an undisturbed ingestion"
        yield from judge_vectors(opened, scene.vectors)


def judge_letters(found: Letters, scene: Scene) -> Iterator[str]:
    for letter_id in scene.after.keys() | found.keys():
        state = found.get(letter_id, {})
        if state not in (scene.before.get(letter_id, {}), scene.after.get(letter_id, {})):
            yield f"letter {letter_id} is neither as before nor as after"


def judge_leftovers(store: Store) -> Iterator[str]:
    """Files that nobody needs."""
    kept = {version.content_hash for version in store.registry.versions()}
    for path in (store.folder / ORIGINALS).rglob("*"):
        if path.is_file() and path.name.split(".")[0] not in kept:
            yield f"left over: {path.name}"
        if path.suffix == ".part":
            yield f"left over: {path.name}"
    yield from (f"left over: {path.name}" for path in store.folder.glob(f"{SCRATCH}*"))


def judge_vectors(store: Store, expected: Mapping[str, tuple[bytes, ...]]) -> Iterator[str]:
    """Vectors are alike (not the same to the last bit: that depends on what is encoded together), and each chunk is found by its own."""
    found = read_vectors(store)
    if found.keys() != expected.keys():
        yield "vectors of other versions"
        return
    size = store.encoder.size
    for content_hash, packed in expected.items():
        for position, (mine, right) in enumerate(zip(found[content_hash], packed, strict=True)):
            one, other = unpack_vectors(mine, size), unpack_vectors(right, size)
            if one.shape != other.shape or float((one * other).sum(axis=1).min()) < 0.999:
                yield f"vectors of {content_hash[:8]}:{position} differ"
            elif position == 0 and f"{content_hash[:32]}:0" not in {near.key for near in store.index.chunks.search(one[0], 5)}:
                yield f"chunk {content_hash[:8]}:0 is not found by its own vector"


@dataclass(frozen=True, slots=True)
class Strike:
    """One kill: how far the ingestion had come, and what was wrong afterwards."""

    share: float  # of the versions to be written
    faults: tuple[str, ...]


def run_kills(kills: int, letters: int, seed: int = SEED) -> Iterator[Strike]:
    """Kill so many ingestions, one after the other."""
    chance = random.Random(seed)
    encoder = load_encoder(Settings())
    with tempfile.TemporaryDirectory(prefix="replydesk-kills-") as name, Forks() as forks:
        scene = make_scene(Path(name), letters, encoder, forks)
        for number in range(kills):
            strike(scene, chance, number, forks)
            share = progress_of(scene)
            yield Strike(share, tuple(judge_strike(scene, encoder)))


def progress_of(scene: Scene) -> float:
    """How far the killed one came: the share of versions that were written."""
    count = [sum(map(len, letters.values())) for letters in (scene.before, read_letters(scene.settings.store), scene.after)]
    return (count[1] - count[0]) / max(1, count[2] - count[0])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kill_ingestion", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--letters", type=int, default=24, help="in the store before; the index writes its files at about 84 of them")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    reached: Counter[str] = Counter()
    faulty = 0
    started = time.monotonic()
    for number, struck in enumerate(run_kills(asked.kills, asked.letters, asked.seed), 1):
        reached["nothing written" if struck.share == 0 else "all written" if struck.share == 1 else "some written"] += 1
        faulty += bool(struck.faults)
        for fault in struck.faults:
            sys.stderr.write(f"kill {number} at {struck.share:.0%}: {fault}\n")
        if number % 10 == 0:
            sys.stderr.write(f"{number} kills, {faulty} with faults, {time.monotonic() - started:.0f} s, {dict(reached)}\n")
    seconds = round(time.monotonic() - started)
    sys.stdout.write(json.dumps({"kills": asked.kills, "with_faults": faulty, "reached": reached, "seconds": seconds}) + "\n")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
