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
)
