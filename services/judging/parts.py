"""How a text that is too long for its judge is taken apart: between sections, then paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from domain.text.counter import paragraphs
from domain.text.sentences import sentences
from evaluators.structure import headings

Cost = Callable[[str], int]


def parts_of(text: str, limit: int, cost: Cost) -> list[str]:
    """The text in as few parts as need be, each of whole sections where they fit.

    Args:
        text: Markdown.
        limit: what a part may cost, at least 1.
        cost: of a text; that of two together is at most a little more than the sum.
    """
    if cost(text) <= limit:
        return [text]
    return list(_packed(_sections(text), limit, cost, (paragraphs, sentences)))


def _packed(
    pieces: Sequence[str], limit: int, cost: Cost, finer: Sequence[Callable[[str], list[str]]]
) -> Iterator[str]:
    """Neighbouring pieces together as long as they fit, those that are too long taken apart."""
    held: list[str] = []
    spent = 0
    for piece in pieces:
        price = cost(piece) + 2
        if held and spent + price > limit:
            yield "\n\n".join(held)
            held, spent = [], 0
        if price <= limit:
            held.append(piece)
            spent += price
        elif finer:
            yield from _packed(finer[0](piece), limit, cost, finer[1:])
        else:
            yield from _halved(piece, limit, cost)
    if held:
        yield "\n\n".join(held)


def _halved(piece: str, limit: int, cost: Cost) -> Iterator[str]:
    """A piece without any joint, cut in the middle until it fits."""
    middle = len(piece) // 2
    for half in (piece[:middle], piece[middle:]) if middle else (piece,):
        fits = len(half) < 2 or cost(half) <= limit
        yield from [half] if fits else _halved(half, limit, cost)


def _sections(text: str) -> list[str]:
    """The text cut before each heading."""
    starts = [0, *(heading.start for heading in headings(text)), len(text)]
    cuts = [text[a:b].strip() for a, b in zip(starts, starts[1:], strict=False)]
    return [cut for cut in cuts if cut]
