"""Whom a figure is true of: the letter's place, another place that the clause names, or an institution or project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rag.records import Letter, SentenceRole
from rag.script import to_simplified

# 全市, 我市, 各县 … are no names.
_NO_PLACE = re.compile(
    r"^(?:全|我|本|各|该|两|多|外|邻|省|跨|此|其|每|一|新|老|主|东|西|南|北|大|小|中|城|社|园|片|景|校|库|灾|辖|山|地|牧|林|湖|港|特|郊|矿|功能|开发|高新|自治|行政|服务|示范|试验|保护|居住|住宅|老旧|工业|生态|文化|旅游|商业|覆盖|周边|农村|街|上|超|都|夜|早|菜|股|楼|房|车|人才|直辖|设|地级|县级|区|县|市)$"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:自治县|自治州|新区|开发区|高新区|市|区|县|省|州|旗)")
_BORDER = r"(?:^|(?<=其中)|(?<=[邻近][市县区省])|(?<=兄弟[市县区省])|(?<=[，。；：、（）\s“”|有括和与及在对由从向为于以到含的比年期底末]))"
# Zero-width, so that 在松陵区 does not hide 松陵区.
_NAMED_AT_BORDER = re.compile(
    rf"{_BORDER}(?=([\u4e00-\u9fff]{{2,3}}?(?:市|区|县|省|州|旗|新区))(?![委政办局民域内外级直长属本场区容值价]))"
)
_TOWN = re.compile(rf"{_BORDER}(?=([\u4e00-\u9fff]{{2,3}}?(?:镇|乡|街道))[\u4e00-\u9fff\d])")
_WORDS = re.compile(
    r"设区市|棚户区|禁养区|禁燃区|危险区|安置区|隔离区|设区市|学区|病区|战区|选区|盲区|误区|灌区|渔区|保税区|核心区|缓冲区|居民区|商务区|会展区|风景区|集聚区|先导区|协作区|都市区|建成区|适宜区|聚居区|管控区|涵养区|种植区|养殖区|起步区|拓展区|科创区|大湾区|监管区|综保区|易发区|中断区|低洼区|薄弱区|空白区|限行区|停车区|候车区|阅读区|活动区|实训区|院区|节省|输送省|提供省|争取省|"
    r"城区|市区|社区|园区|片区|地区|景区|小区|校区|库区|灾区|辖区|山区|街区|郊区|城市|都市|超市|上市|全市|全区|全县|全省|我市|我区|我县|我省|各市|各区|各县|本市|本区|本县|本省|该市|该区|该县|外省|外市|外县|两市|两区|两县|县区|区县|市县|省市|夜市|门市|股市|楼市|集市|"
    r"牧区|林区|矿区|库区|营区|禁区|专区|特区|城镇|乡镇|村镇|集镇|小镇|古镇|功能区|开发区|保护区|示范区|试验区|实验区|服务区|居住区|住宅区|工业区|产业区|生活区|公共区|老城区|主城区|城郊|近郊|远郊"
)
# What stands before 省, 乡, 镇 and is no name.
_COMMON = re.compile(
    r"会商|委托|依托|组建|申办|破解|眼下|标准|院士|讲好|承办|主办|争创|直达|对接|报送|隶属|途经|驻点|立[市县省]|按照|实现|根据|推动|支持|联合|覆盖|各级|全国|我国|下辖|所辖|整个|建设|改造|农村|中心|试点|示范|重点|山区|平原|沿海|沿江|东部|西部|中部|南部|北部|周边|相关|有关|部分|其他|其余|多数|个别|每个|乡镇|撤并|创建|建成|等级|美丽|特色|文明|卫生|健康|宜居|共享|智慧|产业|现代|先进|国家|省级|市级|县级|区级|"
    r"项目|新建|选址|超出|农贸|批发|欠发达|高新|经开|延伸|新增|输送|提供|争取|达到|高于|低于|超过|位居|列入|成为|作为|纳入|申报|获评|入选|荣获|承担|接受|落实|贯彻|执行|对照|依据|参照|结合|会同|报请|经过|通过|下达|上级|获得|获批|认定|完成|引进|选派|节约|减少|增加|祖籍|分布|涉及|包括|其中|来自|设在|主城|老旧|集中|对照|完善|推进|加强|开展|组织|指导|督促|协调|支撑|服务|辐射|引领|带动|示范|打造|培育|确保|力争|计划|截至|目前|全域|县域|市域|区域|省域|跨省|跨市|省内|省外|市内|市外|两个|多个|五个|十个|几个|一个"
)
_SUFFIX = (
    r"(?:[\u4e00-\u9fff]路院区|院区|实验室|人民医院|中医院|妇幼保健院|医院|卫生院|大学|学院|职业学院|中学|小学|幼儿园|学校|福利院|福利中心|养老院|敬老院|科技园|产业园|创业园|工业园|物流园|软件园|孵化园|加速园|湿地公园|公园|基地|产业基金|引导基金|母基金|基金|文化馆|博物馆|图书馆|美术馆|体育馆|体育场|停车场|停车楼|充电站|冷库|粮库|大厦|门诊楼|住院楼|健身步道|立交桥|科技馆|展览馆|纪念馆|档案馆|大剧院|剧院|影剧院|机场|高铁站|火车站|客运站|枢纽|地铁\d+号线|\d+号线|"
    r"公路|高速公路|高速|大道|大桥|隧道|快速路|环线|水库|水厂|污水处理厂|净水厂|电厂|电站|变电站|垃圾焚烧厂|泵站|码头|港区|批发市场|农贸市场|综合体|监测站|公租房项目|安置房项目|改造工程|改造项目|整治工程|建设项目|示范项目|示范区|绿道|游步道|湿地|断面|平台|大会|夏令营|项目|工程|中心|小镇|古镇|古街|街区)"
)
_INSTITUTION = re.compile(
    rf"(?P<name>[\u4e00-\u9fffA-Za-z“”·]{{1,16}}?{_SUFFIX}(?:停车场|停车楼|充电站|健身步道)?(?:新院区|东校区|西校区|南校区|北校区|新校区|感染楼|综合楼)?(?:(?:新|改|扩|迁|重|改扩)建(?:工程|项目))?(?:（[^（）]{{1,6}}段?）)?(?:[一二三四]期(?:工程|项目)?)?)"
)
_GENERIC = re.compile(
    r"^(?:规划范围|原因|导致|首段|即|办好|课间|东起|西至|起于|全|我|各|该|本|多|新建|改造|建设|建成|开工|完成|推进|实施|其中|省级|市级|县级|区级|国家级|公办|民办|普惠|农村|城市|乡镇|街道|社区|一批|所有|部分|重点|一般|二级|三级|中小|义务教育|基层|综合|村|每|大型|小型|中型|示范|新增|培育|打造|各类|以上|公共|专业|"
    r"除|因|但|像|受|随着|关于|现场|直投|祖籍|只|则|其|成立|这|那|据|根据|按照|针对|围绕|通过|坚持|依托|借助|会同|联合|提升|支持|统筹|加强|推动|改扩建|在|对|将|把|由|到|从|向|为|与|和|及|引进|增设|设立|扶持|鼓励|举办|开展|组织|实行|等|政策|如|以|已|计划|拟|力争|年内|年底|目前|先后|再|共|有|是)"
)


@dataclass(frozen=True, slots=True)
class Places:
    """The administrative places that one letter names."""

    home: str | None
    parent: str | None
    names: tuple[str, ...]  # the longest first
    pattern: re.Pattern[str] | None
    full: Mapping[str, str] = field(default_factory=dict)  # 东湖 in 东湖、西岭两县 → 东湖县

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Find named places; offsets into `text`."""
        if self.pattern is None:
            return []
        return [(m.start(), m.end(), self.full.get(m[0], m[0])) for m in self.pattern.finditer(text)]

    def resolve(self, word: str) -> str:
        """全市, 我区 → the letter's own place where it is of that rank, the parent place for a higher rank."""
        if word == "全国":
            return word
        rank = word[-1]
        for place in (self.home, self.parent):
            if place and place.endswith(rank):
                return place
        if rank == "省":
            return next((name for name in self.names if name.endswith("省")), word)
        if rank == "市" and self.home and self.home.endswith(("区", "县", "旗")):
            cities = [name for name in self.names if name.endswith("市")]
            return cities[0] if len(cities) == 1 else word
        return word


def collect_places(letter: Letter) -> Places:
    """Collect the places that a letter names: its own, those at the border of words, those of its tables."""
    names: set[str] = {place for place in (letter.place, letter.parent_place) if place}
    text = to_simplified(letter.text)
    for pattern in (_NAMED_AT_BORDER, _TOWN):
        for match in pattern.finditer(text):
            name = _PARTICLES.sub("", match[1])
            if len(name) < 3 or _NO_NAME.search(name) or (name.endswith("州") and f"{name}市" in text):
                continue
            if _is_hill_district(name, text):
                names.add(name)
            if re.search(r"[一二两三四五六七八九十]", name[:-1]) or (pattern is _TOWN and text.count(name) < 2) or _COMMON.search(name):
                continue
            if (
                not _WORDS.search(name)
                and not _NO_PLACE.match(name[:-1])
                and not re.match(r"[我全各本该两在对由从向为于每因据是如即除原中其受以经与和赴到等及使让将把比较上下关]", name)
            ):
                names.add(name)
    for body in letter.bodies:
        place = _PLACE.match(to_simplified(body))
        if place and not _WORDS.search(place[0]):
            names.add(place[0])
    own = {place for place in (letter.place, letter.parent_place) if place}
    names = {name for name in names if name in own or text.count(name) > 1 or _stands_alone(name, text)} | _row_heads(letter)
    names = {
        name
        for name in names
        if name in own
        or not any(name != other and (name.endswith(other) or (len(other) > 2 and name.endswith(other[:-1]))) for other in names)
    }
    ordered = tuple(sorted(names, key=lambda name: (-len(name), name)))
    full = {name[:-1]: name for name in ordered if len(name) > 2 and name[-1] in "市区县镇乡" and name[:-1] not in ordered}
    shorts = (
        rf"(?:{'|'.join(map(re.escape, full))})(?=(?:[、和与](?:{'|'.join(map(re.escape, full))}))+[两三四五六]?[县区市镇]|[两三四五六][县区市镇])"
        if full
        else "(?!)"
    )
    pattern_text = "|".join([*(re.escape(name) for name in ordered), shorts])
    home = to_simplified(letter.place) if letter.place else None
    parent = to_simplified(letter.parent_place) if letter.parent_place else None
    return Places(home, parent, ordered, re.compile(pattern_text) if ordered else None, full)


def _is_hill_district(name: str, text: str) -> bool:
    """某山区 is a name where it stands in a row of places or before a value; 老山区, 在山区 are none."""
    plain = len(name) == 3 and name.endswith("山区") and name[0] not in "老大深高远是在和的到往从向为小与及对偏边西东南北中"
    return (
        plain
        and bool(re.search(rf"(?:[市区县]、|、){name}|{name}(?:、[\u4e00-\u9fff]{{2,3}}[市区县]|[\d|])|\|\s*{name}\s*\|", text))
        and text.count(name) > 1
    )


# What clings to a name's front at a border, and what no name holds.
_PARTICLES = re.compile(r"^(?:可|同期|此前|之前|底|了|不及|而|但|则|又|即|如|较|低于|高于|时|据|请|让|原|您|建议|初|末|先)+")
_NO_NAME = re.compile(
    r"[不了的是有已被把您你们此这那每各我其期个及而但或且何哪很最更于由按与并]|年[初底末]|[今去上明当全每近同]年|月[底末]|季度|^[省市县区州镇乡村]+$|建议"
)


def _stands_alone(name: str, text: str) -> bool:
    """A name that stands once counts where its rank ends a word: 东湖区、, 东湖区2022年; not 会商市财政局, 申办省运会."""
    return bool(re.search(rf"{re.escape(name)}(?![财民教卫住交水农人发科文商应市审统林体医残妇团工国省里级本直属局委办运定拨内外])", text))


def _row_heads(letter: Letter) -> set[str]:
    """The places at the head of a table's rows."""
    heads = {to_simplified(s.text).split("|")[0].strip() for s in letter.sentences if s.role is SentenceRole.TABLE_ROW}
    return {
        h
        for h in heads
        if re.fullmatch(r"[\u4e00-\u9fff]{2,4}[市区县旗]", h)
        and not _WORDS.search(h)
        and not _NO_NAME.search(h)
        and not _NO_PLACE.match(h[:-1])
        and not _COMMON.search(h)
    }


_WHOLE = re.compile(
    r"(?<!占)(?<!居)(?<!列)(?<!于)(?<!比)(?<!在)(?<!是)(?<!过)(?<!由)(?<!为)(?:全国(?!性|人大|文明|重点|示范|科普|第|优秀|各)|(?:全|我|本)[市县区省州旗镇乡])(?!级|内企|外|里|场|政|委|人大)"
)
_LIST_MARK = re.compile(r"^(?:、|和|与|及|以及|,)$")


def find_subject(text: str, position: int, places: Places) -> tuple[str | None, bool]:
    """Name the place that a figure at `position` of a clause is true of, and whether the clause names it at all.

    The last place before the figure counts; places joined by 、 or 和 count together; 全市 and 我市 mean the letter's own.
    """
    named = [
        found
        for found in places.find(text)
        if found[1] <= position and not re.search(r"[比较]$|(?:不同于|相比|邻近|对标|学习)$", text[: found[0]])
    ]
    whole = [match for match in _WHOLE.finditer(text) if match.end() <= position]
    if named and (not whole or whole[-1].start() < named[-1][0]):
        chain = [named[-1]]
        for one in reversed(named[:-1]):
            if not _LIST_MARK.match(text[one[1] : chain[0][0]]):
                break
            chain.insert(0, one)
        after = text[chain[-1][1] : chain[-1][1] + 6]
        if re.match(r"(?:人民政府|委|政府|财政局|教育局|[\u4e00-\u9fff]{1,4}[局委办厅]|的?意见|界)", after):
            return None, False  # the body acts, the figure need not be the place's own
        return "、".join(dict.fromkeys(name for _, _, name in chain)), True
    if whole:
        return places.resolve(whole[-1][0]), True
    return None, False


_NOT_PROPER = re.compile(
    r"建成|新增|建有|拥有|开工|新建|先行|促成|选派|支持|利用|承担|执行|实施|引进|培育|开展|推进|完善|建立|招募|同时|有条件|合作项目|服务项目|基本公共|攻关|重大|重点|签约|各类|部分|企业|公办|民办|社区|乡镇|街道|具备|家庭|老年|建设(?!项目|工程)|每个|单个|培训|改造(?!项目|工程|[一二三四]期)|"
    r"达到|提供|提升|组建|联网|接入|参与|纳入|新开|完成|覆盖|共建|仍|现场|海外|国内|省内|政府|机关|学生|教师|群众|居民|职工|全民|国家级|省级|市级|县级|区级|中小学|义务|寄宿|普通|职业学校|高等|优质|定点|养老机构|医疗|诊疗|家门口|平均|人均|年均|日均|小学学|幼儿园(?!.*期)"
)
_LOOSE_SUFFIX = re.compile(r"(?:项目|工程|平台|中心|大会|基金|公园|示范区|小镇|绿道|基地|断面|夏令营|湿地|学校|小学|中学|公路|医院)$")


def find_institution(text: str) -> str | None:
    """Name the institution or project at the beginning of a clause, if it is a proper one."""
    match = _INSTITUTION.match(
        re.sub(
            r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*|[您你]们?(?:所)?(?:建议|提出|希望)(?:在|由|建设?(?!筑)|新建|将|把|对)?|一是|二是|三是|四是|五是|其中|“[^”]{1,6}”即|因|由于|受|启用|支持|推进|加快|建设|新建|在|对|由)+",
            "",
            text,
        )
    )
    if match is None:
        return None
    name = match["name"]
    if _GENERIC.match(name) and not re.match(
        r"[市县区省](?:第|人民|中心|妇幼|中医|图书|文化|博物|体育|科技|档案|残疾|社会福利|儿童|疾控|传染)", name
    ):
        return None
    if _NOT_PROPER.search(name) or len(name) < 5 or name.count("“") != name.count("”"):
        return None
    if _LOOSE_SUFFIX.search(name) and not re.search(r"[“”市县区镇湖江河山第城塔桥东西南北港湾门路]|[一二三四]期|（", name[:-2]):
        return None
    return name


def join_names(names: Iterable[str]) -> str:
    """Join several subjects as the letters do."""
    return "、".join(names)
