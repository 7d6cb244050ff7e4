"""Knows what a text says in short without a model: each section's first sentences, and the end."""

from __future__ import annotations

from collections.abc import Sequence

from domain.text.counter import paragraphs
from domain.text.sentences import spans

LEAD = 240
"""Characters of a section's beginning at most."""
ENDING = 900
"""Characters of the end of the whole at most."""
MOST = 40
"""Sections that are told of; of more, the last ones and as many of the others, evenly."""
_REACH = 4_000
_NO_PROSE = ("#", "|", "```", "~~~", ">", "![")


def lead(text: str, most: int = LEAD) -> str:
    """The first sentences of a text's first paragraph of prose, at most `most` characters.

    A first sentence that is longer is cut at a word, with an ellipsis.
    """
    prose = (x for x in paragraphs(text[:_REACH]) if not x.lstrip().startswith(_NO_PROSE))
    line = " ".join(next(prose, "").split())
    ends = [end for _, end in spans(line) if end <= most]
    return line[: ends[-1]] if ends else _cut(line, most)


def ending(text: str, most: int = ENDING) -> str:
    """The last whole sentences of a text, at most `most` characters; paragraphs stay."""
    piece = text.rstrip()[-_REACH:]
    if len(piece) <= most:
        return piece
    start = len(piece) - most
    fitting = [first for first, _ in spans(piece) if first >= start]
    return piece[fitting[0] if fitting else start :]


def digest(named: Sequence[tuple[str, str]], most: int = MOST) -> list[str]:
    """A line for each section, those nearest the end first: what a prompt can do without is last.

    Args:
        named: heading and text of each section in reading order.
        most: lines at most.
    """
    chosen = [named[number] for number in chosen_of(len(named), most)]
    lines = [(heading, lead(text)) for heading, text in chosen]
    return [f"{name}: {said}" if name else said for name, said in reversed(lines) if said]


def chosen_of(total: int, most: int) -> list[int]:
    """Numbers, rising, of at most `most` among `total`: the later half of them the last ones."""
    if total <= most:
        return list(range(total))
    last = (most + 1) // 2
    early = most - last
    rest = total - last
    return [*(number * rest // early for number in range(early)), *range(rest, total)]


def _cut(line: str, most: int) -> str:
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return f"{head.rsplit(' ', 1)[0].rstrip() or head}…"
