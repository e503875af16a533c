"""Units of measure: what counts as one, what kind it is, how it is called in English, and which are the same thing."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from rag.numerals import SCALES


class UnitKind(StrEnum):
    """What a unit measures."""

    AREA = "area"
    LENGTH = "length"
    VOLUME = "volume"
    WEIGHT = "weight"
    ENERGY = "energy"
    POWER = "power"
    MONEY = "money"
    PERCENT = "percent"
    PERCENT_POINT = "percent_point"
    RATIO = "ratio"
    TIMES = "times"  # 倍
    PEOPLE = "people"
    COUNT = "count"
    TIME = "time"
    AGE = "age"
    CONCENTRATION = "concentration"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    OTHER = "other"


_KINDS: dict[UnitKind, str] = {
    UnitKind.AREA: "平方米 平方公里 平方千米 公顷 亩 平米 ㎡ m² m2 km² km2 ha mu 公亩 平方厘米 亩次",
    UnitKind.LENGTH: "公里 千米 米 厘米 毫米 海里 车道公里 延米 延长米 里程公里 km 皮长公里 管公里 沟公里",
    UnitKind.VOLUME: "立方米 方 升 毫升 立方 m³ m3 L 标准立方米 标方",
    UnitKind.WEIGHT: "吨 公斤 千克 克 斤 毫克 微克 kg t 吨标准煤 吨标煤 标准吨",
    UnitKind.ENERGY: "千瓦时 度 兆瓦时 千焦 kWh 吉焦",
    UnitKind.POWER: "千瓦 兆瓦 吉瓦 千伏安 兆伏安 千伏 kW MW GW kV 伏 瓦",
    UnitKind.MONEY: "元 美元 欧元 港元 日元 英镑 元人民币 块钱 港币 澳元",
    UnitKind.PERCENT: "% ‰ ‱ 成 /10万 /万 /百万",
    UnitKind.PERCENT_POINT: "个百分点 百分点 个千分点",
    UnitKind.RATIO: "比例",
    UnitKind.TIMES: "倍",
    UnitKind.PEOPLE: "人 名 位 人次 人年 人天 人月 人日 户次 学员",
    UnitKind.TIME: "年 个月 天 小时 分钟 秒 秒钟 周 个工作日 个星期 个小时 学时 课时 个学时 个课时 工作日 个学期 学期 个季度 个自然日 日 学分",
    UnitKind.AGE: "岁 周岁",
    UnitKind.SPEED: "公里/小时 km/h 米/秒",
    UnitKind.TEMPERATURE: "℃ 摄氏度 °C",
    UnitKind.OTHER: "分贝 dB 分 GB TB PB Mbps Gbps MB 兆 比特 核 ppm PFlops PFLOPS EFlops EFLOPS P E 级",
    UnitKind.COUNT: (
        "个 家 户 所 张 座 台 辆 条 件 项 处 套 间 栋 幢 场 场次 期 批 批次 只 份 次 车次 班次 架次 艘次 台次 套次 家次 件次 例 宗 起 门 种 类 篇 部 册 本 支 艘 架 头 羽 "
        "株 棵 尾 块 片 对 组 队 班 节 标台 标箱 标准箱 TEU 床 餐 顿 桌 席 字 枚 根 盏 面 杆 通 封 幅 首 出 口 眼 台套 台（套） 套（间） 栋（单元） 层 款 "
        "卷 盒 包 箱 瓶 袋 把 扇 孔 跨 列 节次 轮 单 笔 票 盘 丛 匹 只次 台班 剂 剂次 针 针次 棚 艘 团 届 户（人） 个（处） 处（个） 个（项） 人份 折 篇次 车 例次 "
        "家（个） 所（个） 箱次 辆次 标准台 标准车 座次 门次 项次 窝 泊位 孔次 条次 道 单元 环 版 集 站 村 人·天"
    ),
}
UNIT_KINDS: dict[str, UnitKind] = {unit: kind for kind, units in _KINDS.items() for unit in units.split()}
# What may stand behind “/”: 元/人·月, 个/千人, 微克/立方米.
PER = (
    r"(?:每)?(?:[十百千万]{0,2}(?:常住人口|人口|人次|人|户|生|头|名|位|个|件|家|所|车|班|床|亩|公顷)|月|年|天|日|次|吨|立方米|平方公里|平方千米|平方米|㎡|m³|m²|升|小时|"
    r"公里|千米|km|学期|学年|课时|张|辆|台|万元|亿元|餐|公斤|千克|千瓦时|度|秒|分钟|季度|季|套|间|米|L|h|d|t|kg|kWh|工作日|千瓦)"
)
# A count word is none where it begins another word: 处理, 所有, 面积, 部门 …
_NOT_BEFORE: dict[str, str] = {
    "家": "庭长园属乡电具政禽畜校委",
    "所": "有需在属得谓提能长",
    "处": "理置室罚在分",
    "面": "积向临对貌议试",
    "部": "门分署委队长级属",
    "支": "持付出撑部队援教农前配",
    "对": "口接于外照比标应",
    "场": "所地景馆均内外站",
    "节": "约能点余假水日电目",
    "首": "次批个期届",
    "口": "径述岸腔碑",
    "只": "有能要是需",
    "分": "别局之为布期级类享析管解批步工配离数校院馆钟流部支",
    "度": "假过夏",
    "升": "级学至到高",
    "台": "湾风账阶州",
    "座": "谈",
    "片": "区",
    "班": "级主车组子列",
    "组": "织成建长合",
    "期": "间限末待满望盼货中",
    "门": "诊类店前口禁户槛票",
    "间": "接隔距",
    "本": "地市省县区科级月年身人次着",
    "起": "步点来草诉到",
    "类": "似别",
    "队": "伍员",
    "单": "位独价元个一体人项身",
    "出": "台现生行口让入资租境发具",
    "元": "旦素宵月",
    "天": "然津气候",
    "方": "面案式便向法可能",
    "包": "括含装容",
    "通": "过车知信用道客行讯",
    "村": "民委庄级医居镇落",
    "站": "点位在台",
    "车": "站间辆次道位均企",
    "道": "路德理教",
    "层": "面次级",
    "位": "于居置列次",
    "名": "称单义录额",
    "户": "籍均口型外",
    "人": "均民才员大工",
    "次": "年日月数要",
    "条": "件例款",
    "件": "均",
    "套": "餐用取",
    "集": "中体团聚成约群",
    "环": "境保节",
    "团": "队体结员",
    "字": "号",
    "折": "合算",
    "核": "心定查实",
    "列": "入为",
    "款": "项",
    "批": "复准发",
    "例": "如会外",
    "轮": "岗流换",
    "篇": "章",
    "头": "部",
    "兆": "瓦",
}
# Known as units, but never read as one behind a number: 3级, 2站, 5日 are names and dates far more often.
_NEVER = {"级", "届", "把", "站", "村", "P", "E", "版", "环", "道", "车", "折", "核", "列", "集", "日", "方", "出", "单"}


def _unit_pattern() -> str:
    parts = []
    for unit in sorted(UNIT_KINDS, key=len, reverse=True):
        if unit in _NEVER or unit.startswith("/"):
            continue
        part = re.escape(unit)
        if unit[-1].isascii() and unit[-1].isalpha():
            part += r"(?![A-Za-z])"
        elif unit in _NOT_BEFORE:
            part += f"(?![{_NOT_BEFORE[unit]}])"
        parts.append(part)
    return "|".join(parts)


# 套（间）, 台（套）, 栋（单元）: a unit with its twin in brackets.
_TWIN = r"(?:[（(](?:间|套|单元|户|个|处|所|栋|幢|座|家|场|人|项|件|次|台)[)）])?"
UNIT = rf"(?:(?:{_unit_pattern()}){_TWIN}(?:/{PER}(?:[·•・./]{PER})*)?)"

# English unit → how the letters call it. Count nouns are no units: “3,424 enterprises” carries none.
ENGLISH_UNITS: dict[str, str] = {
    r"square (?:metres?|meters?)|sq\.? ?m(?:etres?|eters?)?|m²|m2|sqm": "平方米",
    r"square (?:kilometres?|kilometers?)|sq\.? ?km|km²|km2": "平方公里",
    r"hectares?|ha": "公顷",
    r"mu": "亩",
    r"kilomet(?:re|er)s? per hour|km/h|kph": "公里/小时",
    r"kilomet(?:re|er)s?|km": "公里",
    r"cubic (?:metres?|meters?)|m³|m3": "立方米",
    r"met(?:re|er)s?|m": "米",
    r"tonnes?|tons?|metric tons?": "吨",
    r"kilograms?|kg": "公斤",
    r"kilowatt[- ]hours?|kwh": "千瓦时",
    r"megawatts?|mw": "兆瓦",
    r"us dollars?|u\.s\. dollars?|usd|dollars?": "美元",
    r"euros?|eur": "欧元",
    r"yuan|rmb|cny|renminbi": "元",
    r"percentage points?|percent points?|pp": "个百分点",
    r"%|per ?cent|percent": "%",
    r"micrograms? per cubic met(?:re|er)|μg/m³|ug/m3": "微克/立方米",
    r"milligrams? per lit(?:re|er)|mg/l": "毫克/升",
    r"times|-?fold": "倍",
    r"years?": "年",
    r"months?": "个月",
    r"days?": "天",
    r"hours?": "小时",
    r"minutes?": "分钟",
}
_ENGLISH_NAMES: dict[str, str] = {
    "平方米": "square metres",
    "平米": "square metres",
    "㎡": "square metres",
    "平方公里": "square kilometres",
    "公顷": "hectares",
    "公里": "km",
    "千米": "km",
    "米": "m",
    "立方米": "cubic metres",
    "升": "litres",
    "吨": "tonnes",
    "公斤": "kg",
    "千克": "kg",
    "千瓦时": "kWh",
    "度": "kWh",
    "千瓦": "kW",
    "兆瓦": "MW",
    "元": "yuan",
    "美元": "US dollars",
    "欧元": "euros",
    "港元": "Hong Kong dollars",
    "%": "%",
    "‰": "‰",
    "个百分点": "percentage points",
    "百分点": "percentage points",
    "倍": "times",
    "人次": "person-times",
    "车次": "vehicle trips",
    "班次": "services",
    "人": "people",
    "户": "households",
    "年": "years",
    "个月": "months",
    "天": "days",
    "小时": "hours",
    "分钟": "minutes",
    "个工作日": "working days",
    "工作日": "working days",
    "岁": "years of age",
    "周岁": "years of age",
    "公里/小时": "km/h",
    "微克/立方米": "μg/m³",
    "毫克/升": "mg/L",
    "微克": "μg",
    "毫克": "mg",
    "℃": "°C",
    "分贝": "dB",
    "标台": "standard vehicles",
    "标箱": "TEU",
    "标准箱": "TEU",
    "次": "times",
    "期": "sessions",
    "场": "sessions",
    "吨标准煤": "tonnes of standard coal",
    "千伏": "kV",
}
_PER_NAMES = {
    "人": "person", "户": "household", "月": "month", "年": "year", "天": "day", "日": "day", "次": "time", "生": "pupil", "学期": "term",
    "平方米": "square metre", "立方米": "cubic metre", "小时": "hour", "公里": "km", "亩": "mu", "吨": "tonne", "升": "litre",
    "千人": "1,000 people", "万人": "10,000 people", "千人口": "1,000 people", "万人口": "10,000 people", "百人": "100 people",
    "课时": "lesson", "餐": "meal", "张": "bed", "床": "bed", "辆": "vehicle", "平方公里": "square km", "班": "class", "10万": "100,000",
}  # fmt: skip
# The same thing under another name or in another size: unit → (canonical unit, factor).
_SAME: dict[str, tuple[str, Decimal]] = {
    "平米": ("平方米", Decimal(1)),
    "㎡": ("平方米", Decimal(1)),
    "m²": ("平方米", Decimal(1)),
    "平方公里": ("平方米", Decimal(10) ** 6),
    "平方千米": ("平方米", Decimal(10) ** 6),
    "公顷": ("平方米", Decimal(10) ** 4),
    "公里": ("米", Decimal(1000)),
    "千米": ("米", Decimal(1000)),
    "km": ("米", Decimal(1000)),
    "公斤": ("克", Decimal(1000)),
    "千克": ("克", Decimal(1000)),
    "吨": ("克", Decimal(10) ** 6),
    "名": ("人", Decimal(1)),
    "位": ("人", Decimal(1)),
    "百分点": ("个百分点", Decimal(1)),
    "周岁": ("岁", Decimal(1)),
    "工作日": ("个工作日", Decimal(1)),
    "幢": ("栋", Decimal(1)),
    "个小时": ("小时", Decimal(1)),
    "度": ("千瓦时", Decimal(1)),
    "元人民币": ("元", Decimal(1)),
    "标准箱": ("标箱", Decimal(1)),
    "人口": ("人", Decimal(1)),
    "成": ("%", Decimal(1)),  # a 成's base value is in per cent already
    "比例": ("%", Decimal(100)),
    "‰": ("%", Decimal("0.1")),
    "立方": ("立方米", Decimal(1)),
}
_SCALED = re.compile(r"^(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千)(?=.)")
_MEASURE_WORDS = {unit for unit, kind in UNIT_KINDS.items() if kind is UnitKind.COUNT or unit in ("名", "位")} - {"场", "期", "次"}


def split_scale(unit: str) -> tuple[Decimal, str]:
    """Split 万平方米 into 10000 and 平方米; a bare scale (万) has the empty unit."""
    if unit in SCALES and unit not in ("十", "百"):
        return SCALES[unit], ""
    match = _SCALED.match(unit)
    return (SCALES[match[1]], unit[match.end() :]) if match else (Decimal(1), unit)


def unit_kind(unit: str) -> UnitKind:
    """Tell what a unit measures; scale words in front (万平方米) do not matter, nor does what stands behind “/”."""
    base = split_scale(unit)[1]
    if base in UNIT_KINDS:
        return UNIT_KINDS[base]
    if re.fullmatch(r":\d+", base):
        return UnitKind.RATIO
    head = re.split(r"[/（(]", base, maxsplit=1)[0]
    if head in ("微克", "毫克", "克") and "/" in base:
        return UnitKind.CONCENTRATION
    return UNIT_KINDS.get(head, UnitKind.COUNT if not head else UnitKind.OTHER)


def canonical(unit: str) -> tuple[str, Decimal, str]:
    """Bring a unit without scale to (unit, factor, per-part): 公里 → (米, 1000, "")."""
    head, _, per = unit.partition("/")
    head = re.sub(r"[（(].*", "", head)
    name, factor = _SAME.get(head, (head, Decimal(1)))
    return name, factor, per.removeprefix("每").replace("人口", "人").replace("常住人", "人")


def english_unit(unit: str) -> str:
    """Name a unit without scale in English; the empty text for a mere measure word (家, 个)."""
    head, _, per = unit.partition("/")
    head = re.sub(r"[（(].*", "", head)
    name = _ENGLISH_NAMES.get(unit) or _ENGLISH_NAMES.get(head, "" if head in _MEASURE_WORDS or not head else head)
    if per and unit not in _ENGLISH_NAMES:
        parts = [_PER_NAMES.get(part.removeprefix("每"), part) for part in re.split(r"[·•・/.]", per)]
        name = " per ".join([name, *parts]).strip()
    return name
