"""The words with which people ask, in both languages: intent, status, measure, filler. Data and patterns only."""

from __future__ import annotations

import re

I = re.IGNORECASE  # noqa: E741

WHY = re.compile(
    r"为什么|为何|为啥|原因|缘故|怪什么|怎么[^，。]{1,12}(?:少|多|慢|高|低|差|降|涨|掉|落)了[？?]?$|怎么解释|缘由|是什么造成|怎么回事|何以|凭什么|\bwhy\b|\breasons?\b|what caused|explain",
    I,
)
WHO = re.compile(
    r"谁(?!高|低|多|少|更|大|强|快)|校长|局长|负责人|哪[一几两些]?(?:家|个|所)?(?:公司|企业(?!研发)|单位|部门|机构|医院|学校|厂家|银行|协会|集团|高校|大学)(?!.{0,8}(?:多少|几))|哪[几两些]?(?:位|名)|分别是哪几|\bwho(?:m|se)?\b"
    r"|which (?:company|companies|organi[sz]ation|bod(?:y|ies)|department|bureau|agenc(?:y|ies)|firm|hospital|school|deput(?:y|ies)|member|committee)s?\b"
    r"|what is the name|name of the",
    I,
)
WHEN = re.compile(
    r"什么时候|何时|几号(?!提|建|文|议|函|答|楼|线)|哪[一]?年|哪[一]?天|哪[一]?日|哪[一]?个?月|几月|什么时间|时间表|几时|(?:^|[^\w])when\b|what (?:date|year|month)|which (?:date|year|month)",
    I,
)
WHERE = re.compile(r"哪里|哪儿|在哪|何处|什么地方|选址|\bwhere\b", I)
HOW = re.compile(
    r"怎么(?!样多)|如何|怎样|什么(?:措施|办法|做法|安排|政策|口径|内容|意见|规定)|哪些(?:措施|办法|做法|政策|举措|工作)|\bhow (?:will|does|do|did|is|are|can|should)\b|what (?:measures|steps|action)",
    I,
)
DOCUMENT = re.compile(
    r"文号|发文字号|几号文|第几号|几号(?:提案|建议)|成文|印发日期|抄送|签发|联系人|联系电话|哪(?:个|件|份|几件)(?:提案|建议|函|答复)|document number|reference number|signed off|addressed to|contact person|which (?:letter|reply|proposal|suggestion)",
    I,
)
NUMERIC = re.compile(
    r"多少|几(?!乎|何|年来|经)|多大|多长|多高|多远|多快|百分之几|第几|how (?:many|much|big|large|long|high|far|large)|what (?:share|proportion|percentage|percent|number|amount|level|rate|size|fraction|ratio|length|area)"
    r"|the (?:share|number|amount|rate|level|target|goal|maximum|minimum|total|size|standard|density|proportion|percentage|average|planned|cumulative|current)|什么(?:水平|程度|范围|数目|量级)|占比|指标值|目标(?:值|数|是|为|呢)|目标[?？]?$|\bwhat\b(?! (?:measures|steps|action|did|does|do|will|kind of))|数值|target|goal",
    I,
)
HOW_MANY = re.compile(
    r"多少|几(?!乎|何|年来|经)|多大|多长|多高|百分之几|how (?:many|much|big|large|long)|what (?:share|proportion|percentage|number|is|was|are)",
    I,
)
COMPARE = re.compile(
    r"差多少|相差(?:多少|几|$|[?？])|差距(?:有|是)?(?:多|几)|差了?(?:多少|几)|谁(?:更|比较)?[高低多少大强快]|哪(?:个|一个|边|里|家|年|市|区|县|座城市|一年)(?:更|比较|的)?[高低多少大强快]|还是(?:减|少|下|降|增|多|高|低|涨|跌|上|缩|扩)"
    r"|(?:比(?!重|例|率|上年|上一年)|较(?!上年|上一年|高|多)|相比).{0,24}?(?:多|少|高|低|增|减|降|提高|下降|上升|扩大|缩小|涨|差|变化|翻)(?:了|出)?.{0,6}(?:多少|几|吗|么|没有|倍)"
    r"|(?:高出|多出|少了|多了).{0,10}(?:多少|几)|有(?:什么|何|啥)?变化|变化(?:多大|如何|情况|有多)|对比|加起来|总共加|之和|之差|几倍|多少倍"
    r"|\bthan\b|difference|differ\b|compare[ds]?|which (?:city|district|county|place|year|of|bureau|one|area|had|has).{0,60}\b(?:more|higher|larger|fewer|lower|bigger|most|greater|less)\b|by how (?:much|many)|how (?:many|much) (?:more|fewer|less|higher|lower)"
    r"|\b(?:gap|change|combined|together|sum|times as)\b|how far (?:ahead|behind|above|below)|(?:rise|rose|fall|fell|grow|grew|increase|decrease|drop|decline)d? (?:between|from)|how much (?:did|has|have).{0,60}(?:rise|fall|grow|increase|decrease|drop|change|improve)",
    I,
)
# How a comparison says which way it went; not a word of the indicator.
CHANGED_BY = re.compile(
    r"(?:是)?(?:净?增加|净?增长|提高|提升|上升|增|减少|下降|降低|缩短|降|涨|升|跌|多|少|高|低|快|变化|差)(?:了|出)?(?=多少|几|吗|么|没有|[?？，,]|$)"
    r"|\b(?:grow|grew|rise|rose|risen|fall|fell|fallen|increased?|decreased?|dropp?(?:ed)?|change[d]?|exceed(?:ed)?|ahead|comparing|compared?)\b",
    I,
)
# Only with two years or two places: 增加多少 alone asks for a value.
WEAK_COMPARE = re.compile(
    r"哪(?:个|里|边|家)[^，,。？?]{0,14}(?:更|最)?[高低多少大强快](?=$|[，,？?])|(?:提高|增加|增长|下降|减少|降低|上升|缩短|扩大|降|涨|升|变)了?(?:多少|几)|合计|比较|(?:rise|rose|fall|fell|grow|grew|increase|decrease|drop|change|improve)d?\b|(?:和|跟|与|同).{0,20}比",
    I,
)
# A yes-or-no question about a change to a stated amount.
CHANGE_TO = re.compile(
    r"(?:提高|提升|增加|降低|降|减少|减|缩小|调整|上调|下调|扩大|涨|加)(?:到|至|为).{0,6}\d|(?:raise|increase|cut|reduce|lower|change|extend|double)d?\b.{0,80}\bto\b.{0,12}\d",
    I,
)
SUM = re.compile(r"合计|加起来|总共加|之和|一共加|相加|combined|together|\bsum\b|add up", I)
TIMES = re.compile(r"几倍|多少倍|times (?:as|the)|how many times", I)
COMPLETION = re.compile(
    r"(?:完成|达标|达到|达成|实现|兑现|超额|(?<!下)达|做到|守住|超过).{0,12}(?:吗|么|没有|没(?:[?？]|$)|与否|了没|否)|(?:是否|有没有|有无|能否|算不算|是不是).{0,16}(?:完成|达标|达到|达成|实现|兑现|超额)|达标了|完成得怎么样|完成情况"
    r"|完成率|完成(?:了)?(?:目标|任务|计划)的?(?:多少|百分之几|几成)|超额完成(?:了)?多少|与目标(?:相?比|差)|(?<!占)比目标|(?<!占)比计划|(?:did|has|have|was|were|is|does|do)\b.{0,90}\b(?:meet|met|reach|reached|achieve|achieved|hit|attain|attained|fulfil|fulfilled|exceed|exceeded|accomplish|accomplished|miss|missed|fall short|surpass|surpassed)\b"
    r"|(?:target|goal|plan)s?\b.{0,30}\b(?:met|reached|achieved|hit|missed|fulfilled|exceeded)",
    I,
)
YES_NO = re.compile(
    r"吗|么[?？]?$|是否|有没有|是不是|能否|可否|会不会|没有[?？]?$|了没[?？]?$|^(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should)\b",
    I,
)
LIST = re.compile(
    r"有?哪些|哪几(?:项|个|类|种|方面)|分别|各(?:是|为|有|自|要|占|补|分|投|定|给|发|奖|能|可|拿|领|收|多少|几|计划|新增|安排|县|区|市|地|学段|档)|(?:县|乡|村)道.{0,12}各|分几档|几档|(?<!占)所有|(?<!占)全部(?!公|.{0,6}的?几)|逐[项个年季月]|历年|每年各|每季度?各|每(?:个|一)(?:县|区)|列出|列一下|罗列|都有|都是多少|清单|一览"
    r"|what (?:are|were)|which (?:targets|goals|indicators|figures)|\beach\b|respectively|\blist\b|(?<!in )(?<!above )\ball (?:the |of the |its )?(?:targets|goals|figures|indicators|districts|counties)|every (?:district|county)|for primary and|breakdown|\w+-, (?:\w+-,? )*(?:and|or) \w+-|\bof each\b|\bby (?:class|grade|tier|level|category)\b",
    I,
)
GENERIC_LIST = re.compile(
    r"(?:主要|预期|量化|核心|重点|关键|工作|具体|年度|规划|发展|哪些|约束性|各项|全部|所有|几项)*(?:目标数?|指标|任务|数字|数据|计划)(?:有|是|分别|都|包括|定|值|数|为|呢|$)|哪些(?:\w{0,6})(?:目标|指标|任务|数字)|目标数|(?:targets|goals|indicators)\b",
    I,
)

TARGET = re.compile(
    r"目标|计划|打算|(?<![思理设畅回联构])想(?![法象必知问请了解查看])|自己定|定的|下达|分[到给了](?=.{0,6}(?:多少|几))|任务|要求|允许|最多(?:能|到|为|不)|保住|控制(?:在|到)|以内[?？]?$|不超过多少|预期|预计|拟|准备|力争|争取|任务|规划|安排|定了|要(?:搞|新增|达到|达|有|到|改|增|建|招|装|淘汰|累计|完成|求|再|把|降|控制|做|引|培|提|实现|多少|减|筹|新|投|添|覆盖)|将(?:要|新|达|会|有|建|增)|(?<!做)(?<!达)到多少(?!了)|应(?:该)?(?:达|有|到)|还要|要$"
    r"|\b(?:target|targets|targeted|targeting|assigned|goal|goals|plan|plans|planned|aim|aims|aimed|aiming|intend|intends|want|wants|expect|expects|expected|should|will|hope|hopes|set|sets|supposed|due|to be|to have|scheduled|is .{1,30} to|are .{1,30} to|objective|going to|pledge|pledged|propose to)\b",
    I,
)
ACTUAL = re.compile(
    r"实际|完成(?!了?吗|了?没|年度|时限)|达到了|做到|已经?|实现了|建成|落实了|装了|新增了|改了|改造了|增加了|有了|到位|实绩|结果|现有|目前|现在有|现状|发放了|惠及了|做了|用了|收了|占了|招了|完工|办了|培训了|拉了|给多少.*做了"
    r"|\b(?:actual|actually|did|had|was|were|achieved|reached|completed|result|so far|recorded|added|built|installed|spent|received|has been|have been|currently|existing)\b",
    I,
)
NO_TARGET = re.compile(r"没有(?:目标|计划)")
HAVE = re.compile(
    r"有多少|有几|(?<!定)(?<!下达)了(?:多少|几)|多少(?:家|个|人|张|所|户|台|辆|名|处|座)[?？]?$|一共|共有|总共|占多少|是多少[?？]?$|\bdid\b.*\bhave\b|\bwere there\b|\bhad\b",
    I,
)
GROWTH = re.compile(
    r"增长率|增速|增幅|同比|增长了?(?:多少|百分之|几)|涨幅|降幅|下降了?(?:百分之|几)|\bgrowth\b(?! (?:hub|pole|park|fund|point))|year[- ]on[- ]year|grow by|grew by|percent(?:age)? (?:increase|growth|rise)|how fast",
    I,
)
# The words of a rate of growth, in questions and in names; what grows is the indicator.
GROWTH_WORDS = re.compile(
    r"(?:同比|年均|名义|实际)?(?:增长率?|增速|增幅|涨幅|降幅|下降(?:率|幅度)?)|\b(?:annual )?growth(?: rate)?\b|\bgr[eo]w\b|year[- ]on[- ]year",
    I,
)
COMPLETION_RATE = re.compile(r"完成率|完成(?:了)?(?:年度|全年)?(?:目标|任务|计划)的?(?:多少|百分之几|几成)|completion rate", I)
FOLLOW_UP = re.compile(
    r"^(?:那么?|那|其中|里面|里头|这里面|它|他们|这个|那个|这|该|和|跟|与|再|还有|另外|换成|如果是|到)|呢[?？]?$|^(?:and|what about|how about|of (?:them|these|those|which)|which of|what of|so|then|but|compared)\b|\b(?:that reply|that letter|this letter|it|its|they|those|there)\b",
    I,
)
# A follow-up's year that counts from the year of the question before it.
YEAR_SHIFTS = (
    (re.compile(r"再前一年|前一年|上一年度?呢|the year before(?! last)|a year earlier|(?:the )?previous year|the prior year", I), -1),
    (re.compile(r"再后一年|后一年|下一年|次年|第二年|the (?:year after|following year|next year)|a year later", I), 1),
)
# 投了多少钱, 花了多少: a project's investment is asked for.
SPENT = re.compile(r"(?:一共|总共|共)?(?:投入?|花)(?:了|掉|费)?(?=多少|几(?:个|千|百)?[万亿])")
GAINS = re.compile(r"新增|净增|新建|累计")
PART_OF = re.compile(
    r"^(?:那)?(?:其中|里面|里头|当中|这里面|那里面|这些|这当中|它们)|^(?:and )?(?:of (?:them|these|those|which)|how many of (?:them|these|those)|what share of)",
    I,
)

# Everything of a Chinese question that does not name an indicator. Order matters: longer first.
# 历年, 近三年, over the years: one figure for each year that there is
OVER_YEARS = re.compile(
    r"历年|逐年|(?:最?近|这|过去)(?P<count>[几两二三四五六])年|近年来?|over the (?:past |last )?(?:\w+ )?years|in (?:recent|the (?:past|last) \w+) years|year by year",
    re.IGNORECASE,
)
TREND = re.compile(r"变化|走势|趋势|情况|怎么样?|如何|增减|起伏|\b(?:chang|develop|trend|grow|evol)", re.IGNORECASE)
FILLER = re.compile(
    r"最多(?:允许)?|最少|最高|最低|至少|允许|不(?:能|得|会|可)?(?:超过|少于|低于|高于)|超过(?=计划|目标|任务|了|吗|$|\s)|超额|(?:要)?保(?:住|持)|后来|最后|自己|自定|(?:想|要)?让|每一(?=[万千])|几个亿|请?列出|除了?|中期调整[后前]?|(?:更|重|修)正[以之]?后|重新印发|最终|有效|按新|(?:全市|全省|全国)?平均(?=$|[，,？?]|多|少|高|低)|请问|麻烦|帮我|查一下|查询|告诉我|我想知道|想问|问一下|根据答复函?|按最新口径|按照?|最后定下来的数|最新的?|口径|要最后|答复(?:函|里|中)?(?:里|中)?(?:提到|说|写)?(?:的)?|到底|究竟|具体|大概|大约|左右|一共|总共|共有?|合计|加起来"
    r"|有(?:多少|几|哪些|哪几|没有)|是(?:多少|几|什么|啥|不是|否)|(?:多少|几)(?=[^\d])|多少|多大|多长|多高|百分之几|几成几?|哪些|哪几[项个类]|哪个|哪年|什么|分别|各自?(?=是|为|多|有|$)|各是|各为|谁"
    r"|目标值?数?|计划数?|打算|预期|预计|力争|争取|任务数?|规划|指标|拟|准备|安排|定了|定的?|想把|想要|想|要求|要|将|应该?|需要?|还要?|再"
    r"|实际|完成|达到|达成|达标|实现|做到|做了|已经?|目前|现在|现有|当前|年底|年末|全年|年度|当年|每年|情况|水平|数量|数字|数据|数值"
    r"|里头|里面|当中|其中|在内|包括|方面|工作|主要|量化|有关|关于|对于|对|把|将|给|搞|弄|占了?(?=$|\s|多)|这[所个家座项条份件次]|那[所个家座项条份件次]|这|那|该|其|它|的|地|得|了|吗|么|呢|啊|呀|吧|过|着|就|都|也|又|和|与|及|跟|或|从|到(?!位)|至|在(?!孵|建|岗|校|园|册)|由|为|是|有(?!效)|(?<![占对])比(?!重|例|率)|较|相比|起来|(?<!公)里(?=$|\s)|等|可以|能|让|使|被|没有|没|不|呢"
    r"|增加了?还是减少了?|还是|多了?还是少了?|变化|差距|相差|差(?=$|\s)|谁|(?:更|多|少|高|低|快|慢)(?:了|出|于)?(?=$|\s)|提高|下降|上升|降低|减少|增长|降|涨|扩大|缩小|高出|多出|一些|一个|个点|点|怎么样|如何|全市|全省|全区|全县|我市|我省|本市|市里|省里|区里|县里|我区|我县|本区|本县|该市|县区|各县区|各县\(市、区\)|各区县|各县|各地|各"
)
MEASURE_AFTER = re.compile(
    r"(?:多少|几)(?P<scale>万|亿|千|百|十)?(?P<unit>平方米|平方公里|平米|立方米|公里|千米|人次|个百分点|百分点|微克|毫克|兆瓦|千瓦时|千瓦|课时|批次|班次|亿元|万元|块钱|名|家|个(?!点)|人|户|台|辆|张|套|间|所|座|处|项|件|亩|公顷|元|钱|吨|米|天|年|月|小时|分钟|条|种|类|期|场|部|株|头|只|支|册|艘|栋|幢|根|盏|块|份|例|起|片|对|门|次|批|篇|班|档|亿|成|倍|点|岁|度|斤|%)?"
)
STOP_ENGLISH = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "to",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "will",
        "would",
        "should",
        "could",
        "can",
        "how",
        "many",
        "much",
        "what",
        "which",
        "who",
        "when",
        "where",
        "why",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "their",
        "there",
        "than",
        "with",
        "from",
        "as",
        "into",
        "per",
        "according",
        "target",
        "goal",
        "plan",
        "planned",
        "aim",
        "aimed",
        "want",
        "set",
        "actual",
        "actually",
        "expect",
        "expected",
        "year",
        "end",
        "total",
        "number",
        "amount",
        "rate",
        "level",
        "city",
        "district",
        "county",
        "province",
        "municipal",
        "provincial",
        "about",
        "what's",
        "s",
        "did",
        "how",
        "big",
        "any",
        "been",
        "new",
        "main",
        "more",
        "most",
        "fewer",
        "less",
        "higher",
        "lower",
        "between",
        "against",
        "compared",
        "during",
        "under",
        "over",
        "up",
        "down",
        "out",
        "reach",
        "reached",
        "achieve",
        "achieved",
        "meet",
        "met",
        "current",
        "currently",
        "share",
        "percentage",
        "point",
        "percent",
        "rise",
        "rose",
        "fall",
        "fell",
        "did",
        "does",
        "think",
        "intend",
        "hope",
        "overall",
        "altogether",
        "i",
        "me",
        "tell",
        "please",
        "give",
        "show",
        "figure",
        "value",
        "exactly",
        "report",
        "reported",
        "say",
        "said",
        "letter",
        "reply",
        "bureau",
        "department",
        "commission",
        "office",
    ]
)
