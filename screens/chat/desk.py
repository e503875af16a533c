"""What the chat needs of the program beside answers, as one protocol, so that tests can give it a small desk of their own."""

from __future__ import annotations

from typing import Protocol

from screens.chat.conversations import Conversations


class ChatDesk(Protocol):
    """Behind `screens.seams.Desk.chat`."""

    @property
    def conversations(self) -> Conversations:
        """What was asked before, of every user."""
        ...
