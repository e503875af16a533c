"""A Word document as its readers see it: tracked changes accepted, hidden words gone, text boxes as paragraphs of their own."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MARKS = (_W + "rPr", _W + "trPr")  # here it says that the paragraph's end or the row is gone
_OFF = ("0", "false", "off")
_GONE = (_W + "del", _W + "moveFrom", _MC + "Fallback")  # Fallback tells a text box a second time, for older programs


def accept_changes(body: Any) -> None:  # noqa: ANN401 - lxml elements of a library without types
    """Change the document's tree in place."""
    for element in [*body.iter(*_GONE)]:
        if element.getparent() is not None and element.getparent().tag not in _MARKS:
            _drop(element)
    for row in [*body.iter(_W + "tr")]:
        if row.find(f"{_W}trPr/{_W}del") is not None:
            _drop(row)
    for mark in [*body.iter(_W + "vanish")]:
        run = mark.getparent().getparent()
        if run is not None and run.tag == _W + "r" and mark.get(_W + "val") not in _OFF:
            _drop(run)
    _join_paragraphs(body)
    _lift_boxes(body)


def _drop(element: Any) -> None:  # noqa: ANN401
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _join_paragraphs(body: Any) -> None:  # noqa: ANN401
    """A paragraph whose end was deleted goes on with the next one."""
    for paragraph in [*body.iter(_W + "p")]:
        properties = paragraph.find(_W + "pPr")
        mark = properties.find(_W + "rPr") if properties is not None else None
        if mark is None or (mark.find(_W + "del") is None and mark.find(_W + "moveFrom") is None):
            continue
        following = paragraph.getnext()
        if following is None or following.tag != _W + "p":
            continue
        place = following.find(_W + "pPr")
        index = 0 if place is None else following.index(place) + 1
        for offset, child in enumerate([child for child in paragraph if child.tag != _W + "pPr"]):
            following.insert(index + offset, child)
        _drop(paragraph)


def _lift_boxes(body: Any) -> None:  # noqa: ANN401
    """Put the paragraphs of each text box behind the paragraph that it hangs on; innermost boxes first."""
    for content in reversed([*body.iter(_W + "txbxContent")]):
        anchor = next((up for up in content.iterancestors(_W + "p")), None)
        if anchor is None or anchor.getparent() is None:
            continue
        for block in reversed([*content]):
            anchor.addnext(block)
        _drop(content)
