"""Files as people have them, and some that nobody should: made by hand, byte by byte."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cache

import docx
import typst

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word() -> bytes:
    """A Word document with a title, headings, a list, a table, and text that is not printed."""
    made = docx.Document()
    made.add_heading("Tides and mills", 0)
    made.add_heading("Grinding", 1)
    line = made.add_paragraph("Stone on stone")
    line.add_run(" SECRET").font.hidden = True
    line.add_run(", day by day.")
    made.add_heading("Costs", 2)
    made.add_paragraph("First item", style="List Bullet")
    table = made.add_table(2, 2)
    for number, name in enumerate(("Year", "Price", "1862", "214")):
        table.cell(number // 2, number % 2).text = name
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def word_with(body: str, head: str = "") -> bytes:
    """A Word document with this XML as its body."""
    part = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>{body}'
    return replaced(word(), "word/document.xml", f"{part}</w:body></w:document>".encode())


def replaced(data: bytes, name: str, part: bytes) -> bytes:
    """A zip with another part under a name."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(each, part if each == name else old.read(each)) for each in old.namelist()]
    return zipped(parts)


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return out.getvalue()


@cache
def book() -> bytes:
    """A PDF of some pages with running heads, page numbers, bookmarks and justified text."""
    sentence = "The keeper of the old mill counted every stone that came down the river in winter. "
    chapters = [
        f"= The {name}\n\n" + "\n\n".join(f"{name} paragraph {n}. {sentence * 6}" for n in range(6))
        for name in ("mill", "bridge", "harbour")
    ]
    source = (
        '#set page(paper: "a5", numbering: "1", header: [Accounts of the coast])\n'
        '#set document(title: "Three accounts")\n'
        "#set par(justify: true)\n#set text(hyphenate: true, size: 10pt)\n" + "\n\n".join(chapters)
    )
    return bytes(typst.compile(source.encode()))


def empty_pages(count: int) -> bytes:
    """A PDF of so many pages without text."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return _pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, *[page] * count])


def page_of(content: bytes) -> bytes:
    """A PDF of one page, drawn by this program, which is packed."""
    packed = zlib.compress(content, 9)
    return _pdf([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ])  # fmt: skip


def _pdf(objects: list[bytes]) -> bytes:
    out = [b"%PDF-1.4\n"]
    places, size = [], len(out[0])
    for number, content in enumerate(objects, 1):
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places.append(b"%010d 00000 n \n" % size)
        size += len(out[-1])
    count = len(objects) + 1
    out.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, b"".join(places)))
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, size))
    return b"".join(out)
