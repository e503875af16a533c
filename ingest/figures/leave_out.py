"""Which quantities are no figures: what proposers asked for, what is conditional or refused, thresholds, dates, visits, instructions."""

from __future__ import annotations

import re

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention, find_spans, inside
from rag.records import Comparator
from rag.units import UnitKind, split_scale, unit_kind
from rag.wordings import TO_A_MACHINE

_ASKER_LEFT = re.compile(r"(?:目前|现行|我[市县区省局委厅办校院]|实际|现有)")
_OUTLINE_HEADING = re.compile(r"^[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]?\s*关于[^。；，]*。?$")
_HEARSAY = re.compile(
    r"(?:媒体|网传|网上|网民|有人|坊间|外界|自媒体)(?:所)?(?:称|说|传|报道|认为)|^(?:[一二三四五六七八九十]是|其[一二三四五六]，?|第[一二三四五六]，?)?请求"
)
_NOUN_AFTER = re.compile(r"^(?:的)?[\u4e00-\u9fff“A-Z]")
_VERB_AFTER = re.compile(
    r"^(?:的?(?:补助|补贴|奖励|资金|标准|支持|经费|投资|一次性|差距|成果|所有权|比例|幅度|速度|水平|规模|目标|任务|计划|要求|预期|总任务)|由|给|予|按|将|为|是|在|从|到|至|和|与|并|后|前|时|中|内|等|比|占|分布|均|都|用于|需|要|可|已|来自|纳入|列|改造|建设|完成|实现|达|支持|提高|投入|左右|上下|有租|实行|享受|获|得到|参加|参与|通过|采用|使用|开展|设|有|能|没有|不|未|用|享)"
)
_THRESHOLD_UNITS = {"岁", "周岁", "千伏", "级", "千伏安"}
_DURATION_NAME = re.compile(
    r"天数|月数|时间|时限|时长|年限|工期|周期|间隔|平均|缩短|压缩|压减|优良|寿命|工龄|用时|耗时|天(?:以上)?比|达标|超标|时效|延长|运行|学时|课时|培训|期限|提速|办结|审批|拥堵|等候|候诊|响应|到达|出警"
)
_AGE_NAME = re.compile(r"(?:平均年龄|预期寿命|寿命|年龄)[^，。；]{0,6}$")
_HABIT = re.compile(
    r"(?:每|隔|第|近|连续|未来|前|后|满|最近|过去|今后|头|分|历时|为期|用|利用|约|需|提前|推迟|晚|早|延长|工龄)(?:\w{0,4})$"
)


def is_skipped_sentence(text: str) -> bool:
    """Tell whether a whole sentence states nothing of its own: instructions, headings, the acknowledgement of the proposal."""
    if TO_A_MACHINE.search(text) or _OUTLINE_HEADING.match(text):
        return True
    if re.search(r"感谢.{0,12}(?:委员|代表|关心|支持|提案|建议)", text):
        return True
    return "收悉" in text or ("收到" in text[:12] and "提案" in text)


def left_out(text: str, clauses: list[Clause], mentions: list[Mention]) -> list[bool]:
    """Tell for each mention of a sentence whether it is left out."""
    quoted = _quoted_spans(text)
    titled = find_spans(text, "《", "》")
    asked = _asked_clauses(clauses)
    conditional = _conditional_clauses(clauses)
    refused = _refused_clauses(clauses)
    result = []
    for mention in mentions:
        start, index = mention.quantity.start, mention.clause
        clause = clauses[index]
        result.append(
            inside(start, quoted)
            or inside(start, titled)
            or ((asked_from := asked[index]) is not None and start >= asked_from)
            or conditional[index]
            or refused[index]
            or words.UNDECIDED.search(clause.text) is not None
            or _is_restated(clause, mention)
            or _is_handling(clause, mention)
            or _is_no_statement(clause, mention)
            or _counts_no_thing(clause, mention)
            or _is_threshold(clause, mention)
            or _is_duration(clause, mention)
        )
    return result


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    """Quotes hold names, slogans and what others said; a quote that repeats the letter's own earlier statement counts."""
    spans = find_spans(text, "“‘「", "”’」")
    return [
        (start, end)
        for start, end in spans
        if not re.search(r"(?:应为|更正为|修正为|订正为|实为)$", text[:start])
        and not (
            re.search(r"原(?:复函|答复|文|函|表)[^“]{0,8}$", text[:start])
            and re.match(r"[^，。]{0,4}(?:系|有误|应|更正|为|错)", text[end:])
        )
    ]


def _asked_clauses(clauses: list[Clause]) -> list[int | None]:
    """For each clause the offset from which the proposer speaks, or None. The letter's own voice takes over by its own words."""
    result: list[int | None] = []
    speaking = forced = False
    for clause in clauses:
        match = words.ASKING.search(clause.text) or _HEARSAY.search(clause.text)
        if forced:
            speaking, forced = True, False
            result.append(clause.start)
        elif match and not _ASKER_LEFT.match(clause.text):
            speaking = True
            forced = not clause.text[match.end() :].strip("，：:“的") and clause.mark not in ("；", "。")
            result.append(clause.start + match.start())
        elif speaking and (
            (words.OWN_VOICE.search(clause.text) and not re.match(r"(?:按|根据|经)[^，]{0,14}测算", clause.text))
            or clause.text.startswith("但")
        ):
            speaking = False
            result.append(None)
        else:
            result.append(clause.start if speaking else None)
        if clause.mark in ("；", "。"):
            speaking = False
    return result


def _conditional_clauses(clauses: list[Clause]) -> list[bool]:
    """From an “if” to the next ； the statements hang on it; “以资金到位为前提” reaches back over its part of the sentence."""
    result = [False] * len(clauses)
    begun = 0
    hanging = False
    for index, clause in enumerate(clauses):
        if words.CONDITION.search(clause.text) or re.search(r"不到位的$|到位的$|获批的$|批准的$", clause.text):
            hanging = True
        result[index] = hanging
        if re.search(r"以.{2,20}为前提|前提下", clause.text):
            for earlier in range(begun, index + 1):
                result[earlier] = True
        if clause.mark in ("；", ";"):
            hanging, begun = False, index + 1
    return result


def _refused_clauses(clauses: list[Clause]) -> list[bool]:
    """A refusal takes with it the estimates of the idea: 延长到40公里需拆迁66户，补偿约2300万元，目前不具备条件."""
    result = [False] * len(clauses)
    part_begun = 0
    if (
        clauses
        and clauses[0].text.lstrip().startswith("关于")
        and re.search(r"\d", clauses[0].text)
        and any(words.REFUSAL.search(c.text) for c in clauses)
    ):
        result[0] = True  # 关于…由5元降到3元，…暂不具备条件: the wish, told again
    for index, clause in enumerate(clauses):
        if words.REFUSAL.search(clause.text):
            first = next((i for i in range(part_begun, index + 1) if words.ESTIMATE.search(clauses[i].text)), index)
            bare = first == index and index > part_begun and not re.search(r"\d", clause.text)
            if bare and not re.search(r"已|现有|目前|截至|现行|[为是]|安排|完成", clauses[index - 1].text):
                first = index - 1
            for earlier in range(first, index + 1):
                result[earlier] = (
                    result[earlier] or earlier == index or not re.search(r"现有|目前(?!不)|截至|现行|同意", clauses[earlier].text)
                )
        if clause.mark in ("；", ";"):
            part_begun = index + 1
    return result


def _is_handling(clause: Clause, mention: Mention) -> bool:
    if words.HANDLING.search(clause.text):
        return True
    unit = split_scale(mention.quantity.unit)[1]
    return unit in ("次", "场", "轮", "场次") and bool(re.search(r"座谈|会议|调研|专题|协调|走访|沟通|例会|会商|研究", clause.text))


def _is_no_statement(clause: Clause, mention: Mention) -> bool:
    """Counts of abstract things (三个方面), what was not reached, bare numbers."""
    quantity = mention.quantity
    if not quantity.unit_base:
        return True
    if words.NOT_REACHED.search(mention.before) and not words.GOAL_NOUN.match(mention.after):
        return True
    written = quantity.text[:1]
    if (
        quantity.value_base < 100
        and unit_kind(quantity.unit_base) is UnitKind.COUNT
        and not mention.after.startswith("的")
        and words.MATTER.match(mention.after)
    ):
        return True
    if (
        (not written.isdigit() or quantity.value_base <= 12)
        and unit_kind(quantity.unit_base) is UnitKind.COUNT
        and words.ABSTRACT.match(mention.after)
    ):
        return True
    if not written.isdigit() and quantity.value_base < 10 and unit_kind(quantity.unit_base) in (UnitKind.COUNT, UnitKind.TIME):
        # 两家, 三个: a figure only where nothing but a border follows, or it is told as a sum
        if re.search(r"[由从与经对向以这那此各每某上下前后该等的其]$|先后|连续|联合|会同", mention.before) and not re.search(
            r"等$", mention.before[-1:]
        ):
            return True
        if split_scale(quantity.unit)[1] in ("餐", "次", "场", "种", "套"):
            return True
        return bool(re.match(r"^(?:以上|以下)?(?:原则|都|均|部门|单位|层|年|次|月|人|方|者)", mention.after))
    if re.match(r"^的(?:建议|提议|意见|想法|诉求|设想)", mention.after):
        return True
    if re.search(r"(?:这|该|上述|以上)$", mention.before):
        return True
    if quantity.value_base == 1 and "每" in clause.text[: quantity.start - clause.start]:
        return True
    if (
        unit_kind(quantity.unit_base) is UnitKind.COUNT
        and re.search(r"(?:^|[，；])(?:其中)?(?:对|由|给|向)$", mention.before)
        and re.match(r"^[\u4e00-\u9fff]", mention.after)
    ):
        return True
    return bool(
        quantity.value_base == 1 and unit_kind(quantity.unit_base) is UnitKind.COUNT and re.match(r"^[\u4e00-\u9fff]", mention.after)
    )


def _counts_no_thing(clause: Clause, mention: Mention) -> bool:
    """等12项指标, 9位代表, 七人制, 因三处管线受阻: counted in passing."""
    if re.search(r"等$", mention.before) and re.match(
        r"^(?:指标|政策|内容|条件|功能|服务(?!站|中心|点)|领域|要素|信息|因素)", mention.after
    ):
        return True
    if re.match(r"^(?:委员|代表)(?:[：:们，、的]|分别|$)|^制[^度定造]", mention.after):
        return True
    if re.search(r"等$", mention.before) and re.match(r"^(?:村|乡镇|镇|乡|社区|街道|县区|区县|城市|地)[\u4e00-\u9fff]", mention.after):
        return True
    if re.search(r"按$", mention.before) and re.match(r"^的?(?:比例)?(?:分担|分摊|承担|配套)", mention.after):
        return True
    if re.match(r"^(?:主要)?原因[是为在]", clause.text):
        return True
    if not mention.quantity.text[:1].isdigit() and re.search(r"差错|有误|疏漏", mention.after + mention.before):
        return True
    if mention.before.endswith("占") and re.match(r"^[\u4e00-\u9fff]{1,10}的$", mention.after):
        return True  # 占全市50个街道的六成
    if re.search(r"不再(?:按照?|执行|沿用)", clause.text[: max(0, mention.quantity.start - clause.start)]):
        return True
    few = not mention.quantity.text[:1].isdigit() and mention.quantity.value < 10
    if few and clause.mark == "：" and not mention.after:
        return True  # 主要工程有四项：
    return few and bool(re.match(r"^(?:因(?!此|地|素)|由于|受(?!益|理|众|训|助))", clause.text))


def _is_restated(clause: Clause, mention: Mention) -> bool:
    """首次突破九成 repeats the level before it; 超过年度计划8座 is its distance from the plan; 翻了近一番 its change."""
    if re.search(r"首次(?:超过?|突破|跨越|达到|站上)(?:了)?$", mention.before):
        return True
    if re.search(r"(?:超过?|超出|多于|超额)(?:了)?(?:完成)?(?:年度|全年|年初|省定|原定)?(?:计划|目标|任务)(?:数)?$", mention.before):
        return True
    if re.search(
        r"(?:比|较)[^，；]*(?:计划|目标|任务)[^，；]*\d[^，；]*[多少高低]了?$", clause.text[: max(0, mention.quantity.start - clause.start)]
    ):
        return True
    own = clause.text[: max(0, mention.quantity.start - clause.start)]
    if re.search(r"(?:超出|超过|多于|低于|少于)[^，]*\d[^，]*的(?:年度|全年|年初|省定)?(?:计划|目标|任务)(?:数)?$", own):
        return True
    if re.search(r"(?:年度|全年|年初)?(?:计划|目标|任务)(?:数)?的?[多少高低]了?$", mention.before):
        return True
    return mention.quantity.unit_base == "倍" and mention.quantity.text.startswith("翻") and "一年" in clause.text


def _is_threshold(clause: Clause, mention: Mention) -> bool:
    """A bound within a name: 60岁以上老年人, 不足20户的村组, 超千万元的楼宇, 500米半径, 每满一年."""
    quantity, before, after = mention.quantity, mention.before, mention.after
    unit = split_scale(quantity.unit)[1]
    if unit in ("岁", "周岁"):
        return not _AGE_NAME.search(before)
    if unit in _THRESHOLD_UNITS:
        return True
    if before.endswith(("（", "(")) and re.match(r"^(?:及|含)?(?:以上|以下|以内)[）)]", after):
        return True
    rest = re.sub(r"^(?:及|（含）)?(?:以上|以下|以内|之内)", "", after)
    bounded = rest != after
    if re.match(r"^[\u4e00-\u9fff]{1,3}(?:以上|以下)的[\u4e00-\u9fff]", after) or (
        quantity.comparator is Comparator.LESS and re.match(r"^[\u4e00-\u9fff]{1,4}的[\u4e00-\u9fff]", after)
    ):
        return True
    if (
        quantity.comparator is Comparator.MORE
        and quantity.text in ("千万元", "亿元", "百万元", "十亿元", "百亿元")
        and re.match(r"^的?[\u4e00-\u9fff]", after)
    ):
        return True
    if words.GOAL_NOUN.match(after) or re.match(r"^[这该等]|^\w项目标", rest):
        return False
    if re.match(r"^的?[\u4e00-\u9fff]{0,6}为(?:一个|1个|一)?(?:单元|单位)", after):
        return True
    if bounded and re.match(r"^的?[\u4e00-\u9fffA-Z“（]", rest) and not _VERB_AFTER.match(rest) and not re.match(r"^[（(]", rest):
        return True
    if re.match(r"^的[\u4e00-\u9fff“]", after) and quantity.comparator in (
        Comparator.LESS,
        Comparator.MORE,
        Comparator.AT_MOST,
        Comparator.AT_LEAST,
    ):
        return not _VERB_AFTER.match(after)
    if quantity.comparator is Comparator.RANGE and re.match(r"^的?(?:人|为|班|以下)", after) and unit in ("人", "个", "家", "户", "名"):
        return bool(re.match(r"^的(?:班|学校|村|企业|社区)", after))
    if re.match(r"^(?:覆盖率|服务半径|半径|范围内?的|口径|直径|高差|跨度|宽的)", after) or re.search(
        r"海拔$|每满$|每$|直径$|半径$|沿[湖江河海]$|连续$|使用满$|工龄满?$|满$", before
    ):
        return True
    return bool(re.match(r"^级(?:以上)?|^超(?:高|大)", after))


def _is_duration(clause: Clause, mention: Mention) -> bool:
    """三年内, 前12个月, 15日内: time that passes, unless the name says that time is what is measured."""
    if unit_kind(mention.quantity.unit_base) is not UnitKind.TIME:
        return False
    if _DURATION_NAME.search(mention.before) or _DURATION_NAME.search(clause.text[: max(0, mention.quantity.start - clause.start)]):
        return bool(_HABIT.search(mention.before)) and not re.search(
            r"(?:缩短|压缩|延长|提前|时间|天数|由|从|为|约|平均)[^，]{0,3}$", mention.before
        )
    return True
