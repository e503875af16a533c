"""What is understood of a question, before anything is looked up."""

from __future__ import annotations

from datetime import date

import pytest

from rag.names import Known, KnownPlace, find_departments, find_places, plausible_place, same_sound
from rag.periods import period_part, read_periods
from rag.question import detect_language, understand
from rag.records import Intent, Measure, Query, Status, Turn
from rag.terms import load_lexicon, read_rows, stem

KNOWN = Known(
    places=(
        KnownPlace("岫川市", "临江省"),
        KnownPlace("溪桥区", "岫川市"),
        KnownPlace("禾坪县", "岫川市"),
        KnownPlace("云堡市", "临江省"),
        KnownPlace("临江省"),
    ),
    home="岫川市",
)
TODAY = date(2024, 7, 1)


def read(question: str, *history: str) -> Query:
    return understand(question, [Turn(h) for h in history], KNOWN, TODAY)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023年计划新增多少", (2023,)),
        ("２０２３年计划新增多少", (2023,)),
        ("二〇二三年计划新增多少", (2023,)),
        ("今年要新增多少", (2024,)),
        ("去年新增了多少", (2023,)),
        ("明年打算新增多少", (2025,)),
        ("前年新增了多少", (2022,)),
        ("“十四五”期间累计新增多少", (2025,)),
        ("从2020年到2023年提高了多少", (2020, 2023)),
        ("how many were added last year", (2023,)),
        ("what is planned for next year", (2025,)),
        ("between 2020 and 2023", (2020, 2023)),
        ("第2023号提案", ()),
    ],
)
def test_years_are_read_in_all_their_forms(text: str, years: tuple[int, ...]) -> None:
    assert read(text).years == years


def test_half_years_and_months_are_parts_of_a_year() -> None:
    assert read_periods("2024年上半年完成多少", TODAY).part == "first half"
    assert read_periods("截至2024年6月底完成多少", TODAY).part == "month 6"
    assert read_periods("at the end of 2023", TODAY).part == "end"
    assert period_part("截至2024年6月底") == "month 6"
    assert period_part("2023年") == ""


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("2023年新增公共停车位多少个？", Intent.VALUE),
        ("2023年公共停车位新增目标", Intent.VALUE),
        ("2024年文旅主要目标有哪些？", Intent.LIST),
        ("2023年停车位比2022年多多少？", Intent.COMPARE),
        ("农村自来水普及率占比目标是多少", Intent.VALUE),
        ("岫川和云堡谁高？", Intent.COMPARE),
        ("2023年停车位目标完成了吗？", Intent.COMPLETION),
        ("局长是谁？", Intent.WHO),
        ("什么时候开工？", Intent.WHEN),
        ("为什么没有完成？", Intent.WHY),
        ("那份函的文号是什么？", Intent.DOCUMENT),
        ("市里打算怎么解决停车难？", Intent.HOW),
        ("How many parking spaces were added in 2023?", Intent.VALUE),
        ("Did the city reach its 2023 target for new jobs?", Intent.COMPLETION),
        ("Why was the target missed?", Intent.WHY),
        ("Which city had more beds, Xiuchuan or Yunbao?", Intent.COMPARE),
        ("What are the main targets for 2024?", Intent.LIST),
    ],
)
def test_intent_is_told_by_the_words_of_asking(question: str, intent: Intent) -> None:
    assert read(question).intent is intent


def test_target_and_actual_are_told_apart() -> None:
    assert read("2023年计划新增多少停车位").statuses == (Status.TARGET,)
    assert read("2023年实际新增了多少停车位").statuses == (Status.ACTUAL,)
    assert read("2024年计划比2023年实际多几个").statuses == (Status.TARGET, Status.ACTUAL)
    assert read("How many spaces does Xiuchuan plan to add in 2024?").statuses == (Status.TARGET,)


def test_places_are_found_by_full_name_short_name_and_pinyin() -> None:
    assert read("溪桥区2023年新增多少停车位").places == ("溪桥区",)
    assert read("溪桥2023年新增多少停车位").places == ("溪桥区",)
    assert read("How many spaces did Xiqiao District add in 2023?").places == ("溪桥区",)
    assert read("How many spaces did Heping add in 2023?").places == ("禾坪县",)


def test_a_place_that_the_store_does_not_know_is_named_as_unknown() -> None:
    assert read("松原市2023年新增多少停车位").unknown_places
    assert read("苏州2023年新增多少停车位").unknown_places == ("苏州",)
    assert read("How many spaces did Suzhou add in 2023?").unknown_places == ("Suzhou",)
    assert not read("城市公共停车位2023年新增多少").unknown_places


@pytest.mark.parametrize("name", ["其中省", "和禾坪县", "西部三市", "群众节省", "新增省"])
def test_words_that_end_like_places_are_no_places(name: str) -> None:
    assert not plausible_place(name)


def test_level_words_name_the_level() -> None:
    assert read("全省2024年计划新增多少义务教育学位").level == "省"
    assert read("全市2024年计划新增多少停车位").level == "市"


def test_departments_are_found_in_their_short_and_english_forms() -> None:
    assert find_departments("卫健委怎么说", english=False) == ("卫生健康",)
    assert find_departments("住建部门计划改造多少", english=False) == ("住房和城乡建设",)
    assert find_departments("省科技厅的预期", english=False) == ("科学技术",)
    assert find_departments("the Human Resources and Social Security Bureau", english=True) == ("人力资源和社会保障",)
    assert find_departments("the Department of Education", english=True) == ("教育",)


def test_the_indicator_is_what_is_left_without_years_places_and_filler() -> None:
    assert read("岫川市2023年计划新增多少公共停车位？").topics[0].terms == "新增 公共停车位"
    assert read("请问全市2022年破案率到底是多少呢？").topics[0].terms == "破案率"


def test_other_wordings_come_to_one_canonical_term() -> None:
    lexicon = load_lexicon()
    wordings = ["研发投入强度", "R&D占比", "R&D经费占GDP比重", "全社会R&D经费支出占地区生产总值比重"]
    assert {lexicon.canonical(w) for w in wordings} == {"研发投入占比"}
    assert lexicon.canonical("高企") == lexicon.canonical("高新技术企业")


def test_english_phrases_are_translated_longest_first() -> None:
    lexicon = load_lexicon()
    assert lexicon.translate("hospital beds per 1,000 residents")[0] == ["每千人口床位数"]
    assert lexicon.translate("compulsory-education places")[0] == ["义务教育学位"]
    assert stem("enterprises") == "enterprise"
    assert stem("bus") == "bus"


def test_two_things_asked_at_once_are_two_topics() -> None:
    topics = read("2022年食品抽检多少批次，合格率多少？").topics
    assert len(topics) == 2
    assert topics[1].context


def test_growth_and_completion_are_other_measures_than_the_level() -> None:
    assert read("2022年技术合同成交额同比增长多少").topics[0].measure is Measure.CHANGE
    assert read("2022年停车位完成率是多少").topics[0].measure is Measure.COMPLETION
    assert read("2022年新增停车位多少").topics[0].measure is Measure.LEVEL


def test_what_is_counted_tells_the_kind_of_unit() -> None:
    assert read("新建多少公里健身步道").topics[0].unit_kind == "length"
    assert read("总投资要花多少钱").topics[0].unit_kind == "money"
    assert read("破案率占几成").topics[0].unit_kind == "percent"
    assert read("How many kilometres of trails are planned?").topics[0].unit_kind == "length"


def test_a_follow_up_takes_what_it_leaves_out_from_the_turn_before() -> None:
    first = "岫川市2023年计划新增多少公共停车位？"
    year = read("那2024年呢？", first)
    assert (year.years, year.places, year.statuses, year.topics[0].terms) == ((2024,), ("岫川市",), (Status.TARGET,), "新增 公共停车位")
    place = read("云堡呢？", first)
    assert (place.years, place.places) == ((2023,), ("云堡市",))
    actual = read("实际呢？", first)
    assert (actual.statuses, actual.years) == ((Status.ACTUAL,), (2023,))
    english = read("And what about Heping?", "How many parking spaces does Xiqiao District plan for 2023?")
    assert (english.places, english.years, english.topics[0].terms) == (("禾坪县",), (2023,), "公共停车位")


def test_a_question_of_its_own_takes_nothing_from_the_turn_before() -> None:
    query = read("2022年全市刑事案件破案率是多少？", "禾坪县2023年建设多少高标准农田？")
    assert query.places == ()
    assert query.years == (2022,)
    assert query.topics[0].terms.replace(" ", "").endswith("破案率")


def test_language_is_told_by_the_weight_of_words() -> None:
    assert detect_language("What share was publicly subsidised (普惠性幼儿园覆盖率) in 2022?") == "en"
    assert detect_language("2022年R&D占比是多少") == "zh"


def test_homophones_sound_the_same() -> None:
    assert same_sound("技术和同", "技术合同")
    assert not same_sound("技术合同", "停车泊位")


def test_short_names_inside_other_words_are_not_taken_for_the_place() -> None:
    assert find_places("溪桥县有多少停车位", KNOWN, english=False).known == ()


@pytest.mark.parametrize(
    ("file", "columns"), [("terms.tsv", 3), ("departments.tsv", 3), ("qualifiers.tsv", 5), ("units.tsv", 3), ("places.tsv", 1)]
)
def test_each_lexicon_file_can_be_read(file: str, columns: int) -> None:
    assert len(read_rows(file, columns)) > 10


def test_no_english_wording_stands_for_two_terms() -> None:
    seen: dict[str, str] = {}
    for term in load_lexicon().terms:
        for phrase in term.english:
            assert seen.setdefault(phrase, term.name) == term.name, f"{phrase} stands for {seen[phrase]} and {term.name}"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("今年二季度新增了多少", "quarter 2"),
        ("2023年一季度末有多少家", "month 3"),
        ("2023年前三季度收入多少", "month 9"),
        ("2023年头六个月新增了多少", "first half"),
        ("How many were added in the first three quarters of 2023?", "month 9"),
    ],
)
def test_a_part_of_a_year_is_read_and_leaves_no_word_behind(text: str, part: str) -> None:
    found = read_periods(text, TODAY)
    assert found.part == part
    assert "季度" not in found.rest
    assert "quarter" not in found.rest
    assert "个月" not in found.rest


def test_the_quarter_of_a_figure_is_that_of_a_question() -> None:
    assert period_part("2023年二季度") == read_periods("2023年二季度", TODAY).part
    assert period_part("2023年第一季度") == "month 3"


def test_a_year_counts_from_the_question_before() -> None:
    assert read("前一年呢？", "2022年溪桥区新增停车泊位多少个？").years == (2021,)
    assert read("And the year before?", "How many parking spaces did Xiqiao add in 2022?").years == (2021,)


def test_a_rate_of_growth_is_asked_of_the_indicator_that_grows() -> None:
    topic = read("2023年固定资产投资增速定的是多少？").topics[0]
    assert topic.measure is Measure.CHANGE
    assert topic.terms == "固定资产投资"


def test_indicators_side_by_side_are_asked_one_by_one() -> None:
    topics = read("2023年城镇化率、森林覆盖率和粮食产量的目标各是多少？").topics
    assert [t.terms for t in topics] == ["城镇化率", "森林覆盖率", "粮食产量"]


def test_the_way_a_comparison_went_is_no_word_of_the_indicator() -> None:
    assert read("旅游总收入2023年比2022年增加了多少亿元？").topics[0].terms == "旅游收入"


@pytest.mark.parametrize(
    "text",
    [
        "交通局想在2023年让多少个村通上公交？",
        "山区急救车平均到达时间想缩短到几分钟？",
        "溪桥区自己定的2023年停车泊位是多少？",
        "How many spaces was Xiqiao targeting for 2023?",
    ],
)
def test_an_intention_asks_for_a_target(text: str) -> None:
    assert read(text).statuses == (Status.TARGET,)


def test_a_word_before_a_province_is_no_part_of_its_name() -> None:
    assert read("2023年完成省里定的停车泊位任务没有？").unknown_places == ()
    assert plausible_place("安和市")
    assert not plausible_place("溪桥区市")


def test_a_level_to_be_kept_is_a_question_for_a_value() -> None:
    assert read("2024年PM2.5要控制在什么水平？").intent is Intent.VALUE


def test_english_growth_asks_for_a_change_and_new_energy_is_nothing_new() -> None:
    assert read("What is the expected growth in retail sales of consumer goods for 2024?").topics[0].measure is Measure.CHANGE
    assert "新增" not in read("What share of buses should be new-energy vehicles in 2024?").topics[0].terms
    assert "新增" in read("How many new parking spaces were there in 2023?").topics[0].terms


@pytest.mark.parametrize("place", ["岫川市", "岫川市级", "岫川市本级"])
def test_the_level_behind_a_place_is_no_word_of_the_indicator(place: str) -> None:
    query = read(f"2024年底{place}事项全程网办率要到多少")
    assert query.places == ("岫川市",)
    assert "级" not in query.topics[0].text


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("2023年公共厕所新建多少座", "公共厕所"),  # 共 is no “altogether”
        ("岫川市补贴性培训多少人次", "补贴性培训"),  # 补贴 is no subsidy here
        ("农村公厕不能少于多少座", "农村公厕"),
        ("2023年公共充电桩新建超过计划了吗", "公共充电桩"),
    ],
)
def test_words_are_not_cut_in_two_when_filler_is_taken_out(question: str, terms: str) -> None:
    assert read(question).topics[0].text.replace("新建", "") == terms


def test_what_a_project_took_is_its_investment() -> None:
    assert "投资" in read("东湖隧道投了多少钱").topics[0].terms
    assert read("东湖隧道花了多少亿元").statuses == ()


def test_growth_of_two_places_is_a_comparison() -> None:
    assert read("2023年溪桥区和禾坪县哪个绿化覆盖率高").intent is Intent.COMPARE
