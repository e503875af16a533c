"""What a saved page declares about the letter: <meta> tags, tables of metadata, the line under the title."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

# label as printed (spaces and colon left out) → field
LABELS = {
    "文号": "doc_number", "发文字号": "doc_number", "发文文号": "doc_number", "文件编号": "doc_number", "公文文号": "doc_number", "文件号": "doc_number",
    "成文日期": "issued_on", "发文日期": "issued_on", "成文时间": "issued_on", "印发日期": "issued_on", "生成日期": "issued_on", "答复日期": "issued_on",
    "答复时间": "issued_on", "发文时间": "issued_on",
    "发布日期": "published_on", "发布时间": "published_on", "公开日期": "published_on", "更新时间": "published_on", "公开时间": "published_on",
    "发布机构": "publisher", "发文机关": "publisher", "发文机构": "publisher", "发文单位": "publisher", "发布单位": "publisher", "答复单位": "publisher",
    "公开责任部门": "publisher", "发布部门": "publisher", "制发机关": "publisher", "信息来源": "source", "来源": "source", "文章来源": "source",
    "索引号": "index_number", "主题分类": "topic", "标题": "title", "信息名称": "title", "名称": "title", "文件名称": "title", "主题词": "keywords",
    "有效性": "validity", "公开方式": "access", "公开属性": "access", "公开形式": "access", "体裁分类": "genre", "组配分类": "group", "信息分类": "group",
}  # fmt: skip
_TELLING = ("doc_number", "issued_on", "publisher", "published_on", "index_number")
_META = {
    "articletitle": "title", "pubdate": "published_on", "contentsource": "source", "sitename": "site", "publishdate": "published_on",
    "docnumber": "doc_number", "fileno": "doc_number", "writtendate": "issued_on",
}  # fmt: skip
_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
_PAIR = re.compile(rf"({_NAMES})\s*[:：]\s*([^|｜\t　\xa0]+?)(?=\s{{2,}}|[|｜\t　\xa0]|\s+[\u4e00-\u9fff ]{{2,6}}[:：]|$)")


def label_of(text: str) -> str | None:
    """The label that `text` is (索　引　号： → 索引号), or None."""
    plain = re.sub(r"[\s　\xa0:：【】\[\]]+", "", text)
    return plain if plain in LABELS else None


def metadata_line(row: str) -> bool:
    """Tell whether a line or a tab-parted row declares facts about the letter."""
    return any(name in _TELLING for name in _read_row(row))


def _read_row(row: str) -> dict[str, str]:
    found: dict[str, str] = {}
    cells = [cell.strip(" \xa0　") for cell in row.split("\t")]
    for cell, following in pairwise(cells):
        label = label_of(cell)
        if label and following and not label_of(following):
            found.setdefault(LABELS[label], following)
    for cell in cells:
        closed = re.sub(r"(?<=[\u4e00-\u9fff])[ \xa0　]+(?=[\u4e00-\u9fff][ \xa0　]*[\u4e00-\u9fff]?[ \xa0　]*[:：])", "", cell)
        for label, value in _PAIR.findall(closed):
            found.setdefault(LABELS[label], value.strip())
    return found


def page_title(root: Any) -> list[str]:  # noqa: ANN401 - lxml elements of a library without types
    """Titles that the page declares in its head, without the site's name."""
    titles: list[str] = []
    for element in root.iter("title"):
        text = re.sub(r"<[^>]*>.*", "", element.text or "").strip()
        titles.extend(part.strip() for part in re.split(r"\s*[_|｜]\s*|\s+[-–—]+\s+|[-–—]{2,}|-(?=[^-]{2,14}$)", text) if part.strip())
    for element in root.iter("meta"):
        if (element.get("name") or "").lower() in ("articletitle", "title") and element.get("content"):
            titles.insert(0, element.get("content").strip())
    return titles


def find_fields(root: Any) -> dict[str, str]:  # noqa: ANN401
    """Fields of the page: from rows of tables and lists, from lines with labels, and from <meta>."""
    found: dict[str, str] = {}
    for row in root.iter("tr", "ul", "dl"):
        cells = [re.sub(r"[ \t\r\n]+", " ", "".join(cell.itertext())).strip(" \xa0　") for cell in row.iter("td", "th", "li", "dt", "dd")]
        if sum(map(len, cells)) < 1500:
            for name, value in _read_row("\t".join(cells)).items():
                found.setdefault(name, value)
    for element in root.iter("div", "p", "span", "section", "h4", "h5", "li"):
        text = re.sub(r"[ \r\n\t]+", " ", "".join(element.itertext())).strip()
        if 4 < len(text) < 300:
            for name, value in _read_row(text).items():
                found.setdefault(name, value)
    for element in root.iter("meta"):
        meaning = _META.get((element.get("name") or "").lower())
        if meaning and element.get("content"):
            found.setdefault(meaning, element.get("content").strip())
    return found
