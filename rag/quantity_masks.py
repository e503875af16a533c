"""What looks like a quantity and is none: dates, document numbers, telephones, ordinals, outline marks, names with digits."""

from __future__ import annotations

import re

_CN = "零〇一二两三四五六七八九十"
_YEAR = r"(?:(?:19|20)\d\d|[〇零一二三四五六七八九]{4})"
_MONTH = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_MASKS = [
    # dates and times
    rf"{_YEAR}(?:年)?[—–\-~～－至到、/](?:\s?{_YEAR})(?:年)?",
    rf"{_YEAR}年(?:度)?(?:{_MONTH}月(?:份)?(?:{_MONTH}[日号])?)?(?:[、至到—–-]{_MONTH}月(?:份)?(?:{_MONTH}[日号])?)*",
    rf"(?<![\d{_CN}.])(?:{_MONTH}[、至到—–-])*{_MONTH}月(?!供|报|均|租)(?:份)?(?:{_MONTH}[日号])?(?:[、至到—–-]{_MONTH}[日号])?",
    r"(?<![\d.])\d{1,2}日(?!均|常|内|供)",
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:日)?(?:\s?\d{1,2}:\d\d(?::\d\d)?)?",
    r"(?<![\d.:])(?<!比)(?<!比为)(?<!比例)(?<!比例为)(?<!达)(?<!按)(?:[01]?\d|2[0-4])[:：][0-5]\d(?![\d.])(?::\d\d)?",
    r"(?<![\d.小])\d{1,2}时(?:\d{1,2}分)?(?![间代期])",
    r"\d+(?:[:：]\d+){2,}",
    rf"(?:上午|下午|晚上?|早上?|中午|凌晨)(?:\d{{1,2}}|[{_CN}]{{1,3}})[时点](?:\d{{1,2}}分)?",
    r"(?<![\d.,])(?:19|20)\d\d(?=[版款届级”’》〕\])）])",
    rf"[十][{_CN}]五(?!家|个|所|名|人|万|亿|处|项|条)",
    rf"[〔\[(（【]{_YEAR}[〕\])）】]\s?(?:第)?\s?\d*\s?号?",
    r"(?<!\d)\d{2}后(?![，。；年续])",
    # numbers that name a thing
    rf"第\s?(?:\d[\d,.]*|[{_CN}百千万]+)\s?(?:[个次届号期条款批名位项类章节页卷代轮阶级季产方线人])?",
    r"\d[\d\-—、]*(?:号|＃|#)(?!召)",
    r"(?:No|NO|no|Nos)\.?\s?\d+",
    r"(?<![\d-])0?\d{3,4}-\d{6,8}(?:-\d+)?(?!\d)",
    r"(?<![\d.,])\d{7,}(?![\d.]|[万亿]|[个元家人户名所吨米亩平件次公美])",
    r"(?<![\d.])\d{3,6}(?:热线|专线|平台|电话|信箱|邮箱|短信|客服|举报)",
    r"(?:电\s*话|传\s*真|邮\s*编|邮政编码|标识码|备案号?|编\s*号|证号|账号|索引号|信箱|手机|QQ|联系方式)[:：]?[\s（(]*[\d\-—、\s]{4,}\d",
    rf"[{_CN}\d]+级",
    r"国[一二三四五六]",
    r"[一二三四五六七八九]线城市",
    rf"(?:[{_CN}]|\d{{1,2}})个一(?![百千万\d])",
    r"[A-Za-z](?:[-_.]?\d+(?:\.\d+)?)+[A-Za-z]*",
    r"(?<![A-Za-z\d.])\d+[A-Za-z](?![A-Za-z²³/%])(?<![mtgLhdEP])",
    r"(?<![A-Za-z\d.])\d+(?:[Gg](?=[\u4e00-\u9fff网A-Z]|基站|\W|$)|[AD](?=级|打印|\W|$))",
    r"(?<![\d.])\d+(?:\s?\+\s?(?:\d+|[A-Za-z\u4e00-\u9fff“]))+",
    r"[A-Za-z]\+\d+",
    r"(?<![\d.])\d{1,3}分钟[^，。；、\d]{0,10}圈",
    rf"[（(]\s?(?:\d{{1,2}}|[{_CN}]{{1,3}})\s?[)）]",
    rf"(?:^|(?<=[。；;\n]))[\s“]*(?:\d{{1,2}}[.．、](?!\d)|[{_CN}]{{1,3}}[、.．])",
    r"[①-⑳⑴-⒇㈠-㈩]",
    rf"[{_CN}](?:是(?=[^否])|者|则(?=[^上])|来)(?<!十来)",
    r"(?:\d+|[一二三四五六七八九十]+)(?:折|周岁?半价)",
    # English dates, years, ordinals, outline marks, markers
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
    r"(?:\s\d{1,2}(?:st|nd|rd|th)?)?(?:,?\s(?:19|20)\d\d)?(?!\d)",
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:,?\s(?:19|20)\d\d)?",
    r"(?<!\d)\d+(?:st|nd|rd|th)(?![A-Za-z])",
    r"(?<![\d.,$¥])(?:19|20)\d\d(?![\d.,]\d|\d|\s?(?:%|per ?cent|mu|km|metres|meters|square|yuan|million|billion|[个家人名户所套处张台辆条件项亩公米吨平立元万亿座间栋幢标床栋户天次]))",
    r"(?:per|every) (?:1,000|10,000|100,000|thousand)",
    r"\[E\d+\]",
    r"(?i:(?:one|two|three|five|seven|ten)-year)",
]  # fmt: skip
_MASK = re.compile("|".join(f"(?:{mask})" for mask in _MASKS))


def find_masked(text: str) -> list[tuple[int, int]]:
    """Find the spans in which no quantity begins, in order and apart."""
    return [match.span() for match in _MASK.finditer(text) if match.end() > match.start()]
