"""The letter that stands in tests/letters/formats in every format: its words, and how well a reading of it agrees with them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

HEAD = ("云汀市交通运输局", "云交提复〔2023〕46号", "关于市政协五届二次会议第0187号提案的答复")
ADDRESSEE = "孟怀远委员："
BODY = (
    "您提出的《关于加快补齐乡村客运短板的提案》收悉。我局会同市财政局、市农业农村局认真研究，现答复如下：",
    "一、现有工作情况",
    "2022年，全市新改建农村公路128.6公里，完成投资3.45亿元，同比增长12.8%；建制村通客车率达到99.7%。"
    "全年开通镇村公交线路37条，投放新能源公交车264辆，日均客运量4.92万人次，群众满意度为93.5%。",
    "二、下一步打算",
    "（一）完善路网。2023年计划新改建农村公路150公里以上，改造危桥18座，市级补助资金不少于2800万元。",
    "（二）优化运力。到2025年，全市新能源公交车占比不低于85%，新增停靠站点1200个，平均候车时间控制在15分钟以内。",
    "（三）加强保障。对偏远线路按每车每年6.8万元的标准给予补贴，预计惠及群众约31.7万人。各县区2022年完成情况见下表：",
)
TABLE = (
    ("县区", "新改建（公里）", "公交线路（条）", "公交车（辆）"),
    ("云东区", "32.4", "11", "86"),
    ("清溪县", "51.9", "14", "73"),
    ("平岭县", "44.3", "12", "105"),
)
CLOSING = ("感谢您对交通运输工作的关心和支持。", "联系人：岳知新　联系电话：0000-00004613", "云汀市交通运输局", "2023年6月19日")
LINES = (*HEAD, ADDRESSEE, *BODY, *("\t".join(row) for row in TABLE), *CLOSING)
FIGURES = tuple(re.findall(r"\d[\d.]*", "\n".join((*BODY, *(" ".join(row) for row in TABLE)))))


def squeeze(text: str) -> str:
    """Only what carries meaning: spaces, cell bars and the width of signs do not count."""
    folded = text.translate(str.maketrans("（）：，；！？％", "():,;!?%"))
    return re.sub(r"[\s|]", "", folded)


WORDS = squeeze("".join(LINES))


def share_right(text: str) -> float:
    """How many of the letter's characters a reading has right and in order, 0…1; what it has too much counts as wrong."""
    read = squeeze(text)
    same = sum(block.size for block in SequenceMatcher(None, WORDS, read, autojunk=False).get_matching_blocks())
    return 2 * same / (len(WORDS) + len(read))


def missing_figures(text: str) -> list[str]:
    """Figures of the letter that a reading lacks, each as often as it is lacking."""
    left = re.findall(r"\d[\d.]*", text)
    missing: list[str] = []
    for figure in FIGURES:
        if figure in left:
            left.remove(figure)
        else:
            missing.append(figure)
    return missing
