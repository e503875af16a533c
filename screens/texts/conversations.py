"""Words of the list of conversations, and of what can be done with a question and its answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationTexts:
    """{…} are filled in with `str.format`."""

    title: str
    show: str
    fresh: str
    search: str
    none: str
    none_found: str
    today: str
    yesterday: str
    week: str
    earlier: str
    rename: str
    delete: str
    delete_sure: str
    yes: str
    no: str
    missing: str
    not_kept: str
    edit: str
    editing: str
    cancel: str
    copy: str
    copied: str
    copy_question: str
    copy_sources: str
    shortcuts: str
    shortcut_list: tuple[tuple[str, str], ...]


ZH = ConversationTexts(
    title="对话",
    show="对话列表",
    fresh="新对话",
    search="查找对话",
    none="提出的问题会保存在这里。",
    none_found="没有符合“{text}”的对话。",
    today="今天",
    yesterday="昨天",
    week="七天内",
    earlier="更早",
    rename="重命名",
    delete="删除",
    delete_sure="删除这个对话？",
    yes="删除",
    no="取消",
    missing="没有这个对话，可能已被删除。",
    not_kept="回答没有保存：{reason}",
    edit="修改再问",
    editing="正在修改“{question}”。发送后，它和其后的问答会被新的代替。",
    cancel="不改了",
    copy="复制",
    copied="已复制",
    copy_question="问：",
    copy_sources="依据：",
    shortcuts="快捷键",
    shortcut_list=(
        ("/", "输入问题"),
        ("Enter", "发送（Shift + Enter 换行）"),
        ("↑", "输入框为空时，修改上一个问题"),
        ("Esc", "停止回答，关闭原文或窗口"),
        ("1 … 9", "打开最后一个回答的第几条引用"),
        ("C", "复制最后一个回答及引用"),
        ("Alt + N", "新对话"),
        ("Alt + K", "查找对话"),
        ("?", "显示快捷键"),
    ),
)


EN = ConversationTexts(
    title="Conversations",
    show="Conversations",
    fresh="New conversation",
    search="Find a conversation",
    none="What you ask is kept here.",
    none_found="No conversation matches “{text}”.",
    today="Today",
    yesterday="Yesterday",
    week="Last seven days",
    earlier="Earlier",
    rename="Rename",
    delete="Delete",
    delete_sure="Delete this conversation?",
    yes="Delete",
    no="Cancel",
    missing="There is no such conversation; it may have been deleted.",
    not_kept="The answer was not kept: {reason}",
    edit="Edit and ask again",
    editing="You are changing “{question}”. Once sent, it and what followed are replaced.",
    cancel="Leave it",
    copy="Copy",
    copied="Copied",
    copy_question="Question: ",
    copy_sources="Sources:",
    shortcuts="Keyboard shortcuts",
    shortcut_list=(
        ("/", "Write a question"),
        ("Enter", "Send (Shift + Enter for a new line)"),
        ("↑", "Change the last question, while the field is empty"),
        ("Esc", "Stop the answer, close letter or window"),
        ("1 … 9", "Open that source of the last answer"),
        ("C", "Copy the last answer with its sources"),
        ("Alt + N", "New conversation"),
        ("Alt + K", "Find a conversation"),
        ("?", "Show the shortcuts"),
    ),
)
