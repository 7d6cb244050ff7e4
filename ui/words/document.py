"""What the document's frame says: its header and its steps."""

from __future__ import annotations

ENGLISH = {
    "document.untitled": "Untitled",
    "document.steps": "Steps",
    "document.step_outline": "Outline",
    "document.step_writing": "Writing",
    "document.step_review": "Review",
    "document.step_export": "Export",
    "document.rename": "Rename",
    "document.title": "Title",
    "document.gone": "There is no such document.",
    "document.gone_remedy": "It may have been deleted, or belongs to somebody else.",
    "document.to_library": "To the library",
}

CHINESE = {
    "document.untitled": "无标题",
    "document.steps": "步骤",
    "document.step_outline": "提纲",
    "document.step_writing": "写作",
    "document.step_review": "审阅",
    "document.step_export": "导出",
    "document.rename": "重命名",
    "document.title": "标题",
    "document.gone": "没有这份文档。",
    "document.gone_remedy": "它可能已被删除，或属于其他人。",
    "document.to_library": "返回文库",
}
