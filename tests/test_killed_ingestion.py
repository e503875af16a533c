"""Ingestions that are killed at random moments; `python -m tests.kill_ingestion` kills more of them."""

from __future__ import annotations

import pytest

from tests.kill_ingestion import run_kills

KILLS = 12


@pytest.mark.timeout(600)
def test_killed_ingestion_leaves_each_letter_as_before_or_as_after_and_the_next_one_goes_on() -> None:
    struck = list(run_kills(KILLS, letters=8))
    assert [one.faults for one in struck] == [()] * KILLS
