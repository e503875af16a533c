"""The name of a figure, cut as a person would write it at the head of a table's row."""

from __future__ import annotations

import re

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention
from rag.records import Measure
from rag.units import UnitKind, split_scale, unit_kind

# By their last and first character, the longest first: names are cut often.
_LINKS = {end: sorted({w for w in words.LINKS if w[-1] == end}, key=len, reverse=True) for end in {w[-1] for w in words.LINKS}}
_WEAK = {first: sorted({w for w in words.WEAK_VERBS if w[0] == first}, key=len, reverse=True) for first in {w[0] for w in words.WEAK_VERBS}}
_BRACKETED = re.compile(r"（[^（）]*）")
_LEADING_NOISE = re.compile(
    r"^(?:[①-⑳]|[一二两三四五六七八九十]年来|[一二两三四五六七八九十]年(?:内|间|来)?(?=合计|共|累计|新增|新建|改造|建成|培育|培训|$)|[一二三四五六七八九十]是|其[一二三四五六]|首先|其次|第[一二三四五六]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、]|[、，；：:,“”（）()\s]+|在[^，]{2,14}(?:方面|上|中)(?=[，：]|$)|[\u4e00-\u9fff]{2,8}方面(?=[，：]|$)|"
    r"(?:全|我|本|该)[市区县省州国院校局镇乡](?:的)?|各地|“[^”]{1,8}”即|据(?:了解|统计|测算|初步统计)?|经[^，]{0,8}(?:统计|核实|核定|测算|摸底)|受[^，]{0,30}影响|为此|因此|其中|同时|另外|此外|以及|并且|我们|我局|我委|我厅|我办|我院)"
)
_TRAILING_NOISE = re.compile(r"(?:[、，；：:,（(\s“]+|每(?:人|户|家|年|月|天|台|辆|套|个|名|生|床|亩|村|公里|餐|次|满)+|(?:全|我|本)[市区县省]|今后|以上)$")
_HEAD_NOISE = re.compile(r"(?:总数|总量|总额|数量|数)$")
_RIGHT_STOP = re.compile(
    r"[，。；：！？、（）()“”]|(?:给予|用于|予以|提供|进行|开展|并|同时|由|于(?!一)|在(?![校岗建园])|向|全部|纳入|列入|作为|得到|均|都|已|将|被|未|没有|达到|超过|需|可(?!再生|持续)|分布|分别|参加|到(?!位)|对口|以(?![上下内])|完成|采取|实行|试点|占|与|按|比|至|为(?!民|侨)|实现|投入使用|投用|免费|相应|容纳|后移)"
)
_RIGHT_VERB = re.compile(r"^(?:的)?(?:由|给|予|按|将|为|是|在|从|到|至|和|与|并|后|前|时|中(?!小|学|医|央|高)|内|、|等|比|占|分布|均|都|以(?!上|下|内)|用于|需|要|可|已|来自|属|仍|未|纳入|列|左右|上下|以上|以下|以内|之内|的$|于|就|则|即|起|且|（|有(?!机|轨|线)|能|没有|不|用)")
_KEPT_VERB = (
    r"新建|新增|改造|建设|改建|扩建|改扩建|引进|培训|招聘|发放|推荐|更新|淘汰|整治|修复|安装|加装|投放|新改建|续建|培育|创建|认定|筹集|开工|竣工|新开工|投入|选派|招募|资助|救助|接待|举办|开通|开行|种植|造林|清理|拆除|关停|查处|受理|办理|盘活|储备|申报|开办|覆盖|服务|惠及|带动|减少|争取|支持|兑现|兑付|奖励|补贴|补助|安置|收治|优化|调整|启动|提供|设置|打造|建成|推广|实施|配备|配置|组建|签订|签约|入选|入库|入围|获评|获批|评选|选树|销号|解决|处理|收储|供应|出让|拍卖|归集|发行|采购|流转|修缮|抽检|检查|排查|巡查|"
    r"流出|毕业|参与|参加|享受|拥有|容纳|捐赠|提升|迁改|撤并|保留|新设|新设立|设立|设|推出|促成|推进|捐|结对|停办|停业|关闭|退出|释放|腾退|布局|布设|设定|生产|回收|利用|消纳"
)
_VERB_ONLY = re.compile(rf"^(?:{_KEPT_VERB})+$")
_VERBS_ONLY = re.compile(rf"^(?:{_KEPT_VERB}|推荐|申报|安排|完成|实现|达到|执行|有|是|其中|净增|按|以|了)+$")
_CUT_TOPIC = re.compile(r"(?:集中|将|达到|已(?!有)|于|由|从|受|在|实行|采用|采取|是|为|按|，|有|要|逐年|实施|规模|目标|保持|成功|起步|较|不|的(?:规模|标准|目标)?$)")
_PER = re.compile(r"(每(?:人|户|家|年|月|天|台|辆|套|个|名|生|床|亩|村|公里|餐|次|学期|学年|满[一二三]年工龄|千人口?|万人口?|百人|平方米|万名|千名|百名)+(?:每(?:人|户|年|月|天|次|学期|学年))*)")
_COUNT_TAIL = re.compile(r"(?:数|量|率|比|比例|比重|占比|额|次|积|里程|浓度|总长|资金|投资|收入|支出|增加值|规模|长度|费用|标准|补贴|补助|投入|容积|水平|指数|频次|贡献|等级|速|程|度|值|产能|能力|床位|托位|学位|车位|人员|人口)$")


# A weak word that begins a noun stays: 全社会, 新能源, 总面积, 共同, 对口.
_GUARDS = {
    "全": r"[社域口球面国科托时程员屋民]", "高标准": r"(?!建|推|打|完|实|办)", "高质量": r"(?!建|推|打|完|实|办)", "新": r"[购增建改能开设扩引生型入材媒药就业市升获评登成农居]", "总": r"[面投数量额体里规长调床库收产建用人装户容库]", "共": r"[同享青建富用]", "约": r"[束谈定]", "近": r"[视岸零海郊期年]", "对": r"[口外接标应]", "按": r"[期时揭摩键]",
    "其": r"[他余它]", "有": r"[效机轨线组]", "为": r"[民侨农企老]", "达": r"[标成产]", "即": r"时", "以": r"[上下内旧]", "可": r"[再持回利吸容]", "要": r"[素求件]", "需": r"求", "再": r"[生就担造]", "现": r"[代场金役房实]", "和": r"[美谐平]", "等": r"[级候]", "从": r"[业事]", "在": r"[校岗建孵园册籍职编线读营库产役外孵训保住]",
    "超": r"[过级]", "每": r"[千万百个户人家年月天台辆套名生床亩村公餐次学座部条所项张吨立平]", "均": r"等", "并": r"[购网轨]", "及": r"格", "与": r"会", "还": r"[款林迁贷建]", "使": r"用", "重点": r"[实人项优群企监产工领园开高污排单减建用医]", "组织": r"[部化]", "实施": r"[方]", "计划": r"[生]", "全面": r"二", "培育": r"[年品]?\b$", "实际": r"[到出完利开入新]",
    "规划": r"[用床建面总展]", "继续": r"[教]", "预期": r"寿", "都": r"市", "执行": r"[率案标]", "累计": r"[新投参保改]?$", "成功": r"率", "将": r"[军近]", "当年": r"[毕]", "全年": r"[公]",
}  # fmt: skip


def strip_left(text: str) -> str:
    """Take from the front of a name what is no part of it: connectives, whole places, plan words, weak verbs."""
    previous = None
    while previous != text:
        previous = text
        text = _LEADING_NOISE.sub("", text)
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
_ENDINGS = {"有": "所有", "为": "作为", "均": "人均户均平均日均月均年均", "再": "", "将": "", "的": "", "与": "参与", "由": "自由", "达": "", "到": "", "和": "", "是": "", "按": "", "约": "节约预约签约", "超": "", "及": "普及惠及涉及", "给": "供给", "予": "授予", "共": "公共", "仅": "", "每": "", "可": "许可认可", "要": "主要", "保持": "", "在": "存在现在", "近": "附近", "已": "", "仍": "", "尚": "高尚", "还": "返还归还偿还"}


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
    listed = _ENDINGS.get(link)
    return bool(listed) and any(text.endswith(listed[i : i + 2]) for i in range(0, len(listed), 2))


def head_of(name: str) -> str:
    """The thing that a name counts: 有效期内高新技术企业总数 → 有效期内高新技术企业."""
    return _HEAD_NOISE.sub("", re.sub(r"^(?:新增|新建|净增|累计)(?!、)", "", name)) or name


def left_part(mention: Mention) -> str:
    """The words before a figure that may name it, times and places already blanked out by the caller."""
    return strip_right(strip_left(mention.before.strip()))


def right_part(mention: Mention, *, money: bool) -> str:
    """The noun behind a figure: 新建4所九年一贯制学校; for money also what it is spent on: 投入1470万元改造宿舍."""
    after = re.sub(r"^(?:余|多|左右|上下|以上|以下|以内|强)+", "", mention.after)
    if words.TURN.match(mention.after):
        return ""
    grant = re.match(r"^的?(?:标准)?(?:给予|发放|予以|进行)?(?:一次性|最高)?(补助|补贴|奖励|资助|救助|补偿|津贴)", after) if money else None
    if grant:
        return grant[1] + "标准"
    if not after or (_RIGHT_VERB.match(after) and not money):
        return ""
    after = after.removeprefix("的")
    if money and re.match(r"^(?:用于|对|给|支持)", after):
        after = re.sub(r"^(?:用于|对|给|支持)", "", after)
    elif money and _RIGHT_VERB.match(after):
        return ""
    stop = _RIGHT_STOP.search(after)
    noun = after[: stop.start()] if stop else after
    noun = re.sub(r"中$", "", strip_right(noun.strip()))
    return noun if 1 < len(noun) <= 18 and re.search(r"[\u4e00-\u9fffA-Za-z]", noun) else ""


_NO_TOPIC = re.compile(r"(?:考虑|根据|按照?|结合|经(?!济|费|营|常)|为(?!民)|受(?!益|污)|由于|因|随着|围绕|针对|通过|坚持|以(?!上|下)|对(?!口)|从|会同|选址|重点|采取|需要|目前|据|如|如果|主要|我[^市县区省]|其(?!他|余)|在[^校岗建])")


def topic_of(clause: Clause) -> str:
    """What a clause without a figure speaks of: 省级补助资金实行因素法分配 → 省级补助资金."""
    if _NO_TOPIC.match(clause.text.strip()):
        return ""
    text = re.sub(r"^(?:启动|深化|完善|推广|建立|健全|支持|做好|落实|加大|强化|加强|优化)", "", strip_left(clause.text))
    match = None if _COUNT_TAIL.search(text) else _CUT_TOPIC.search(text, 2)
    topic = strip_right(text[: match.start()] if match else text)
    topic = re.sub(r"(?:最多|最高|最低|偏低|偏高|较低|较高|低|高|少|多|大|小)$", "", topic)
    return topic if 2 <= len(topic) <= 34 and not re.search(r"[您你贵]", topic) else ""


def heading_topic(headings: tuple[str, ...]) -> str:
    """What a section is about, cut from its heading: （三）关于统一招引专业运营机构 → 统一招引专业运营机构."""
    for heading in reversed(headings):
        plain = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．\s]*", "", heading)
        plain = re.sub(r"^(?:关于|在|就)|(?:方面|问题|情况|工作|建议|的答复)$|[。“”]", "", plain)
        plain = re.sub(r"(?:19|20)\d\d年(?:度)?", "", plain)
        plain = re.sub(r"(?:[一二三两四五\d]+年内|三年|五年|达到|提高到|增加到|降到|降至|扩大到|缩短到|增加\d|将(?!军)).*$", "", plain)
        if len(plain) >= 2 and not re.search(r"您|你们|贵|提案|建议|目标|安排|任务|下一步|回顾|现状|打算", plain):
            return plain[:20]
    return ""


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
    left = re.sub(r"(?:比|较|与|同)[^，]*$", "", left)
    left = strip_right(strip_left(left))
    if len(left) >= 2 and not left.startswith(("年均", "平均", "一年", "同比", "环比")):
        return left + verb
    return parent + left + verb


def measure_of(before: str, unit_base: str, after: str) -> Measure:
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
    if match[0] in ("多", "少", "高", "低", "升", "减", "增", "降", "减排", "增收") and unit_base not in ("%", "成", "个百分点") and not re.search(r"比|较", stripped):
        return Measure.LEVEL
    return Measure.CHANGE


def build_name(
    mention: Mention, parent: str, inherited: str, topic: str, *, among: bool, project: str = "", in_sentence: bool = False
) -> tuple[str, str]:
    """Build name and group of a level.

    Args:
        mention: the figure and the words around it.
        parent: name of the figure before it, "" where there is none.
        inherited: what the clause before speaks of, when that clause has no figure.
        topic: what the section is about.
        among: the clause says 其中, so that a modifier takes the parent's noun.
        project: the institution or project that the sentence speaks of.
        in_sentence: the parent stands in the same sentence.
    """
    unit = mention.quantity.unit
    kind = unit_kind(unit)
    money = kind is UnitKind.MONEY
    per = "".join(dict.fromkeys(_PER.findall(mention.before[-16:]))) if not re.search(r"^每[千万百]", mention.before) else ""
    left, right = left_part(mention), right_part(mention, money=money)
    left = re.sub(r"[一二两三四五六七八九十](?:批|轮)(?:共|次)?$|的?(?:规划|预期|年度|既定)?目标(?:值)?$", "", left)
    left = re.sub(r"(?:由|从)(?:[^，]{0,10}前)?$|^(?:(?:全部|项目)?(?:建成|投用|投产|达产|竣工|完工|投入使用|实施|建成投用)后(?:预计)?(?:每?年)?可?)", "", left)
    left = re.sub(r"^第[一二三四五六]年起?", "", left)
    if re.match(r"^(?:[市县区省本级州各]{0,4}财政)?(?:按|安排|投入|列支)?$|^(?:对|按)$", left):
        left = ""
    if re.search(r"(?:该|这一|上述|其|此项)(?:比例|指标|数值|数据|占比|比重)(?:为|达到?|是|已|约)*$", mention.before):
        left = ""
    base = head_of(parent) if parent else ""
    base = base if not words.BARE.match(base) else ""
    group = ""
    same = bool(re.search(r"的(?:有|占|为|达|仅|只有)?(?:约|近|超过|不足|不到)?$", mention.before)) and kind in (UnitKind.COUNT, UnitKind.PEOPLE)
    if same and left and base and len(left) > 3 and base not in left:
        return add_count(f"{left}的{base}", unit), ""
    if re.search(r".占[^占]{2,}$", left) and kind is UnitKind.PERCENT and not re.search(r"(?:比重|比例|占比|率)$", left):
        return re.sub(r"约占", "占", left).rstrip("的") + "比重", group
    if left.endswith("占") and len(left) > 2:
        return left.removesuffix("占").removesuffix("约").rstrip("的") + "占比", group
    if left.startswith(("占", "约占")):
        whole = re.sub(r"^约?占|的$", "", left)
        subject = inherited or base or parent
        return f"{subject}占{whole}比重", group
    owner = (base if in_sentence else "") or inherited or topic or base
    if among and not left and base and in_sentence and right:
        return add_count(base, unit), right
    if re.match(r"^(?:其余|其他|剩余|另有|其它)的?$", left):
        left, group = (left + base), left
    elif kind is UnitKind.PERCENT and left and (grant := re.match(r"^(?:的比例|的标准|标准)?(?:给予)(?:一次性)?(补助|补贴|奖励|支持|贴息|配套)", mention.after)):
        left = f"{left}{grant[1]}比例"
    elif right and kind is UnitKind.PERCENT and left:
        left = left + right
    elif right and (not left or _is_hollow(left) or left in ("占", "设", "有", "现")):
        left = (right + left) if money and left and _is_hollow(left) else (_kept(left) + right)
    elif not left or left in ("平均", "户均", "人均", "日均") or (_is_hollow(left) and not _kept(left)):
        whole = parent if in_sentence and parent and not words.BARE.match(parent) else ""
        left = (whole or owner if kind in (UnitKind.PERCENT, UnitKind.COUNT, UnitKind.PEOPLE, UnitKind.AREA) else inherited or parent or topic) + _kept(left)
    elif words.BARE.match(left):
        near = base if in_sentence and not _is_project_part(left) and kind is not UnitKind.PERCENT else ""
        owner = project or near or topic or owner or base
        left = owner if owner.endswith(left) else owner + left if owner not in left else left
    elif _is_hollow(left) or re.match(r"^(?:惠及|受益|服务|覆盖|带动|参与|可容纳)", left):
        left = owner if left in owner else owner + left if owner not in left else left
    elif _is_modifier(left) and base and (among or mention.before.startswith(("、", "和", "及"))):
        group = left.rstrip("的")
        left = _qualified(group, parent)
    elif right and kind in (UnitKind.COUNT, UnitKind.PEOPLE) and len(left) <= 4:
        left = left + right
    name = re.sub(r"^的|的$", "", left)
    name = re.sub(r"[，；]", "", name)
    if per and per not in name:
        name = f"{name}{per}" if len(name) > 1 else f"{topic}{per}"
    return add_count(name, unit), group


def _is_hollow(left: str) -> bool:
    """Nothing but verbs: 培训, 计划安排, 推荐申报."""
    return bool(_VERBS_ONLY.match(left))


def _kept(left: str) -> str:
    """The part of a hollow name that says something: 新增, 改造, 培训; not 完成, 有, 安排."""
    return left if _VERB_ONLY.match(left) or left in ("平均", "户均", "人均", "日均", "净增") else ""


def _is_project_part(left: str) -> bool:
    """总投资, 用地, 概算 belong to the project, not to the figure before."""
    return bool(re.search(r"投资|概算|估算|用地|占地|建筑面积|规模|床位|学位|工期|全长|总长|容积|库容|长度", left))


def _qualified(group: str, parent: str) -> str:
    """Set a modifier into its parent's name: 新增义务教育学位 + 小学 → 新增小学学位; 孵化器数 + 国家级 → 国家级孵化器."""
    verb = re.match(rf"^(?:{_KEPT_VERB}|净增|累计新增)+", parent)
    rest = re.sub(r"(?:总数|数)$", "", parent[verb.end() :] if verb else parent)
    if group in words.STAGES:
        rest = re.sub(r"^(?:义务教育|基础教育|中小学|学校)(?=.{2})", "", rest)
    if group.endswith(rest[:2]):
        rest = rest[2:]
    return f"{verb[0] if verb and group in words.STAGES else ''}{group}{rest}"


def _is_modifier(left: str) -> bool:
    return left in words.STAGES or left.endswith(words.MODIFIER_ENDS) or (len(left) <= 3 and not left.endswith(("人", "率", "数", "额", "量")))


def tidy(name: str) -> str:
    """Close a name: balanced brackets, no stray marks, no endless length."""
    name = name.strip("、，；：:。 的")
    for opening, closing in (("（", "）"), ("“", "”"), ("《", "》"), ("(", ")")):
        if name.count(opening) != name.count(closing):
            name = name.replace(opening, "").replace(closing, "")
    name = re.sub(r"\s+", "", name)
    return name[-40:]
