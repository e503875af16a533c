"""How figures are worded, and the arithmetic behind comparisons."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rag.compare import across_places, across_years, completion, difference, is_met, ratio, total
from rag.compose import amount, english_place, label, phrase, state, statement, when
from rag.figures import COLUMNS, defuse, pad, read_arguments, save_xlsx, write_csv, write_json, write_table
from rag.records import Comparator, Figure, Status


def figure(
    name: str = "新增停车位",
    value: str = "4000",
    unit: str = "个",
    comparator: Comparator = Comparator.EQUAL,
    year: int | None = 2023,
    status: Status = Status.ACTUAL,
    subject: str = "岫川市",
    high: str | None = None,
    period: str = "",
) -> Figure:
    scale = 10000 if unit.startswith("万") else 10**8 if unit.startswith("亿") else 1
    base = unit.removeprefix("万").removeprefix("亿")
    return Figure(
        "letter", name, Decimal(value), unit, Decimal(value) * scale, base, comparator, year, period, status, subject, subject, 0, 0, 1,
        high=Decimal(high) if high else None, high_base=Decimal(high) * scale if high else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comparator", "chinese", "english"),
    [
        (Comparator.EQUAL, "4000个", "4,000"),
        (Comparator.AT_LEAST, "4000个以上", "at least 4,000"),
        (Comparator.MORE, "超过4000个", "more than 4,000"),
        (Comparator.AT_MOST, "不超过4000个", "at most 4,000"),
        (Comparator.LESS, "不到4000个", "less than 4,000"),
        (Comparator.ABOUT, "4000个左右", "about 4,000"),
    ],
)
def test_the_comparator_is_said(comparator: Comparator, chinese: str, english: str) -> None:
    assert amount(figure(comparator=comparator), english=False) == chinese
    assert amount(figure(comparator=comparator), english=True).startswith(english)


def test_a_range_gives_both_ends() -> None:
    assert amount(figure(value="300", unit="元", high="500", comparator=Comparator.RANGE), english=False) == "300元至500元"
    assert amount(figure(value="300", unit="元", high="500", comparator=Comparator.RANGE), english=True) == "300 to 500 yuan"


def test_scales_are_converted_safely_into_english() -> None:
    assert amount(figure(value="9", unit="亿元"), english=True) == "900 million yuan"
    assert amount(figure(value="8.5", unit="万人"), english=True).startswith("85,000")


def test_place_period_and_status_are_in_the_sentence() -> None:
    target = figure(comparator=Comparator.AT_LEAST, status=Status.TARGET)
    assert phrase(target) == "岫川市2023年新增停车位目标为4000个以上"
    assert state(target, english=True).startswith("Xiuchuan City (岫川市), 2023, target")
    assert when(figure(period="截至2023年6月底")) == "截至2023年6月底"
    assert english_place("溪桥区") == "Xiqiao District (溪桥区)"


def test_the_place_is_not_said_twice() -> None:
    assert label(figure(name="岫川市新增停车位")) == "新增停车位"


def test_a_statement_carries_its_figure_and_proof() -> None:
    made = statement(figure(), english=False)
    assert made.proofs[0].letter_id == "letter"
    assert made.figures[0].value == Decimal(4000)


def test_a_difference_is_exact_and_keeps_the_written_scale() -> None:
    found = difference(figure(value="226.9", unit="亿元"), figure(value="138.6", unit="亿元"))
    assert (found.value, found.unit, found.sign) == (Decimal("88.3"), "亿元", 1)
    mixed = difference(figure(value="2.41", unit="万个"), figure(value="23500"))
    assert (mixed.value, mixed.unit) == (Decimal(600), "个")


def test_shares_differ_by_percentage_points() -> None:
    text = across_years(figure("普及率", "93.4", "%", year=2022), figure("普及率", "95", "%", year=2023), english=False)[0].text
    assert "1.6个百分点" in text
    assert "95−93.4=1.6" in text


def test_the_direction_is_said_in_words() -> None:
    down = across_years(figure(value="31", unit="微克", year=2022), figure(value="28.4", unit="微克", year=2024), english=True)[0].text
    assert "2.6" in down
    assert "lower, a decrease" in down
    fewer = across_years(figure(value="6720", year=2023), figure(value="5800", year=2024, status=Status.TARGET), english=True)[0].text
    assert "920 fewer" in fewer
    places = across_places(figure(value="10"), figure(value="12", subject="云堡市"), english=False)[0].text
    assert "云堡市高（多）2个" in places


def test_sums_and_ratios() -> None:
    assert "合计16个" in total([figure(value="10"), figure(value="6", subject="云堡市")], english=False)[0].text
    assert "1.5倍" in ratio(figure(value="15"), figure(value="10"), english=False)[0].text


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        (figure(value="100", comparator=Comparator.AT_LEAST), figure(value="100"), True),
        (figure(value="100", comparator=Comparator.MORE), figure(value="100"), False),
        (figure("失业率", "3.5", "%", Comparator.AT_MOST), figure("失业率", "2.7", "%"), True),
        (figure("PM2.5年均浓度", "30", "微克/立方米"), figure("PM2.5年均浓度", "31", "微克/立方米"), False),
    ],
)
def test_whether_a_target_is_met_depends_on_its_direction(target: Figure, actual: Figure, met: bool) -> None:
    assert is_met(target, actual) is met


def test_completion_gives_the_verdict_first() -> None:
    assert completion(figure(status=Status.TARGET), figure(value="3860"), english=False)[0].text.startswith("没有完成")
    assert completion(figure(status=Status.TARGET), figure(value="4100"), english=True)[0].text.startswith("Yes")


ROW: dict[str, object] = dict.fromkeys(COLUMNS) | {"name": "=1+1", "value": 5, "sentence": "一句，话", "comparator": "=", "year": 2023}


def test_a_formula_in_a_letter_is_not_run_by_a_spreadsheet() -> None:
    assert defuse("=1+1") == "'=1+1"
    assert defuse(">=") == ">="
    assert write_csv([ROW], COLUMNS).splitlines()[1].startswith("'=1+1")


def test_exports_hold_the_rows(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    assert json.loads(write_json([ROW], COLUMNS))[0]["value"] == 5
    assert "1 figures" in write_table([ROW], ("name", "value"))
    save_xlsx([ROW], COLUMNS, tmp_path / "figures.xlsx")
    sheet = load_workbook(tmp_path / "figures.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 2


def test_columns_line_up_with_wide_characters() -> None:
    assert pad("指标", 6) == "指标  "
    assert pad("很长的指标名称", 6) == "很长的"


def test_a_workbook_needs_a_file_name() -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--format", "xlsx"])
