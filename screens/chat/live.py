"""The real desk of the chat: conversations, and what the store tells beside answers."""

from __future__ import annotations

from rag.settings import Settings
from screens.chat.conversations import Conversations


class LiveChat:
    """See `screens.chat.desk.ChatDesk`."""

    def __init__(self, settings: Settings) -> None:
        self.conversations = Conversations(settings.store)
