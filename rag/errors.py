"""What can go wrong, as one tree.

    ReplyDeskError
    ├── SettingError          a setting is unknown or cannot be used
    ├── ReadError             a file cannot be read as a letter
    ├── StoreError            the store cannot be opened or written
    │   ├── StoreBusyError    another process writes to it
    │   └── EmbeddingMismatchError   another embedding made it
    ├── ModelError            the language model
    │   ├── ModelFileError    its file cannot be had or is damaged
    │   └── ModelCallError    its endpoint failed or answered nonsense
    ├── PromptError           a prompt file is missing, or a variable of it
    └── QuestionSetError      a question set cannot be read

Each message says what, where and what to do. Only commands and screens catch and show.
"""


class ReplyDeskError(Exception):
    """Root of all errors of this program."""


class SettingError(ReplyDeskError):
    """A setting is unknown or has a value that cannot be used."""


class ReadError(ReplyDeskError):
    """A file cannot be read as a letter."""


class StoreError(ReplyDeskError):
    """The store cannot be opened, read or written."""


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


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
