"""Knows how others read our files: text, headings and links by libraries that we do not write with.

Each reader raises AssertionError for what no file of ours may hold.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from ebooklib import ITEM_DOCUMENT, epub
from lxml import etree, html
from pypdf import PdfReader

_FORBIDDEN_TAGS = {"script", "img", "iframe", "svg", "object", "embed", "form", "base", "link"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_STRICT = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_TEX_COMMANDS = re.compile(
    r"\\(?:input|include|write|openout|openin|read|def|edef|gdef|let|csname|immediate|special)\b"
)

_OF_PANDOC = re.compile(r"\\def\\LTcaptype\{none\} % do not.*\n|\\def(?=\\labelenumi*v?\{)")
"""What pandoc itself defines for tables and lists."""


def read(format: str, content: bytes) -> str:
    """Every word that a reader of the file sees, white space joined to single spaces."""
    text = _READERS[format](content)
    assert not _CONTROLS.search(text), _CONTROLS.search(text)
    return " ".join(text.split())


def _txt(content: bytes) -> str:
    return content.decode("utf-8")


def _html(content: bytes) -> str:
    tree = html.document_fromstring(content.decode("utf-8"))
    assert tree.get("lang")
    assert tree.findtext(".//title")
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    _check_markup(tree)
    for style in tree.xpath("//style"):
        style.getparent().remove(style)
    return str(tree.text_content())


def _check_markup(tree: Any) -> None:
    """No active or fetched parts, harmless links, unique anchors."""
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element.tag).localname.lower()
        inside_head = element.getparent() is not None and "head" in str(element.getparent().tag)
        assert name not in _FORBIDDEN_TAGS or (name == "link" and inside_head), name
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on"), (name, key)
            if re.split("[}:]", key)[-1] in ("href", "src", "action"):
                _check_address(value)


def _check_address(address: str) -> None:
    assert re.match(r"(https?://|mailto:|#)|[\w./-]+(#[\w-]+)?$", address), address


def _package(content: bytes) -> dict[str, bytes]:
    """The parts of a zip, every XML one well-formed."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        parts = {name: opened.read(name) for name in opened.namelist()}
    for name, part in parts.items():
        assert not name.endswith((".js", ".png", ".jpg", ".svg")), name
        if name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx")):
            etree.fromstring(part, _STRICT)
    return parts


def _docx(content: bytes) -> str:
    parts = _package(content)
    links = etree.fromstring(parts["word/_rels/document.xml.rels"], _STRICT)
    for link in links:
        if link.get("TargetMode") == "External":
            assert link.get("Type", "").endswith("/hyperlink")
            assert re.match("https?://|mailto:", link.get("Target", ""))
    opened = docx.Document(io.BytesIO(content))
    assert opened.core_properties.title
    assert opened.core_properties.created is not None
    assert opened.core_properties.created.year == 2026
    body = opened.element.body
    names = body.xpath(".//w:bookmarkStart/@w:name")
    assert len(names) == len(set(names))
    blocks = body.xpath(".//w:p")
    return "\n".join(
        "".join(str(run.text or " ") for run in block.xpath(".//w:t | .//w:br | .//m:t"))
        for block in blocks
    )


def _epub(content: bytes) -> str:
    parts = _package(content)
    assert next(iter(parts)) == "mimetype"
    assert parts["mimetype"] == b"application/epub+zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.epub")
        path.write_bytes(content)
        book = epub.read_epub(str(path), {"ignore_ncx": True})
    assert book.get_metadata("DC", "title")
    assert book.get_metadata("DC", "language")
    texts = []
    for item in book.get_items_of_type(ITEM_DOCUMENT):
        tree = etree.fromstring(item.get_content(), _STRICT)
        _check_markup(tree)
        texts.append(" ".join(tree.itertext()) if "nav" in item.get_name() else _blocks(tree))
    assert any("section-1" in text.decode() for name, text in parts.items() if "nav" in name)
    return "\n".join(texts)


def _blocks(tree: Any) -> str:
    """Text with a break after each block."""
    for element in tree.iter():
        name = etree.QName(element.tag).localname if isinstance(element.tag, str) else ""
        if name in ("p", "li", "td", "th", "h1", "h2", "h3", "pre", "br", "blockquote"):
            element.tail = f"\n{element.tail or ''}"
    return "".join(tree.itertext())


def _latex(content: bytes) -> str:
    text = content.decode("utf-8")
    head, _, body = text.partition("\\begin{document}")
    body = _OF_PANDOC.sub("", body)
    body, end, rest = body.partition("\\end{document}")
    assert head
    assert end
    assert not rest.strip()
    assert "\\maketitle" in body
    assert "\\tableofcontents" in body
    body = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", _code_words, body, flags=re.DOTALL)
    bare = body.replace("\\\\", "").replace("\\{", "").replace("\\}", "").replace("\\%", "")
    bare = re.sub(r"%\n", "\n", bare)
    assert "%" not in bare
    assert not _TEX_COMMANDS.search(bare), _TEX_COMMANDS.search(bare)
    assert "^^" not in bare
    _check_balance(bare)
    return re.sub(r"\\[A-Za-z]+\{\}|[{}]|\\(?=[#$%&_])", "", body)


def _code_words(found: re.Match[str]) -> str:
    return re.sub(r"[\\{}%^$#&~]", "", found[0].replace("{verbatim}", ""))[5:-3]


def _check_balance(bare: str) -> None:
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    stack: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([A-Za-z*]+)\}", bare):
        if kind == "begin":
            stack.append(name)
        else:
            assert stack.pop() == name
    assert not stack


def _pdf(content: bytes) -> str:
    opened = PdfReader(io.BytesIO(content), strict=True)
    assert opened.metadata is not None
    assert opened.metadata.title
    assert opened.trailer["/Root"]["/Lang"]
    assert opened.page_labels[1] == "i"
    assert opened.page_labels[-1].isdigit()
    for banned in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/Subtype /Image"):
        assert banned not in content
    for page in opened.pages:
        for note in page.get("/Annots") or ():
            address = note.get_object().get("/A", {}).get("/URI", "")
            assert not address or re.match("https?://|mailto:", address)
    return "\n".join(page.extract_text() for page in opened.pages)


_READERS: dict[str, Callable[[bytes], str]] = {
    "txt": _txt, "html": _html, "docx": _docx, "epub": _epub, "latex": _latex, "pdf": _pdf,
}  # fmt: skip
