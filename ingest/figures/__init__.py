"""Letter → Figures: the numeric statements of a letter, each with name, period, status and subject."""

from ingest.figures.find import find_figures

__all__ = ["find_figures"]
