"""The files that a document becomes through pandoc, and how each is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import ProgramError
from services.publishing import pandoc
from services.publishing.archive import stamped
from services.publishing.contents import contents
from services.publishing.front import Front
from services.publishing.pandoc import Node
from services.publishing.pdf import typeset
from services.publishing.reading import without_formulas

TEMPLATES = Path(__file__).parent / "templates"
_CONTENTS = ["--toc", "--toc-depth=2"]
_PLAIN_CODE = "--syntax-highlighting=none"
_TEX_FONTS = {
    "SC": "FandolSong-Regular.otf", "JP": "HaranoAjiMincho-Regular.otf", "KR": "UnBatang.ttf",
}  # fmt: skip
"""Fonts that every whole TeX Live has."""


@dataclass(frozen=True)
class Book:
    """A document ready to be printed."""

    front: Front
    blocks: list[Node]
    created: int
    """Seconds since 1970, for files that bear a time."""
    numbered: bool = False
    """Whether headings are numbered."""


@dataclass(frozen=True)
class Format:
    """A kind of file."""

    extension: str
    media_type: str
    make: Callable[[Book], bytes]
    """Raises ProgramError."""


def _text(book: Book) -> bytes:
    return _written(book, "--to=plain", "--standalone", "--wrap=none")


def _html(book: Book) -> bytes:
    return _written(book, "--to=html5", "--standalone", "--wrap=none", "--mathml", *_CONTENTS,
                    f"--include-in-header={TEMPLATES / 'head.html'}")  # fmt: skip


def _docx(book: Book) -> bytes:
    table = {"t": "RawBlock", "c": ["openxml", contents(book.blocks, book.front.contents)]}
    options = ["--to=docx", f"--template={TEMPLATES / 'document.openxml'}", "--output=-"]
    return stamped(_written(book, *options, contents=[table]), book.created)


def _epub(book: Book) -> bytes:
    options = ["--to=epub3", "--mathml", "--split-level=1", *_CONTENTS, "--output=-"]
    return stamped(_written(book, *options), book.created)


def _latex(book: Book) -> bytes:
    font = _TEX_FONTS.get(book.front.cjk)
    more = [f"--variable=CJKmainfont:{font}"] if font else []
    return _written(book, "--to=latex", "--standalone", "--wrap=preserve", *_CONTENTS,
                    "--variable=documentclass:article", "--variable=classoption:titlepage",
                    "--variable=papersize:a4", *more)  # fmt: skip


def _pdf(book: Book) -> bytes:
    try:
        return typeset(_typst(book, book.blocks), book.created)
    except ProgramError:  # the one thing in it that is not ours to spell
        return typeset(_typst(book, without_formulas(book.blocks)), book.created)


def _typst(book: Book, blocks: list[Node]) -> bytes:
    """Typst's source, in the faces and measures of the document's script."""
    cjk = book.front.cjk
    faces = [f"Noto Sans CJK {cjk or 'SC'}", "Noto Sans", "Noto Emoji"]
    faces = faces if cjk else ["Libertinus Serif", *_scripts(book.front.language), *faces]
    measures = {
        "leading": "0.95em" if cjk else "0.72em",
        "spacing": "0.95em" if cjk else "1.2em",
        "indent": "(amount: 2em, all: true)" if cjk else "0pt",
    }
    chosen = [*(("font", face) for face in faces), *measures.items()]
    if book.numbered:
        chosen.append(("numbered", "true"))
    variables = [f"--variable={name}:{value}" for name, value in chosen]
    options = ["--to=typst", f"--template={TEMPLATES / 'document.typ'}", "--wrap=preserve"]
    return pandoc.write(blocks, book.front.meta(), [*options, *variables, _PLAIN_CODE])


def _scripts(language: str) -> list[str]:
    """The face of a script that the serif does not have, before another one's is taken."""
    faces = {"ar": "Arabic", "fa": "Arabic", "ur": "Arabic", "he": "Hebrew", "hi": "Devanagari",
             "mr": "Devanagari", "th": "Thai"}  # fmt: skip
    return [f"Noto Sans {faces[language]}"] if language in faces else []


def _written(book: Book, *options: str, **more: list[Node]) -> bytes:
    """The file by pandoc; `more` are blocks for the template."""
    numbers = ["--number-sections"] if book.numbered else []
    chosen = [*options, *numbers, _PLAIN_CODE]
    return pandoc.write(book.blocks, book.front.meta(), chosen, **more)


FORMATS = {
    "txt": Format("txt", "text/plain; charset=utf-8", _text),
    "html": Format("html", "text/html; charset=utf-8", _html),
    "docx": Format(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx
    ),
    "epub": Format("epub", "application/epub+zip", _epub),
    "latex": Format("tex", "application/x-tex", _latex),
    "pdf": Format("pdf", "application/pdf", _pdf),
}
