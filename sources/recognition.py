"""Knows what a file is: by what is in it, and whether its name says the same."""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath

from core.errors import MediaTypeError
from llm.cleaning import clean_text
from sources.extract import Format
from sources.packing import names

SUFFIXES: dict[str, Format] = {
    ".md": "md", ".markdown": "md", ".txt": "txt", ".text": "txt", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
_CALLED: dict[Format, str] = {
    "md": "plain text", "txt": "plain text", "html": "a web page", "pdf": "a PDF",
    "docx": "a Word document",
}  # fmt: skip
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Office file"), (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"%!PS", "PostScript"), (b"\x1f\x8b", "compressed"), (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"), (b"\x7fELF", "a program"), (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
)  # fmt: skip
_ZIPPED = (
    ("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation"), ("META-INF/", "an e-book"),
)  # fmt: skip
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,1000}-->\s*){0,9}<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_XML = re.compile(rb"\s*<(?:\?xml|!doctype|!entity|svg)\b", re.IGNORECASE)
_TAG = re.compile(rb"</?[a-z][a-z0-9]*[\s/>]", re.IGNORECASE)
_HEAD = 4_096
"""Bytes in which a file shows what it is."""


def recognised(name: str, data: bytes) -> Format:
    """What a file holds.

    Text without a name, or with one that has no suffix, is taken for Markdown.

    Args:
        name: the file's; its suffix must say what is in it.
        data: its content.

    Raises:
        MediaTypeError: it is of a kind that is not read, or not what its name says.
    """
    suffix = PurePosixPath(PureWindowsPath(clean_text(name)).name).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise MediaTypeError(f"files of the kind {suffix[:20]!r} are not read", _readable())
    wanted = SUFFIXES.get(suffix)
    found = _content(data)
    if found == "txt" and wanted in ("md", "txt", None):
        return wanted or "md"
    if found == "txt" and wanted == "html" and _TAG.search(_head(data)):
        return "html"
    if wanted and wanted != found:
        raise MediaTypeError(
            f"the file is called {suffix} but holds {_CALLED[found]}",
            "Give it the ending of what it is, or save it anew.",
        )
    return found


def stem(name: str) -> str:
    """A file's name without folders and suffix, as words; may be empty."""
    path = PurePosixPath(PureWindowsPath(clean_text(name)).name)
    return " ".join(path.stem.replace("_", " ").split())


def _content(data: bytes) -> Format:
    """The format that the bytes show; `txt` where they show none. Raises MediaTypeError."""
    head = _head(data)
    if b"%PDF-" in data[:1_024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zipped(data)
    for mark, what in _OTHERS:
        if data.startswith(mark) and (len(mark) > 2 or b"\x00" in head):
            raise MediaTypeError(f"the file holds {what}, which is not read", _readable())
    if _PAGE.match(head):
        return "html"
    if _XML.match(head):
        raise MediaTypeError("the file holds XML, which is not read", _readable())
    return "txt"


def _zipped(data: bytes) -> Format:
    parts = names(data)
    if not parts or any(part.startswith("word/") for part in parts):
        return "docx"  # a broken zip is told of by who opens it
    for folder, what in _ZIPPED:
        if any(part.startswith(folder) for part in parts):
            raise MediaTypeError(f"the file holds {what}, which is not read", _readable())
    raise MediaTypeError("the file holds an archive, which is not read", "Unpack it.")


def _head(data: bytes) -> bytes:
    """The beginning, with the NULs and marks of UTF-16 taken out."""
    head = data[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def _readable() -> str:
    return "Files that are read: .md, .txt, .html, .pdf, .docx."
