"""Every word of the screen, in Chinese and in English. A missing one is a type error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.records import Comparator, LetterKind, Outcome, Status

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language; `{…}` are filled in with `str.format`."""

    language: str
    product: str
    tagline: str
    switch_language: str
    switch_theme: str
    # tabs
    chat: str
    library: str
    # status line
    letters_count: str
    figures_count: str
    home: str
    no_home: str
    model_ready: str
    model_none: str
    model_loading: str
    model_fetching: str
    model_failed: str
    model_more: str
    model_help: str
    store_opening: str
    # chat
    welcome: str
    welcome_detail: str
    welcome_empty: str
    welcome_empty_detail: str
    examples: str
    question_label: str
    placeholder: str
    send: str
    stop: str
    new_conversation: str
    conversation: str
    you: str
    looking: str
    writing: str
    stopped: str
    stopped_empty: str
    quoting: str
    computed: str
    evidence: str
    sources: str
    open_source: str
    proved: str
    quoted_proof: str
    dropped: str
    seconds: str
    notes: str
    error: str
    error_unknown: str
    too_long: str
    no_year: str
    period: str
    more_figures: str
    column_name: str
    column_value: str
    column_period: str
    column_status: str
    column_subject: str
    # source view
    source: str
    close: str
    source_missing: str
    quoted_here: str
    body: str
    doc_number: str
    issued_on: str
    kind: str
    proposal_number: str
    proposal_title: str
    session: str
    addressee: str
    lead_bodies: str
    joint_bodies: str
    file: str
    page: str
    loading: str
    load_failed: str
    corrects: str
    own_page: str
    # library
    library_title: str
    library_detail: str
    upload: str
    upload_detail: str
    uploading: str
    upload_result: str
    upload_new: str
    upload_changed: str
    upload_unchanged: str
    upload_failed: str
    upload_figures: str
    upload_summary: str
    search: str
    search_label: str
    search_none: str
    library_empty: str
    column_title: str
    column_body: str
    column_number: str
    column_date: str
    column_kind: str
    untitled: str
    previous: str
    next: str
    page_of: str
    outcomes: dict[Outcome, str]
    statuses: dict[Status, str]
    kinds: dict[LetterKind, str]
    comparators: dict[Comparator, tuple[str, str]]  # before and after the value

    def say_count(self, template: str, count: int) -> str:
        """A text with a number in it; English has a form for one in front of `|`."""
        forms = template.split("|")
        return forms[0 if count == 1 else -1].format(count=count)

    def show_date(self, day: date) -> str:
        """A date as the language writes it."""
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%b} {day.year}"


ZH = Texts(
    language="zh",
    product="答复通",
    tagline="问答复函，句句有据",
    switch_language="English",
    switch_theme="切换明暗",
    chat="问答",
    library="文件",
    letters_count="{count} 封答复函",
    figures_count="{count} 个指标",
    home="本地：{home}",
    no_home="未设本地",
    model_ready="模型 {name}",
    model_none="引用模式",
    model_loading="引用模式 · 模型 {name} 启动中",
    model_fetching="引用模式 · 模型文件获取中 {percent}%",
    model_failed="引用模式 · 模型未能启用",
    model_more="说明",
    model_help="引用模式下不用语言模型：答案由程序从答复函的原句和指标组成，数字同样逐一核对。要启用模型，请用 "
    "REPLYDESK_LLM=embedded（内置模型）或 REPLYDESK_LLM=http://…/v1（OpenAI 兼容接口）重新启动；模型文件可用 "
    "python -m rag.models 预先获取。",
    store_opening="正在打开文件库…",
    welcome="想查哪一项？",
    welcome_detail="用中文或英文提问。每个数字都引自答复函的原句，点一下编号就能看到原文。",
    welcome_empty="文件库还是空的",
    welcome_empty_detail="请先到“文件”页上传答复函，或用 python -m ingest 导入一个文件夹。",
    examples="可以这样问",
    question_label="问题",
    placeholder="例如：2023年新增孵化面积目标是多少？",
    send="提问",
    stop="停止",
    new_conversation="新对话",
    conversation="对话",
    you="你",
    looking="正在查找原文…",
    writing="生成中，尚未核对",
    stopped_empty="已停止，没有答案。",
    stopped="已停止生成；下面是已核对的内容。",
    quoting="引用模式",
    computed="计算得出",
    evidence="依据",
    sources="引用原句",
    open_source="在原文中查看",
    proved="{count} 处数字均已与原文核对",
    quoted_proof="引文均与原文逐字一致",
    dropped="核对时去掉了 {count} 处",
    seconds="{seconds} 秒",
    notes="这样理解：",
    error="没能完成",
    error_unknown="程序内部出错，这个问题没有答案。请再试一次；仍不行时，请把终端里的错误信息交给管理员。",
    too_long="问题太长：{length} 个字，最多 {limit} 个字。请缩短后再问。",
    no_year="未注明年份",
    period="{year}年",
    more_figures="共 {count} 项",
    column_name="指标",
    column_value="数值",
    column_period="年份",
    column_status="性质",
    column_subject="范围",
    source="原文",
    close="关闭",
    source_missing="文件库里没有这封答复函，可能已被移除。",
    quoted_here="引用的句子",
    body="发文机关",
    doc_number="文号",
    issued_on="日期",
    kind="类别",
    proposal_number="提案/建议号",
    proposal_title="提案/建议题目",
    session="会议",
    addressee="答复对象",
    lead_bodies="主办",
    joint_bodies="会办",
    file="源文件",
    page="第 {page} 页",
    loading="正在打开原文…",
    load_failed="原文没能打开。请检查程序是否还在运行，再点一次。",
    corrects="更正",
    own_page="单独打开",
    library_title="文件库",
    library_detail="点标题即可查看原文。",
    upload="把文件拖到这里，或点击选择",
    upload_detail="Word · WPS · PDF · OFD · 网页 · 图片扫描件 · 压缩包 · 邮件，可多选",
    uploading="正在处理 {done}/{count}：{file}",
    upload_result="导入结果",
    upload_new="新增",
    upload_changed="已更新",
    upload_unchanged="没有变化",
    upload_failed="未能导入",
    upload_figures="{count} 个指标",
    upload_summary="新增 {new}，更新 {changed}，不变 {unchanged}，失败 {failed}",
    search="按标题、机关、文号查找",
    search_label="查找文件",
    search_none="没有符合“{text}”的文件。",
    library_empty="还没有答复函。上传后会列在这里。",
    column_title="标题",
    column_body="机关",
    column_number="文号",
    column_date="日期",
    column_kind="类别",
    untitled="（无标题）",
    previous="上一页",
    next="下一页",
    page_of="第 {page} / {pages} 页，共 {count} 封",
    outcomes={Outcome.ANSWERED: "已答", Outcome.PARTLY: "部分有据", Outcome.NOT_FOUND: "未找到依据"},
    statuses={Status.TARGET: "目标", Status.ACTUAL: "实际", Status.BASELINE: "原数"},
    kinds={LetterKind.PROPOSAL: "政协提案", LetterKind.SUGGESTION: "人大建议", LetterKind.OTHER: "其他"},
    comparators={
        Comparator.EQUAL: ("", ""),
        Comparator.AT_LEAST: ("", "以上"),
        Comparator.MORE: ("超过", ""),
        Comparator.AT_MOST: ("", "以内"),
        Comparator.LESS: ("不足", ""),
        Comparator.ABOUT: ("约", ""),
        Comparator.RANGE: ("", ""),
    },
)

EN = Texts(
    language="en",
    product="ReplyDesk",
    tagline="Ask the reply letters; every line has its source",
    switch_language="中文",
    switch_theme="Light or dark",
    chat="Ask",
    library="Letters",
    letters_count="{count} letter|{count} letters",
    figures_count="{count} figure|{count} figures",
    home="Home: {home}",
    no_home="No home place set",
    model_ready="Model {name}",
    model_none="Quoting mode",
    model_loading="Quoting mode · model {name} is starting",
    model_fetching="Quoting mode · fetching the model file, {percent}%",
    model_failed="Quoting mode · the model could not be used",
    model_more="About",
    model_help="In quoting mode no language model takes part: answers are composed from the letters' own sentences and figures, and each figure is "
    "checked in the same way. To use a model, start again with REPLYDESK_LLM=embedded (built in) or REPLYDESK_LLM=http://…/v1 (any "
    "OpenAI-compatible endpoint); python -m rag.models fetches the model file ahead.",
    store_opening="Opening the letters…",
    welcome="What would you like to look up?",
    welcome_detail="Ask in Chinese or English. Each figure is quoted from a letter; click a number to read it in the original.",
    welcome_empty="There are no letters yet",
    welcome_empty_detail="Upload reply letters under “Letters”, or bring in a folder with python -m ingest.",
    examples="For example",
    question_label="Question",
    placeholder="For example: what is the 2023 incubation area target?",
    send="Ask",
    stop="Stop",
    new_conversation="New conversation",
    conversation="Conversation",
    you="You",
    looking="Looking it up in the letters…",
    writing="Being written, not checked yet",
    stopped_empty="Stopped; there is no answer.",
    stopped="Stopped. What follows has been checked.",
    quoting="Quoting mode",
    computed="Computed",
    evidence="Evidence",
    sources="Quoted sentences",
    open_source="See it in the letter",
    proved="{count} figure checked against the letters|{count} figures checked against the letters",
    quoted_proof="Quotations match the letters word for word",
    dropped="{count} statement taken out by the check|{count} statements taken out by the check",
    seconds="{seconds} s",
    notes="Read as: ",
    error="This did not work",
    error_unknown="The program failed on this question, so there is no answer. Please try again; if it happens again, give the error shown in the "
    "terminal to your administrator.",
    too_long="The question is too long: {length} characters, at most {limit}. Please shorten it.",
    no_year="Year not stated",
    period="{year}",
    more_figures="{count} figures",
    column_name="Indicator",
    column_value="Value",
    column_period="Year",
    column_status="Status",
    column_subject="True of",
    source="Letter",
    close="Close",
    source_missing="This letter is not in the store; it may have been removed.",
    quoted_here="Quoted sentence",
    body="Issued by",
    doc_number="Number",
    issued_on="Date",
    kind="Kind",
    proposal_number="Proposal no.",
    proposal_title="Proposal",
    session="Session",
    addressee="Addressee",
    lead_bodies="Lead body",
    joint_bodies="Joint bodies",
    file="Source file",
    page="page {page}",
    loading="Opening the letter…",
    load_failed="The letter could not be opened. Check that the program is still running, then click again.",
    corrects="Corrects",
    own_page="Open on its own",
    library_title="Letters",
    library_detail="Click a title to read the letter.",
    upload="Drop files here, or click to choose",
    upload_detail="Word · WPS · PDF · OFD · web pages · scans · zip · mail; several at once",
    uploading="Reading {done} of {count}: {file}",
    upload_result="What happened",
    upload_new="Added",
    upload_changed="Updated",
    upload_unchanged="Unchanged",
    upload_failed="Failed",
    upload_figures="{count} figure|{count} figures",
    upload_summary="{new} added, {changed} updated, {unchanged} unchanged, {failed} failed",
    search="Search title, body or number",
    search_label="Find a letter",
    search_none="No letter matches “{text}”.",
    library_empty="No letters yet. They are listed here once uploaded.",
    column_title="Title",
    column_body="Body",
    column_number="Number",
    column_date="Date",
    column_kind="Kind",
    untitled="(untitled)",
    previous="Previous",
    next="Next",
    page_of="Page {page} of {pages}, {count} in all",
    outcomes={Outcome.ANSWERED: "Answered", Outcome.PARTLY: "Partly answered", Outcome.NOT_FOUND: "No evidence found"},
    statuses={Status.TARGET: "Target", Status.ACTUAL: "Actual", Status.BASELINE: "Earlier figure"},
    kinds={LetterKind.PROPOSAL: "CPPCC proposal", LetterKind.SUGGESTION: "Congress suggestion", LetterKind.OTHER: "Other"},
    comparators={
        Comparator.EQUAL: ("", ""),
        Comparator.AT_LEAST: ("at least", ""),
        Comparator.MORE: ("more than", ""),
        Comparator.AT_MOST: ("at most", ""),
        Comparator.LESS: ("less than", ""),
        Comparator.ABOUT: ("about", ""),
        Comparator.RANGE: ("", ""),
    },
)


def texts_for(language: str) -> Texts:
    """The words of a language; Chinese for any that we do not have."""
    return EN if language == "en" else ZH
