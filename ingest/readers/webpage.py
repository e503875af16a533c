"""Pages saved from a website: the letter's own text, without navigation, related links and footer; declared facts as fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.webfields import find_fields, label_of, metadata_line, page_title
from rag.errors import ReadError
from rag.records import Page

DROPPED = (
    "script",
    "style",
    "noscript",
    "iframe",
    "nav",
    "footer",
    "select",
    "button",
    "textarea",
    "svg",
    "template",
    "object",
    "head",
    "input",
    "img",
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "ucapcontent",
        "ucaptitle",
    ]
)
_NOISE = re.compile(
    r"^[【\[（(]?(?:打印(?:本页|页面)?|关闭(?:窗口|页面|本页)?|返回(?:顶部|上页|首页)?|字体[:：]|分享到|【?字号|上一[篇条]|下一[篇条]|浏览(?:量|次数)|点击(?:数|率|次数)?[:：]|"
    r"阅读(?:量|次数)|访问量|当前位置|您?(?:的|所在的?|现在的)位置|您当前所在|版权所有|主办(?:单位)?[:：].*(?:地址|备案|标识码|访问)|承办单位[:：].*(?:地址|备案|标识码)|"
    r"网站标识码|.{0,6}ICP备|.{0,4}公网安备|扫一扫|相关(?:链接|稿件|文档|文件|阅读|新闻|信息|附件下载)|责任编辑|编辑[:：]|分享[:：到]|微信|微博|收藏|今天是|(?:您好[，！!]?)?欢迎(?:您)?(?:访问|光临|来到)|无障碍|网站地图|联系我们|技术支持|.{2,20}(?:门户网站|政府网站?|官方网站)$)"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def read_webpage(text: str, file: str) -> tuple[tuple[Page, ...], dict[str, str]]:
    """Read a saved page: its pages and the fields that it declares.

    Raises:
        ReadError: there is no text in it.
    """
    from lxml import etree, html

    text = re.sub(r"<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, ValueError) as error:
        raise ReadError(
            f"{file}: no readable HTML ({error}). Save the page again.", f"{file}：HTML 无法读取（{error}）。请重新保存网页。"
        ) from error
    declared = page_title(root)
    fields = find_fields(root)
    body = root.find("body") if root.find("body") is not None else root
    _drop_noise(body)
    main = _find_main(body)
    lines = _tidy(_render(main))
    head = _head_lines(body, main, lines)
    title = _find_title(body, declared, lines + head)
    if title:
        fields["title"] = title
        if not any(_squeeze(title) in _squeeze("".join(lines[i : i + 3])) for i in range(min(12, len(lines)))):
            head.append(title)
    return (Page("\n".join([*head, *lines])),), fields


def _drop_noise(body: Any) -> None:  # noqa: ANN401 - lxml elements of a library without types
    for element in list(body.iter()):
        hidden = not isinstance(element.tag, str) or element.tag in DROPPED or _HIDDEN.search(element.get("style") or "")
        if hidden and element is not body and element.getparent() is not None:
            _remove(element)


def _remove(element: Any) -> None:  # noqa: ANN401
    """Take an element out but leave the text behind it."""
    parent, tail = element.getparent(), element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _prose_length(element: Any) -> int:  # noqa: ANN401
    """How many characters of running text stand below `element`, links left out."""
    own = [element.text or "", *((child.tail or "") for child in element)]
    length = sum(len(piece.strip()) for piece in own if re.search(r"[，。；：、]", piece) or len(piece.strip()) > 12)
    return length + sum(_prose_length(child) for child in element if isinstance(child.tag, str) and child.tag != "a")


def _find_main(body: Any) -> Any:  # noqa: ANN401
    """The deepest element that holds nearly all of the running text."""
    total = _prose_length(body)
    current = body
    while True:
        deeper = [child for child in current if isinstance(child.tag, str) and child.tag in _BLOCKS and child.tag not in ("p", "h1")]
        best = max(deeper, key=_prose_length, default=None)
        if best is None or _prose_length(best) < 0.8 * total or total == 0:
            return current
        if best.tag == "table" and _is_data_table(best):
            return current
        current = best


def _head_lines(body: Any, main: Any, lines: list[str]) -> list[str]:  # noqa: ANN401
    """What the page tells of the letter above its text: tables of metadata, a line with source, date and number."""
    found: list[str] = []
    inside = set(main.iter())
    for element in body.iter("table", "dl", "ul", "div", "p", "span", "h4", "td", "section"):
        if element in inside or main in set(element.iter()):
            continue
        if any(up in inside or up.get("data-taken") for up in element.iterancestors()):
            continue
        rows = _rows_of(element)
        useful = [row for row in rows if metadata_line(row)]
        if useful and sum(map(len, rows)) < 1500:
            element.set("data-taken", "yes")
            found.extend(row for row in useful if row not in found and row not in lines)
    return found


def _rows_of(element: Any) -> list[str]:  # noqa: ANN401
    """The lines that a block of metadata shows: rows of a table, pairs of a definition list, points of a list."""
    if element.tag == "table":
        return _table_rows(element)
    if element.tag == "dl":
        cells = [_cell_text(cell) for cell in element.iter("dt", "dd")]
        return ["\t".join(cells[i : i + 2]) for i in range(0, len(cells), 2)]
    if element.tag == "ul":
        return [" ".join(_tidy(_render(point))) for point in element.iter("li")]
    return [" ".join(_tidy(_render(element)))]


def _find_title(body: Any, declared: list[str], lines: list[str]) -> str | None:  # noqa: ANN401
    headings = [*body.iter("h1", "h2", "h3", "ucaptitle"), *body.xpath(".//*[contains(@class,'title') or contains(@id,'title')]")]
    candidates = [" ".join(_tidy(_render(element))) for element in headings] + declared
    for candidate in candidates:
        if (
            6 < len(candidate) < 120
            and re.search(r"答[复復覆]|[复復覆]函|提案|建[议議]|更正|[函複]$", candidate)
            and not _NOISE.match(candidate)
        ):
            return candidate
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _is_noise(element: Any) -> bool:  # noqa: ANN401
    """Tell whether a block is furniture of the website: mostly links, or a known phrase."""
    text = _squeeze("".join(element.itertext()))
    if not text or len(text) > 400:
        return False
    if _NOISE.match(text):
        return True
    linked = sum(len(_squeeze("".join(link.itertext()))) for link in element.iter("a"))
    return linked * 10 > len(text) * 6 and "。" not in text and not re.search(r"附件|答复|函", text)


def _render(element: Any) -> str:  # noqa: ANN401
    pieces: list[str] = []
    _render_into(element, pieces)
    return "".join(pieces)


def _render_into(element: Any, pieces: list[str]) -> None:  # noqa: ANN401
    tag = element.tag
    if tag == "br":
        pieces.append("\n")
        return
    if tag == "table" and _is_data_table(element):
        pieces.append("\n" + "\n".join(_table_rows(element)) + "\n")
        return
    block = tag in _BLOCKS
    if block:
        pieces.append("\n")
    if element.text:
        pieces.append(_flat(element.text, tag))
    for child in element:
        if isinstance(child.tag, str) and not (child.tag in _BLOCKS and child.tag != "table" and _is_noise(child)):
            _render_into(child, pieces)
        if child.tail:
            pieces.append(_flat(child.tail, tag))
    if block:
        pieces.append("\n")


def _flat(text: str, tag: str) -> str:
    if tag == "pre":
        return text
    text = re.sub(r"[ \t\r\n\f]+", " ", text)
    return text.translate(_SUPERSCRIPT) if tag == "sup" and re.fullmatch(r"\s*[\d+-]+\s*", text) else text


def _is_data_table(table: Any) -> bool:  # noqa: ANN401
    """A table of cells, and not one that only lays out the page."""
    if any(True for _ in table.iterdescendants("table")):
        return False
    if any("。" in "".join(cell.itertext()) and sum(1 for _ in cell.iter("p", "br", "div", "li")) >= 3 for cell in table.iter("td")):
        return False
    cells = [_squeeze("".join(cell.itertext())) for cell in table.iter("td", "th")]
    rows = sum(1 for _ in table.iter("tr"))
    if rows == 0 or len(cells) < 2 or (rows == 1 and not any(label_of(cell) for cell in cells)):
        return False
    return len(cells) > rows and max(map(len, cells)) < 300


def _own_rows(table: Any) -> Iterator[Any]:  # noqa: ANN401
    for row in table.iter("tr"):
        if next(up for up in row.iterancestors() if up.tag == "table") is table:
            yield row


def _table_rows(table: Any) -> list[str]:  # noqa: ANN401
    """One line a row, cells parted by tabs, spanned cells filled with what spans them."""
    waiting: dict[int, tuple[int, str]] = {}  # column → rows still to fill, text
    lines: list[str] = []
    caption = table.find("caption")
    if caption is not None:
        lines.append(" ".join(_tidy(_render(caption))))
    for row in _own_rows(table):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, waiting)
            text = _cell_text(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(across):
                if down > 1:
                    waiting[len(cells)] = (down - 1, text)
                cells.append(text)
        _fill(cells, waiting)
        if any(cells):
            lines.append("\t".join(cells))
    return lines


def _fill(cells: list[str], waiting: dict[int, tuple[int, str]]) -> None:
    while len(cells) in waiting:
        column = len(cells)
        left, text = waiting.pop(column)
        if left > 1:
            waiting[column] = (left - 1, text)
        cells.append(text)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 50) if value.isdigit() else 1


def _cell_text(cell: Any) -> str:  # noqa: ANN401
    text = re.sub(r"\s+", " ", "".join(_tidy(_render(cell)))).strip()
    label = label_of(text)
    return label if label else text


def _tidy(text: str) -> list[str]:
    lines = [line.strip(" \r\t\xa0") if "\t" not in line else line.strip(" \r\n") for line in text.split("\n")]
    return [line for line in lines if line.strip() and not (_NOISE.match(line.strip()) and len(line) < 80)]
