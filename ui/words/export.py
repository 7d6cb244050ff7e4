"""What the export step says."""

from __future__ import annotations

ENGLISH = {
    "export.unfinished": "This document is not finished: files hold what is written so far.",
    "export.docx": "Word",
    "export.docx_for": ".docx, to go on in an office suite",
    "export.pdf": "PDF",
    "export.pdf_for": ".pdf, to print or send",
    "export.epub": "EPUB",
    "export.epub_for": ".epub, for e-readers",
    "export.html": "Web page",
    "export.html_for": ".html, one file that needs nothing else",
    "export.md": "Markdown",
    "export.md_for": ".md, for editors and wikis",
    "export.latex": "LaTeX",
    "export.latex_for": ".tex, for journals",
    "export.txt": "Plain text",
    "export.txt_for": ".txt, nothing but the words",
    "export.json": "JSON",
    "export.json_for": ".json, everything about it, for programs",
    "export.numbered": "Number the headings",
    "export.whole": "Files are made when you ask for them, from the present text.",
}

CHINESE = {
    "export.unfinished": "此文档尚未完成，文件只包含已写的部分。",
    "export.docx": "Word",
    "export.docx_for": ".docx，便于在办公软件中继续编辑",
    "export.pdf": "PDF",
    "export.pdf_for": ".pdf，便于打印或发送",
    "export.epub": "EPUB",
    "export.epub_for": ".epub，用于电子阅读器",
    "export.html": "网页",
    "export.html_for": ".html，单个文件，无需其他资源",
    "export.md": "Markdown",
    "export.md_for": ".md，用于编辑器和维基",
    "export.latex": "LaTeX",
    "export.latex_for": ".tex，用于学术出版",
    "export.txt": "纯文本",
    "export.txt_for": ".txt，只有文字",
    "export.json": "JSON",
    "export.json_for": ".json，包含全部信息，供程序使用",
    "export.numbered": "为标题编号",
    "export.whole": "文件在您下载时根据当前文本生成。",
}
