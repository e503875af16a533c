"""Pictures of pages → pages with text (the only importer of rapidocr and cv2). Models come with the library; nothing is fetched.

Turned pages are put upright, tilted ones straightened, round seals taken off the text, then each line is read.
"""

from __future__ import annotations

import math
import re
import threading
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.readers.arrange import Character, arrange_page
from rag.records import Page

Picture = NDArray[np.uint8]  # height × width × 3, RGB

LONGEST_SIDE = 2000  # pixels; A4 at 170 dpi, enough for the usual print sizes
_LOWEST_SCORE = 0.5  # below it a line is a smudge, a drawing, an edge of a seal
_TILT = 0.3  # degrees below which straightening gains nothing
_SEAL_SHARE = 0.11  # of the page's width: an official seal is 40 to 45 mm wide
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_lock = threading.Lock()  # one page at a time: memory and threads stay bounded


def recognise_page(picture: Picture, number: int | None) -> Page:
    """Read the picture of one page.

    Args:
        picture: any size, turned or tilted.
        number: of the page, from 1.
    """
    import cv2

    with _lock:
        height, width = picture.shape[:2]
        scale = LONGEST_SIDE / max(height, width)
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        elif scale > 2:  # small print on a small picture
            picture = np.asarray(cv2.resize(picture, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        page = without_seals(picture)
        boxes = _find_lines(page)
        if boxes is None:
            return Page("", number, (), scanned=True)
        page, boxes = _put_upright(page, boxes)
        page, boxes = _straighten(page, boxes)
        characters = _read_lines(page, boxes)
    return arrange_page(characters, page.shape[1], page.shape[0], number, scanned=True)


def without_seals(picture: Picture) -> Picture:
    """Make red round shapes of a seal's size white and keep what is printed black below them; red letterheads stay."""
    import cv2

    values = picture.astype(np.int16)
    red, rest = values[:, :, 0], np.maximum(values[:, :, 1], values[:, :, 2])
    mask = ((red - rest > 45) & (red > 90)).astype(np.uint8)
    if int(mask.sum()) < 0.001 * mask.size:
        return picture
    width = picture.shape[1]
    near = max(3, width // 80) | 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (near, near)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    cleaned: Picture | None = None
    for part in range(1, count):
        left, top, wide, tall = (int(v) for v in stats[part][:4])
        if min(wide, tall) < _SEAL_SHARE * width or not 0.6 < wide / tall < 1.7:
            continue
        cleaned = picture.copy() if cleaned is None else cleaned
        edge = near
        rows, columns = slice(max(0, top - edge), top + tall + edge), slice(max(0, left - edge), left + wide + edge)
        region = cleaned[rows, columns]
        light = region[:, :, 0].astype(np.float32)
        paper = float(np.percentile(light, 75))
        ink = float(np.percentile(light, 1))
        stretched = np.clip((light - ink) / max(1.0, (paper - ink) * 0.8), 0, 1) * 255
        cleaned[rows, columns] = stretched.astype(np.uint8)[:, :, None]
    return picture if cleaned is None else cleaned


@lru_cache(maxsize=1)
def _load_engine() -> Any:  # noqa: ANN401 - a class of the library, loaded late
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_vertical_padding": False,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # a second one costs 40 % more work for 25 % less time
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _find_lines(page: Picture) -> NDArray[np.float32] | None:
    """Corners of the lines: n × 4 × 2, clockwise from the top left."""
    from rapidocr.main import RapidOCRError

    try:
        _, found = _load_engine().detect_and_crop(_bgr(page), {})
    except RapidOCRError:  # its way to say that there is no text
        return None
    return None if found.boxes is None or not len(found.boxes) else np.asarray(found.boxes, dtype=np.float32)


def _bgr(page: Picture) -> Picture:
    return np.ascontiguousarray(page[:, :, ::-1])


def _put_upright(page: Picture, boxes: NDArray[np.float32]) -> tuple[Picture, NDArray[np.float32]]:
    """Turn a page that lies on its side or stands on its head."""
    wide, tall = _sides(boxes)
    long = np.maximum(wide, tall) > 2.5 * np.minimum(wide, tall)
    if long.any() and np.where(tall > wide, tall, 0)[long].sum() > np.where(tall > wide, 0, wide)[long].sum():
        turned = np.ascontiguousarray(np.rot90(page, -1))
        found = _find_lines(turned)  # anew: lines on their side run into each other more easily
        if found is not None:
            page, boxes = turned, found
    wide, _ = _sides(boxes)
    longest = np.argsort(-wide)[:12]
    engine = _load_engine()
    _, told = engine.cls_and_rotate(engine.crop_text_regions(_bgr(page), boxes[longest]))
    votes = sum(float(score) * (1 if label == "180" else -1) for label, score in told.cls_res)
    if votes > 0:
        boxes = _order_corners(np.array([page.shape[1], page.shape[0]], dtype=np.float32) - boxes)
        page = np.ascontiguousarray(page[::-1, ::-1])
    return page, boxes


def _straighten(page: Picture, boxes: NDArray[np.float32]) -> tuple[Picture, NDArray[np.float32]]:
    """Turn the page by the usual tilt of its long lines."""
    import cv2

    wide, tall = _sides(boxes)
    long = wide > 6 * tall
    if not long.any():
        return page, boxes
    slopes = (boxes[long, 1] + boxes[long, 2] - boxes[long, 0] - boxes[long, 3]) / 2
    angle = float(np.median(np.degrees(np.arctan2(slopes[:, 1], slopes[:, 0]))))
    if abs(angle) < _TILT:
        return page, boxes
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    grow = math.sin(math.radians(abs(angle)))
    new_width, new_height = math.ceil(width + grow * height), math.ceil(height + grow * width)
    turn[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    straight = cv2.warpAffine(page, turn, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return np.asarray(straight, dtype=np.uint8), _order_corners(boxes @ turn[:, :2].T.astype(np.float32) + turn[:, 2].astype(np.float32))


def _sides(boxes: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Width and height of each box."""
    wide = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    return wide, np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)


def _order_corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners clockwise from the top left, as the library expects them."""
    ordered = np.empty_like(boxes)
    for place, box in enumerate(boxes):
        by_left = box[np.argsort(box[:, 0], kind="stable")]
        left, right = by_left[:2], by_left[2:]
        left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
        ordered[place] = (left[0], right[0], right[1], left[1])
    return ordered.astype(np.float32)


def _read_lines(page: Picture, boxes: NDArray[np.float32]) -> list[Character]:
    engine = _load_engine()
    crops = engine.crop_text_regions(_bgr(page), boxes)
    read = engine.recognize_txt(crops)
    characters: list[Character] = []
    words = engine.calc_word_boxes(crops, boxes, read) if all(read.word_results) else ()
    aligned = len(words) == len(boxes)
    for place, (box, text, score) in enumerate(zip(boxes, read.txts, read.scores, strict=True)):
        if float(score) >= _LOWEST_SCORE and text.strip():
            characters.extend(_place_characters(tidy_line(text), box, float(score), words[place] if aligned else ()))
    return characters


def tidy_line(text: str) -> str:
    """Chinese punctuation between Chinese characters; the library mixes both kinds. The gap after a table's number is put back."""
    text = re.sub(rf"(?<=[{_HAN}”》〉）%])[(](?=\S)|[(](?=[{_HAN}“《])", "（", text)
    text = re.sub(rf"(?<=[{_HAN}”》〉）])[)]", "）", text)
    if text.count("（") > text.count("）"):
        text = text.replace(")", "）", text.count("（") - text.count("）"))
    text = re.sub(rf"(?<=[{_HAN}”》〉）%％])[,:;?!]", lambda m: "，：；？！"[",:;?!".index(m.group(0))], text)
    return re.sub(r"^(表\d{1,2}?)(?=(?:19|20)\d\d年)", r"\1 ", text)


def _place_characters(text: str, box: NDArray[np.float32], score: float, words: Any) -> list[Character]:  # noqa: ANN401
    """The characters of one line, each with its place and confidence. Only a wide gap in a line is a gap; the places are not exact."""
    left, right = float(box[:, 0].min()), float(box[:, 0].max())
    top, bottom = float((box[0, 1] + box[1, 1]) / 2), float((box[2, 1] + box[3, 1]) / 2)
    solid = [place for place, character in enumerate(text) if not character.isspace()]
    weights = [0.5 if text[place].isascii() else 1.0 for place in solid]
    singles = [(float(trust), corners) for word, trust, corners in words if str(word).strip()]
    if len(singles) == len(solid):
        trusts = [min(trust, 0.99999) for trust, _ in singles]
        middles = [(min(c[0] for c in corners) + max(c[0] for c in corners)) / 2 for _, corners in singles]
    else:
        trusts = [min(score, 0.99999)] * len(solid)
        step = (right - left) / sum(weights)
        middles = [left + step * (sum(weights[:i]) + weight / 2) for i, weight in enumerate(weights)]
    em = 0.95 * (bottom - top)
    edges: list[tuple[float, float]] = []  # right edge of a character, left edge of the next
    for i in range(len(solid) - 1):
        apart = middles[i + 1] - middles[i]
        gap = apart - em * (weights[i] + weights[i + 1]) / 2
        if gap > 0.75 * em:
            edges.append((middles[i] + em * weights[i] / 2, middles[i + 1] - em * weights[i + 1] / 2))
        else:
            border = middles[i] + apart * weights[i] / (weights[i] + weights[i + 1])
            spaced = solid[i + 1] - solid[i] > 1  # the library read a space
            edges.append((border - 0.3 * em, border) if spaced else (border, border))
    lefts, rights = [left, *(after for _, after in edges)], [*(before for before, _ in edges), right]
    return [
        Character(text[place], lefts[i], top, max(rights[i], lefts[i] + 0.1), bottom, trusts[i], i == 0) for i, place in enumerate(solid)
    ]
