"""install.sh on small bundles: what it refuses, what it leaves alone, upgrade and way back. The real bundle is in test_bundle.py."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag.settings import ROOT

HERE = f"{platform.system()} {platform.machine()} python{sys.version_info.major}.{sys.version_info.minor}"
STUB = """
import os, sys, pathlib
store = pathlib.Path(os.environ.get("REPLYDESK_STORE", "store"))
if "--help" in sys.argv:
    sys.exit({help})
if "--backup" in sys.argv:
    pathlib.Path(sys.argv[sys.argv.index("--backup") + 1]).write_text((store / "letters").read_text())
    sys.exit({backup})
print("{version}", *sys.argv[1:])
"""


def make_bundle(folder: Path, version: str, *, help_code: int = 0, backup_code: int = 0) -> Path:
    """A bundle without requirements, whose app only says its version."""
    (folder / "app" / "ingest").mkdir(parents=True)
    (folder / "wheels").mkdir()
    (folder / "app" / "requirements.txt").write_text("# nothing\n")
    stub = STUB.format(version=version, help=help_code, backup=backup_code)
    (folder / "app" / "ingest" / "__main__.py").write_text(stub)
    (folder / "app" / "app.py").write_text(f"print('running {version}')\n")
    (folder / "VERSION").write_text(f"{version}\n")
    (folder / "PLATFORM").write_text(f"{HERE}\n")
    for name in ("install.sh", "replydesk.service", "nginx.conf"):
        shutil.copy(ROOT / "deploy" / name, folder)
    return seal(folder)


def seal(folder: Path) -> Path:
    """Write the checksums."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("SHA256SUMS"))
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  ./{p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def install(bundle: Path, to: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": sys.executable}
    return subprocess.run(
        [bundle / "install.sh", "--to", to, *options], capture_output=True, text=True, env=environment, timeout=120, check=False
    )


def run(to: Path, *words: str) -> str:
    return subprocess.run([to / "replydesk", *words], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def current(to: Path) -> str:
    return (to / "current").readlink().name


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1, with a store."""
    folder = tmp_path_factory.mktemp("installed")
    to = folder / "office of ours"  # a name with spaces
    done = install(make_bundle(folder / "bundle-1", "1"), to)
    assert done.returncode == 0, done.stderr
    (to / "data" / "store").mkdir()
    (to / "data" / "store" / "letters").write_text("three letters")
    return to


@pytest.fixture
def office(installed: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change. Its environment points to where it was made, which a stub does not mind."""
    to = tmp_path / "office"
    shutil.copytree(installed, to, symlinks=True)
    for name in ("replydesk", "replydesk.env"):
        (to / name).write_text((to / name).read_text().replace(str(installed), str(to)))
    return to


def test_it_runs_and_keeps_its_settings_and_data_beside_it(installed: Path) -> None:
    assert run(installed) == "running 1"
    assert run(installed, "ingest", "--list") == "1 --list"
    assert (installed / "replydesk.env").read_text().count("REPLYDESK_LLM=none") == 1
    assert f'ExecStart="{installed}/replydesk" run' in (installed / "replydesk.service").read_text()


def test_what_is_set_for_a_call_goes_before_the_file(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("two letters")
    environment = {**os.environ, "REPLYDESK_STORE": str(tmp_path)}
    subprocess.run([installed / "replydesk", "backup", tmp_path / "kept.zip"], check=True, env=environment)
    assert (tmp_path / "kept.zip").read_text() == "two letters"


def test_paths_are_of_the_folder_that_it_is_called_in(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "replydesk", "ingest", "letters", "--json"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"1 {tmp_path / 'letters'} --json"


def test_upgrade_backs_up_switches_and_keeps_settings(office: Path, tmp_path: Path) -> None:
    (office / "replydesk.env").write_text((office / "replydesk.env").read_text() + "REPLYDESK_HOME=甲市\n")
    done = install(make_bundle(tmp_path / "bundle-2", "2"), office)
    assert done.returncode == 0, done.stderr
    assert run(office) == "running 2"
    assert (office / "backups" / "before-2.zip").read_text() == "three letters"
    assert "REPLYDESK_HOME=甲市" in (office / "replydesk.env").read_text()
    back = install(tmp_path / "bundle-2", office, "--rollback")
    assert back.returncode == 0, back.stderr
    assert run(office) == "running 1"
    assert "restore" in back.stderr
    assert install(tmp_path / "bundle-2", office, "--rollback").returncode == 0
    assert run(office) == "running 2"  # and forward again


def test_a_version_that_does_not_start_is_not_switched_to(office: Path, tmp_path: Path) -> None:
    done = install(make_bundle(tmp_path / "bundle-3", "3", help_code=1), office)
    assert done.returncode == 1
    assert "does not start" in done.stderr
    assert current(office) == "1"


def test_a_store_that_cannot_be_backed_up_stops_the_upgrade(office: Path, tmp_path: Path) -> None:
    stub = office / "current" / "app" / "ingest" / "__main__.py"
    stub.write_text(STUB.format(version="1", help=0, backup=1))
    done = install(make_bundle(tmp_path / "bundle-2", "2"), office)
    assert done.returncode == 1
    assert "could not be backed up" in done.stderr
    assert (current(office), run(office)) == ("1", "running 1")


def test_an_installation_that_was_broken_off_is_begun_again(office: Path, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle-2", "2")
    half = office / "releases" / "2" / "app"
    half.mkdir(parents=True)
    (half / "left-over").touch()
    assert install(bundle, office).returncode == 0
    assert not (half / "left-over").exists()
    assert run(office) == "running 2"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("altered", "damaged or missing: ./app/app.py: FAILED"),
        ("missing", "damaged or missing: ./app/app.py"),
        ("unlisted", "not of this bundle: ./wheels/evil-1.0-py3-none-any.whl"),
        ("no sums", "SHA256SUMS is missing"),
        ("other platform", "the bundle is for Plan9 vax python2.7"),
    ],
)
def test_a_bundle_that_is_not_whole_or_does_not_fit_is_refused(office: Path, tmp_path: Path, fault: str, says: str) -> None:
    bundle = make_bundle(tmp_path / "bundle-2", "2")
    match fault:
        case "altered":
            (bundle / "app" / "app.py").write_text("print('evil')\n")
        case "missing":
            (bundle / "app" / "app.py").unlink()
        case "unlisted":
            (bundle / "wheels" / "evil-1.0-py3-none-any.whl").touch()
        case "no sums":
            (bundle / "SHA256SUMS").unlink()
        case "other platform":
            (bundle / "PLATFORM").write_text("Plan9 vax python2.7\n")
            seal(bundle)
    done = install(bundle, office)
    assert done.returncode == 1
    assert says in done.stderr
    assert (current(office), run(office)) == ("1", "running 1")
    assert not (office / "releases" / "2").exists()


def test_a_signature_is_asked_for_and_checked(office: Path, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle-2", "2")
    for name in ("ours", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", tmp_path / name], check=True)
        public = (tmp_path / f"{name}.pub").read_text()
        (tmp_path / f"{name}.signers").write_text(f"{name}@office {public}")
    unsigned = install(bundle, office, "--signers", str(tmp_path / "ours.signers"))
    assert (unsigned.returncode, "not signed" in unsigned.stderr) == (1, True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", tmp_path / "ours", "-n", "replydesk", bundle / "SHA256SUMS"], check=True)
    stranger = install(bundle, office, "--signers", str(tmp_path / "other.signers"))
    assert (stranger.returncode, "signed by nobody" in stranger.stderr) == (1, True)
    (bundle / "app" / "app.py").write_text("print('evil')\n")
    seal(bundle)  # sums that fit, under a signature that does not
    forged = install(bundle, office, "--signers", str(tmp_path / "ours.signers"))
    assert (forged.returncode, "does not fit" in forged.stderr) == (1, True)
    assert current(office) == "1"
    (bundle / "app" / "app.py").write_text("print('running 2')\n")
    seal(bundle)
    assert install(bundle, office, "--signers", str(tmp_path / "ours.signers")).returncode == 0
    assert current(office) == "2"


def test_two_installations_at_once_exclude_each_other(office: Path, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle-2", "2")
    with subprocess.Popen(["flock", office / ".lock", "sleep", "60"]) as other:
        done = install(bundle, office)
        other.kill()
    assert done.returncode == 1
    assert "another installation" in done.stderr
    assert current(office) == "1"


def test_wrong_use_is_told(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle-1", "1")
    assert "unknown option --frob" in install(bundle, tmp_path / "x", "--frob").stderr
    assert "no earlier version" in install(bundle, tmp_path / "x", "--rollback").stderr
