"""Serve the screen: `python app.py`."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence

from doors.account_book import AccountBook
from doors.gate import is_loopback
from doors.logs import set_up_logs
from rag.errors import ReplyDeskError, SettingError
from rag.faults import is_read_only
from rag.settings import Settings

_OPEN_TO_ALL = (
    "REPLYDESK_HOST={host} is reached from other computers, and there are no accounts: everybody there could read, add and remove letters. "
    "Add an account first: `python -m doors.accounts add NAME --role admin`. For this computer alone, leave REPLYDESK_HOST out."
)
_READ_ONLY = (
    "REPLYDESK_STORE={store} may only be read, and the screen keeps conversations, accounts and the audit there. "
    "Let the user who runs this program write there, or set REPLYDESK_STORE to another folder. `python -m rag.ask` answers without writing."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 0 = ended in good order, 1 = the port is taken, 2 = a wrong setting, or open to all without accounts."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve ReplyDesk's screen. All settings are REPLYDESK_… variables.")
    parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        set_up_logs(settings.log)
        if is_read_only(settings.store):
            raise SettingError(_READ_ONLY.format(store=settings.store))
        book = AccountBook(settings.store, settings.session_hours)
        if not is_loopback(settings.host) and book.is_empty():
            raise SettingError(_OPEN_TO_ALL.format(host=settings.host))
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    address = f"http://{_shown_host(settings.host)}:{settings.port}"
    if reason := _why_port_is_taken(settings):
        sys.stderr.write(f"{address} cannot be used: {reason}. Set REPLYDESK_PORT to another port.\n")
        return 1
    _keep_gradio_at_home(settings)

    from screens.quick_start import import_gradio

    import_gradio()
    import uvicorn

    from screens.live import LiveDesk
    from screens.server import Guarded, make_app

    desk = LiveDesk(settings)
    app = make_app(desk, settings.language, settings.host, settings.port, on_start=desk.start, guarded=Guarded(book, desk.office))
    sys.stderr.write(f"ReplyDesk 答复通: {address}\n")
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", log_config=None, timeout_graceful_shutdown=3)
    return 0


def _keep_gradio_at_home(settings: Settings) -> None:
    """No calls to its makers, and uploads stay within the store's folder. Must come before gradio is imported."""
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False",
        GRADIO_TEMP_DIR=str(settings.store / "uploads"),
        HF_HUB_DISABLE_TELEMETRY="1",
    )


def _shown_host(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def _why_port_is_taken(settings: Settings) -> str:
    """Empty when the port can be had; told before the slow imports."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
