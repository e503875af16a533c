"""A model server that fails at first, and works later, is found without a restart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rag.settings import Settings
from screens import live
from screens.live import LiveDesk
from screens.seams import ModelPhase
from tests.lying_model import LyingModel


def wait_for(desk: LiveDesk, phase: ModelPhase) -> None:
    until = time.monotonic() + 30
    while desk.model().phase is not phase:
        assert time.monotonic() < until, desk.model()
        time.sleep(0.02)


def test_an_endpoint_that_fails_is_tried_again_until_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ENDPOINT_TRIED_AGAIN_SECONDS", (0.05,))
    with LyingModel(key="right") as endpoint:
        desk = LiveDesk(Settings(store=tmp_path / "store", llm=endpoint.url, llm_key="wrong"))
        desk.start()
        wait_for(desk, ModelPhase.FAILED)
        assert "REPLYDESK_LLM_KEY" in desk.model().reason
        endpoint.key = "wrong"
        wait_for(desk, ModelPhase.READY)
