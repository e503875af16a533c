"""Words of the letter beside the tabs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """{…} are filled in with `str.format`."""

    title: str
    missing: str
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
    corrects: str
    own_page: str
    view: str
    view_pages: str
    view_text: str
    download: str
    versions: str
    version_now: str
    version_arrived: str
    other_sources: str
    old_version: str
    see_current: str
    version_gone: str
    masked: str
    page_of: str
    not_drawn: str


ZH = SourceTexts(
    title="原文",
    missing="文件库里没有这封答复函，可能已被移除。",
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
    corrects="更正",
    own_page="单独打开",
    view="显示方式",
    view_pages="原页",
    view_text="文字",
    download="下载原件",
    versions="版本 {number}/{count}",
    version_now="当前",
    version_arrived="入库",
    other_sources="同文来源",
    old_version="这是较早的版本，内容已被新版本代替。",
    see_current="看当前版本",
    version_gone="引用时的版本已不在文件库中，下面是当前版本，引文可能已有变动。",
    masked="函中有手机号或身份证号。您的角色看到的是遮盖后的文字，不显示原页，也不能下载原件。",
    page_of="第 {page} 页，共 {pages} 页",
    not_drawn="这一页无法显示，请看文字。",
)


EN = SourceTexts(
    title="Letter",
    missing="This letter is not in the store; it may have been removed.",
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
    corrects="Corrects",
    own_page="Open on its own",
    view="Shown as",
    view_pages="Page",
    view_text="Text",
    download="Download the original",
    versions="Version {number} of {count}",
    version_now="current",
    version_arrived="added",
    other_sources="Same text from",
    old_version="This is an earlier version; a newer one has replaced it.",
    see_current="See the current version",
    version_gone="The quoted version is no longer in the store. This is the current one; the quotation may have changed.",
    masked="The letter holds mobile or identity numbers of people. For your role they are masked, and pages and file are not shown.",
    page_of="Page {page} of {pages}",
    not_drawn="This page cannot be shown. Read the text instead.",
)
