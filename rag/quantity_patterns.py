"""The patterns by which `rag/quantity.py` reads: numbers with units, ranges, and the words that bound a value."""

from __future__ import annotations

import re

from rag.numerals import ARABIC, CHINESE, CHINESE_DIGITS, ENGLISH_SCALES, ENGLISH_WORDS, SCALE
from rag.records import Comparator
from rag.units import ENGLISH_UNITS, UNIT

MINUS = r"(?:(?<![\d.%A-Za-z\u4e00-\u9fff])[-−])?"
PERCENT_WORDS = {"百": "%", "千": "‰", "万": "/万", "十万": "/10万", "百万": "/百万"}
FRACTION = re.compile(rf"(?P<part>[{CHINESE_DIGITS}十百千万]+)分之(?P<whole>{ARABIC}|{CHINESE})")
TENTHS = re.compile(
    r"(?P<whole>[一二两三四五六七八九]|(?<![\d.])\d(?:\.\d)?)成(?P<half>[一二三四五六七八九半](?![成十百千万亿个名人家所]))?"
    r"(?![为立功员果品效长就熟交型片团分绩都套本])"
)
MANIFOLD = re.compile(r"翻(?:了)?(?P<near>近|将近|超|约)?(?:(?P<times>[一二两三四五\d])番|(?P<bare>番|倍))")
RATIO = re.compile(rf"(?<![:：∶])(?P<whole>{ARABIC})[:：∶](?P<part>\d+(?:\.\d+)?)(?![\d.:：∶])")
TEN_THOUSANDTH = re.compile(rf"(?P<whole>{ARABIC})/(?P<part>10万|万|百万)(?!元)")
ARABIC_QUANTITY = re.compile(
    rf"(?P<number>{MINUS}{ARABIC})(?P<rough>余|多|来)?(?P<scale>{SCALE})?(?P<rough2>余|多(?!层|功能|年|种|元))?(?: (?=[EP]F))?(?P<unit>{UNIT}|%|‰|‱|℃)?"
)
CHINESE_QUANTITY = re.compile(
    rf"(?P<number>{CHINESE})(?P<rough>余|多|来)?(?P<scale>万亿|亿|万)?(?P<rough2>余|多)?(?P<unit>{UNIT}|个?百分点)"
)
RANGE_MARK = re.compile(r"(?:至|到|—+|–|-|−|~|～|－|―|──)")
ENGLISH_RANGE_MARK = re.compile(r" (?:to|and) ")
# Count words that make an ordinal or an idiom of a Chinese numeral: 一期, 三年, 二级, 一次, 三大.
NO_CHINESE = {"期", "年", "度", "分", "点", "面", "步", "届", "元", "天", "类", "周", "日", "口", "只", "门", "层", "种", "方", "通", "批", "次", "起", "对",
               "部", "条", "件", "片", "头", "本", "块", "间", "节", "支", "组", "队", "班", "轮", "笔", "字", "个月"}  # fmt: skip
ONE_THING = re.compile(
    r"(?:新建|建设|建成|新增|引进|设立|培育|打造|设置|创建|各|共有|仅|只有|还有|有|成立|选派|配备|配置|至少|不少于|落实)$"
)
COMPARED = re.compile(
    r"(?:(?P<least>不(?:得)?(?:少于|低于|小于|下于)|至少|最少|起码)"
    r"|(?P<most>不(?:得)?(?:超过|高于|多于|大于|超)|最高|最多|至多|封顶|上限为|控制在|≤)"
    r"|(?P<more>超过|突破|逾|高于|大于|多于|(?<!高)超|(?<!不)过(?=半)|＞|>)"
    r"|(?P<less>不到|不足|(?<![最附邻临靠走])近|接近|将近|低于|少于|小于|未满|未到|＜|<)"
    r"|(?P<about>(?<![节契签预制公合履违条邀集简])约|大约|大概|左右))"
    r"(?:约)?(?:可)?(?:达|达到|为|给予|补助|奖励|给予每\w)?$"
)
BOUND = re.compile(
    r"(?:[（(]?含[）)]?)?[及或]?(?:(?P<least>以上|之上)|(?P<most>以下|以内|之内|内(?=[，。；、]|$|完成|建成))|(?P<about>左右|上下)"
    r"|(?P<more>有余|余|多(?=[，。；、）]|$)|强(?=[，。；、）]|$))|(?P<less>弱(?=[，。；、）]|$)))"
)
KINDS = {
    "least": Comparator.AT_LEAST,
    "most": Comparator.AT_MOST,
    "more": Comparator.MORE,
    "less": Comparator.LESS,
    "about": Comparator.ABOUT,
}
SCALE_WORD = "|".join(ENGLISH_SCALES)
ENGLISH_UNIT = "|".join(f"(?P<u{index}>{pattern})" for index, pattern in enumerate(ENGLISH_UNITS))
UNIT_NAMES = list(ENGLISH_UNITS.values())
ENGLISH_TAIL = re.compile(
    rf"(?P<scale>[ -]?(?:{SCALE_WORD})|(?<=\d)(?:bn|m(?=illion)))?(?:[ -]?(?:{ENGLISH_UNIT})(?![A-Za-z²³]))?"
    r"(?P<per> (?:per|for every) (?:1,000|10,000|100,000|thousand|ten thousand)[a-z ]{0,20}(?:residents|people|population|inhabitants|persons)?)?",
    re.IGNORECASE,
)
ENGLISH_WORD = re.compile(rf"(?<![A-Za-z])(?P<word>{'|'.join(ENGLISH_WORDS)})(?![A-Za-z])", re.IGNORECASE)
COUNTED = re.compile(
    r"[ -](?:[a-z&-]+ ){0,3}?(?:enterprises?|compan(?:y|ies)|firms?|projects?|people|persons?|beds?|schools?|kindergartens?|hospitals?|cent(?:re|er)s?|"
    r"academicians?|talents?|teachers?|doctors?|nurses?|households?|famil(?:y|ies)|places?|students?|pupils?|units?|sets?|buildings?|roads?|bridges?|lines?|"
    r"routes?|vehicles?|buses|incubators?|makerspaces?|platforms?|labs?|laborator(?:y|ies)|institutions?|sites?|districts?|count(?:y|ies)|towns?|villages?|"
    r"communit(?:y|ies)|stations?|parks?|items?|cases?|lifts?|elevators?|canteens?|classes|streets?|points?|facilities|million|billion|thousand|hundred)",
    re.IGNORECASE,
)
ENGLISH_COMPARED = re.compile(
    r"(?:(?P<least>at least|no(?:t)? (?:less|fewer|lower) than|not below|a minimum of)"
    r"|(?P<most>at most|no(?:t)? (?:more|higher|greater) than|not exceed(?:ing)?|up to|within|a maximum of|capped at|not above|not over)"
    r"|(?P<more>more than|over|exceed(?:s|ed|ing)?|above|upwards of|topping|surpass(?:es|ed|ing)?|in excess of|greater than)"
    r"|(?P<less>less than|fewer than|under|below|nearly|almost|close to|lower than)"
    r"|(?P<about>about|around|approximately|roughly|some|circa|approx\.?))(?: the| a| RMB| CNY)?[ ~]*$",
    re.IGNORECASE,
)
ENGLISH_BOUND = re.compile(
    r"\s?(?:(?P<least>(?:or|and) (?:more|above|higher|over|greater|up)\b)|(?P<most>(?:or|and) (?:less|below|fewer|under|lower)\b)|(?P<about>or so\b)|"
    r"(?P<more>-plus\b| plus\b|\+(?!\w)))",
    re.IGNORECASE,
)
MONEY_BEFORE = re.compile(r"(?P<yuan>(?:RMB|CNY|¥|￥)\s?)$|(?P<dollar>(?:US\$|USD|\$)\s?)$", re.IGNORECASE)


CANDIDATE = re.compile(
    rf"{MINUS}(?<![\d.,])\d|[{CHINESE_DIGITS}十百千万亿]|翻|(?<![A-Za-z])(?:{'|'.join(ENGLISH_WORDS)})(?![A-Za-z])", re.IGNORECASE
)
