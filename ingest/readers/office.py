"""Binary Office files (doc, wps): turned into docx, which its reader reads. The work is done in a process of its own, with a time limit.

A library does it; where LibreOffice is installed, it takes what the library cannot read.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from rag.errors import ReadError

LIBRARY_SECONDS, OFFICE_SECONDS = 20.0, 35.0
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in the file's directory tell what wrote it.
_LOCKED = "EncryptedPackage"
_OTHERS = {
    "Workbook": ("an Excel workbook", " Excel 工作簿"),
    "PowerPoint Document": ("a PowerPoint presentation", " PowerPoint 演示文稿"),
    "__substg1.0_": ("a mail saved by Outlook (.msg); save the mail as .eml", " Outlook 邮件（.msg，邮件请存为 .eml）"),
    "VisioDocument": ("a Visio drawing", " Visio 绘图"),
    "MatOST": ("a Microsoft Works file", " Microsoft Works 文件"),
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
        reason = _run([sys.executable, "-X", "utf8", "-m", "doc2docx", str(source), "-o", str(target)], LIBRARY_SECONDS)
        if target.is_file() and target.stat().st_size:
            return target.read_bytes()
        if "password" in reason.lower() or "encrypt" in reason.lower():
            raise ReadError(f"{file}: locked with a password. Save a copy without one.", f"{file}：有密码保护。请另存一份不设密码的。")
        office = find_office()
        if office is None:
            raise ReadError(
                f"{file}: this old Office file cannot be read ({reason}). Save it as docx or pdf; where LibreOffice is installed it is tried too.",
                f"{file}：旧版 Office 文件无法读取（{reason}）。请另存为 docx 或 pdf；装有 LibreOffice 时也会用它试读。",
            )
        profile = (Path(folder) / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx", "--outdir", folder]
        reason = _run([*command, str(source)], OFFICE_SECONDS)
        if target.is_file() and target.stat().st_size:
            return target.read_bytes()
    raise ReadError(
        f"{file}: this old Office file cannot be read, by LibreOffice neither ({reason}). Save it as docx or pdf.",
        f"{file}：旧版 Office 文件无法读取，LibreOffice 也不能（{reason}）。请另存为 docx 或 pdf。",
    )


def find_office() -> str | None:
    """LibreOffice's command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _tell_what_it_is(data: bytes, file: str) -> None:
    """Refuse by name what is no text document."""
    if _has_stream(data, _LOCKED):
        raise ReadError(f"{file}: locked with a password. Save a copy without one.", f"{file}：有密码保护。请另存一份不设密码的。")
    if _has_stream(data, "WordDocument"):
        return
    for stream, (what, what_zh) in _OTHERS.items():
        if _has_stream(data, stream):
            raise ReadError(
                f"{file}: {what}, no letter. Save the letter as docx or pdf.",
                f"{file}：这是{what_zh}，不是答复函。请将答复函另存为 docx 或 pdf。",
            )
    raise ReadError(
        f"{file}: an old Office file without a Word document in it, or damaged. Save it as docx or pdf.",
        f"{file}：旧版 Office 文件中没有 Word 文档，或已损坏。请另存为 docx 或 pdf。",
    )


def _has_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


def _run(command: list[str], seconds: float) -> str:
    """Run a converter to its end or to the time limit; gives what it complained of."""
    with tempfile.TemporaryFile() as told:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, start_new_session=True)
        except OSError as error:
            return error.strerror or str(error)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"not done within {seconds:.0f} s"
        finally:
            _end(process)
        told.seek(0)
        lines = told.read(20_000).decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else f"exit code {process.returncode}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a converter that still runs, with the processes that it started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
