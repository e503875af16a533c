"""Words around the tabs: masthead, tabs, status line, and what every tab says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameTexts:
    """{…} are filled in with `str.format`."""

    product: str
    tagline: str
    switch_language: str
    switch_theme: str
    chat: str
    ledger: str
    library: str
    tab_loading: str
    tab_failed: str
    all: str  # nothing is chosen: everything counts
    chosen: str  # COUNT is filled in by the page
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
    error: str
    close: str
    loading: str
    load_failed: str
    previous: str
    next: str
    page_of: str


ZH = FrameTexts(
    product="答复通",
    tagline="问答复函，句句有据",
    switch_language="English",
    switch_theme="切换明暗",
    chat="问答",
    ledger="指标台账",
    library="文件",
    tab_loading="正在读取…",
    tab_failed="没能读取。请检查程序是否还在运行，再试一次。",
    all="全部",
    chosen="已选 COUNT 项",
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
    error="没能完成",
    close="关闭",
    loading="正在打开原文…",
    load_failed="原文没能打开。请检查程序是否还在运行，再点一次。",
    previous="上一页",
    next="下一页",
    page_of="第 {page} / {pages} 页，共 {count} 封",
)


EN = FrameTexts(
    product="ReplyDesk",
    tagline="Ask the reply letters; every line has its source",
    switch_language="中文",
    switch_theme="Light or dark",
    chat="Ask",
    ledger="Ledger",
    library="Letters",
    tab_loading="Reading…",
    tab_failed="This could not be read. Check that the program is still running, then try again.",
    all="all",
    chosen="COUNT chosen",
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
    error="This did not work",
    close="Close",
    loading="Opening the letter…",
    load_failed="The letter could not be opened. Check that the program is still running, then click again.",
    previous="Previous",
    next="Next",
    page_of="Page {page} of {pages}, {count} in all",
)
