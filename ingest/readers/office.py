"""Binary Office files (doc, wps): turned into docx, which its reader reads. The work is done in a process of its own, with a time limit.

A library does it; where LibreOffice is installed, it takes what the library cannot read.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rag.errors import ReadError

TIMEOUT_SECONDS = 50.0
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the file's directory tell what wrote it.
_LOCKED = "EncryptedPackage"
_OTHERS = {
    "Workbook": "an Excel workbook",
    "PowerPoint Document": "a PowerPoint presentation",
    "__substg1.0_": "a mail saved by Outlook (.msg); save the mail as .eml",
    "VisioDocument": "a Visio drawing",
    "MatOST": "a Microsoft Works file",
}


def convert_to_docx(data: bytes, file: str) -> bytes:
    """Turn a binary Word or WPS document into docx.

    Raises:
        ReadError: it is locked, damaged, of another program, or neither way can read it.
    """
    _tell_what_it_is(data, file)
    with tempfile.TemporaryDirectory(prefix="replydesk-") as folder:
        source, target = Path(folder) / "letter.doc", Path(folder) / "letter.docx"
        source.write_bytes(data)
        reason = _run([sys.executable, "-X", "utf8", "-m", "doc2docx", str(source), "-o", str(target)])
        if target.is_file() and target.stat().st_size:
            return target.read_bytes()
        if "password" in reason.lower() or "encrypt" in reason.lower():
            raise ReadError(f"{file}: locked with a password. Save a copy without one.")
        office = find_office()
        if office is None:
            raise ReadError(
                f"{file}: this old Office file cannot be read ({reason}). Save it as docx or pdf; where LibreOffice is installed it is tried too."
            )
        profile = (Path(folder) / "profile").as_uri()
        reason = _run(
            [
                office,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--norestore",
                "--convert-to",
                "docx",
                "--outdir",
                folder,
                str(source),
            ]
        )
        if target.is_file() and target.stat().st_size:
            return target.read_bytes()
    raise ReadError(f"{file}: this old Office file cannot be read, by LibreOffice neither ({reason}). Save it as docx or pdf.")


def find_office() -> str | None:
    """LibreOffice's command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _tell_what_it_is(data: bytes, file: str) -> None:
    """Refuse by name what is no text document."""
    if _has_stream(data, _LOCKED):
        raise ReadError(f"{file}: locked with a password. Save a copy without one.")
    if _has_stream(data, "WordDocument"):
        return
    for stream, what in _OTHERS.items():
        if _has_stream(data, stream):
            raise ReadError(f"{file}: {what}, no letter. Save the letter as docx or pdf.")
    raise ReadError(f"{file}: an old Office file without a Word document in it, or damaged. Save it as docx or pdf.")


def _has_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


def _run(command: list[str]) -> str:
    """Run a converter to its end or to the time limit; gives what it complained of."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return f"not done within {TIMEOUT_SECONDS:.0f} s"
    except OSError as error:
        return error.strerror or str(error)
    told = (done.stderr or done.stdout).decode("utf-8", errors="replace").strip().splitlines()
    return told[-1][:200] if told else f"exit code {done.returncode}"
