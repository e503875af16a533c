"""Figures whose year, status or name the sentence does not say outright: comparisons, runs of years, what is done by now."""

from __future__ import annotations

from tests.test_figures import brief, read


def test_a_year_that_growth_is_based_on_is_not_the_period_of_what_follows() -> None:
    figures = read("2022年，河长制工作有序推进。在2021年入选基数较高的基础上实现增长，省市优秀河长分别入选58人、62人。")
    assert [(figure.year, figure.status.value) for figure in figures] == [(2022, "actual"), (2022, "actual")]


def test_a_figure_within_what_growth_is_based_on_keeps_its_year() -> None:
    figures = read("2022年，水网建设加快。在2021年建成泵站50座的基础上，又建成水厂12座。")
    assert [(figure.value, figure.year) for figure in figures] == [(50, 2021), (12, 2022)]


def test_values_behind_分别_take_the_years_of_a_span() -> None:
    figures = read("2019—2021年，全市更新水泵分别为120台、130台和140台。")
    assert [brief(figure)[:3] for figure in figures] == [
        ("更新水泵数", "120台", 2019),
        ("更新水泵数", "130台", 2020),
        ("更新水泵数", "140台", 2021),
    ]


def test_years_of_which_only_the_last_has_its_word_are_no_names() -> None:
    figures = read("水泵累计数2021年末为1200台，2019、2020、2021三年当年新增依次为80台、90台、130台。")[1:]
    assert [figure.year for figure in figures] == [2019, 2020, 2021]
    assert len({figure.name for figure in figures}) == 1
    assert "三年" not in figures[0].name
