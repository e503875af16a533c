"""What a question in words asks for, and what in a sentence shows it: the wordings of the genre, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from rag.script import normalise, to_simplified
from rag.segment import words_of


class Asked(StrEnum):
    """The kind of thing that is asked for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW = "how"
    HOW_MANY = "how_many"
    WHICH = "which"  # several things by name: 哪三个统筹
    WHETHER = "whether"
    WHAT = "what"


# First match wins.
ASKED_WORDS: tuple[tuple[Asked, str], ...] = (
    (
        Asked.WHY,
        r"为什么|为何|为啥|原因|缘故|怪什么|怎么[^，。]{1,12}(?:少|多|慢|高|低|差|降|涨|掉|落)了?[？?]?$|怎么解释|缘由|是什么造成|导致的?[？?]?$|何以|\bwhy\b|\breasons?\b|what caused|because of what",
    ),
    (
        Asked.WHEN,
        r"什么时候|何时|几号(?!提|建|文|议|函|答|楼|线)|哪[一]?年|哪[一]?天|哪[一]?[个]?月|几月|什么时间|多久|时间表|几时|\bwhen\b|what (?:date|year|month|time)|how long",
    ),
    (
        Asked.WHERE,
        r"哪里|哪儿|何处|什么地方|哪个(?:区|县|市|镇|街道|片区|地方|位置)|选址|\bwhere\b|which (?:district|county|city|area|place)",
    ),
    (
        Asked.WHICH,
        r"哪(?:几|两|三|四|五|六|七|八|九|十|些(?!措施|举措|办法|做法|工作|政策))|which (?:two|three|four|five|six)|what are the",
    ),
    (
        Asked.WHO,
        r"谁|哪[一几两些]?(?:位|名|家|个(?:单位|部门|公司|企业|局|机构|人))|哪些(?:单位|部门|公司|企业|机构|人)|什么(?:单位|部门|公司|人)"
        r"|\bwho\b|\bwhom\b|which (?:company|companies|bod|department|bureau|agenc|organi[sz]ation|firm|unit|enterprise|institution)",
    ),
    (
        Asked.HOW_MANY,
        r"多少|几(?:个|家|人|名|所|处|项|条|成|天|次|公里|台|辆|套|户|张|座|万|亿|米|年|岁|元|块)|多大|多高|多长|多远|how (?:many|much|large|big|long|far|high)",
    ),
    (
        Asked.HOW,
        r"怎么|怎样|如何|什么(?:办法|措施|举措|做法|打算|思路)|哪些(?:措施|举措|办法|做法|方面|工作|政策)|\bhow\b|what (?:measures|steps|will be done)",
    ),
    (
        Asked.WHETHER,
        r"吗|么[？?]?$|[没了]没有?[？?]?$|没有[？?]?$|是否|是不是|有没有|能不能|会不会|可不可以|要不要|有无|能否|可否"
        r"|^(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)\b",
    ),
)

# Words that carry no topic: question words, particles, and the phrases in which such questions are put.
EMPTY_WORDS = re.compile(
    r"为什么|为何|为啥|什么时候|什么时间|什么|怎么样|怎么|怎样|如何|何时|多久|多少|多大|多长|多高|哪里|哪儿|哪些|哪几|哪个|哪位|哪家|哪年|哪天|哪月|哪一|哪两|哪三|哪"
    r"|几个|几家|几名|几月|几天|是否|是不是|有没有|能不能|会不会|能否|可否|请问|告诉|知道|想问|具体|主要|分别|一共|总共|目前|现在|近期|打算|准备|到底|究竟"
    r"|原因|缘由|解释|情况|答复|回复|提到|指出|表示|关于|针对|对于|我们|你们|他们|这个|那个|这份|那份|那所|那件|那些|这些|里面|其中|方面"
    r"|我市|全市|市里|本市|我区|全区|区里|我县|全县|县里|全省|我省|省里|我局|我委"
    r"|那?一段|归|之前|以前|最晚|最迟|最早|[的了吗呢啊吧呀是有在和与及或被把由从到给对就都也还又要想会能可来去做个那这哪谁几]|[，。？！、；：“”‘’《》（）()?!,.;:\"'\s]"
)
TIME_WORDS = re.compile(
    r"(?:19|20)\d\d年?(?:\d{1,2}月)?(?:\d{1,2}日)?|今年|去年|明年|前年|上半年|下半年|年底|年初|“?十[二三四五]五”?(?:期间|末)?|截至"
)

# What shows that a sentence has the asked kind of thing.
KIND_SHOWN: dict[Asked, re.Pattern[str]] = {
    Asked.WHEN: re.compile(
        r"(?:19|20)\d\d\s*年|[二〇○零一三四五六七八九]{4}年|[一二三四五六七八九十]{1,2}月|\d{1,2}\s*月|[一二三四]季度|年底|年初|年内|月底|时间表|“?十[二三四五]五|期间|届时|尚未|适时|待[^遇]"
    ),
    Asked.WHO: re.compile(
        r"局|委|办|厅|部|公司|集团|中心|医院|学校|大学|学院|区|县|市|镇|乡|街道|政府|协会|联合会|银行|单位|机构|企业|负责|牵头|主办|会"
    ),
    Asked.WHERE: re.compile(r"区|县|市|镇|乡|村|街道|片区|路|园|位于|选址|落户|地块|附近|沿线|湖|江|河|山|港|站"),
    Asked.WHICH: re.compile(r"[^，。；]+、[^，。；]+|一是|①|其一|包括|分别"),
    Asked.HOW_MANY: re.compile(r"\d|[一二三四五六七八九十百千万亿两]"),
}
# A sentence that decides, even where it repeats what was proposed.
DECIDED = re.compile(r"采纳|暂不|暂无|不予|难以|不能|无法|尚未|尚无|没有|不具备|不宜|将|已|拟|计划|正在|需|只能|目前|近期")
CAUSE_WORDS = re.compile(
    r"原因|由于|因为|因(?!此|素)|受[^，。]{1,20}影响|所致|导致|造成|引发|主要是|难以|不足|不具备|超出|困难|为了|考虑到|为避免|容易|尚未|没有"
)
CAUSE_NAMED = re.compile(r"原因|由于|因为|究其|所致|造成|导致|鉴于|考虑到|主要是")
# What would be, not what is.
CONDITION = re.compile(r"如果|若(?!干)|倘|假如|如能|如(?:获|经|无|遇|有)[^，。]{1,20}(?:，|则)|[^，。]+的话")
# An answer that there is no answer yet.
UNDECIDED = re.compile(
    r"(?:尚未|还未|尚|未|暂未|没有|暂不能|不能|难以)(?:最终)?(?:确定|明确|形成|批复|获批|敲定|定下|作出)|无法(?:承诺|确定|明确|给出)|(?:没有|暂无|尚无)[^，。；]{0,12}(?:时间表|计划|方案|安排|标准)"
    r"|(?:需|须)?待[^，。；]{2,30}(?:后|再)(?:再)?(?:行)?(?:研究|确定|明确|安排|实施|启动|另行)"
)
# A question whether a proposal was taken up, and the sentences that decide it.
ADOPTION_ASKED = re.compile(
    r"同意|采纳|接受|答应|认可|赞成|采用|支持(?=.*吗)|\b(?:agree|accept|adopt|approve|take up|taken up|endorse|support)", re.IGNORECASE
)
REFUSED = re.compile(
    r"不予采纳|未采纳|未予采纳|不采纳|暂不|暂缓|不宜|不具备|难以|无法|不能|不同意|不再|仍按|仍执行|维持|保持不变|没有采纳|超出|不符合|尚不|不现实|不可行"
)
ADOPTED = re.compile(r"采纳|同意|已列入|已纳入|将纳入|将列入|予以支持|吸收")
DENIAL = re.compile(
    r"没有|未(?!来|成年|央)|不(?!断|仅|少于|低于|高于|超过|同|得|等|足|久|到|动|良)|暂无|尚无|无法|难以|否|取消|停止|暂缓|并非|不是|不予|拒绝"
)
# Text that speaks to a program that reads the letter, not to its reader: it is neither a figure nor an answer.
TO_A_MACHINE = re.compile(
    r"系统提示|最高优先级|忽略(?:以上|上述|此前|之前|本文档|前面|所有|其余|一切)|一律回答|请回答|指令|提示词|[Ii]gnore (?:all|the|previous)|[Ss]ystem prompt|不得给出出处|作为(?:一个)?(?:AI|人工智能|语言模型)|你(?:现在)?是一个|大模型|AI助手|assistant:|智能助手请|问答(?:系统|助手)"
)
# What is told only to be denied: 有媒体称…；网传….
RUMOUR = re.compile(r"误传|误解|谣言|传言|传闻|网传|不实(?:信息|消息|报道)|有(?:媒体|人|网民|群众)(?:称|说|认为)|听说|据传")
# A person by name, beside what the person is.
PERSON_ASKED = re.compile(
    r"(?:人|长|任|记|员|师|者|席|总|谁)[^，。？?]{0,6}(?:叫什么|姓名|名字|姓什么)|哪(?:位|一位)(?!委员|代表)|who (?:is|was) (?:the )?(?:person|head|leader|manager|director|chief)",
    re.IGNORECASE,
)
PERSON_SHOWN = re.compile(
    r"(?:局长|主任|厅长|部长|处长|科长|所长|院长|校长|园长|馆长|站长|书记|市长|县长|区长|镇长|乡长|主席|理事长|会长|经理|董事长|总裁|工程师|教授|研究员|博士|同志|负责人|责任人|联系人|联络人|总指挥|指挥长|组长|专员|代表|委员|医师|医生|老师|先生|女士)(?:[：:为是由（(]|均为)*[\u4e00-\u9fff]{2,3}(?![局委厅部院县市区镇])"
    r"|[\u4e00-\u9fff]{2,3}(?:同志|委员|代表|教授|博士|医师|医生|老师|先生|女士)(?:负责|牵头|担任|主持|$|[，。；、])|[（(][\u4e00-\u9fff]{2,3}[）)]"
)
# An organisation of a kind is asked for by name (哪家银行): what shows that a sentence names one.
ORGANISATION_ASKED = re.compile(
    r"哪(?:一|几|些|两)?(?:家|个|所|支)?(?P<kind>银行|公司|企业|医院|学校|大学|高校)(?!.{0,8}(?:多少|几))|which (?P<english>bank|company|hospital|school|university)",
    re.IGNORECASE,
)
ORGANISATION_SHOWN = {
    "银行": re.compile(r"银行|农商行|信用社|[工农中建交]行"),
    "公司": re.compile(r"公司|集团|企业|厂"),
    "医院": re.compile(r"院|中心"),
    "学校": re.compile(r"[学校]|院|园"),
}
ORGANISATION_KINDS = {
    "企业": "公司",
    "大学": "学校",
    "高校": "学校",
    "bank": "银行",
    "company": "公司",
    "hospital": "医院",
    "school": "学校",
    "university": "学校",
}


def shows_organisation(question: str, sentence: str) -> bool:
    """Whether a sentence can name the bank, company, hospital or school that a question asks for by name, if it asks for one."""
    asked = ORGANISATION_ASKED.search(question)
    if asked is None:
        return True
    kind = (asked["kind"] or asked["english"]).lower()
    return bool(ORGANISATION_SHOWN[ORGANISATION_KINDS.get(kind, kind)].search(sentence))


PROPOSED = re.compile(r"(?:您|你|贵[会委]?|你们|委员|代表|提案|建议)[^。；]{0,12}(?:建议|提出|认为|希望|呼吁|指出|提到)")


def asked_kind(question: str) -> Asked:
    """The kind of thing that the question asks for."""
    text = normalise(to_simplified(question)).strip().lower()
    return next((kind for kind, words in ASKED_WORDS if re.search(words, text)), Asked.WHAT)


# Words that mean the same in this genre; a question's word is also found by the others of its group.
SYNONYM_GROUPS: tuple[tuple[str, ...], ...] = (
    ("出台", "印发", "发布", "制定", "颁布"),
    ("开工", "动工", "启动"),
    ("开始", "启动", "起步", "开展"),
    ("完工", "竣工", "建成", "投用", "投入使用", "完成"),
    ("负责", "牵头", "承担"),
    ("批准", "获批", "批复"),
    ("采纳", "同意", "吸收"),
    ("推迟", "延期", "延后", "顺延", "后移"),
    ("下调", "调减", "下降", "降低", "减少"),
    ("上调", "提高", "增加", "上升"),
    ("位于", "选址", "坐落"),
    ("覆盖", "惠及", "纳入"),
    ("开门", "开放", "开园", "开馆", "开业", "投用"),
    ("试点", "先行"),
    ("困难", "难题", "不足", "制约"),
    ("老人", "老年人", "老年"),
    ("孩子", "儿童", "幼儿", "婴幼儿"),
    ("学生", "在校生"),
    ("老师", "教师"),
    ("医生", "医师"),
    ("公交", "公交车", "公共汽车"),
    ("企业", "公司"),
    ("资金", "经费", "投资"),
    ("奖励", "奖补", "补助", "补贴"),
)
SYNONYMS: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in group if other != word) for group in SYNONYM_GROUPS for word in group if len(word) == 2
}

QUESTION_WORD = re.compile(
    r"(?:分别|大概|大约|到底|一共|总共)?(?:是|由|归|有|为|在)?(?:谁|多少|什么时候|何时|什么时间|哪[一二两三四五六七八九十几些]?[年天月个家位名所处项]?|几|什么)"
)


def focus_words(question: str) -> tuple[str, str]:
    """The two characters before and behind the question word: the attribute asked for, as 校长 in 学校的校长是谁."""
    text = re.sub(r"\s+", "", normalise(to_simplified(question)))
    found = QUESTION_WORD.search(text)
    if not found:
        return "", ""
    before = _first_telling(reversed(words_of(text[: found.start()])))
    behind = _first_telling(words_of(text[found.end() :]))
    return before[-2:], behind[:2]


def _first_telling(words: Iterable[str]) -> str:
    """The first word that is not empty; none if that is a single character (分几档, 每月各多少)."""
    word = next((w for w in words if EMPTY_WORDS.sub("", w)), "")
    return word if re.fullmatch(r"[\u4e00-\u9fff]{2,}", word) else ""
