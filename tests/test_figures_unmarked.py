"""Figures whose year, status or name the sentence does not say outright: comparisons, runs of years, what is done by now."""

from __future__ import annotations

from tests.test_figures import brief, read


def test_a_year_that_growth_is_based_on_is_not_the_period_of_what_follows() -> None:
    figures = read("2022年，河长制工作有序推进。在2021年入选基数较高的基础上实现增长，省市优秀河长分别入选58人、62人。")
    assert [(figure.year, figure.status.value) for figure in figures] == [(2022, "actual"), (2022, "actual")]


def test_a_figure_within_what_growth_is_based_on_keeps_its_year() -> None:
    figures = read("2022年，水网建设加快。在2021年建成泵站50座的基础上，又建成水厂12座。")
    assert [(int(figure.value), figure.year) for figure in figures] == [(50, 2021), (12, 2022)]


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


def test_a_date_of_completion_behind_a_value_makes_it_actual() -> None:
    figure = read("今年计划拆除围网，先拆除取水口一带的34处，已于3月12日完成。")[0]
    assert (int(figure.value), figure.status.value, figure.year) == (34, "actual", 2023)


def test_a_project_is_of_the_year_in_which_it_goes_into_use() -> None:
    figures = read("①南汊水质监测站：监测终端15个，投资670万元，由市水务集团建设，今年11月前投运；")
    assert [(figure.year, figure.status.value) for figure in figures] == [(2023, "target")] * 2
    assert read("北岭水电站：装机8万千瓦，总投资9亿元，计划2024年3月开工、2028年首台水轮机发电。")[0].year == 2028


def test_a_rate_that_begins_after_the_letter_is_a_plan() -> None:
    assert read("自2023年9月1日起，管护员补贴按每月600元发放。")[0].status.value == "target"
    assert read("自2023年3月1日起，管护员补贴按每月600元发放。")[0].status.value == "actual"
    figures = read("自2023年9月1日起，甲类、乙类管护员分别按每月600元、900元发放补贴。")
    assert [figure.status.value for figure in figures] == ["target", "target"]


def test_what_has_been_done_without_a_time_is_done_in_the_letters_year() -> None:
    assert [(figure.year, figure.status.value) for figure in read("河道垃圾点：市水利局已清理46处。")] == [(2023, "actual")]


def test_an_apology_is_no_label() -> None:
    assert "致歉" not in read("有一点要致歉：去年供水普及率只达到91.2%。")[0].name


def test_a_bound_within_a_clause_does_not_hide_what_the_clause_speaks_of() -> None:
    assert "巡查" in read("今年新增护河员70名；3—5级堤防日常巡查做到全覆盖，预计240公里。")[1].name


def test_an_act_with_no_time_anywhere_is_the_letters_years() -> None:
    assert read("共查处违法采砂案件57件。")[0].year == 2023
    assert read("全市水库总库容8600万立方米。")[0].year is None


def test_a_rate_in_force_says_nothing_of_what_stands_behind_it() -> None:
    figures = read("2023年，全市计划新增护河员88名，每名补助3万元；两级财政安排水利经费2.7亿元。")
    assert [figure.status.value for figure in figures] == ["target", "actual", "target"]


def test_a_standard_stands_under_no_year_to_come() -> None:
    assert read("险闸2022年加固9座，2024年全部加固。补助标准：更换闸门每座4.3万元。")[-1].year == 2023


def test_the_real_value_has_the_name_of_what_was_asked_for() -> None:
    figure = read("您建议节水器具占比达到八成，我市实际为61.4%，2025年前补足。")[-1]
    assert (figure.name, figure.status.value) == ("节水器具占比", "actual")


def test_a_goal_that_stays_is_no_name() -> None:
    assert "不变" not in read("2022年新增泵站17座。2023年新增19座的目标不变。")[-1].name


def test_what_the_proposer_suggests_to_build_is_not_called_a_suggestion() -> None:
    figure = read("您建议建市水文化展示中心，已批复：展厅面积900平方米，投资5200万元，2025年6月完工。")[-1]
    assert "建议" not in figure.name + (figure.subject or "")


def test_hearsay_requests_and_cases_without_precedent_are_left_out() -> None:
    assert not read("有媒体称全市供水量增长13%。")
    assert not read("其一，请求给每个灌区补助450万元。")
    assert not read("我局没有给灌区发放450万元奖金的先例。")


def test_a_heading_in_brackets_and_a_report_on_progress_name_nothing() -> None:
    assert "标准" not in read("〔标准〕农村水厂制水补贴每吨0.6元。")[0].name
    assert read("上半年的情况：造林完成0.4万亩，已过半数。")[0].name.startswith("造林")


def test_what_a_sentence_reports_under_no_time_is_no_plan() -> None:
    figures = read("农村供水工程稳步推进。培训管水员420名，服务农户3.2万户，水质合格率达到96%。")
    assert [(figure.year, figure.status.value) for figure in figures] == [(2023, "actual")] * 3


def test_a_site_takes_up_land_and_is_no_share() -> None:
    assert read("北岭水厂：占地31亩，投资7300万元，2023年3月开工。")[0].name == "北岭水厂占地"


def test_the_value_that_a_quote_puts_right_counts_and_is_named_by_the_heading() -> None:
    figures = read("一、“2022年底全市山塘1.28万座”有误", "应为“1.19万座”。")
    assert [brief(figure) for figure in figures] == [("山塘数", "1.19万座", 2022, "actual")]
    corrected = read("2022年底总数由“1.28万座”更正为“1.19万座”。")
    assert [(int(figure.value_base), figure.year) for figure in corrected] == [(11900, 2022)]


def test_what_a_named_thing_has_already_done_is_of_the_letters_year() -> None:
    assert read("其中环湖巡查便道已贯通12公里。")[0].year == 2023
    assert read("只撤除了取水口一带的围网34处，已于3月12日完成。")[0].year == 2023


def test_ten_thousand_for_each_is_no_count_of_one() -> None:
    figures = read("护林员补助，由每人每年8000元提高到1万元，从2023年3月起执行；全市新增停车泊位1万个以上。")
    assert [(int(f.value_base), f.status.value) for f in figures] == [(8000, "baseline"), (10000, "actual"), (10000, "actual")]


def test_a_task_handed_down_is_a_target_and_what_follows_it_a_result() -> None:
    figures = read("2022年，省里下达盘活存量土地任务4000亩，实际盘活4370亩。")
    assert [brief(f) for f in figures] == [
        ("盘活存量土地", "4000亩", 2022, "target"),
        ("盘活存量土地", "4370亩", 2022, "actual"),
    ]


def test_an_output_without_a_crop_is_of_what_grows_on_the_area_before() -> None:
    names = [f.name for f in read("2022年，全市水稻播种面积42万亩，总产量17万吨；茶园面积3万亩，产量2100吨，产值4.1亿元。")]
    assert names == ["水稻播种面积", "水稻产量", "茶园面积", "茶园产量", "茶园产值"]


def test_that_city_is_the_city_named_before() -> None:
    figures = read("据雁堤市商务局公开的数字，该市2022年社会消费品零售总额1312亿元。我市2022年社会消费品零售总额640亿元。")
    assert figures[0].subject == figures[0].place == "雁堤市"
    assert figures[1].subject != "雁堤市"


def test_what_is_told_behind_a_wish_does_not_bear_its_name() -> None:
    figures = read("建议水站维修经费提高到每人每年20元。2022年为每人每年8元，2023年提高到10元。")
    assert [(int(f.value), f.name.startswith("建议")) for f in figures[-2:]] == [(8, False), (10, False)]


def test_this_share_has_the_name_of_the_share_before_it() -> None:
    figures = read("今年一季度，线上办理的许可事项占72%。\n这个比例，2021年是51%，2024年底要到80%。")
    assert len({f.name for f in figures}) == 1
    assert "这个" not in figures[0].name
    assert [(int(f.value), f.year, f.status.value) for f in figures[1:]] == [(51, 2021, "actual"), (80, 2024, "target")]


def test_what_was_planned_has_the_name_of_what_was_done() -> None:
    figures = read("2022年，技能培训3.1万人次，比计划的3.4万人次少了3000人次。")
    assert [(f.name, str(f.value), f.status.value) for f in figures if f.measure.value == "level"] == [
        ("技能培训", "3.1", "actual"),
        ("技能培训", "3.4", "target"),
    ]


def test_neighbour_is_who_a_quoted_figure_is_true_of() -> None:
    figures = read("邻县松谷县2022年绿化覆盖率为41.6%。")
    assert [(f.subject, f.name.removeprefix("松谷县")) for f in figures] == [("松谷县", "绿化覆盖率")]


def test_what_is_reckoned_for_each_has_the_name_that_says_so() -> None:
    figures = read("按每万人公交专用道里程计算，我市为0.24公里。")
    assert [f.name for f in figures] == ["每万人公交专用道里程"]


def test_a_car_park_in_a_park_is_a_thing_of_its_own() -> None:
    figures = read("荷塘公园停车场已于3月20日竣工，泊位由180个增加到196个。")
    assert {f.subject for f in figures} == {"荷塘公园停车场"}
