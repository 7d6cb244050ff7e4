"""Knows how a PDF is read: the words of its pages, with its bookmarks as headings."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pypdfium2

from core.errors import RequestError, TooLargeError
from domain.text.sentences import ends_sentence
from sources.extract import Draft, Piece
from sources.hidden import visible_text
from sources.limits import Limits
from sources.lines import joined, paragraphs_of, width_of

_MAX_BOOKMARKS = 5_000
_EDGE = 2
"""Lines at either end of a page among which running heads and page numbers are looked for."""
_REPEATED = 0.4
"""Share of the pages from which on a line at their edge is a running head."""
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"\W+")
_NUMBER = re.compile(r"[\divxlc]*")
_CUT = re.compile("[-\xad]?[\x02\ufffe]\\s*")
"""Where a word was cut at the end of a line."""


def read(data: bytes, limits: Limits, alive: Callable[[], None] = lambda: None) -> Draft:
    """The paragraphs of a PDF, page by page.

    Text that lies invisibly over a picture is read: that is how scans carry their words.

    Args:
        data: the file.
        limits: how many pages and characters it may have.
        alive: told after each page that reading goes on.

    Raises:
        TooLargeError: it has more pages or text.
        RequestError: it is damaged, needs a password, or has no text.
    """
    try:
        opened = pypdfium2.PdfDocument(data)
        count = len(opened)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise RequestError(
            "the PDF is protected by a password" if locked else "the PDF is damaged",
            "Save it without one." if locked else "Save it anew, or paste its text.",
        ) from error
    if count > limits.pages:
        raise TooLargeError(
            f"the PDF has {count:,} pages", f"At most {limits.pages:,} are read: split it."
        )
    pages = list(_pages(opened, limits, alive))
    if not any(line.strip() for page in pages for line in page):
        raise RequestError(
            "there is no text in the PDF: its pages are pictures",
            "Have a program recognise the text (OCR) first.",
        )
    bookmarks = _bookmarks(opened)
    title = visible_text(str(opened.get_metadata_value("Title") or "")).strip()
    return Draft(tuple(_pieces(_without_heads(pages), bookmarks)), title, pages=count)


def _pages(
    opened: pypdfium2.PdfDocument, limits: Limits, alive: Callable[[], None]
) -> Iterator[list[str]]:
    """The lines of each page."""
    total = 0
    for number in range(len(opened)):
        try:
            page = opened[number]
            text = str(page.get_textpage().get_text_range())
            page.close()
        except pypdfium2.PdfiumError:
            text = ""  # a page that cannot be drawn is empty to its reader, too
        total += len(text)
        if total > limits.characters:
            raise TooLargeError(
                f"the PDF has more than {limits.characters:,} characters", "Split it."
            )
        alive()
        yield visible_text(_CUT.sub("", text)).split("\n")


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """The pages without running heads and feet, which differ in numbers only."""
    bare = [[line for line in page if line.strip()] for page in pages]
    seen = Tally(key for page in bare for key in {_key(line) for line in _edges(page)})
    least = max(3, _REPEATED * len(pages))
    kept = []
    for page in bare:
        edges = {key for key in map(_key, _edges(page)) if seen[key] >= least}
        last = len(page) - _EDGE
        kept.append([
            line for at, line in enumerate(page)
            if not ((at < _EDGE or at >= last) and _key(line) in edges)
        ])  # fmt: skip
    return kept


def _edges(page: list[str]) -> list[str]:
    return [*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]]


def _key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _bookmarks(opened: pypdfium2.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """Page, from 0 → level and title of the bookmarks that lead to it."""
    found: dict[int, list[tuple[int, str]]] = {}
    for mark in islice(opened.get_toc(), _MAX_BOOKMARKS):
        target: Any = mark.get_dest()
        page = target.get_index() if target else None
        title = " ".join(visible_text(mark.get_title()).split())
        if page is not None and title:
            found.setdefault(page, []).append((mark.level + 1, title))
    return found


def _pieces(pages: list[list[str]], bookmarks: dict[int, list[tuple[int, str]]]) -> list[Piece]:
    """Headings and paragraphs; a paragraph that goes on over the page stays in one."""
    width = width_of([line for page in pages for line in page])
    made: list[Piece] = []
    for number, page in enumerate(pages, 1):
        for piece in _page(page, number, bookmarks.get(number - 1, []), width):
            before = made[-1] if made else None
            if before and before.page == number - 1 and _goes_on(before, piece):
                text = joined([before.text, piece.text])
                made[-1] = Piece("paragraph", text, 0, before.page)
            else:
                made.append(piece)
    return made


def _goes_on(before: Piece, piece: Piece) -> bool:
    both = before.kind == piece.kind == "paragraph"
    return both and piece.text[:1].islower() and not ends_sentence(before.text[-200:])


def _page(
    lines: list[str], number: int, marks: list[tuple[int, str]], width: int
) -> Iterator[Piece]:
    """The blocks of a page: what a bookmark names is a heading where it stands, else on top."""
    shown = {at: mark for mark in marks if (at := _line_of(mark[1], lines)) is not None}
    for mark in marks:
        if mark not in shown.values():
            yield Piece("heading", mark[1], mark[0], number)
    held: list[str] = []
    for at, line in enumerate([*lines, ""]):
        if at in shown or at == len(lines):
            yield from (Piece("paragraph", x, 0, number) for x in paragraphs_of(held, width))
            held = []
        if at in shown:
            yield Piece("heading", " ".join(line.split()), shown[at][0], number)
        else:
            held.append(line)


def _line_of(title: str, lines: list[str]) -> int | None:
    """The line that is a bookmark's title, its number set aside."""
    wanted = _bare(title)
    return next((at for at, line in enumerate(lines) if _bare(line) == wanted), None)


def _bare(text: str) -> str:
    """The letters of a short line, without a leading number."""
    squeezed = _LETTERS.sub("", text.casefold()) if len(text) <= 300 else ""
    return _NUMBER.sub("", squeezed, count=1) or squeezed
