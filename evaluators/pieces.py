"""Knows a text as sentences in their lines, and how it reads without some of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.text.sentences import ends_sentence, spans
from evaluators.structure import Kind, Line, item_start, lines, passages


@dataclass(frozen=True)
class Piece:
    """A sentence, or what stands for one in code and tables."""

    start: int
    end: int
    text: str
    row: int
    """Number of its line."""
    kind: Kind
    paragraph: int
    """Number of its run of prose lines."""


def pieces_of(text: str) -> list[Piece]:
    """The sentences of `text` in order."""
    rows = lines(text)
    found: list[Piece] = []
    paragraphs = passages(text)
    row, paragraph = 0, 0
    for start, end in spans(text):
        while rows[row].end < end:
            row += 1
        while paragraph < len(paragraphs) and paragraphs[paragraph][1] < end:
            paragraph += 1
        found.append(Piece(start, end, text[start:end], row, rows[row].kind, paragraph))
    return found


def content(piece: Piece) -> str:
    """A sentence without the list mark it may begin with."""
    return piece.text[item_start(piece.text) :] if piece.kind == "item" else piece.text


def folded(text: str) -> str:
    """`text` without differences of case and white space, for comparing."""
    return " ".join(text.split()).casefold()


def is_whole(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a piece is a sentence from its beginning to its end, with its quotation marks.

    A line break ends a piece, so a sentence in hard-wrapped prose comes in several.
    """
    piece = pieces[number]
    begins = opens(pieces, number) or ends_sentence(pieces[number - 1].text)
    return begins and ends_sentence(piece.text) and _is_balanced(piece.text)


def _is_balanced(sentence: str) -> bool:
    """Whether no quotation or bracket is opened here and closed elsewhere, or the reverse."""
    if any(sentence.count(mark) % 2 for mark in ('"', "**")):
        return False
    pairs = ("“”", "「」", "『』", "«»", "()", "（）", "[]")
    return all(sentence.count(pair[0]) == sentence.count(pair[1]) for pair in pairs)


def opens(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a sentence is the first of its run of prose."""
    before, piece = pieces[number - 1], pieces[number]
    return number == 0 or before.kind != piece.kind or before.paragraph != piece.paragraph


def may_end(rows: Sequence[Line], piece: Piece) -> bool:
    """Whether a text may be cut after a sentence: not after a heading, nor inside code."""
    row = rows[piece.row]
    whole = piece.end == row.start + len(row.text.rstrip())
    if piece.kind == "prose":
        return ends_sentence(piece.text)
    if piece.kind == "code":
        return piece.row + 1 == len(rows) or rows[piece.row + 1].kind != "code"
    return piece.kind in ("item", "quote", "table") and (whole or ends_sentence(piece.text))


def without(text: str, pieces: Sequence[Piece], gone: Collection[int]) -> str:
    """`text` without the sentences whose numbers are in `gone`.

    Lines left empty go too, each with a blank line beside it.
    """
    if not gone:
        return text
    rows = lines(text)
    by_row: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        by_row.setdefault(piece.row, []).append(number)
    kept: list[str] = []
    dropped = False
    for number, row in enumerate(rows):
        inside = by_row.get(number, [])
        if row.kind == "blank":
            if not (dropped and (not kept or not kept[-1].strip())):
                kept.append(row.text)
            continue
        line = _line_without(row, pieces, inside, gone) if inside else row.text
        dropped = bool(inside) and not line
        if not dropped:
            kept.append(line)
    while dropped and kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept)


def _line_without(
    row: Line, pieces: Sequence[Piece], inside: Sequence[int], gone: Collection[int]
) -> str:
    if not any(number in gone for number in inside):
        return row.text
    if all(number in gone for number in inside):
        return ""
    first = pieces[inside[0]]
    mark = first.text[: item_start(first.text)] if row.kind == "item" else ""
    parts = [row.text[: first.start - row.start], mark if inside[0] in gone else ""]
    for place, number in enumerate(inside):
        after = inside[place + 1] if place + 1 < len(inside) else None
        stop = pieces[after].start - row.start if after is not None else len(row.text)
        if number not in gone:
            parts.append(row.text[pieces[number].start - row.start : stop])
    line = "".join(parts)
    return line if inside[-1] not in gone else line.rstrip()
