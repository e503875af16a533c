"""Figures as the genre tells them: tables by place, rates in force, project lists, corrections, broken lines."""

from __future__ import annotations

from rag.records import Comparator, Figure
from tests.test_figures import brief, make_letter, read


def _places(figures: list[Figure]) -> list[tuple[str, str | None, int | None, str]]:
    return [(figure.name, figure.subject, figure.year, figure.status.value) for figure in figures]


def test_a_rows_head_may_carry_year_and_goal_and_the_columns_places() -> None:
    figures = read(
        "各区指标如下：",
        "指标\t澄湾区\t柳塘区",
        "2022年供水普及率（%）\t91\t88",
        "2023年供水普及率目标（%，不低于）\t93\t90",
        "澄湾区、柳塘区均已部署。",
    )
    assert _places(figures) == [
        ("供水普及率", "澄湾区", 2022, "actual"), ("供水普及率", "柳塘区", 2022, "actual"),
        ("供水普及率", "澄湾区", 2023, "target"), ("供水普及率", "柳塘区", 2023, "target"),
    ]  # fmt: skip
    assert figures[2].comparator is Comparator.AT_LEAST


def test_a_rate_is_in_force_unless_its_own_clause_plans_it() -> None:
    assert read("2023年计划淘汰老旧水泵200台，淘汰补贴每台最高900元。")[1].status.value == "actual"
    assert read("计划从9月起将管护补贴提高到每人每月500元。")[0].status.value == "target"


def test_what_a_sentence_is_headed_with_completes_its_names() -> None:
    assert [figure.name for figure in read("巡河补贴：甲类每人每月650元，乙类每人每月450元。")] == [
        "甲类巡河补贴每人每月",
        "乙类巡河补贴每人每月",
    ]


def test_each_item_of_a_project_list_is_named_by_its_first_clause() -> None:
    figures = read(
        "今年实施的项目：", "（1）北岭灌区渠系配套，总投资8.4亿元，2023年计划投资1.9亿元；", "（2）南汊堤防提升工程，总投资3.1亿元。"
    )
    assert [figure.name for figure in figures] == ["北岭灌区渠系配套总投资", "北岭灌区渠系配套年度投资", "南汊堤防提升工程总投资"]


def test_a_confirmed_value_of_the_earlier_letter_is_no_baseline() -> None:
    assert [figure.status.value for figure in read("原函所列2022年底水厂24座无误。")] == ["actual"]
    assert read("原函所列2022年底水厂24座有误。")[0].status.value != "actual"


def test_a_line_with_a_year_heads_the_paragraphs_under_it() -> None:
    assert [figure.year for figure in read("■ 2021年：起步之年", "全市水厂达到24座。", "■ 2022年：加快推进", "全市水厂达到27座。")] == [
        2021,
        2022,
    ]


def test_values_behind_分别_take_the_years_of_the_clauses_above() -> None:
    figures = read("2021年全市用水量8.1亿立方米，2022年为7.9亿立方米；灌溉面积分别为31万亩和33万亩。")
    assert [figure.year for figure in figures] == [2021, 2022, 2021, 2022]


def test_a_bracket_behind_a_value_dates_it() -> None:
    assert read("在册河长1200名（2021年底），2023年计划新增300名。")[0].year == 2021


def test_a_ratio_followed_by_its_year_is_no_comparison() -> None:
    assert [figure.status.value for figure in read("断面水质优良比例2021年81.2%，2022年升至83.5%。")] == ["actual", "actual"]


def test_why_a_value_moved_is_no_part_of_its_name() -> None:
    figures = read("总磷浓度2021年为0.06毫克/升，2022年因持续高温少雨反弹到0.07毫克/升。")
    assert [figure.name for figure in figures] == ["总磷浓度", "总磷浓度"]


def test_a_plan_handed_down_is_of_what_was_counted_before() -> None:
    figures = read("2023年计划新建泵站12座。正式下达的计划为9座。")
    assert figures[1].name == figures[0].name


def test_the_part_of_an_earlier_sum_does_not_name_the_next_sum() -> None:
    figures = read("2022年水利投入11亿元，其中中央资金3亿元；2023年计划投入12亿元。")
    assert "中央" not in figures[2].name


def test_a_level_behind_a_change_has_the_name_of_what_changed() -> None:
    figures = read("2022年渔民人均收入增长7.5%，突破2.5万元。")
    assert brief(figures[1])[0] == "渔民人均收入"


def test_what_is_counted_in_passing_is_no_figure() -> None:
    assert not read("原答复有三处数据有误。")
    assert len(read("柳村等6个村支渠，共13公里，年内完工。")) == 1
    assert len(read("巡护经费每年80万元，由市、县财政按6:4分担。")) == 1


def test_a_line_that_breaks_off_in_mid_sentence_goes_on() -> None:
    long = "全市现有水厂二十四座，水源地保护区十一处，管网改造稳步推进，群众用水条件持续改善，"
    letter = make_letter(
        long,
        long,
        long + "2022年建成社区居",
        "家节水服务站57个，运行良好，群众反映较好，有关经验在全省推广，得到",
        "各方面的一致认可和好评，下一步将继续完善。",
    )
    assert any("社区居家节水服务站57个" in sentence.text for sentence in letter.sentences)


def test_a_market_bureau_belongs_to_its_district() -> None:
    assert make_letter("2022年新设经营主体1万户。", body="澄湾区市场监督管理局").place == "澄湾区"


def test_a_quarter_of_this_year_under_a_goals_heading_is_a_result() -> None:
    figures = read("二、2023年预期目标", "进出口总额增长7%左右。", "今年一季度，全市进出口总额248.3亿元；今年前三季度新增航线6条。")
    assert [(figure.period, figure.status.value) for figure in figures[1:]] == [("今年一季度", "actual"), ("今年前三季度", "actual")]


def test_a_numbered_item_speaks_of_the_thing_it_begins_with() -> None:
    figures = read("五、柳岸公园停车场已于9月20日竣工，泊位由180个增加到196个。")
    assert {figure.subject for figure in figures} == {"柳岸公园停车场"}


def test_what_the_task_of_a_past_year_was_is_no_result() -> None:
    figures = read("2021—2022年，全市新建口袋公园分别为36个、41个，年年超额完成任务（2022年的任务是38个）。")
    assert (str(figures[-1].value), figures[-1].year) == ("38", 2022)
    assert [f.status.value for f in figures] == ["actual", "actual", "target"]
    assert [f.status.value for f in read("2022年的任务是改造管网40公里，实际改造38公里。")] == ["target", "actual"]


def _brief(figures: list[Figure]) -> list[tuple[str, str, int | None, str]]:
    return [(figure.name, f"{figure.value}{figure.unit}", figure.year, figure.status.value) for figure in figures]


def test_first_months_of_a_named_year_are_a_part_of_it() -> None:
    figures = read("今年前4个月，全市外贸进出口额完成96亿元，高于全省平均水平1.2个百分点，全年预计达到130亿元。")
    assert (figures[0].period, figures[0].status.value) == ("今年前4个月", "actual")
    assert read("2022年前10个月，全市外贸进出口额完成86亿元。")[0].period == "2022年前10个月"


def test_goals_in_brackets_and_what_is_joined_to_a_goal_are_targets() -> None:
    figures = read("2022年优良率85.5%，均完成考核目标（优良率84%、断面达标率92%）。")
    assert _brief(figures)[1:] == [("优良率", "84%", 2022, "target"), ("断面达标率", "92%", 2022, "target")]
    figures = read("围绕全年改造管网120公里、新增泊位1.5万个的目标，目前已改造40公里。")
    assert _brief(figures)[:2] == [("改造管网", "120公里", 2023, "target"), ("新增泊位数", "1.5万个", 2023, "target")]
    assert figures[2].status.value == "actual"


def test_level_reached_after_its_change_has_its_name() -> None:
    assert [figure.name for figure in read("办结率99.1%，满意度较去年同期提高2.4个百分点，达到96.8%。")] == [
        "办结率",
        "满意度提高",
        "满意度",
    ]


def test_rise_from_one_year_to_another_is_no_plan() -> None:
    assert _brief(read("全市公园由2020年的120个增加到2022年的168个。"))[1] == ("公园数", "168个", 2022, "actual")
    assert read("到2025年，全市公园增加到200个。")[0].status.value == "target"


def test_years_named_one_by_one_are_no_names() -> None:
    figures = read("计划新建充电桩2.4万个，其中2024年、2025年、2026年分别新建0.6万个、0.8万个、1万个。")
    assert [figure.year for figure in figures[1:]] == [2024, 2025, 2026]
    assert not any("年" in figure.name for figure in figures)


def test_what_stands_beside_a_figure_is_of_the_same_thing() -> None:
    assert [figure.name for figure in read("全县共有脱贫户4268户12986人，其中监测对象312户947人。")][2:] == ["监测对象户数"] * 2
    done = read("今年以来，已更新电梯86台，占年度计划120台的71.7%。")
    assert [(figure.name, figure.status.value) for figure in done] == [
        ("更新电梯数", "actual"),
        ("更新电梯数", "target"),
        ("更新电梯数完成率", "actual"),
    ]


def test_parts_in_brackets_that_make_up_the_whole_have_its_name() -> None:
    figures = read("今年将新增学位3600个（一中1200个，二中1000个，实验中学1400个）。")
    assert [(figure.name, figure.group) for figure in figures] == [
        ("新增学位", ""), ("新增学位", "一中"), ("新增学位", "二中"), ("新增学位", "实验中学"),
    ]  # fmt: skip


def test_rate_for_so_many_people_and_share_of_what_was_counted_keep_their_names() -> None:
    assert read("2022年，全市每10万人口发明专利拥有量18.6件。")[0].name == "每10万人口发明专利拥有量"
    assert [figure.name for figure in read("2022年新建智慧公厕30座，占比达到45%。")] == ["新建智慧公厕数", "智慧公厕占比"]
