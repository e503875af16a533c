"""Words of the tab 问答."""

from __future__ import annotations

from dataclasses import dataclass

from rag.records import Outcome


@dataclass(frozen=True, slots=True)
class ChatTexts:
    """{…} are filled in with `str.format`."""

    welcome: str
    welcome_detail: str
    welcome_empty: str
    welcome_empty_detail: str
    examples: str
    question_label: str
    placeholder: str
    send: str
    stop: str
    you: str
    looking: str
    writing: str
    stopped: str
    stopped_empty: str
    quoting: str
    evidence: str
    sources: str
    proved: str
    quoted_proof: str
    dropped: str
    seconds: str
    notes: str
    error_unknown: str
    too_long: str
    more_figures: str
    drawn: str
    outcomes: dict[Outcome, str]


ZH = ChatTexts(
    welcome="想查哪一项？",
    welcome_detail="用中文或英文提问。每个数字都引自答复函的原句，点一下编号就能看到原文。",
    welcome_empty="文件库还是空的",
    welcome_empty_detail="请先到“文件”页上传答复函，或用 python -m ingest 导入一个文件夹。",
    examples="可以这样问",
    question_label="问题",
    placeholder="例如：2023年新增孵化面积目标是多少？",
    send="提问",
    stop="停止",
    you="你",
    looking="正在查找原文…",
    writing="生成中，尚未核对",
    stopped="已停止生成；下面是已核对的内容。",
    stopped_empty="已停止，没有答案。",
    quoting="引用模式",
    evidence="依据",
    sources="引用原句",
    proved="{count} 处数字均已与原文核对",
    quoted_proof="引文均与原文逐字一致",
    dropped="核对时去掉了 {count} 处",
    seconds="{seconds} 秒",
    notes="这样理解：",
    error_unknown="程序内部出错，这个问题没有答案。请再试一次；仍不行时，请把终端里的错误信息交给管理员。",
    too_long="问题太长：{length} 个字，最多 {limit} 个字。请缩短后再问。",
    more_figures="共 {count} 项",
    drawn="{name}（{unit}）",
    outcomes={Outcome.ANSWERED: "已答", Outcome.PARTLY: "部分有据", Outcome.NOT_FOUND: "未找到依据"},
)


EN = ChatTexts(
    welcome="What would you like to look up?",
    welcome_detail="Ask in Chinese or English. Each figure is quoted from a letter; click a number to read it in the original.",
    welcome_empty="There are no letters yet",
    welcome_empty_detail="Upload reply letters under “Letters”, or bring in a folder with python -m ingest.",
    examples="For example",
    question_label="Question",
    placeholder="For example: what is the 2023 incubation area target?",
    send="Ask",
    stop="Stop",
    you="You",
    looking="Looking it up in the letters…",
    writing="Being written, not checked yet",
    stopped="Stopped. What follows has been checked.",
    stopped_empty="Stopped; there is no answer.",
    quoting="Quoting mode",
    evidence="Evidence",
    sources="Quoted sentences",
    proved="{count} figure checked against the letters|{count} figures checked against the letters",
    quoted_proof="Quotations match the letters word for word",
    dropped="{count} statement taken out by the check|{count} statements taken out by the check",
    seconds="{seconds} s",
    notes="Read as: ",
    error_unknown="The program failed on this question, so there is no answer. Please try again; if it happens again, give the error shown in the "
    "terminal to your administrator.",
    too_long="The question is too long: {length} characters, at most {limit}. Please shorten it.",
    more_figures="{count} figures",
    drawn="{name} ({unit})",
    outcomes={Outcome.ANSWERED: "Answered", Outcome.PARTLY: "Partly answered", Outcome.NOT_FOUND: "No evidence found"},
)
