"""The name of a level, put together from the words on both sides of its value and from what it leans on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.figures import words
from ingest.figures.clauses import Mention
from ingest.figures.names import KEPT_VERB, add_count, head_of, strip_left, strip_right
from rag.units import UnitKind, unit_kind

_RIGHT_STOP = re.compile(
    r"[，。；：！？、（）()“”]|(?:给予|用于|予以|提供|进行|开展|并|同时|由|于(?!一)|在(?![校岗建园])|向|全部|纳入|列入|作为|得到|均|都|已|将|被|未|没有|达到|超过|需|可(?!再生|持续)|分布|分别|参加|到(?!位)|对口|以(?![上下内])|完成|采取|实行|试点|占|与|按|比|至|为(?!民|侨)|实现|投入使用|投用|免费|相应|容纳|后移)"
)
_RIGHT_VERB = re.compile(
    r"^(?:的)?(?:[这该两等]|无误|属实|仍旧|[多少]\d|由|给|予|按|将|为|是|在|从|到|至|和|与|并|后|前|时|中(?!小|学|医|央|高)|内|、|等|比|占|分布|均|都|以(?!上|下|内)|用于|需|要|可|已|来自|属|仍|未|纳入|列|左右|上下|以上|以下|以内|之内|的$|于|就|则|即|起|且|（|有(?!机|轨|线)|能|没有|不|用)"
)
_VERB_ONLY = re.compile(rf"^(?:{KEPT_VERB})+$")
_VERBS_ONLY = re.compile(
    rf"^(?:{KEPT_VERB}|推荐|申报|提出|选定|划定|涉及|首次|定为|明确|安排|落实|预算|计划|开|要求|实际|只|仅|先|再|做到|实有|合计|共计|预期|年度|省定|市定|控制在?|控制|完成|实现|达到|执行|有|是|其中|净增|按|以|了)+$"
)
_PER = re.compile(
    r"(每(?:人|户|家|年|月|天|台|辆|套|个|名|生|床|亩|村|公里|餐|次|学期|学年|满[一二三]年工龄|千人口?|万人口?|百人|平方米|万名|千名|百名)+(?:每(?:人|户|年|月|天|次|学期|学年))*)"
)
_COUNTED = (UnitKind.COUNT, UnitKind.PEOPLE)
# Kinds whose bare value takes over the name before it; money and weights take the topic.
_TAKING_OVER = (UnitKind.PERCENT, UnitKind.COUNT, UnitKind.PEOPLE, UnitKind.AREA)
_AVERAGES = ("平均", "户均", "人均", "日均")
_NOISE_BEHIND = re.compile(r"[一二两三四五六七八九十](?:批|轮)(?:共|次)?$|的?(?:规划|预期|年度|既定)?目标(?:值)?$")
_NOISE_AROUND = re.compile(
    r"(?:由|从)(?:年初|期初|原来|平均|上年|去年|[^，]{0,10}前)?的?$|^(?:全部|项目)?(?:建成|投用|投产|达产|竣工|完工|投入使用|实施|建成投用)后(?:预计)?(?:每?年)?可?|^第[一二三四五六]年起?"
)
# Who acts, and the adverbs between a thing and its verb: 市财政局已投入, 系统一期已投入, 机场现有航线.
_ACTOR = re.compile(
    rf"^[\u4e00-\u9fff]{{1,12}}(?:[^员托]委|[^邮结布]局|厅|政府|部门|公司|集团)(?:已|将|拟|也|还)*(?=(?:{KEPT_VERB}|选定|安排|确定|落实|完成)+$)"
)
_ADVERB = re.compile(rf"(?<=[\u4e00-\u9fff]{{2}})(?:(?:已|现|共)有|(?:已经?|将于?|拟|先|只|也)(?={KEPT_VERB}|完成|占|达到|实现|选定))")
_ATTRIBUTE_END = re.compile(r"(?<=..)(?:占地(?:面积)?|(?:计划|完成|估算|年度)?(?:总投资|投资)|总?建筑面积|项目概算|概算)$")
_TASK = re.compile(
    r"^[^，]{0,14}(?:任务|计划|目标|指标)(?:数|值)?$|^(?:国家|上级|[省市县区](?:里|[局厅]|政府)?)(?:要求|规定|下达|确定|提出|明确)$"
)
# 正式下达的计划为: what was counted before; 因不利天气反弹到: why; 财政为此支出: for what the clause before says.
_TASK_SET = re.compile(
    r"^[^，\d]{0,14}(?:下达|确定|核定|批复|批准|提出|印发)的?(?:年度)?(?:计划|任务|目标|要求)(?:数|值)?(?:同样|也|仍)?(?:为|是)?$"
)
_CAUSE = re.compile(r"^(?:因|受|由于)[^，]{3,24}(?:反弹|回落|回升|下滑|影响|原因|条件|天气|所致)$|^(?:反弹|回落|回升|下滑)$")
_FOR_THIS = re.compile(r"^(?:[市县区省本]{0,2}级?财政)?(?:已)?为此")
_EACH = re.compile(r"^每[家户个人名台辆亩床套](?:企业|项目|家庭|学生|人员|村|单位)$")
_USED = re.compile(r"^.*(?:用好|利用|盘活)现有的?$")
_FINANCE = re.compile(r"^(?:[市县区省]级?|[市县区省]本级)?财政(?=给予|按|再|对)")
# Only a year, a comparison with a place's level, or what corrections call a value.
_NO_NAME_LEFT = re.compile(
    r"^(?:是?(?:19|20)\d\d年?的?|(?:低于|高于|超过|优于|好于|快于|与)(?:全[国省市县区]|同期|[^，\d]{0,4}平均)?(?:水平)?|[^，]{0,4}(?:核定|核实|更正|修正)(?:数|值))$"
)
_PER_HEAD = re.compile(r"^每[百千万](?:名|人|户)?(?:常住人口|户籍人口|人口|老年人|学生|居民|儿童|市民)?(?:拥有|配备|配有|享有)?$")
_STOCK = ("实有", "在册", "现存")
_SIZE = ("规模", "总规模", "数量", "总数", "总量", "人数")
_SITE = re.compile(r"[\u4e00-\u9fff]{2,}(?:校区|小学|中学|初中|高中|幼儿园|医院|院区|[东西南北一二三]期|扩建)(?:扩建|新建|迁建)?$")
_PAYER = re.compile(r"^(?:[市县区省本级州各]{0,4}财政)?(?:按|安排|投入|列支)?$|^(?:对|按)$")
_THIS_RATE = re.compile(r"(?:该|这一|上述|其|此项)(?:比例|指标|数值|数据|数字|占比|比重)(?:为|达到?|是|已|约)*$")
_OF_THEM = re.compile(r"的(?:有|占|为|达|仅|只有)?(?:约|近|超过|不足|不到)?$")
_GRANT_RATE = re.compile(r"^(?:的比例|的标准|标准)?(?:给予)(?:一次性)?(补助|补贴|奖励|支持|贴息|配套)")
_INDICATOR_LABEL = re.compile(r"(?:[^其]数|数量|总量|面积|投资|里程|额)$")
_SERVED = re.compile(r"^(?:惠及|受益|服务|覆盖|带动|参与|可容纳)")


@dataclass(frozen=True, slots=True)
class NameContext:
    """What a name may lean on."""

    parent: str  # name of the figure before it
    inherited: str  # what the clause before speaks of
    topic: str  # what the section is about
    project: str  # the institution or project that the sentence speaks of
    among: bool  # the part of the sentence says 其中
    in_sentence: bool  # the parent stands in the same sentence
    alike: bool = False  # the parent has the figure's unit
    whole: str = ""  # the set that the figure is a part of: 48家敬老院中
    label: str = ""  # what the sentence is headed with: 东湖桥改造：…
    fresh: bool = False  # the clause before names what this part of the sentence speaks of
    first: str = ""  # the thing that the part of the sentence began with

    @property
    def base(self) -> str:
        """The thing that the parent counts, where its name says one."""
        if self.whole:
            return self.whole
        head = _ATTRIBUTE_END.sub("", head_of(self.parent)) if self.parent else ""
        return "" if words.BARE.match(head) else head

    @property
    def owner(self) -> str:
        """The thing that a verb or an attribute without one belongs to."""
        return self.label or (self.base if self.in_sentence else "") or self.inherited or self.topic or self.base


def compose_name(mention: Mention, context: NameContext) -> tuple[str, str]:
    """Compose name and group of a level."""
    unit, kind = mention.quantity.unit, unit_kind(mention.quantity.unit)
    left, right = left_part(mention), right_part(mention, money=kind is UnitKind.MONEY)
    if kind in _COUNTED and _OF_THEM.search(mention.before) and len(left) > 3 and context.base and context.base not in left:
        return add_count(f"{left}的{context.base}", unit), ""
    if share := _share_name(left, kind, context):
        return share, ""
    if context.among and context.in_sentence and _SITE.search(left) and context.parent and not re.search(r"[率比额]$", context.parent):
        return add_count(left + context.parent, unit), left
    if context.among and not left and right and context.base and context.in_sentence:
        return add_count(context.base, unit), right
    group = ""
    if re.match(r"^(?:其余|其他|剩余|另有|其它)的?$", left):
        name, group = left + context.base, left
    elif right and (merged := _with_right(left, right, kind, mention.after)):
        name = merged
    elif (
        left
        and _is_modifier(left)
        and context.base
        and (context.among or mention.before.startswith(("、", "和", "及")))
        and not _is_bare(left)
    ):
        group = left.rstrip("的")
        name = _qualified(group, context.parent)
    else:
        name = _leaning(left, kind, context)
        if right and kind in _COUNTED and len(name) <= 4:
            name += right
    if context.whole and kind in _COUNTED and context.whole not in name and not group:
        name = f"{name.rstrip('的')}的{context.whole}" if name not in (context.parent, context.topic) else context.whole
    return _completed(mention, context, name), group


def _completed(mention: Mention, context: NameContext, name: str) -> str:
    """Add to a name what its sentence is headed with, per whom a rate is, and that a count is one."""
    unit, kind = mention.quantity.unit, unit_kind(mention.quantity.unit)
    name = re.sub(r"^的|的$|[，；]|^提供(?=..)", "", name)
    if context.label and _is_named_by_label(name, kind, context.label):
        name += context.label
    per = _per(mention)
    if per and per not in name:
        name = f"{name}{per}" if len(name) > 1 else f"{context.topic}{per}"
    if kind is UnitKind.AREA and re.search(r"(?:[一二三四]期|园|馆|基地|中心|院|场|楼)$", name):
        name += "面积"
    return add_count(name, unit)


def _is_named_by_label(name: str, kind: UnitKind, label: str) -> bool:
    """护理补贴：一级每人每月300元；绿化率：新城区41%: what the sentence is headed with is the indicator, the name only whose."""
    ends = (
        r"(?:补贴|补助|标准|奖励|津贴|收费|奖补|待遇)$"
        if kind is UnitKind.MONEY
        else r"(?:率|占比|比例|比重)$"
        if kind is UnitKind.PERCENT
        else ""
    )
    return (
        bool(ends)
        and bool(re.search(ends, label))
        and not re.search(ends, name)
        and label not in name
        and not re.search(r"额|支出|资金|投", name)
    )


def _per(mention: Mention) -> str:
    """每生每年 in front of an amount of money belongs to the name."""
    return "" if re.search(r"^每[千万百]", mention.before) else "".join(dict.fromkeys(_PER.findall(mention.before[-16:])))


def left_part(mention: Mention) -> str:
    """The words before a figure that may name it, times and places already taken out."""
    if _TASK_SET.search(mention.before):
        return ""
    before = _FOR_THIS.sub("", re.sub(r"由“[^”]*\d[^”]*”(?=[^，]{2,6}“?$)", "", mention.before.strip()))
    left = strip_right(strip_left(_USED.sub("", _FINANCE.sub("", re.sub(r"^(?:现行)?标准[为是]?(?=每)", "", before)))))
    if _NO_NAME_LEFT.match(left):
        return ""
    left = "" if _EACH.match(left) or left in ("各", "均") else _CAUSE.sub("", left)
    if left.endswith("规模") and (owner := re.match(r"^的([\u4e00-\u9fff]{2,12})$", mention.after)):
        return owner[1] + "规模"
    left = _NOISE_AROUND.sub("", _NOISE_BEHIND.sub("", re.sub(r"分别(?=[\u4e00-\u9fff])", "", left)))
    left = _ACTOR.sub("", left)
    left = _ADVERB.sub("", left)
    left = re.sub(r"(?<=.)(?:为|是)(?=每[^，]{1,10}$)", "", left)
    return "" if _PAYER.match(left) or _THIS_RATE.search(mention.before) else left


def right_part(mention: Mention, *, money: bool) -> str:
    """The noun behind a figure: 新建6座雨水泵站; for money also what it is spent on: 投入910万元翻修看台."""
    after = re.sub(r"^(?:余|多|左右|上下|以上|以下|以内|强)+", "", mention.after)
    if words.TURN.match(mention.after) or words.GOAL_NOUN.match(mention.after):
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
    if stop and stop[0] == "、" and stop.start() <= 4 and not re.search(r"\d", after):
        stop = _RIGHT_STOP.search(after, stop.end())  # 1200名失能、半失能老人
    noun = after[: stop.start()] if stop else after
    noun = re.sub(r"中$", "", strip_right(noun.strip()))
    if _VERBS_ONLY.match(noun) and not _VERB_ONLY.match(noun):
        return ""
    return noun if 1 < len(noun) <= 18 and re.search(r"[\u4e00-\u9fffA-Za-z]", noun) else ""


def _share_name(left: str, kind: UnitKind, context: NameContext) -> str:
    """占户籍人口的, 居民出资占总投资的, 博士占: a share, named as one."""
    if re.match(r"约?占(?!地|用)", left):
        whole = re.sub(r"^约?占(?:比重?)?|的$", "", left)
        return (
            f"{context.inherited or context.base or context.parent}占{whole}比重"
            if whole
            else f"{context.inherited or context.base or context.parent}占比"
        )
    if kind is UnitKind.PERCENT and re.search(r".占[^占]{2,}$", left) and not re.search(r"(?:比重|比例|占比|率)$", left):
        return re.sub(r"约占", "占", left).rstrip("的") + "比重"
    if left.endswith("占") and len(left) > 2:
        return left.removesuffix("占").removesuffix("约").rstrip("的") + "占比"
    return ""


def _with_right(left: str, right: str, kind: UnitKind, after: str) -> str:
    """Join the noun behind the value: 新建6座泵站 → 新建泵站; 投入910万元翻修看台 → 翻修看台投入; 按20%给予补贴 → …补贴比例."""
    if kind is UnitKind.PERCENT and left:
        grant = _GRANT_RATE.match(after)
        return f"{left}{grant[1]}比例" if grant else left + right
    if left and not _is_hollow(left) and left not in ("占", "设", "有", "现"):
        return ""
    return right + left if kind is UnitKind.MONEY and left and _is_hollow(left) else _kept(left) + right


def _leaning(left: str, kind: UnitKind, context: NameContext) -> str:
    """Give a name that says too little the thing it belongs to."""
    owner = context.owner
    if told := _told_by_context(left, context):
        return told
    if context.alike and (_TASK.search(left) or left in _SIZE):
        return context.parent
    if not left or left in _AVERAGES or (_is_hollow(left) and not _kept(left)):
        parent = context.parent if not words.BARE.match(context.parent) else ""
        if context.alike and parent:
            kept = _kept(left)
            return parent if kept in parent else parent + kept
        if context.label and kind not in (UnitKind.PERCENT,):
            return context.label + _kept(left)
        whole = parent if context.in_sentence else ""
        taken = (whole or owner) if kind in _TAKING_OVER else context.inherited or context.parent or context.topic
        return taken + _kept(left)
    if _is_bare(left):
        near = context.base if context.in_sentence and not _is_project_part(left) else ""
        if kind is UnitKind.PERCENT and left[:2] not in near:
            near = ""
        if re.search(r"(?:率|比例|占比|比重)$", owner):
            owner = ""
        yearly = left == "投资" and context.parent.endswith("总投资")  # 总投资9亿元，今年计划投资2亿元
        if yearly and context.alike:
            return context.parent.removesuffix("总投资") + "年度投资"
        if context.alike and context.parent.endswith(left) and not (context.label and context.label[-3:] not in context.parent):
            return context.parent
        first = context.first if _is_project_part(left) else ""
        owner = context.label or context.project or (context.inherited if context.fresh else "") or near or first or context.topic or owner
        return owner if owner.endswith(left) else owner + left if owner not in left else left
    if _is_hollow(left) or _SERVED.match(left):
        return owner if left in owner else owner + left if owner not in left else left
    return left


def _told_by_context(left: str, context: NameContext) -> str:
    """What a word without a thing of its own means here: 新增 after 新增车位, 各区泊位数：, 每万人拥有, 总数, 实有."""
    if context.alike and len(left) > 1 and left == _kept(left) and context.parent.startswith(left):
        return context.parent
    if context.label and not left and _INDICATOR_LABEL.search(context.label):
        return context.label  # 各区泊位数：东湖区41个
    if _PER_HEAD.match(left) and context.base and context.in_sentence:
        return left + context.base
    if left in ("总数", "总量") and context.alike and context.in_sentence:
        return re.sub(r"新增|净增|新建", "", context.parent)
    if left in _STOCK and context.parent:
        return left + re.sub(rf"^(?:新设|新增|净增|{KEPT_VERB})+(?=..)", "", context.parent)
    return ""


def _is_bare(left: str) -> bool:
    return bool(words.BARE.match(left))


def is_hollow(left: str) -> bool:
    """Nothing is named: no word, nothing but verbs, a task (下达的任务)."""
    return not left or _is_hollow(left) or bool(_TASK.search(left) or left in _SIZE)


def _is_hollow(left: str) -> bool:
    """Nothing but verbs: 培训, 计划安排, 推荐申报."""
    return bool(_VERBS_ONLY.match(left))


def _kept(left: str) -> str:
    """The part of a hollow name that says something: 新增, 改造, 培训; not 完成, 有, 安排."""
    left = re.sub(r"(?<=..)完成$", "", left)
    return left if _VERB_ONLY.match(left) or left in ("平均", "户均", "人均", "日均", "净增") else ""


def _is_project_part(left: str) -> bool:
    """总投资, 用地, 概算 belong to the project, not to the figure before."""
    return bool(re.search(r"投资|概算|估算|用地|占地|建筑面积|规模|床位|学位|工期|全长|总长|容积|库容|长度", left))


def _qualified(group: str, parent: str) -> str:
    """Set a modifier into its parent's name: 新增义务教育学位 + 小学 → 新增小学学位; 孵化器数 + 国家级 → 国家级孵化器."""
    verb = re.match(rf"^(?:{KEPT_VERB}|净增|累计新增)+", parent)
    rest = re.sub(r"(?:总数|数)$", "", parent[verb.end() :] if verb else parent)
    if group.endswith("级"):
        rest = re.sub(r"^(?:国家|[省市县区])级(?:及?以上)?", "", rest)
    if group in words.STAGES:
        rest = re.sub(r"^(?:义务教育|基础教育|中小学|学校)(?=.{2})", "", rest)
    if "岁" in group:
        rest = re.sub(r"^\d+(?:至\d+)?周?岁(?:及)?(?:以上|以下)?", "", rest)
    if group.endswith(rest[:2]):
        rest = rest[2:]
    return f"{verb[0] if verb and group in words.STAGES else ''}{group}{rest}"


def _is_modifier(left: str) -> bool:
    if left in ("出口", "进口", "消费", "销售", "工业", "农业", "投资"):
        return False
    if left.endswith("段") and len(left) > 4:
        return False
    return (
        left in words.STAGES or left.endswith(words.MODIFIER_ENDS) or (len(left) <= 3 and not left.endswith(("人", "率", "数", "额", "量")))
    )
