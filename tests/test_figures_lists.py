"""Values in lists: units that are told once, places that are told once."""

from __future__ import annotations

from tests.test_figures import read


def test_unit_behind_the_last_of_a_list_is_that_of_all() -> None:
    figures = read("2023年澄湾区、柳塘区、石门县献血目标分别是2.3万、1.85万和1.1万人次。")
    assert [(str(f.value), f.unit, f.subject) for f in figures] == [
        ("2.3", "万人次", "澄湾区"),
        ("1.85", "万人次", "柳塘区"),
        ("1.1", "万人次", "石门县"),
    ]


def test_values_in_order_are_those_of_the_places_before() -> None:
    figures = read("2022年澄湾区献血2.2万人次、柳塘区1.8万人次；2023年目标依次是2.3万和1.9万人次。")
    assert [(f.name, str(f.value), f.year, f.status.value, f.subject) for f in figures] == [
        ("献血", "2.2", 2022, "actual", "澄湾区"),
        ("献血", "1.8", 2022, "actual", "柳塘区"),
        ("献血", "2.3", 2023, "target", "澄湾区"),
        ("献血", "1.9", 2023, "target", "柳塘区"),
    ]


def test_heading_above_a_table_parted_by_spaces_is_not_its_head() -> None:
    figures = read(
        "第三部分  县（区）职教中心",
        "学校                   2022年末在校生（人）    2023年计划招生（人）",
        "澄湾区职教中心         6200                    2300",
        "柳塘区职教中心         4150                    1500",
        "石门县职教中心         3380                    1250",
    )
    assert [(str(f.value), f.unit, f.year, f.status.value) for f in figures[:2]] == [
        ("6200", "人", 2022, "actual"),
        ("2300", "人", 2023, "target"),
    ]
