"""The ledger's scorer, on cases worked by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.figures import is_same_name, read_gold, score_figures
from rag.errors import QuestionSetError
from rag.records import Comparator, Figure, Status


def gold(
    name: str, value: float, unit: str = "家", year: int | None = 2023, status: str = "actual", core: bool = True, **more: Any
) -> dict[str, Any]:
    row = {"file": "x.txt", "name": name, "value": value, "unit": unit, "value_base": value, "unit_base": unit, "comparator": "=", "year": year,
           "status": status, "subject": "丰澄市", "sentence": "", "core": core}  # fmt: skip
    return row | more


def figure(
    name: str, value: str, unit: str = "家", year: int | None = 2023, status: Status = Status.ACTUAL, **more: Any
) -> tuple[str, Figure]:
    number = Decimal(value)
    return "x.txt", Figure("l", name, number, unit, number, unit, Comparator.EQUAL, year, "", status, "丰澄市", "丰澄市", 0, 0, 1, **more)


def test_a_right_figure_is_found() -> None:
    scores = score_figures([gold("养老机构数", 120)], [figure("养老机构", "120")])
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 1.0, 1.0)
    assert scores.subject_right == scores.comparator_right == 1


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (figure("养老机构", "120", year=2022), ("year",)),
        (figure("养老机构", "120", status=Status.TARGET), ("status",)),
        (figure("助餐点", "120"), ("name",)),
        (figure("养老机构", "121"), ("value",)),
        (figure("养老机构", "120", unit="张"), ("value",)),
    ],
)
def test_a_figure_wrong_in_one_field_is_missed_spurious_and_explained(found: tuple[str, Figure], wrong: tuple[str, ...]) -> None:
    scores = score_figures([gold("养老机构数", 120)], [found])
    assert (scores.precision, scores.recall) == (0.0, 0.0)
    assert scores.misses[0].wrong == wrong


def test_rows_that_are_not_core_count_neither_way() -> None:
    rows = [gold("养老机构数", 120), gold("增长", 5, "%", core=False)]
    assert score_figures(rows, [figure("养老机构", "120")]).f1 == 1.0
    assert score_figures(rows, [figure("养老机构", "120"), figure("养老机构增幅", "5", "%", year=None)]).f1 == 1.0


def test_a_repetition_is_not_punished_and_an_invention_is() -> None:
    rows = [gold("养老机构数", 120)]
    twice = [figure("养老机构", "120"), figure("养老机构", "120")]
    assert score_figures(rows, twice).precision == 1.0
    assert score_figures(rows, [*twice, figure("养老机构", "500")]).precision == 0.5


def test_equal_values_go_to_the_names_that_fit() -> None:
    rows = [gold("石浦镇改造管网", 28), gold("云桥镇改造管网", 28)]
    scores = score_figures(rows, [figure("云桥镇改造管网", "28"), figure("石浦镇改造管网", "28")])
    assert scores.found == 2
    assert score_figures(rows, [figure("云桥镇改造管网", "28")]).recall == 0.5


def test_both_ends_of_a_range_must_be_right() -> None:
    row = gold("新改建村卫生室", 50, value_high=60, value_high_base=60, comparator="range")
    assert score_figures([row], [figure("村卫生室", "50", high=Decimal(60), high_base=Decimal(60))]).found == 1
    assert score_figures([row], [figure("村卫生室", "50")]).found == 0


def test_files_without_gold_are_left_out() -> None:
    assert score_figures([gold("养老机构数", 120)], [("y.txt", figure("别的", "1")[1])]).precision is None


def test_names_are_the_same_by_containment_or_half_of_the_bigrams() -> None:
    assert is_same_name("有效期内高新技术企业总数", "高新技术企业")
    assert is_same_name("老年食堂（助餐点）数", "老年食堂")
    assert not is_same_name("养老机构数", "托育机构")


def test_a_damaged_gold_ledger_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text('{"file": "x"}\n', encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 1 lacks name"):
        read_gold([path])


def test_the_gold_of_the_test_letters_agrees_with_the_letters() -> None:
    folder = Path(__file__).parent / "letters"
    rows = read_gold([folder / "expected"])
    assert len(rows) > 250
    for row in rows:
        assert row["sentence"] in (folder / "sources" / row["file"]).read_text(encoding="utf-8"), row["name"]
