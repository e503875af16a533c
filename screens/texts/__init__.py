"""Every word of the screen, in Chinese and in English, one module a tab. A missing one is a type error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from screens.texts import chat, conversations, facts, filters, frame, ledger, library, source

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language."""

    language: str
    frame: frame.FrameTexts
    facts: facts.FactTexts
    chat: chat.ChatTexts
    filters: filters.FilterTexts
    conversations: conversations.ConversationTexts
    source: source.SourceTexts
    ledger: ledger.LedgerTexts
    library: library.LibraryTexts

    def say_count(self, template: str, count: int) -> str:
        """A text with a number in it; English has a form for one in front of `|`."""
        forms = template.split("|")
        return forms[0 if count == 1 else -1].format(count=count)

    def show_date(self, day: date) -> str:
        """A date as the language writes it."""
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%b} {day.year}"


ZH = Texts("zh", frame.ZH, facts.ZH, chat.ZH, filters.ZH, conversations.ZH, source.ZH, ledger.ZH, library.ZH)
EN = Texts("en", frame.EN, facts.EN, chat.EN, filters.EN, conversations.EN, source.EN, ledger.EN, library.EN)


def texts_for(language: str) -> Texts:
    """The words of a language; Chinese for any that we do not have."""
    return EN if language == "en" else ZH
