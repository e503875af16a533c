"""The name of a figure, cut as a person would write it at the head of a table's row."""

from __future__ import annotations

import re

from ingest.figures import words
from ingest.figures.clauses import Clause
from rag.records import Measure
from rag.units import UnitKind, split_scale, unit_kind

# By their last and first character, the longest first: names are cut often.
_LINKS = {end: sorted({w for w in words.LINKS if w[-1] == end}, key=len, reverse=True) for end in {w[-1] for w in words.LINKS}}
_WEAK = {first: sorted({w for w in words.WEAK_VERBS if w[0] == first}, key=len, reverse=True) for first in {w[0] for w in words.WEAK_VERBS}}
_LEADING_NOISE = re.compile(
    r"^(?:[①-⑳]|(?:对照|围绕|锚定|瞄准|紧扣|聚焦|紧盯)(?:(?:年初|年度|[省市县]里?)?(?:确定|下达|制定|提出|明确)的)?|[邻近][市县区省](?=[\u4e00-\u9fff]{2,3}[市县区省])|〔[^〕]{1,8}〕|(?:国家|上级|[省市县区][里委厅局]?|[省市县]政府)下达(?:我[省市县区])?的?|(?:(?:19|20)\d\d[、和及与]?)+[两三四五六]年|(?:我们)?的?(?:年度|全年|总体|主要)?(?:任务|目标)(?:仍|仍然)?[为是](?=.{3})|原(?:复函|答复|函|文|表)(?:中)?(?:所列|所述|所称|载明|所载|称)的?|(?:国家|上级|[省市县区]里?)的?(?:要求|规定|目标|标准)(?:同样)?[是为]|(?:剩下|余下|剩余|未来|后)[两三四五]年|\d{1,2}(?:[.．]\d{1,2}){1,3}\s*|首批(?=..)|[两三四五六]年(?=投资)|[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3})+[两三四五六七八九](?:县区|[县区市镇乡地])(?:合计|共|都|均)*|分[一二两三四五六七八九\d]+(?:轮|批|期|次|年)(?:建设|实施|共)?|原(?:规划|计划)(?:确定|提出)?的?|经[\u4e00-\u9fff]{2,10}(?:评估|研究|协商|批准|同意|测算|论证|审议|核定)|[一二两三四五六七八九十]年来|[一二两三四五六七八九十]年(?:内|间|来)?(?=合计|共|累计|新增|新建|改造|建成|培育|培训|$)|[一二三四五六七八九十]是|其[一二三四五六]|首先|其次|第[一二三四五六]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、]|[、，；：:,“”（）()\s]+|在[^，]{2,14}(?:方面|上|中)(?=[，：]|$)|[\u4e00-\u9fff]{2,8}方面(?=[，：]|$)|"
    r"(?:全|我|本|该)[市区县省州国院校局镇乡](?:的)?|各地|“[^”]{1,8}”即|据(?:了解|统计|测算|初步统计)?|经[^，]{0,8}(?:统计|核实|核定|测算|摸底)|受[^，]{0,30}影响|为此|因此|其中|同时|另外|此外|以及|并且|我们|我局|我委|我厅|我办|我院)"
)
_TRAILING_NOISE = re.compile(
    r"(?:[、，；：:,（(\s“]+|每(?:人|户|家|年|月|天|台|辆|套|个|名|生|床|亩|村|公里|餐|次|满)+|(?:全|我|本)[市区县省]|今后|以上)$"
)
_HEAD_NOISE = re.compile(r"(?:总数|总量|总额|数量|数)$")
KEPT_VERB = (
    r"新建|新增|改造|建设|改建|扩建|改扩建|引进|培训|招聘|发放|推荐|更新|淘汰|整治|修复|安装|加装|投放|新改建|续建|培育|创建|认定|筹集|开工|竣工|新开工|投入|选派|招募|资助|救助|接待|举办|开通|开行|种植|造林|清理|拆除|关停|查处|受理|办理|盘活|储备|申报|开办|覆盖|服务|惠及|带动|减少|争取|支持|兑现|兑付|奖励|补贴|补助|安置|收治|优化|调整|启动|提供|设置|打造|建成|推广|实施|配备|配置|组建|签订|签约|入选|入库|入围|获评|获批|评选|选树|销号|解决|处理|收储|供应|出让|拍卖|归集|发行|采购|流转|修缮|抽检|检查|排查|巡查|"
    r"流出|毕业|参与|参加|享受|拥有|容纳|捐赠|提升|迁改|撤并|保留|新设|新设立|设立|设|推出|促成|推进|捐|结对|停办|停业|关闭|退出|释放|腾退|布局|布设|设定|生产|回收|利用|消纳|整改|整治|注销|发生|报废|开放"
)
# Verbs that hold for a whole row of things: 新增企业2家、机构15家.
SERIES_VERB = re.compile(
    r"^(?:新增|新建|改造|改造提升|引进|新引进|新引育|培训|招聘|选派|安装|加装|更新|新招聘|新认定|认定|培育|创建|捐赠|新开工|开工|整治|建设)(?!、)"
)
_CUT_TOPIC = re.compile(
    r"(?:做到|集中|将|达到|已(?!有)|于|由|从|受|在|实行|采用|采取|是|为|按|，|有|要|逐年|实施|规模|目标|保持|成功|起步|较|不|的(?:规模|标准|目标)?$)"
)
_COUNT_TAIL = re.compile(
    r"(?:数|量|率|比|比例|比重|占比|额|次|积|里程|浓度|总长|资金|投资|收入|支出|增加值|规模|长度|费用|标准|补贴|补助|投入|容积|水平|指数|频次|贡献|等级|速|程|度|值|产能|能力|床位|托位|学位|车位|人员|人口)$"
)


# A weak word that begins a noun stays: 全社会, 新能源, 总面积, 共同, 对口.
_GUARDS = {
    "全": r"[社域口球面国科托时程员屋民]", "高标准": r"(?!建|推|打|完|实|办)", "高质量": r"(?!建|推|打|完|实|办)", "新": r"[校院区址购辟增建改能开设扩引生型入材媒药就业市升获评登成农居]", "总": r"[磷氮面投数量额体里规长调床库收产建用人装户容库]", "共": r"[同享青建富用]", "约": r"[束谈定]", "近": r"[视岸零海郊期年]", "对": r"[口外接标应]", "按": r"[期时揭摩键]",
    "先": r"[行进锋]", "其": r"[他余它]", "有": r"[效机轨线组]", "为": r"[民侨农企老]", "达": r"[标成产]", "即": r"时", "以": r"[上下内旧]", "可": r"[再持回利吸容]", "要": r"[素求件]", "需": r"求", "再": r"[生就担造]", "现": r"[代场金役房实]", "和": r"[美谐平]", "等": r"[级候]", "从": r"[业事]", "建成": r"[区后]", "在": r"[用校岗建孵园册籍职编线读营库产役外孵训保住]",
    "各": r"[类级地种项校园区县市界族]", "超": r"[过级千百亿万\d]", "每": r"[\d千万百个户人家年月天台辆套名生床亩村公餐次学座部条所项张吨立平]", "均": r"等", "并": r"[购网轨]", "及": r"格", "与": r"会", "还": r"[款林迁贷建]", "使": r"用", "重点": r"[实人项优群企监产工领园开高污排单减建用医]", "组织": r"[部化]", "实施": r"[方]", "计划": r"[生]", "全面": r"二", "培育": r"[年品]?\b$", "实际": r"[到出完利开入新使]",
    "规划": r"[用床建面总展]", "继续": r"[教]", "预期": r"寿", "都": r"市", "执行": r"[率案标]", "累计": r"[新投参保改]?$", "成功": r"率", "将": r"[军近]", "当年": r"[毕]", "全年": r"[公]",
}  # fmt: skip


def strip_left(text: str) -> str:
    """Take from the front of a name what is no part of it: connectives, whole places, plan words, weak verbs."""
    previous = None
    while previous != text:
        previous = text
        text = _LEADING_NOISE.sub("", text)
        if text != previous:
            continue
        for verb in _WEAK.get(text[:1], ()):
            if text.startswith(verb) and not _protects(text, verb):
                text = text[len(verb) :]
                break
    return text


def _protects(text: str, verb: str) -> bool:
    """A weak word that begins a noun stays: 全社会, 新能源, 总面积, 共同, 对口, 新增, 每千人口."""
    rest = text[len(verb) :]
    pattern = _GUARDS.get(verb)
    return bool(pattern and re.match(pattern, rest)) or not rest


# A link that ends a noun stays: 所有, 人均, 参与.
_ENDINGS = {
    "有": "所有实有拥有",
    "为": "作为",
    "均": "人均户均平均日均月均年均",
    "再": "",
    "将": "",
    "的": "",
    "与": "参与",
    "由": "自由",
    "达": "",
    "到": "",
    "和": "",
    "是": "",
    "按": "",
    "约": "节约预约签约",
    "超": "",
    "及": "普及惠及涉及",
    "给": "供给",
    "予": "授予",
    "共": "公共",
    "仅": "",
    "每": "",
    "可": "许可认可",
    "要": "主要",
    "保持": "",
    "在": "存在现在",
    "近": "附近",
    "已": "",
    "仍": "",
    "尚": "高尚",
    "还": "返还归还偿还",
}


def strip_right(text: str) -> str:
    """Take from the end of a name the words that link it to its value: 为, 达到, 提高到, 约."""
    previous = None
    while previous != text:
        previous = text
        text = _TRAILING_NOISE.sub("", text)
        for link in _LINKS.get(text[-1:], ()):
            if text.endswith(link) and len(text) > len(link) - 1 and not _keeps_end(text, link):
                text = text[: -len(link)]
                break
    return text


def _keeps_end(text: str, link: str) -> bool:
    """新增 and 增长 at a name's end say something; a bracket that closes belongs to it."""
    listed = _ENDINGS.get(link, "")
    return any(text.endswith(listed[i : i + 2]) for i in range(0, len(listed), 2))


def head_of(name: str) -> str:
    """The thing that a name counts: 在册志愿者总数 → 在册志愿者."""
    return _HEAD_NOISE.sub("", re.sub(r"^(?:新增|新建|净增|累计)(?!、)", "", name)) or name


_PLACED = re.compile(r"把([\u4e00-\u9fff]{2,14}?)(?:放在|作为|列入|纳入|摆在|列为)")
_NO_TOPIC = re.compile(
    r"(?:连续|持续|不断|始终|列入|全面|积极|考虑|根据|按照?|结合|经(?!济|费|营|常)|为(?!民)|受(?!益|污)|由于|因|随着|围绕|针对|通过|坚持|以(?!上|下)|对(?!口)|从|会同|选址|重点|采取|需要|目前|据|如|如果|主要|我[^市县区省]|其(?!他|余)|在[^校岗建]|[市县区省]委)"
)


def topic_of(clause: Clause) -> str:
    """What a clause without a figure speaks of: 省级补助资金实行因素法分配 → 省级补助资金."""
    if placed := _PLACED.search(clause.text):
        return placed[1]  # 把管网改造放在首位
    if _NO_TOPIC.match(clause.text.strip()):
        return ""
    text = re.sub(r"^(?:启动|深化|完善|推广|建立|健全|支持|做好|落实|加大|强化|加强|优化)", "", strip_left(clause.text))
    match = None if _COUNT_TAIL.search(text) else _CUT_TOPIC.search(text, 2)
    topic = strip_right(text[: match.start()] if match else text)
    topic = (
        topic
        if topic.endswith("”") or "“" in topic[-6:]
        else re.sub(r"(?:最多|最高|最低|偏低|偏高|较低|较高|低|高|少|多|大|小)$", "", topic)
    )
    return topic if 2 <= len(topic) <= 34 and not re.search(r"[您你贵]", topic) else ""


def heading_topic(headings: tuple[str, ...]) -> str:
    """What a section is about, cut from its heading: （三）关于增设儿童公园 → 增设儿童公园."""
    if corrected := corrected_statement(headings)[0]:
        return corrected
    for heading in reversed(headings):
        plain = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．\s]*", "", heading)
        plain = re.sub(r"^(?:关于|在|就)|(?:方面|问题|情况|工作|建议|的答复)$|[。“”]", "", plain)
        plain = re.sub(r"(?:19|20)\d\d年(?:度|[底末](?!线))?|^〔[^〕]{1,8}〕", "", plain)
        plain = re.sub(r"(?:[一二三两四五\d]+年内|三年|五年|达到|提高到|增加到|降到|降至|扩大到|缩短到|增加\d|将(?!军)).*$", "", plain)
        if len(plain) >= 2 and not re.search(
            r"^让|^把|有个|的地方|通报|怎么|哪|什么|几个|[？?吗吧呢了]$|多少|多大|如何|半年|全年|您|你们|贵|提案|建议|目标|安排|任务|下一步|回顾|现状|打算",
            plain,
        ):
            return plain[:20]
    return ""


_CORRECTED = re.compile(r"“(?P<said>[^”]*\d[^”]*)”[^“]{0,6}(?:有误|错误|更正)")


def corrected_statement(headings: tuple[str, ...]) -> tuple[str, int | None]:
    """Name and year of what a heading calls wrong: “2022年底全市山塘1.2万座”有误; empty where it calls nothing so."""
    match = _CORRECTED.search(headings[-1]) if headings else None
    if match is None:
        return "", None
    year = re.search(r"((?:19|20)\d\d)年", match["said"])
    plain = re.sub(r"(?:19|20)\d\d年(?:[底末]|度)?", "", match["said"])
    return strip_right(strip_left(re.split(r"\d", plain)[0])), int(year[1]) if year else None


def add_count(name: str, unit: str) -> str:
    """Name a count as one: 在孵企业 → 在孵企业数."""
    kind = unit_kind(unit)
    base = split_scale(unit)[1].split("/")[0]
    if kind in (UnitKind.COUNT, UnitKind.PEOPLE) and base not in ("次", "人次", "车次", "班次") and name and not _COUNT_TAIL.search(name):
        if base == "户" and "户" not in name:
            return name + "户数"
        if name.endswith(("）", "”")) or len(name) < 2:
            return name + "数" if name.endswith("”") else name
        return name + "数"
    return name


def change_name(before: str, parent: str) -> str:
    """Name a change: the level's name and the verb (技术合同成交额同比增长)."""
    match = words.CHANGE.search(before)
    verb = re.sub(r"(?:了|分别|达到?|为|约|近|超过?|突破|不少于|不低于|至少|将近|接近)+$", "", match[0]) if match else "变化"
    left = strip_right(strip_left(before[: match.start()] if match else before))
    left = re.sub(r"(?:比|较|与|同)[^，]*$|^的?(?:目标|计划|任务)(?:值)?(?:相比)?", "", left)
    left = strip_right(strip_left(left))
    if match is None and parent and re.match(r"高于|低于|快于|慢于|好于|优于|超过|领先", left):
        return re.sub(rf"(?:{words.CHANGE_VERB})$", "", parent) + left
    if len(left) >= 2 and not left.startswith(("年均", "平均", "一年", "同比", "环比")):
        return left + verb
    return parent + left + verb


def measure_of(before: str, unit_base: str) -> Measure:
    """Tell a level from a change and from a completion."""
    if unit_base in ("个百分点", "百分点"):
        return Measure.CHANGE
    if re.search(r"(?:完成|达到?|占|为|实现)[^，；。]{0,12}(?:目标|任务|计划|总任务)(?:任务|数|总数|值)?的$", before) and unit_base == "%":
        return Measure.COMPLETION
    if words.NO_CHANGE.search(before):
        return Measure.LEVEL
    stripped = re.sub(r"(?:不超过|不少于|不低于|不高于)$", "", before)
    match = words.CHANGE.search(stripped)
    if match is None:
        return Measure.LEVEL
    if (
        match[0] in ("多", "少", "高", "低", "升", "减", "增", "降", "减排", "增收")
        and unit_base not in ("%", "成", "个百分点")
        and not re.search(r"比|较", stripped)
    ):
        return Measure.LEVEL
    return Measure.CHANGE


def tidy(name: str) -> str:
    """Close a name: balanced brackets, no stray marks, no endless length."""
    name = name.strip("、，；：:。 的")
    for opening, closing in (("（", "）"), ("“", "”"), ("《", "》"), ("(", ")")):
        if name.count(opening) != name.count(closing):
            name = name.replace(opening, "").replace(closing, "")
    name = re.sub(r"(?<=[\u4e00-\u9fff]{4})任务(?:数|量)?$", "", re.sub(r"\s+", "", name))
    return name[-40:]
