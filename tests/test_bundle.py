"""The real bundle, made here, installed and used in a network namespace that has no network but its own loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.settings import ROOT
from tests.office_server import free_port

pytestmark = [pytest.mark.bundle, pytest.mark.timeout(1200)]

ALONE = """
set -euo pipefail
ip link set lo up
if timeout 2 bash -c 'exec 3<>/dev/tcp/192.0.2.1/443' 2>/dev/null; then echo "there is a network" >&2; exit 7; fi
cd /
{bundle}/install.sh --to {to}
{to}/replydesk ingest {letters} --json
{to}/replydesk ask 温州市2023年新增孵化面积目标是多少？ --json
REPLYDESK_PORT={port} {to}/replydesk run &
app=$!
for _ in $(seq 90); do
  if {python} -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:{port}/").read().decode()[:20000])' 2>/dev/null; then break; fi
  sleep 1
done
kill $app
wait $app || true
{to}/replydesk python -m ingest --check
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "replydesk"
    environment = {**os.environ, "PYTHON": sys.executable}
    subprocess.run([ROOT / "deploy" / "bundle.sh", folder, "--without-model"], check=True, env=environment, timeout=900)
    return folder


def test_the_bundle_holds_what_it_needs_and_says_what_it_is(bundle: Path) -> None:
    wheels = {path.name.split("-")[0].lower().replace("_", "-") for path in (bundle / "wheels").iterdir()}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert wanted <= wheels
    assert all(path.suffix == ".whl" for path in (bundle / "wheels").iterdir())
    assert not (bundle / "app" / "tests").exists()
    assert (bundle / "app" / "app.py").is_file()
    checked = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_it_installs_and_answers_without_any_network(bundle: Path, tmp_path: Path) -> None:
    to = tmp_path / "office"
    places = {"bundle": bundle, "to": to, "letters": ROOT / "data" / "letters", "port": free_port(), "python": sys.executable}
    script = ALONE
    for name, value in places.items():
        script = script.replace(f"{{{name}}}", str(value))
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "REPLYDESK_"))}
    environment = {**bare, "PYTHON": sys.executable, "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        ["unshare", "-rn", "bash", "-c", script], capture_output=True, text=True, env=environment, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    decoder, at = json.JSONDecoder(), 0
    told: list[dict[str, Any]] = []
    while (at := done.stdout.find("{", at)) >= 0 and len(told) < 2:
        value, at = decoder.raw_decode(done.stdout, at)
        told.append(value)
    ingested, answer = told
    assert (ingested["failed"], ingested["letters"] > 40) == ([], True)
    assert answer["outcome"] == "answered"
    assert "180万平方米" in answer["answer"]
    assert "gradio" in done.stdout  # the page
    assert f"ReplyDesk {(bundle / 'VERSION').read_text().strip()} is installed" in done.stderr
