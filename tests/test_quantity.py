from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quantity import format_english, read_quantities, same_quantity, unit_kind
from rag.records import Comparator, Quantity
from rag.units import UnitKind

# text, value, unit, base value, base unit, comparator
ONE = [
    ("180万平方米以上", "180", "万平方米", "1800000", "平方米", ">="),
    ("1,200家", "1200", "家", "1200", "家", "="),
    ("１２０家", "120", "家", "120", "家", "="),
    ("一百二十家", "120", "家", "120", "家", "="),
    ("二十余家", "20", "家", "20", "家", ">"),
    ("千余名", "1000", "名", "1000", "名", ">"),
    ("近2.5万人", "2.5", "万人", "25000", "人", "<"),
    ("1.3万余人", "1.3", "万人", "13000", "人", ">"),
    ("六十余万平方米", "60", "万平方米", "600000", "平方米", ">"),
    ("1.2亿元", "1.2", "亿元", "120000000", "元", "="),
    ("1万亿元", "1", "万亿元", "1000000000000", "元", "="),
    ("百万元", "1000000", "元", "1000000", "元", "="),
    ("四亿一千万元", "410000000", "元", "410000000", "元", "="),
    ("二万三千四百户", "23400", "户", "23400", "户", "="),
    ("15%以上", "15", "%", "15", "%", ">="),
    ("百分之八十", "80", "%", "80", "%", "="),
    ("百分之八点七", "8.7", "%", "8.7", "%", "="),
    ("三分之一左右", "0.3333", "比例", "0.3333", "比例", "~"),
    ("八成", "8", "成", "80", "%", "="),
    ("四成七", "4.7", "成", "47", "%", "="),
    ("不到六成", "6", "成", "60", "%", "<"),
    ("3.5张/千人", "3.5", "张/千人", "3.5", "张/千人", "="),
    ("每千人口3.5张", "3.5", "张", "3.5", "张", "="),
    ("每生每年650元", "650", "元", "650", "元", "="),
    ("12元/人·月", "12", "元/人·月", "12", "元/人·月", "="),
    ("1.86:1", "1.86", ":1", "1.86", ":1", "="),
    ("翻一番", "2", "倍", "2", "倍", "="),
    ("翻两番", "4", "倍", "4", "倍", "="),
    ("翻了近一番", "2", "倍", "2", "倍", "<"),
    ("2.3倍", "2.3", "倍", "2.3", "倍", "="),
    ("增长15个百分点", "15", "个百分点", "15", "个百分点", "="),
    ("控制在十万分之六以下", "6", "/10万", "6", "/10万", "<="),
    ("2.1‰", "2.1", "‰", "2.1", "‰", "="),
    ("-3℃", "-3", "℃", "-3", "℃", "="),
    ("53个班", "53", "个", "53", "个", "="),
    ("1名", "1", "名", "1", "名", "="),
    ("两处", "2", "处", "2", "处", "="),
    ("36个月", "36", "个月", "36", "个月", "="),
    ("5万套（间）", "5", "万套（间）", "50000", "套（间）", "="),
    ("31微克/立方米", "31", "微克/立方米", "31", "微克/立方米", "="),
    ("不少于400名", "400", "名", "400", "名", ">="),
    ("不低于百分之七十", "70", "%", "70", "%", ">="),
    ("至少3个", "3", "个", "3", "个", ">="),
    ("不高于30微克/立方米", "30", "微克/立方米", "30", "微克/立方米", "<="),
    ("最高50万元", "50", "万元", "500000", "元", "<="),
    ("15%以内", "15", "%", "15", "%", "<="),
    ("突破200名", "200", "名", "200", "名", ">"),
    ("约420亩", "420", "亩", "420", "亩", "~"),
    ("210亿元左右", "210", "亿元", "21000000000", "元", "~"),
    ("1.8 million square metres", "1.8", "million square metres", "1800000", "平方米", "="),
    ("9 billion yuan", "9", "billion yuan", "9000000000", "元", "="),
    ("RMB 9 billion", "9", "billion", "9000000000", "元", "="),
    ("20-plus", "20", "", "20", "", ">"),
    ("at least 900,000 square metres", "900000", "square metres", "900000", "平方米", ">="),
    ("2.7%", "2.7", "%", "2.7", "%", "="),
    ("4.7 per 1,000 residents", "4.7", "", "4.7", "", "="),
    ("12.5 km", "12.5", "km", "12.5", "公里", "="),
    ("0.12 percentage points", "0.12", "percentage points", "0.12", "个百分点", "="),
    ("about 350 mu", "350", "mu", "350", "亩", "~"),
    ("more than five academicians", "5", "", "5", "", ">"),
    ("no more than 3,424 enterprises", "3424", "", "3424", "", "<="),
]  # fmt: skip

NONE = [
    "第142号提案", "2023年6月20日", "二〇二四年四月二十六日", "10月底", "2021—2023年", "2021年至2025年", "三年", "十四五", "14时30分", "首班车6:30—18:30",
    "联系电话：0000-00043219，00012345678。", "12345热线", "〔2023〕31号", "3号楼", "第三", "一期", "（二）关于提案的办理", "一、总体情况", "1.抓平台",
    "“5+5+N”体系", "“七个一”工程", "双一流", "1+X证书", "PM2.5", "R&D", "5G网络", "A4纸", "4A级", "95后", "G15高速", "15分钟养老圈", "①", "一是抓落实",
    "in 2023", "June 20, 2023", "No. 142", "[E1]", "the 14th Five-Year Plan",
]  # fmt: skip

RANGES = [
    ("100—120个", "100", "120", "个"),
    ("300元至500元", "300", "500", "元"),
    ("60至69岁", "60", "69", "岁"),
    ("1.2—1.5倍", "1.2", "1.5", "倍"),
    ("between 300 and 500 yuan", "300", "500", "元"),
]


def read_one(text: str) -> Quantity:
    found = read_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("text", "value", "unit", "value_base", "unit_base", "comparator"), ONE)
def test_a_quantity_is_read_with_its_unit_and_bound(
    text: str, value: str, unit: str, value_base: str, unit_base: str, comparator: str
) -> None:
    found = read_one(text)
    assert (found.value, found.unit, found.value_base, found.unit_base, found.comparator) == (
        Decimal(value), unit, Decimal(value_base), unit_base, Comparator(comparator),
    )  # fmt: skip
    assert found.text == text[found.start : found.end]


@pytest.mark.parametrize("text", NONE)
def test_dates_numbers_of_documents_and_names_are_no_quantities(text: str) -> None:
    assert read_quantities(text) == []


@pytest.mark.parametrize(("text", "low", "high", "unit_base"), RANGES)
def test_both_ends_of_a_range_are_read(text: str, low: str, high: str, unit_base: str) -> None:
    found = read_one(text)
    assert (found.value_base, found.high_base, found.unit_base, found.comparator) == (
        Decimal(low),
        Decimal(high),
        unit_base,
        Comparator.RANGE,
    )


def test_a_change_is_no_range() -> None:
    assert [q.value for q in read_quantities("由3.42个提高到4.05个")] == [Decimal("3.42"), Decimal("4.05")]
    assert [q.value for q in read_quantities("由3.42个到4.05个")] == [Decimal("3.42"), Decimal("4.05")]


def test_quantities_come_in_order_of_position() -> None:
    text = "2022年新增132家，投资3.47亿元，近六成投产；5G基站120个。"
    assert [(q.text, q.unit_base) for q in read_quantities(text)] == [("132家", "家"), ("3.47亿元", "元"), ("六成", "%"), ("120个", "个")]


def test_columns_of_a_row_stay_apart() -> None:
    assert [q.value for q in read_quantities("松陵区           48             13200            3.1")] == [48, 13200, Decimal("3.1")]
    assert [q.value for q in read_quantities("松陵区\t48\t13200\t3.1")] == [48, 13200, Decimal("3.1")]


UNITS = ["家", "个", "万平方米", "亿元", "%", "个百分点", "万人次", "公里", "张", "元/吨"]


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(UNITS))
def test_what_is_written_is_read_back(value: Decimal, unit: str) -> None:
    found = read_one(f"新增{value}{unit}。")
    assert (found.value, found.unit) == (value, unit)


@given(st.integers(1, 9999), st.sampled_from(["家", "万平方米", "名"]), st.data())
def test_noise_of_scans_changes_nothing(value: int, unit: str, data: st.DataObject) -> None:
    plain = f"共计{value}{unit}以上"
    noisy = ""
    for position, character in enumerate(plain):
        noisy += character
        inside = 0 < position < len(plain) - 1
        noisy += (
            data.draw(st.sampled_from(["", "", " ", "\n"]))
            if inside and not plain[position : position + 2].isdigit()
            else data.draw(st.sampled_from(["", " "]))
            if inside
            else ""
        )
    wide = noisy.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    for text in (noisy, wide):
        found = read_one(text)
        assert same_quantity(found, read_one(plain))
        assert found.comparator is Comparator.AT_LEAST


@given(st.integers(1, 99999999))
def test_grouped_digits_are_the_same_number(value: int) -> None:
    assert same_quantity(read_one(f"{value}元"), read_one(f"{value:,} yuan"))


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for found in read_quantities(text):
        assert text[found.start : found.end] == found.text


@given(st.text(alphabet="0123456789.,%一二三十百千万亿成分之年月日第至—（）()、 家个元%/:：+-\n近约超翻番PMkm", max_size=60))
def test_any_string_of_number_signs_can_be_read(text: str) -> None:
    found = read_quantities(text)
    assert [q.start for q in found] == sorted(q.start for q in found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.8万个", "18000个", True),
        ("六成", "60%", True),
        ("三分之一", "33.33%", True),
        ("5名", "5人", True),
        ("2公里", "2000米", True),
        ("9亿元", "900 million yuan", True),
        ("9亿元", "9 billion yuan", False),
        ("180万平方米", "1.8 million square metres", True),
        ("3424家", "3,424 enterprises", True),
        ("4.05个/千人", "4.05个", True),
        ("84家", "84项", False),
        ("15%", "15个百分点", False),
        ("15%", "15", False),
        ("300元至500元", "300元", False),
        ("1.86:1", "1.86倍", False),
    ],
)
def test_the_same_amount_is_known_under_another_unit(one: str, other: str, same: bool) -> None:
    assert same_quantity(read_one(one), read_one(other)) is same


@pytest.mark.parametrize(
    ("value", "unit", "english"),
    [
        ("9", "亿元", "900 million yuan"),
        ("90", "亿元", "9 billion yuan"),
        ("180", "万平方米", "1.8 million square metres"),
        ("260", "亩", "260 mu"),
        ("3424", "家", "3,424"),
        ("4.7", "成", "47%"),
        ("2.6", "%", "2.6%"),
        ("0.12", "个百分点", "0.12 percentage points"),
        ("4.05", "个/千人", "4.05 per 1,000 people"),
        ("1.2", "元/人·月", "1.2 yuan per person per month"),
    ],
)
def test_english_units_are_converted_safely(value: str, unit: str, english: str) -> None:
    assert format_english(Decimal(value), unit) == english


def test_a_unit_tells_its_kind() -> None:
    kinds = {unit: unit_kind(unit) for unit in ("万平方米", "亿元", "公里", "%", "个百分点", "名", "家", "个/千人", "微克/立方米", ":1")}
    assert list(kinds.values()) == [
        UnitKind.AREA, UnitKind.MONEY, UnitKind.LENGTH, UnitKind.PERCENT, UnitKind.PERCENT_POINT, UnitKind.PEOPLE, UnitKind.COUNT, UnitKind.COUNT,
        UnitKind.CONCENTRATION, UnitKind.RATIO,
    ]  # fmt: skip
