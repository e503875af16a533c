"""Words of the tab 文件."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibraryTexts:
    """{…} are filled in with `str.format`."""

    title: str
    detail: str
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
    changed_in: str
    sentences_changed: str
    more_figures: str
    answers_changed: str
    changed_by: str
    undo: str
    undo_detail: str
    undo_confirm: str
    undone: str
    undone_title: str
    search: str
    search_label: str
    search_none: str
    empty: str


ZH = LibraryTexts(
    title="文件库",
    detail="点标题即可查看原文。",
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
    changed_in="{letter} 的变化",
    sentences_changed="增 {added} 句，减 {removed} 句",
    more_figures="还有 {count} 个指标",
    answers_changed="以下固定问题的回答变了",
    changed_by="由 {file} 引起",
    undo="撤销本次导入",
    undo_detail="本次导入的 {count} 个文件将移出文件库；被它们更新的函件恢复原来的文本。",
    undo_confirm="确定撤销",
    undone="已撤销",
    undone_title="本次导入已撤销",
    search="按标题、机关、文号查找",
    search_label="查找文件",
    search_none="没有符合“{text}”的文件。",
    empty="还没有答复函。上传后会列在这里。",
)


EN = LibraryTexts(
    title="Letters",
    detail="Click a title to read the letter.",
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
    changed_in="Changed in {letter}",
    sentences_changed="{added} sentences added, {removed} removed",
    more_figures="and {count} more figure|and {count} more figures",
    answers_changed="Pinned questions that are answered otherwise now",
    changed_by="Changed by {file}",
    undo="Undo this upload",
    undo_detail="{count} file of this upload leaves the store, and what it replaced counts again.|{count} files of this upload leave the store, and what they replaced counts again.",
    undo_confirm="Undo it",
    undone="Undone",
    undone_title="The upload was taken back",
    search="Search title, body or number",
    search_label="Find a letter",
    search_none="No letter matches “{text}”.",
    empty="No letters yet. They are listed here once uploaded.",
)
