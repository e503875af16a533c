"""Words of the tab 指标台账."""

from __future__ import annotations

from dataclasses import dataclass

from rag.figure_pairs import Reached


@dataclass(frozen=True, slots=True)
class LedgerTexts:
    """{…} are filled in with `str.format`; English has a form for one in front of `|`."""

    title: str
    detail: str
    loading: str
    filters: str
    search: str
    search_hint: str
    where: str
    where_hint: str
    years: str
    statuses: str
    only_disagreeing: str
    with_retired: str
    clear: str
    views: str
    rows: str
    pairs: str
    indicators: str
    count_rows: str
    count_pairs: str
    count_indicators: str
    page_of: str
    export: str
    export_hint: str
    excel: str
    csv: str
    empty: str
    empty_detail: str
    none_found: str
    none_found_detail: str
    column_unit: str
    column_written: str
    column_letter: str
    column_target: str
    column_actual: str
    column_completion: str
    column_figures: str
    column_letters: str
    column_years: str
    column_scopes: str
    sort_by: str
    open_series: str
    open_sentence: str
    disagrees: str
    disagrees_hint: str
    retired: str
    no_target: str
    no_actual: str
    met: str
    missed: str
    others: str
    reached: str
    reached_choices: dict[Reached, str]
    series_of: str
    series_show: str
    series_table: str
    series_unit: str
    years_between: str
    scopes_more: str
    exported: dict[str, str]  # heads of the exported columns


ZH = LedgerTexts(
    title="指标台账",
    detail="每个数字都来自答复函的一句原文，点一行就能看到。",
    loading="正在读取台账…",
    filters="筛选",
    search="查找指标",
    search_hint="指标、地区或文号，中英文均可",
    where="地区或机关",
    where_hint="如：栖川市、教育局",
    years="年份",
    statuses="性质",
    only_disagreeing="只看来函不一致的",
    with_retired="含已更正、已替代的",
    clear="清除筛选",
    views="查看方式",
    rows="逐条",
    pairs="目标与实际",
    indicators="按指标",
    count_rows="{count} 条",
    count_pairs="{count} 个目标",
    count_indicators="{count} 项指标",
    page_of="第 {page} / {pages} 页",
    export="导出",
    export_hint="导出当前筛选的全部结果",
    excel="Excel",
    csv="CSV",
    empty="台账还是空的",
    empty_detail="在“文件”页上传答复函后，其中的数字会列在这里。",
    none_found="没有符合条件的指标",
    none_found_detail="换个词，或放宽年份、地区等条件再试。",
    column_unit="单位",
    column_written="原文写法",
    column_letter="出处",
    column_target="目标",
    column_actual="实际",
    column_completion="完成",
    column_figures="条数",
    column_letters="来函",
    column_years="年份",
    column_scopes="范围",
    sort_by="按{column}排序",
    open_series="查看“{name}”历年情况",
    open_sentence="查看原句",
    disagrees="来函不一致",
    disagrees_hint="另有来函对同一指标给出了不同的数",
    retired="已更正或替代",
    no_target="未见目标",
    no_actual="尚无实际数",
    met="已达到",
    missed="未达到",
    others="另有来函：",
    reached="完成情况",
    reached_choices={
        Reached.KNOWN: "已有实际数",
        Reached.BELOW: "实际低于目标",
        Reached.AT_LEAST: "实际不低于目标",
        Reached.UNKNOWN: "尚无实际数",
        Reached.ALL: "全部目标",
    },
    series_of="{name}：历年情况",
    series_show="图中范围",
    series_table="逐年明细",
    series_unit="单位：{unit}",
    years_between="{first}–{last}",
    scopes_more="等 {count} 个",
    exported={
        "name": "指标",
        "group": "分组",
        "scope": "范围",
        "place": "地区",
        "year": "年份",
        "period": "时间表述",
        "status": "性质",
        "comparator": "界限",
        "value": "数值",
        "high": "数值上限",
        "unit": "单位",
        "value_base": "换算数值",
        "unit_base": "换算单位",
        "measure": "类型",
        "retired": "已更正或替代",
        "disagrees": "来函不一致",
        "body": "发文机关",
        "doc_number": "文号",
        "issued_on": "日期",
        "file": "文件",
        "target": "目标",
        "target_unit": "目标单位",
        "target_comparator": "目标界限",
        "target_letter": "目标出处",
        "actual": "实际",
        "actual_unit": "实际单位",
        "actual_letter": "实际出处",
        "completion": "完成（%）",
        "met": "是否达到",
        "others": "其他来函",
        "figures": "条数",
        "letters": "来函数",
        "first_year": "最早年份",
        "last_year": "最晚年份",
        "scopes": "范围",
    },
)

EN = LedgerTexts(
    title="Ledger",
    detail="Each figure comes from one sentence of a letter; click a row to read it.",
    loading="Reading the ledger…",
    filters="Filters",
    search="Find an indicator",
    search_hint="Indicator, place or letter number, in English or Chinese",
    where="Place or body",
    where_hint="For example 栖川市 or 教育局",
    years="Years",
    statuses="Status",
    only_disagreeing="Only where letters disagree",
    with_retired="With corrected and replaced ones",
    clear="Clear filters",
    views="View",
    rows="Figures",
    pairs="Target and actual",
    indicators="Indicators",
    count_rows="{count} figure|{count} figures",
    count_pairs="{count} target|{count} targets",
    count_indicators="{count} indicator|{count} indicators",
    page_of="Page {page} of {pages}",
    export="Export",
    export_hint="Everything that the filters leave",
    excel="Excel",
    csv="CSV",
    empty="The ledger is empty",
    empty_detail="Upload letters under “Letters”; their figures are listed here.",
    none_found="No figure fits",
    none_found_detail="Try another word, or fewer conditions.",
    column_unit="Unit",
    column_written="As written",
    column_letter="Source",
    column_target="Target",
    column_actual="Actual",
    column_completion="Completion",
    column_figures="Figures",
    column_letters="Letters",
    column_years="Years",
    column_scopes="True of",
    sort_by="Sort by {column}",
    open_series="See “{name}” over the years",
    open_sentence="See the sentence",
    disagrees="Letters disagree",
    disagrees_hint="Another letter gives another value for the same",
    retired="Corrected or replaced",
    no_target="No target found",
    no_actual="No actual figure yet",
    met="Met",
    missed="Not met",
    others="Other letters: ",
    reached="Completion",
    reached_choices={
        Reached.KNOWN: "With an actual figure",
        Reached.BELOW: "Actual below target",
        Reached.AT_LEAST: "Actual at or above target",
        Reached.UNKNOWN: "No actual figure yet",
        Reached.ALL: "All targets",
    },
    series_of="{name} over the years",
    series_show="Shown in the chart",
    series_table="Year by year",
    series_unit="Unit: {unit}",
    years_between="{first}–{last}",
    scopes_more="and more, {count} in all",
    exported={
        "name": "Indicator",
        "group": "Group",
        "scope": "True of",
        "place": "Place",
        "year": "Year",
        "period": "Period as said",
        "status": "Status",
        "comparator": "Bound",
        "value": "Value",
        "high": "Upper value",
        "unit": "Unit",
        "value_base": "Value in base unit",
        "unit_base": "Base unit",
        "measure": "Measure",
        "retired": "Corrected or replaced",
        "disagrees": "Letters disagree",
        "body": "Issued by",
        "doc_number": "Letter number",
        "issued_on": "Date",
        "file": "File",
        "target": "Target",
        "target_unit": "Target unit",
        "target_comparator": "Target bound",
        "target_letter": "Target's letter",
        "actual": "Actual",
        "actual_unit": "Actual unit",
        "actual_letter": "Actual's letter",
        "completion": "Completion (%)",
        "met": "Met",
        "others": "Other letters",
        "figures": "Figures",
        "letters": "Letters",
        "first_year": "First year",
        "last_year": "Last year",
        "scopes": "True of",
    },
)
