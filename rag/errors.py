"""What can go wrong, as one tree.

    ReplyDeskError
    ├── SettingError          a setting is unknown or cannot be used
    ├── ReadError             a file cannot be read as a letter
    ├── StoreError            the store cannot be opened or written
    │   ├── StoreBusyError    another process writes to it
    │   ├── StoreUnwritableError   nothing can be written: its disk is full, read-only, or parts of it are gone
    │   └── EmbeddingMismatchError   another embedding made it
    ├── ModelError            the language model
    │   ├── ModelFileError    its file cannot be had or is damaged
    │   └── ModelCallError    its endpoint failed or answered nonsense
    ├── PromptError           a prompt file is missing, or a variable of it
    ├── AccessError           who asks may not do this
    │   └── SignInError       wrong name or password, or locked for a while
    ├── LimitError            longer or larger than what is taken
    │   └── BusyError         more at once than can be served
    ├── AuditError            the audit's chain is broken
    └── QuestionSetError      a question set cannot be read

Each message says what, where and what to do, in English, and in Chinese for the errors that staff meet on the screen.
Only commands and screens catch and show.
"""

from __future__ import annotations


class ReplyDeskError(Exception):
    """Root of all errors of this program: `str(error)` is the message in English, `error.chinese` in Chinese."""

    def __init__(self, text: str, chinese: str = "") -> None:
        super().__init__(text, chinese or text)  # both, so that an error survives the way between processes
        self.chinese = chinese or text

    def __str__(self) -> str:
        """The message in English."""
        return str(self.args[0])


class SettingError(ReplyDeskError):
    """A setting is unknown or has a value that cannot be used."""


class ReadError(ReplyDeskError):
    """A file cannot be read as a letter; told in both languages."""

    def __init__(self, text: str, chinese: str) -> None:
        super().__init__(text, chinese)


class StoreError(ReplyDeskError):
    """The store cannot be opened, read or written."""


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


class StoreUnwritableError(StoreError):
    """No letter can be written to the store: what is there stays as it is."""


class EmbeddingMismatchError(StoreError):
    """The store was made with another embedding."""


class ModelError(ReplyDeskError):
    """The language model cannot be used."""


class ModelFileError(ModelError):
    """The model's file cannot be had, or is damaged."""


class ModelCallError(ModelError):
    """The model's endpoint failed, refused or answered nonsense."""


class PromptError(ReplyDeskError):
    """A prompt file is missing, or a variable of it."""


class QuestionSetError(ReplyDeskError):
    """A question set cannot be read."""


class AccessError(ReplyDeskError):
    """Who asks may not do this."""


class SignInError(AccessError):
    """Wrong name or password, or locked for a while."""


class LimitError(ReplyDeskError):
    """Longer or larger than what is taken."""


class BusyError(LimitError):
    """More at once than can be served."""


class AuditError(ReplyDeskError):
    """The audit's chain is broken."""
