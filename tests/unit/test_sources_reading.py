"""Files become blocks that say where they stand; what nobody sees in them is not there."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfWriter

from core.errors import MediaTypeError, RequestError, TooLargeError
from sources import hypertext, markdown, pdf, plain, word
from sources.encoding import decoded
from sources.extract import Draft, Place
from sources.hidden import style_hides, visible_text
from sources.limits import Limits
from sources.reading import read, read_pasted
from sources.recognition import recognised
from tests.corpora import files

LIMITS = Limits()
FILE = files.word()


def told(draft: Draft) -> list[tuple[str, str, int]]:
    return [(piece.kind, piece.text, piece.level) for piece in draft.pieces]


# In a process apart


def test_a_pdf_tells_pages_and_headings() -> None:
    found = read("three_accounts.pdf", files.book())
    assert (found.title, found.format, found.language) == ("Three accounts", "pdf", "en")
    assert found.pages >= 3
    headings = [block for block in found.blocks if block.kind == "heading"]
    assert [block.text for block in headings] == ["The mill", "The bridge", "The harbour"]
    bodies = [block for block in found.blocks if block.kind == "paragraph"]
    assert len(bodies) == 18
    assert all("Accounts of the coast" not in block.text for block in bodies)
    assert all(block.text.endswith("in winter.") for block in bodies)
    assert bodies[-1].place.headings == ("The harbour",)
    assert bodies[-1].place.page == found.pages
    assert all(found.text[at:].startswith(block.text) for at, block in
               zip(found.starts, found.blocks, strict=True))  # fmt: skip


def test_a_word_document_tells_headings() -> None:
    found = read(r"C:\texts\Mine.DOCX", FILE)
    assert found.title == "Tides and mills"
    assert [(block.kind, block.text, block.place.headings) for block in found.blocks] == [
        ("heading", "Grinding", ()),
        ("paragraph", "Stone on stone, day by day.", ("Grinding",)),
        ("heading", "Costs", ("Grinding",)),
        ("item", "First item", ("Grinding", "Costs")),
        ("table", "Year | Price\n1862 | 214", ("Grinding", "Costs")),
    ]


def test_a_pasted_text_has_the_name_that_it_is_given() -> None:
    found = read_pasted("# Own title\n\nSome words that were pasted.", "  My \n notes ")
    assert (found.title, found.format, found.encoding) == ("My notes", "md", "utf-8")
    assert found.blocks[1].place == Place(0, ("Own title",))
    assert len(found.id) == 16


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TooLargeError, match="takes too long") as caught:
        read("x.md", b"a\n\n" * 100_000, Limits(step=0.2))
    assert caught.value.remedy


def test_what_takes_too_much_memory_is_refused() -> None:
    with pytest.raises(TooLargeError, match="too much memory"):
        read("x.txt", b"words and words.\n" * 600_000, Limits(memory=100 << 20, lines=10**7))


def test_a_file_of_many_bytes_is_not_looked_at() -> None:
    with pytest.raises(TooLargeError, match="more than 20 MB"):
        read("x.md", b"x" * (LIMITS.bytes + 1))


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "pages": ("x.pdf", lambda: files.empty_pages(10_000), "10,000 pages"),
    "zip": ("x.docx", lambda: files.zipped([("word/a.xml", b"0" * (60 << 20))]), "unpacks to more"),
    "deep": ("x.html", lambda: b"<html>" + b"<div>" * 100_000, "256 deep"),
    "line": ("x.txt", lambda: b"a" * 1_000_000, "1,000,000 characters"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    file, made, match = BOMBS[name]
    with pytest.raises(TooLargeError, match=match) as caught:
        read(file, made())
    assert caught.value.remedy


def laughs(entity: str) -> bytes:
    more = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f"<!DOCTYPE x [<!ENTITY l0 {entity}>{more}]>"
    return files.word_with("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>", head)


MORE_BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "parts": ("x.docx", lambda: files.zipped([(f"word/{n}.xml", b"") for n in range(50_000)])),
    "laughs": ("x.docx", lambda: laughs('"ha"')),
    "entity": ("x.docx", lambda: laughs('SYSTEM "file:///etc/passwd"')),
    "deep word": ("x.docx", lambda: files.word_with("<w:sdt><w:sdtContent>" * 3_000)),
    "cut word": ("x.docx", lambda: FILE[:-300]),
    "broken word": ("x.docx", lambda: files.replaced(FILE, "word/document.xml", b"<x")),
    "drawing": ("x.pdf", lambda: files.page_of(b"0 0 m " * (20 << 20))),
    "arrays": ("x.pdf", lambda: files.page_of(b"[" * 5_000_000)),
    "cut pdf": ("x.pdf", lambda: files.book()[:2_000]),
    "deep pdf": ("x.pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj<</A " * 200_000),
    "comments": ("x.html", lambda: b"<html>" + b"<!--" * 2_000_000),
    "tables": ("x.html", lambda: b"<html>" + b"<table><tr><td>" * 100_000),
    "styles": ("x.html", lambda: b"<html><style>" + b"a{/*" * 1_000_000 + b"</style>"),
    "images": ("x.md", lambda: b"![" * 1_000_000),
    "tags": ("x.md", lambda: b'<a "' * 500_000),
    "paragraphs": ("x.md", lambda: b"a\n\n" * 2_000_000),
    "long": ("x.txt", lambda: b"a b. " * (4 << 20)),
    "quotes": ("x.md", lambda: b">" * 2_000_000),
}


@pytest.mark.verify  # 20 s in all
@pytest.mark.parametrize("name", MORE_BOMBS)
def test_more_bombs(name: str) -> None:
    file, made = MORE_BOMBS[name]
    with pytest.raises(RequestError) as caught:
        read(file, made())
    assert caught.value.message
    assert caught.value.remedy


def test_ticks_without_end_are_read() -> None:
    data = b"".join(b"`" * (n % 50 + 1) + b" x" for n in range(20_000))
    assert markdown.read(data).pieces[0].text.count("x") == 20_000


# What is what


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.md", b"words", "md"),
        ("a.TXT", b"words", "txt"),
        ("", b"words", "md"),
        ("notes", b"<!DOCTYPE html><p>x", "html"),
        ("a.htm", b"<p>x</p>", "html"),
        ("a.html", "<html>x".encode("utf-16"), "html"),
        ("a.md", b"<div align=center>\n\n# Hi", "md"),
        ("a.pdf", b"\n%PDF-1.7", "pdf"),
        ("", FILE, "docx"),
    ],
)
def test_content_decides(name: str, data: bytes, found: str) -> None:
    assert recognised(name, data) == found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", FILE),
        ("a.docx", b"%PDF-1.7"),
        ("a.txt", b"<html><body>hidden"),
        ("a.md", b"%PDF-1.7"),
        ("a.html", b"no tags at all"),
        ("a.md", b"\x89PNG\r\n\x1a\n\x00"),
        ("a.md", b"\xd0\xcf\x11\xe0\xa1"),
        ("a.html", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>"),
        ("a.docx", files.zipped([("xl/workbook.xml", b"")])),
        ("a.docx", files.zipped([("a.txt", b"")])),
        ("a.exe", b"words"),
        ("a.csv", b"a,b"),
    ],
)
def test_names_that_lie_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(MediaTypeError) as caught:
        recognised(name, data)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Ein Satz über Gezeiten. 中文。"),
        ("utf-16", "中文 in two bytes each"),
        ("gb18030", "潮汐每天涨落两次，人们利用它。"),
        ("cp1252", "Les marées étaient étudiées à Saint-Malo dès l’été. L’eau s’élève très vite."),
        ("cp1251", "Приливы и отливы бывают дважды в день, и люди этим пользуются с давних пор."),
        ("big5", "潮汐每天漲落兩次，人們利用它來磨麵，這是很久以前的事情了。"),
        ("shift_jis", "潮の満ち引きは一日に二回あり、人々はそれを利用して粉を挽いた。"),
    ],
)
def test_encodings_are_told_apart(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding))[0] == text


def test_a_page_names_its_encoding() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>žluťoučký</p></body>'
    draft = hypertext.read(page.encode("iso-8859-2"), LIMITS)
    assert told(draft) == [("paragraph", "žluťoučký", 0)]
    assert draft.encoding == "iso-8859-2"


@pytest.mark.parametrize("data", [b"\x00\x01binary\x00", b"\xff\xfe\x00", b"a\x00b"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(RequestError):
        decoded(data)


# Formats

PAGE = r"""<html><head><title> The  title </title><style>.x, p.y {display: none} /* } */
 #z{visibility:hidden} @media screen {.w{font-size:0}}
@media print {.a {color:red} h1 {display:none}}</style><script>SECRET</script></head><body>
<nav>SECRET</nav><h1>Mills</h1><p>One<p class="x">SECRET<p class="a Y">SECRET<p>Two <b>bold</b><br>
more<!-- SECRET --> words<span style="dis\70lay:none">SECRET</span>.
<div id=z>SECRET<p>SECRET</div><i hidden>SECRET</i><b style="font-size:0px">SECRET</b>
<u style="position:absolute;left:-9999px">SECRET</u><s class=w>SECRET</s>
<table><caption>Prices</caption><tr><th>Year<th>Price<tr><td>1862<td><p>214</p></table>
<table><tr><td><h2>In a layout</h2><p>Read too.</table>
<pre>a = 1
  b</pre><ul><li>first<li>second</ul><blockquote><p>Quoted</p></blockquote>
ig&#8203;nore<noscript>SECRET</noscript><template>SECRET</template></body></html>"""


def test_a_page_as_a_browser_shows_it() -> None:
    draft = hypertext.read(PAGE.encode(), LIMITS)
    assert draft.title == "The title"
    assert [(kind, visible_text(text), level) for kind, text, level in told(draft)] == [
        ("heading", "Mills", 1),
        ("paragraph", "One", 0),
        ("paragraph", "Two bold more words.", 0),
        ("table", "Prices\nYear | Price\n1862 | 214", 0),
        ("heading", "In a layout", 2),
        ("paragraph", "Read too.", 0),
        ("code", "a = 1\n  b", 0),
        ("item", "first", 0),
        ("item", "second", 0),
        ("quote", "Quoted", 0),
        ("paragraph", "ignore", 0),
    ]


@pytest.mark.parametrize(
    ("style", "hides"),
    [
        ("display:none", True), ("DISPLAY : NONE !important", True), ("d\\69splay:none", True),
        ("dis/* x */play:none", True), ("font-size:0", True), ("font-size:0.01em", True),
        ("opacity: 0.0;", True), ("color:transparent", True), ("left:-9999px", True),
        ("width:1px;height:1px;overflow:hidden", True), ("clip:rect(0,0,0,0)", True),
        ("font-size:1em", False), ("font-size:0.9em", False), ("opacity:0.5", False),
        ("background-color:transparent", False), ("margin-left:-100px", False), ("top:0", False),
        ("min-width:0;overflow:hidden", False), ("display:block", False), ("", False),
    ],
)  # fmt: skip
def test_styles_that_hide(style: str, hides: bool) -> None:
    assert style_hides(style) is hides


MARKDOWN = """---
title: front
---
# Mills #

Stone on *stone*,
with [a link](https://a.example). <span style="display:none">SECRET</span> Seen.
<!-- SECRET

SECRET --> After. `a <!-- b` stays.
- first
- second

> quoted
> on

Grinding
--------
| Year | Price |
|------|-------|
| 1862 | 214 |

```python
x = a[1]  # <!-- stays -->
```

<div title=">" hidden>

SECRET

```
SECRET
```

</div>

Last.[^1]

[^1]: A note.
"""


def test_markdown_as_a_reader_sees_it() -> None:
    assert told(markdown.read(MARKDOWN.encode())) == [
        ("heading", "Mills", 1),
        ("paragraph", "Stone on stone, with a link. Seen. After. a <!-- b stays.", 0),
        ("item", "first", 0),
        ("item", "second", 0),
        ("quote", "quoted on", 0),
        ("heading", "Grinding", 2),
        ("table", "Year | Price\n1862 | 214", 0),
        ("code", "x = a[1]  # <!-- stays -->", 0),
        ("paragraph", "Last.[^1]", 0),
        ("note", "A note.", 0),
    ]


def test_plain_text_is_joined_where_it_was_broken() -> None:
    text = (
        "CHAPTER ONE\n\nThe keeper of the old mill counted every stone that came\n"
        "down the river, and the winter was long and the road was\nvery bad and inter-\n"
        "rupted. It went on like that for years and years in the\nsmall town.\n"
        "   A new paragraph begins with an indent on the next line,\nand goes on.\n\n2.1 Costs\n\n"
        "Short.\n\n潮汐每天涨落两次，\n人们利用它。\n"
    )
    assert told(plain.read(text.encode())) == [
        ("heading", "CHAPTER ONE", 1),
        ("paragraph", "The keeper of the old mill counted every stone that came down the river, "
         "and the winter was long and the road was very bad and interrupted. It went on like that "
         "for years and years in the small town.", 0),
        ("paragraph", "A new paragraph begins with an indent on the next line, and goes on.", 0),
        ("heading", "2.1 Costs", 2),
        ("paragraph", "Short.", 0),
        ("paragraph", "潮汐每天涨落两次，人们利用它。", 0),
    ]  # fmt: skip


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = "\n".join(f"Line {n} is a paragraph of its own, and ends." for n in range(5))
    assert len(plain.read(text.encode()).pieces) == 5


def test_a_pdf_without_text_says_so() -> None:
    with pytest.raises(RequestError, match="pictures") as caught:
        pdf.read(files.empty_pages(2), LIMITS)
    assert "OCR" in caught.value.remedy


def test_a_locked_pdf_says_so() -> None:
    locked = PdfWriter(clone_from=io.BytesIO(files.empty_pages(1)))
    locked.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    locked.write(out)
    with pytest.raises(RequestError, match="password") as caught:
        pdf.read(out.getvalue(), LIMITS)
    assert caught.value.remedy


def test_a_pdf_says_how_it_gets_on() -> None:
    steps: list[int] = []
    draft = pdf.read(files.book(), LIMITS, lambda: steps.append(1))
    assert len(steps) == draft.pages


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
         "</w:p>", "new"),
        ("<w:p><w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:p>", "a link"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>"
         "</w:p>", "a b"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent>"
         "</w:sdt>", "in a control"),
        ('<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r></w:p>', "seen"),
    ],
)  # fmt: skip
def test_what_word_prints(body: str, text: str) -> None:
    assert [piece.text for piece in word.read(files.word_with(body)).pieces] == [text]


def test_a_word_document_with_entities_of_its_own_is_refused() -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        word.read(laughs('"ha"'))


def test_characters_that_nobody_sees_are_gone() -> None:
    hidden = "".join(map(chr, (0x200B, 0x202E, 0x2066, 0xFEFF, 0xAD, 0xE0041, 0x7, 0xFE0F)))
    assert visible_text(f"ig{hidden}nore\r\nnext\u2028line") == "ignore\nnext\nline"
    assert visible_text("می\u200cخواهم a\u200db") == "می\u200cخواهم ab"
