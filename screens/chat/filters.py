"""What a question is narrowed down to: fields above the question, and a chip for each choice that is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import gradio as gr

from rag.filters import NOTHING, Filters
from rag.privacy import mask
from rag.records import Figure, Letter, LetterKind, Status
from screens.markup import escape
from screens.seams import FilterChoices
from screens.texts import Texts

LETTERS_AT_MOST = 1000  # in the list to choose from
CHIP_AT_MOST = 24  # characters of a letter's title on its chip
STATUSES = (Status.TARGET, Status.ACTUAL)
_FIELDS = ("years", "statuses", "bodies", "kinds", "letters")


def read_filters(
    years: Sequence[str], statuses: Sequence[str], bodies: Sequence[str], kinds: Sequence[str], letters: Sequence[str], day: str
) -> Filters:
    """From what the fields hold; a day that cannot be read counts as none, and the field says so."""
    return Filters(
        years=tuple(sorted(int(year) for year in years or ())),
        statuses=tuple(Status(status) for status in statuses or ()),
        bodies=tuple(bodies or ()),
        kinds=tuple(LetterKind(kind) for kind in kinds or ()),
        letters=tuple(letters or ()),
        as_of=read_day(day),
    )


def read_day(text: str | None) -> date | None:
    """2023-06-30, 2023/6/30 or 2023年6月30日; None of anything else."""
    numbers = (text or "").strip().rstrip("日").replace("年", "-").replace("月", "-").replace("/", "-").split("-")
    if len(numbers) != 3 or not all(number.strip().isdigit() for number in numbers):
        return None
    try:
        return date(*(int(number) for number in numbers))
    except ValueError:
        return None


def without(filters: Filters, field: str, value: str) -> Filters:
    """The filters without one choice; without a field, without any."""
    if not field:
        return NOTHING
    if field == "as_of":
        return replace(filters, as_of=None)
    if field not in _FIELDS:
        return filters
    kept: dict[str, Any] = {field: tuple(chosen for chosen in getattr(filters, field) if str(chosen) != value)}
    return replace(filters, **kept)


def list_choices(letters: Sequence[Letter], figures: Sequence[Figure]) -> FilterChoices:
    """What a store can be narrowed down to; of a large one the latest letters only."""
    latest = sorted(letters, key=lambda letter: (letter.issued_on or date.min, letter.letter_id), reverse=True)
    bodies = Counter(body for letter in letters for body in letter.bodies)
    return FilterChoices(
        years=tuple(sorted({figure.year for figure in figures if figure.year is not None}, reverse=True)),
        bodies=tuple(sorted(bodies, key=lambda body: (-bodies[body], body))),
        kinds=tuple({letter.kind: None for letter in letters}),
        letters={letter.letter_id: mask(_call(letter)) for letter in latest[:LETTERS_AT_MOST]},
    )


def _call(letter: Letter) -> str:
    title = letter.proposal_title or letter.title or letter.file
    return f"{letter.doc_number} {title}" if letter.doc_number else title


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice as it is shown."""

    field: str
    value: str
    said: str


def chips_of(filters: Filters, texts: Texts, titles: Mapping[str, str]) -> list[Chip]:
    """A chip for each choice; `titles` of letters by their id."""
    words, facts = texts.filters, texts.facts
    chips = [Chip("years", str(year), words.year.format(year=year)) for year in filters.years]
    chips += [Chip("statuses", str(status), facts.statuses[status]) for status in filters.statuses]
    chips += [Chip("bodies", body, body) for body in filters.bodies]
    chips += [Chip("kinds", str(kind), facts.kinds[kind]) for kind in filters.kinds]
    chips += [Chip("letters", letter, _shorten(titles.get(letter, letter))) for letter in filters.letters]
    if filters.as_of:
        chips.append(Chip("as_of", filters.as_of.isoformat(), words.until.format(day=filters.as_of.isoformat())))
    return chips


def render_chips(filters: Filters, texts: Texts, titles: Mapping[str, str]) -> str:
    """The chips over the field to ask in, each with a button that takes it away."""
    chips = chips_of(filters, texts, titles)
    if not chips:
        return ""
    words = texts.filters
    shown = "".join(
        f'<li><span>{escape(chip.said)}</span><button type="button" data-do="unfilter" data-field="{chip.field}" data-value="{escape(chip.value)}" '
        f'aria-label="{escape(words.remove.format(what=chip.said))}">×</button></li>'
        for chip in chips
    )
    clear = f'<li><button type="button" class="all" data-do="unfilter">{escape(words.clear)}</button></li>' if len(chips) > 1 else ""
    return f'<ul class="chips" aria-label="{escape(words.narrowed)}">{shown}{clear}</ul>'


def render_narrowed(filters: Filters, texts: Texts, titles: Mapping[str, str] | None = None) -> str:
    """Under a question: what it was narrowed down to."""
    chips = "".join(f"<li><span>{escape(chip.said)}</span></li>" for chip in chips_of(filters, texts, titles or {}))
    return f'<ul class="chips asked-chips" aria-label="{escape(texts.filters.narrowed)}">{chips}</ul>' if chips else ""


def _shorten(text: str) -> str:
    return text if len(text) <= CHIP_AT_MOST else text[: CHIP_AT_MOST - 1] + "…"


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The fields, in the order of `read_filters`, and what stands around them."""

    panel: gr.Accordion
    years: gr.Dropdown
    statuses: gr.Dropdown
    bodies: gr.Dropdown
    kinds: gr.Dropdown
    letters: gr.Dropdown
    day: gr.Textbox
    chips: gr.HTML

    def inputs(self) -> list[Any]:
        """What `read_filters` takes."""
        return [self.years, self.statuses, self.bodies, self.kinds, self.letters, self.day]

    def outputs(self) -> list[Any]:
        """What `tell_fields` gives."""
        return [self.panel, *self.inputs(), self.chips]


def lay_out_filters(texts: Texts, on_load: str) -> FilterFields:
    """The closed panel and the empty line of chips. `on_load` passes clicks on chips on."""
    words = texts.filters
    chips = gr.HTML(elem_id="chips", apply_default_css=False, js_on_load=on_load)
    with gr.Accordion(words.title, open=False, elem_id="filters") as panel, gr.Row(elem_id="filter-fields"):
        several: dict[str, Any] = {"multiselect": True, "min_width": 150, "choices": []}
        years = gr.Dropdown(label=words.years, **several)
        statuses = gr.Dropdown(label=words.statuses, **several)
        kinds = gr.Dropdown(label=words.kinds, **several)
        bodies = gr.Dropdown(label=words.bodies, **several)
        letters = gr.Dropdown(label=words.letters, **several)
        day = gr.Textbox(label=words.as_of, placeholder=words.as_of_hint, max_lines=1, max_length=20, min_width=150)
    return FilterFields(panel, years, statuses, bodies, kinds, letters, day, chips)


def tell_fields(filters: Filters, choices: FilterChoices, texts: Texts) -> tuple[Any, ...]:
    """The fields with their choices and what is chosen, in a language."""
    words, facts = texts.filters, texts.facts
    kinds = [(facts.kinds[kind], str(kind)) for kind in LetterKind if kind in choices.kinds]
    return (
        gr.update(label=words.title),
        gr.update(label=words.years, choices=[str(year) for year in choices.years], value=[str(year) for year in filters.years]),
        gr.update(label=words.statuses, choices=[(facts.statuses[s], str(s)) for s in STATUSES], value=[str(s) for s in filters.statuses]),
        gr.update(label=words.bodies, choices=list(choices.bodies), value=list(filters.bodies)),
        gr.update(label=words.kinds, choices=kinds, value=[str(kind) for kind in filters.kinds]),
        gr.update(label=words.letters, choices=[(title, letter) for letter, title in choices.letters.items()], value=list(filters.letters)),
        gr.update(label=words.as_of, placeholder=words.as_of_hint, value=filters.as_of.isoformat() if filters.as_of else ""),
        render_chips(filters, texts, choices.letters),
    )
