"""Documents become letters: clean sentences in their sections, tables as rows, header fields."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import close_gaps
from ingest.parse import parse_letter
from ingest.readers.choose import read_bytes
from ingest.sentences import split_sentences
from rag.records import Letter, LetterKind, SentenceRole
from rag.script import fold_for_matching, is_traditional, normalise, to_simplified

HEAD = "临河市水务局文件\n\n临水提复〔2022〕8号\n\n关于市政协八届一次会议第15号提案的答复\n\n周望野委员：\n\n"
OPENING = "您提出的《关于推进节水型城市建设的提案》（第15号）收悉，现答复如下：\n\n"
TAIL = "\n\n感谢您的支持。\n\n联系人：苗知秋，联系电话：0000-00011223\n\n临河市水务局\n2022年5月20日\n"


def read(text: str, file: str = "letter.txt") -> Letter:
    letter = parse_letter(read_bytes(text.encode(), file))
    assert all(letter.text[s.start : s.end] == s.text for s in letter.sentences)
    assert [s.index for s in letter.sentences] == list(range(len(letter.sentences)))
    return letter


def body_of(text: str) -> list[str]:
    """Sentences of the running text of a letter whose body is `text`."""
    sentences = read(HEAD + OPENING + text + TAIL).sentences
    return [s.text for s in sentences if s.role in (SentenceRole.BODY, SentenceRole.HEADING)][1:-1]


def rows_of(text: str) -> list[tuple[str, str]]:
    sentences = read(HEAD + OPENING + text + TAIL).sentences
    return [(s.role.value.removeprefix("table_"), s.text) for s in sentences if s.role in (SentenceRole.TABLE_HEAD, SentenceRole.TABLE_ROW)]


# ------------------------------------------------------------------ clean text


@pytest.mark.parametrize(
    "mark", ["- 1 -", "— 1 —", "－１－", "第 1 页", "第1页 共3页", "第一页", "1/3", "·1·", "-1-", "— 1—", "Page 1 of 3"]
)
def test_page_lines_vanish_inside_a_sentence(mark: str) -> None:
    text = f"2022年，全市新建供水管网35公里，改造老旧泵站四座，完成投资2.1亿元，居民用水满意\n\n                    {mark}\n\n率达到96.5%，比上年提高1.2个百分点。"
    assert body_of(text) == [
        "2022年，全市新建供水管网35公里，改造老旧泵站四座，完成投资2.1亿元，居民用水满意率达到96.5%，比上年提高1.2个百分点。"
    ]


def test_running_head_between_pages_vanishes() -> None:
    text = "全市新建供水管网35公里，改造老旧泵站四座，完成投资2.1亿元，居民用水满意\n\n— 1 —\n临河市水务局文件\n率达到96.5%。"
    assert body_of(text) == ["全市新建供水管网35公里，改造老旧泵站四座，完成投资2.1亿元，居民用水满意率达到96.5%。"]


def test_page_lines_tell_the_page_of_each_sentence() -> None:
    letter = read(HEAD + OPENING + "第一页上的话说完了。\n— 1 —\n第二页上的话说完了。\n— 2 —\n" + TAIL)
    pages = {s.text: s.page for s in letter.sentences}
    assert pages["第一页上的话说完了。"] == 1
    assert pages["第二页上的话说完了。"] == 2


@pytest.mark.parametrize(
    ("noisy", "clean"),
    [
        ("全市在册企业26 000 个。", "全市在册企业26000个。"),
        ("新增面积180 万平方米以上。", "新增面积180万平方米以上。"),
        ("老年助 餐点达到85 家。", "老年助餐点达到85家。"),
        ("从业人员3 1 5 0人。", "从业人员3150人。"),
        ("比重为2. 58 %。", "比重为2.58%。"),
        ("共１，２００家，占４５．６％。", "共1，200家，占45.6%。"),
        ("完成１２０公里。", "完成120公里。"),
        ("新\u200b增\ufeff3\u00ad5家。", "新增35家。"),
        ("推动⾼⽔平开放。", "推动高水平开放。"),
        ("РМ2.5浓度31微克。", "PM2.5浓度31微克。"),
        ("执行GB 3838标准，采用machine learning方法。", "执行GB 3838标准，采用machine learning方法。"),
        ("用水量5㎡、10²。", "用水量5㎡、10²。"),
    ],
)
def test_noise_of_copying_is_taken_out(noisy: str, clean: str) -> None:
    assert body_of(noisy) == [clean]


def test_numbers_side_by_side_are_never_joined() -> None:
    assert close_gaps("东城区 74.3 1.96 803", prose=True) == "东城区74.3 1.96 803"
    assert close_gaps("东城区 3 5 8", prose=True) == "东城区3 5 8"
    assert close_gaps("2022 2023 两年", prose=True) == "2022 2023两年"


@given(st.lists(st.sampled_from(["2022", "35", "1.96", "803", "8", "，", "公里", " ", "管网", "。", "%", "万"]), min_size=1, max_size=14))
def test_no_digit_is_lost_or_changed(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert re.findall(r"\d", close_gaps(text, prose=True)) == re.findall(r"\d", text)


def wrap(text: str, width: int, indent: str = "    ") -> str:
    return "\n".join((indent + text)[i : i + width] for i in range(0, len(text) + len(indent), width))


PARAGRAPHS = (
    "过去一年，全市新建供水管网35公里，改造老旧泵站四座，完成投资2.1亿元，用水满意率达到96.5%，比上年提高1.2个百分点，没有发生停水事故。"
    "全市节水型企业达到128家，其中当年新增26家，万元工业增加值用水量下降到十八立方米以下。",
    "需要说明的是，二次供水设施改造涉及业主众多，协调难度较大，年初确定的六十个小区中有七个小区推迟到今年上半年完工，我局已逐一登门说明。",
    "（一）关于阶梯水价。现行第一级水价为每立方米二元一角，执行以来运行平稳，今年不作调整，待成本监审完成之后再行研究论证并听取各方意见。",
)


@pytest.mark.parametrize("width", [24, 31, 38])
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_hard_wrapped_paragraphs_read_as_if_they_were_not(width: int, blank: str) -> None:
    wrapped = blank.join(wrap(paragraph, width) for paragraph in PARAGRAPHS)
    assert body_of(wrapped) == body_of("\n\n".join(PARAGRAPHS))


def test_wrapped_line_that_begins_with_a_sign_is_carried_on() -> None:
    assert body_of("计划新增助餐点24家\n，到年底达到85家\n。") == ["计划新增助餐点24家，到年底达到85家。"]


def test_abbreviation_cut_at_a_line_end_is_whole_again() -> None:
    lines = [
        "    全市研发经费支出占地区生产总值的比重达到百分之二点五，占GD",
        "P的比重比上年提高零点一个百分点，创历史新高，继续位居全省前列",
        "，为下一步工作打下了坚实的基础，也为完成五年规划目标提供了支",
        "撑。",
    ]
    assert "占GDP的比重" in body_of("\n".join(lines))[0]


def test_centred_page_number_and_running_head_vanish_inside_a_word() -> None:
    text = "    全市已有水厂六十四座，其中实现智慧管理的水厂占全市总\n                                 3\n               临河市水务局\n数的17%。今年再增加三座左右。"
    assert body_of(text) == ["全市已有水厂六十四座，其中实现智慧管理的水厂占全市总数的17%。", "今年再增加三座左右。"]


def test_name_of_a_body_inside_a_joint_reply_is_a_heading() -> None:
    text = "市财政局\n\n已安排资金3000万元，分两年拨付。\n\n其余资金明年安排。\n\n另有一项说明如下。\n\n已列入年度预算。"
    letter = read(HEAD + OPENING + text + TAIL)
    assert next(s for s in letter.sentences if s.text.startswith("已安排")).section == ("市财政局",)


def test_attachment_below_the_copies_opens_its_own_section() -> None:
    letter = read(
        HEAD
        + OPENING
        + "分区任务见附件。"
        + TAIL
        + "抄送：市政协提案委，市财政局\n附件\n\n管网改造任务表\n\n地区\t公里\n东城区\t12\n西城区\t9\n"
    )
    assert letter.copies_to == ("市政协提案委", "市财政局")
    assert next(s for s in letter.sentences if s.text == "东城区 | 12").section == ("附件",)


# ------------------------------------------------------------------ sentences and sections


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("一是新建管网；二是改造泵站。今年完工。", ["一是新建管网；二是改造泵站。", "今年完工。"]),
        ("您说：“水是城市的血脉。”我们赞同。", ["您说：“水是城市的血脉。”", "我们赞同。"]),
        ("您提出的“谁来管水？”的问题很好。", ["您提出的“谁来管水？”的问题很好。"]),
        ("方案（含投资。工期两年）已定。明年开工！", ["方案（含投资。工期两年）已定。", "明年开工！"]),
        ("比重为2.5%。共3家……其余待定。", ["比重为2.5%。", "共3家……其余待定。"]),
        ("The plan was approved. It covers 3.5 km of pipes.", ["The plan was approved.", "It covers 3.5 km of pipes."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(alphabet="水管网新建，。；！？“”（）《》 2a", max_size=60))
def test_sentences_cover_the_paragraph_without_overlap(text: str) -> None:
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == text.replace(" ", "")


def test_sections_nest_as_their_marks_do() -> None:
    text = "一、工作回顾\n\n（一）供水情况\n\n1.管网改造。全年新建管网35公里。\n\n（1）老城区先行开工，共12公里。\n\n（二）节水情况\n\n节水企业128家。\n\n二、下步打算\n\n继续努力。"
    sections = {s.text: s.section for s in read(HEAD + OPENING + text + TAIL).sentences}
    assert sections["全年新建管网35公里。"] == ("一、工作回顾", "（一）供水情况", "1.管网改造")
    assert sections["节水企业128家。"] == ("一、工作回顾", "（二）节水情况")
    assert sections["继续努力。"] == ("二、下步打算",)
    assert sections["感谢您的支持。"] == ()


@pytest.mark.parametrize(
    ("paragraph", "heading"),
    [
        ("（一）关于滴灌改造。已改造农田3万亩。", "（一）关于滴灌改造。"),
        ("一、加快管网建设，守住安全底线。一是新建管网20公里；二是改造泵站3座。", "一、加快管网建设，守住安全底线。"),
        ("2．关于“三年内全部改完”。暂不具备条件。", "2.关于“三年内全部改完”。"),
        ("一、2021年工作回顾\n\n新建管网35公里。", "一、2021年工作回顾"),
        ("关于阶梯水价。今年不作调整。", "关于阶梯水价。"),
        ("建议二：把水价降到1元。\n\n答复：目前为2元，不予采纳。", "建议二：把水价降到1元。"),
        ("第一，健全机制。建立月调度制度。", "第一，健全机制。"),
    ],
)
def test_run_in_headings_open_a_section(paragraph: str, heading: str) -> None:
    letter = read(HEAD + OPENING + paragraph + TAIL)
    found = next(s for s in letter.sentences if s.role is SentenceRole.HEADING)
    assert found.text == heading
    assert letter.sentences[found.index + 1].section == (heading.rstrip("。"),)


@pytest.mark.parametrize(
    "point", ["1.新增节水企业26家，新建管网35公里。", "（1）新增节水企业26家；", "①新增节水企业26家；", "（二）今年计划新建管网20公里。"]
)
def test_points_that_state_figures_are_no_headings(point: str) -> None:
    letter = read(HEAD + OPENING + "（一）关于节水。采纳。\n\n" + point + TAIL)
    assert next(s for s in letter.sentences if s.text == point).role is SentenceRole.BODY


def test_attachment_is_a_section_of_its_own() -> None:
    letter = read(HEAD + OPENING + "分区任务见附件。" + TAIL + "\n附件\n\n2022年管网改造任务表\n\n地区\t公里\n东城区\t12\n西城区\t9\n")
    row = next(s for s in letter.sentences if s.text == "东城区 | 12")
    assert row.section == ("附件",)
    assert row.caption == "2022年管网改造任务表"


# ------------------------------------------------------------------ tables

TABS = "表1　管网改造情况（单位：公里）\n地区\t2021年完成\t2022年计划\n东城区\t12\t15\n西城区\t9\t20以上\n合计\t21\t35"
SPACES = "地区        2021年完成    2022年计划\n东城区          12            15\n西城区           9            20以上\n合  计          21            35"
NO_CORNER = "              2021年完成    2022年计划\n东城区        12            15\n西城区        9             20以上\n合  计        21            35"
BARS = "| 地区 | 2021年完成 | 2022年计划 |\n|---|---|---|\n| 东城区 | 12 | 15 |\n| 西城区 | 9 | 20以上 |\n| 合计 | 21 | 35 |"
DRAWN = "┌───┬─────┬─────┐\n│地区  │2021年完成│2022年计划│\n├───┼─────┼─────┤\n│东城区│12        │15        │\n│西城区│9         │20以上    │\n│合  计│21        │35        │\n└───┴─────┴─────┘"
PLUSES = "+------+----------+----------+\n| 地区 | 2021年完成 | 2022年计划 |\n+------+----------+----------+\n| 东城区 | 12 | 15 |\n| 西城区 | 9 | 20以上 |\n| 合计 | 21 | 35 |\n+------+----------+----------+"
ROWS = [("head", "地区 | 2021年完成 | 2022年计划"), ("row", "东城区 | 12 | 15"), ("row", "西城区 | 9 | 20以上"), ("row", "合计 | 21 | 35")]


@pytest.mark.parametrize("table", [TABS, SPACES, BARS, DRAWN, PLUSES], ids=["tabs", "spaces", "bars", "drawn", "pluses"])
def test_tables_survive_as_rows(table: str) -> None:
    assert rows_of(f"各区情况如下：\n\n{table}\n\n以上为快报数。") == ROWS


def test_table_head_without_its_corner_keeps_its_columns() -> None:
    assert rows_of(f"各区情况如下：\n\n{NO_CORNER}\n\n以上为快报数。")[0] == ("head", " | 2021年完成 | 2022年计划")


def test_two_line_head_keeps_both_lines_with_spanned_cells_filled() -> None:
    table = "指标\t单位\t2021年\t\t2022年\t\n\t\t目标\t完成\t目标\t完成\n管网\t公里\t30\t35\t20\t21\n泵站\t座\t4\t4\t3\t3"
    assert rows_of(table)[:3] == [
        ("head", "指标 | 单位 | 2021年 | 2021年 | 2022年 | 2022年"),
        ("head", "指标 |  | 目标 | 完成 | 目标 | 完成"),
        ("row", "管网 | 公里 | 30 | 35 | 20 | 21"),
    ]


def test_table_takes_its_title_or_the_sentence_above_as_caption() -> None:
    titled = read(HEAD + OPENING + "见下表。\n\n" + TABS + TAIL)
    assert next(s for s in titled.sentences if s.text == "东城区 | 12 | 15").caption == "表1　管网改造情况（单位：公里）"
    untitled = read(HEAD + OPENING + "2022年各区改造情况如下：\n\n" + SPACES + TAIL)
    assert next(s for s in untitled.sentences if s.text == "东城区 | 12 | 15").caption == "2022年各区改造情况如下"


def test_numbered_points_with_a_tab_are_no_table() -> None:
    points = "1.\t加快老城区供水管网改造，年内完成12公里。\n2.\t加快泵站自动化改造，年内完成4座并投用。\n3.\t推进一户一表改造，惠及居民2000户以上。"
    assert rows_of(points) == []


@pytest.mark.parametrize(
    "text",
    [
        "联系人：苗知秋    电话：0000-00011223\n                    临河市水务局\n                    2022年5月20日",
        "全市供水管网建设稳步推进，新建管网35公里，改造  泵站4座，完成投资2.1亿元。\n下一步我们将继续推进管网改造，确保  居民用水安全，不断提升服务水平。",
        "临河市水务局          临河市财政局\n2022年5月20日",
    ],
)
def test_signatures_contacts_and_gappy_prose_are_no_tables(text: str) -> None:
    assert rows_of(text) == []


# ------------------------------------------------------------------ header fields


def test_fields_of_a_plain_letter() -> None:
    letter = read(
        HEAD + OPENING + "新建管网35公里。" + TAIL + "\n抄送：市政协提案委，市财政局（2份）。\n临河市水务局办公室　　2022年5月23日印发\n"
    )
    assert letter.letter_id == "临河市水务局-临水提复〔2022〕8号"
    assert letter.title == "关于市政协八届一次会议第15号提案的答复"
    assert letter.bodies == ("临河市水务局",)
    assert letter.place == "临河市"
    assert letter.doc_number == "临水提复〔2022〕8号"
    assert letter.kind is LetterKind.PROPOSAL
    assert (letter.proposal_number, letter.session) == ("15", "市政协八届一次会议")
    assert letter.proposal_title == "关于推进节水型城市建设的提案"
    assert letter.addressees == ("周望野",)
    assert (letter.issued_on, letter.printed_on) == (date(2022, 5, 20), date(2022, 5, 23))
    assert letter.contact == "苗知秋"
    assert letter.copies_to == ("市政协提案委", "市财政局")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("临水提复〔2022〕8号", "临水提复〔2022〕8号"),
        ("临水提复[2022]8号", "临水提复〔2022〕8号"),
        ("临水提复（2022）第8号", "临水提复〔2022〕8号"),
        ("临水提复（２０２２）０８号", "临水提复〔2022〕8号"),
        ("临 水 提 复 〔 2022 〕 8 号", "临水提复〔2022〕8号"),
        ("文号：临水建复【2022】8号    签发人：石见山", "临水建复〔2022〕8号"),
    ],
)
def test_document_numbers_in_their_spellings(line: str, number: str) -> None:
    assert read(HEAD.replace("临水提复〔2022〕8号", line) + OPENING + "好。" + TAIL).doc_number == number


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("周望野委员：", ("周望野",)),
        ("周望野、 石见山委员：", ("周望野", "石见山")),
        ("周望野　石见山代表：", ("周望野", "石见山")),
        ("周望野 石见山代表：", ("周望野", "石见山")),
        ("尊敬的周望野女士：", ("周望野",)),
        ("周 望委员：", ("周望",)),
        ("周清和委员：", ("周清和",)),
        ("周望野等5位代表：", ("周望野",)),
        ("民革临河市委会：", ("民革临河市委会",)),
        ("民革临河市委会、市工商联：", ("民革临河市委会", "市工商联")),
        ("市政协经济委员会：", ("市政协经济委员会",)),
        ("欧阳既白委员并各位联名委员：", ("欧阳既白",)),
    ],
)
def test_addressees_are_names_without_their_office(line: str, names: tuple[str, ...]) -> None:
    assert read(HEAD.replace("周望野委员：", line) + OPENING + "好。" + TAIL).addressees == names


@pytest.mark.parametrize(
    ("title", "kind", "number", "session"),
    [
        ("关于市政协八届一次会议第15号提案的答复", LetterKind.PROPOSAL, "15", "市政协八届一次会议"),
        ("对政协临河市第八届委员会第一次会议第0203号提案的答复", LetterKind.PROPOSAL, "0203", "政协临河市第八届委员会第一次会议"),
        ("临河市水务局关于市十六届人大四次会议第102号建议的答复函", LetterKind.SUGGESTION, "102", "市十六届人大四次会议"),
        ("对东城区十七届人大第二次会议第３６号建议的答复", LetterKind.SUGGESTION, "36", "东城区十七届人大第二次会议"),
        ("关于省政协十三届二次会议第一百四十二号提案的复函", LetterKind.PROPOSAL, "142", "省政协十三届二次会议"),
        ("关于政协东城区五届三次会议\n第43号提案办理情况的答复", LetterKind.PROPOSAL, "43", "政协东城区五届三次会议"),
    ],
)
def test_kind_number_and_session_come_from_the_title(title: str, kind: LetterKind, number: str, session: str) -> None:
    letter = read(HEAD.replace("关于市政协八届一次会议第15号提案的答复", title) + OPENING.replace("（第15号）", "") + "好。" + TAIL)
    assert (letter.kind, letter.proposal_number, letter.session) == (kind, number, session)
    assert letter.title == title.replace("\n", "").replace("３６", "36")


@pytest.mark.parametrize(
    ("signature", "issued"),
    [
        ("临河市水务局\n2022年5月20日", date(2022, 5, 20)),
        ("临河市水务局    2022年5月20日", date(2022, 5, 20)),
        ("          临河市水务局\n      二〇二二年五月二十日", date(2022, 5, 20)),
        ("临河市水务局（盖章）\n二○二二年十二月三十一日", date(2022, 12, 31)),
        ("临河市水务局\n２０２２ 年 5 月 20 日", date(2022, 5, 20)),
        ("临河市水务局\n2022-05-20", date(2022, 5, 20)),
    ],
)
def test_signature_dates_in_their_spellings(signature: str, issued: date) -> None:
    tail = TAIL.replace("临河市水务局\n2022年5月20日", signature)
    after = "\n临河市水务局办公室  2023年1月9日印发\n网站发布时间：2023-02-01 08:00\n"
    assert read(HEAD + OPENING + "2021年3月1日开工。" + tail + after).issued_on == issued


def test_website_date_counts_only_where_nothing_else_does() -> None:
    unsigned = TAIL.replace("临河市水务局\n2022年5月20日", "临河市水务局")
    assert read(HEAD + OPENING + "好。" + unsigned + "\n网站发布时间：2022-06-01\n").issued_on == date(2022, 6, 1)


@pytest.mark.parametrize(
    ("red_head", "bodies", "place", "parent"),
    [
        ("临河市城市管理局文件", ("临河市城市管理局",), "临河市", None),
        ("临河市市场监督管理局", ("临河市市场监督管理局",), "临河市", None),
        ("东城区民政局", ("东城区民政局",), "东城区", None),
        ("临河市东城区民政局", ("临河市东城区民政局",), "东城区", "临河市"),
        ("平山县人民政府办公室", ("平山县人民政府办公室",), "平山县", None),
        ("江右省科学技术厅", ("江右省科学技术厅",), "江右省", None),
        ("临 河 市 水 务 局", ("临河市水务局",), "临河市", None),
        ("石溪镇人民政府", ("石溪镇人民政府",), "石溪镇", None),
        ("东城区望江街道办事处", ("东城区望江街道办事处",), "望江街道", "东城区"),
        ("临河市水务局\n临河市财政局", ("临河市水务局", "临河市财政局"), "临河市", None),
    ],
)
def test_bodies_and_their_place(red_head: str, bodies: tuple[str, ...], place: str, parent: str | None) -> None:
    tail = TAIL.replace("临河市水务局\n2022", f"{bodies[0]}\n2022")
    letter = read(HEAD.replace("临河市水务局文件", red_head) + OPENING + "好。" + tail)
    assert letter.bodies == bodies
    assert (letter.place, letter.parent_place) == (place, parent)


def test_township_lies_where_the_assembly_is_that_it_answers() -> None:
    head = HEAD.replace("临河市水务局文件", "石溪镇人民政府").replace("市政协", "东城区政协")
    letter = read(head + OPENING + "好。" + TAIL.replace("临河市水务局", "石溪镇人民政府"))
    assert (letter.place, letter.parent_place) == ("石溪镇", "东城区")


def test_parent_place_of_a_county_is_read_from_the_text() -> None:
    head = HEAD.replace("临河市水务局文件", "平山县水务局").replace("市政协", "县政协")
    letter = read(head + OPENING + "平山县位于临河市西部，山地占八成。" + TAIL.replace("临河市", "平山县"))
    assert (letter.place, letter.parent_place) == ("平山县", "临河市")


@pytest.mark.parametrize(
    ("sentence", "lead", "joint"),
    [
        ("该提案由我局主办，市财政局、市住房和城乡建设局会办。", ("临河市水务局",), ("市财政局", "市住房和城乡建设局")),
        ("我局作为主办单位，会同市财政局、市教育局等会办单位认真研究。", ("临河市水务局",), ("市财政局", "市教育局")),
        ("经与市公安局、市财政局共同研究，现答复如下。", ("临河市水务局",), ("市公安局", "市财政局")),
        ("我局会同市财政局、市资源规划局逐条研究。", ("临河市水务局",), ("市财政局", "市资源规划局")),
        ("该提案由市水务局、市财政局共同主办，市教育局协办。", ("临河市水务局", "市财政局"), ("市教育局",)),
    ],
)
def test_lead_and_joint_bodies(sentence: str, lead: tuple[str, ...], joint: tuple[str, ...]) -> None:
    opening = OPENING.replace("，现答复如下：", "。").replace("\n\n", "") + sentence + "\n\n"
    letter = read(HEAD + opening + "一、进展\n\n好。" + TAIL)
    assert (letter.lead_bodies, letter.joint_bodies) == (lead, joint)


@pytest.mark.parametrize(
    ("line", "contact"),
    [
        ("联系人：苗知秋，联系电话：0000-00011223", "苗知秋"),
        ("（联系人：苗知秋　电话：00011223）", "苗知秋"),
        ("联 系 人：苗知秋", "苗知秋"),
        ("联系人及电话：苗知秋，0000-00011223", "苗知秋"),
        ("联系人：市水务局　苗知秋　00011223", "苗知秋"),
        ("联系人：苗知秋（规划科）电话：00011223", "苗知秋"),
        ("经办：苗知秋  0000-00011223", "苗知秋"),
        ("联系单位及电话：临河市水务局规划科　0000-00011223", "临河市水务局规划科"),
    ],
)
def test_contacts_in_their_spellings(line: str, contact: str) -> None:
    assert read(HEAD + OPENING + "好。" + TAIL.replace("联系人：苗知秋，联系电话：0000-00011223", line)).contact == contact


@pytest.mark.parametrize("line", ["签发人：石见山", "领导签发：石见山", "（签发：石见山）"])
def test_signer_is_found(line: str) -> None:
    assert read(HEAD + OPENING + "好。" + TAIL + line).signer == "石见山"


def test_correction_names_the_letter_it_corrects() -> None:
    head = HEAD.replace("8号", "31号").replace("关于市政协八届一次会议第15号提案的答复", "关于更正市政协第15号提案答复有关数据的函")
    letter = read(
        head
        + "2022年5月20日，我局以临水提复〔2022〕8号文对您的提案作了答复，现就有关数据更正如下。\n\n一、更正内容\n\n35公里更正为33公里。"
        + TAIL
    )
    assert letter.corrects == "临水提复〔2022〕8号"
    assert letter.doc_number == "临水提复〔2022〕31号"
    assert not letter.reissue


def test_reissue_has_the_identity_of_the_first_letter() -> None:
    first = read(HEAD + OPENING + "新建管网35公里。" + TAIL)
    again = read(HEAD.replace("8号", "8号（重新印发）") + OPENING + "新建管网33公里。" + TAIL)
    assert again.reissue
    assert not first.reissue
    assert again.letter_id == first.letter_id
    assert again.content_hash != first.content_hash


def test_ordinary_letter_corrects_nothing() -> None:
    letter = read(HEAD + OPENING + "根据临水发〔2020〕5号文，统计口径已更正。" + TAIL)
    assert letter.corrects is None


def test_letters_without_numbers_still_get_a_stable_identity() -> None:
    text = "东城区民政局\n\n关于有关来信的答复\n\n周望野先生：\n\n来信收悉，已办理。\n\n东城区民政局\n2022年5月20日\n"
    assert read(text).letter_id == read(text + "\n").letter_id
    assert read(text).letter_id != read(text.replace("5月20日", "5月21日")).letter_id


def test_fields_of_a_traditional_letter_are_simplified_and_its_text_is_not() -> None:
    text = "臨河市水務局\n\n臨水提復〔2022〕8號\n\n關於市政協八屆一次會議第15號提案的答覆\n\n周望野委員：\n\n您提出的《關於節約用水的提案》收悉，現答覆如下：\n\n新建管網35公里。\n\n聯繫人：苗知秋　電話：00011223\n\n臨河市水務局\n二〇二二年五月二十日\n"
    letter = read(text)
    assert letter.doc_number == "临水提复〔2022〕8号"
    assert letter.bodies == ("临河市水务局",)
    assert letter.addressees == ("周望野",)
    assert letter.issued_on == date(2022, 5, 20)
    assert any(s.text == "新建管網35公里。" for s in letter.sentences)


# ------------------------------------------------------------------ scripts


@given(st.text(max_size=80))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(to_simplified(text)) == len(normalise(text)) == len(fold_for_matching(text)) == len(text)


def test_traditional_text_is_told_from_simplified() -> None:
    assert is_traditional("關於市政協會議提案的答覆")
    assert not is_traditional("关于市政协会议提案的答复")
    assert to_simplified("臨河市水務局「節水」") == "临河市水务局“节水”"


def test_folding_goes_character_by_character() -> None:
    assert fold_for_matching("ΣΑΣ İ曰Ａ國１％己") == "σaσ İ日a国1%已"  # no sigma of word ends, no letter of two


def test_two_bodies_written_in_one_before_the_title_are_two() -> None:
    head = HEAD.replace("临河市水务局文件\n", "").replace("关于", "临河市水务局临河市财政局关于", 1)
    assert read(head + OPENING + "好。" + TAIL.replace("临河市水务局\n", "临河市水务局　临河市财政局\n")).bodies == (
        "临河市水务局",
        "临河市财政局",
    )
