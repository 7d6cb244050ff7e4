"""Exact edits: words that stand once in a text, and what takes their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import regex

_MARKS = str.maketrans("“”„‘’‚–—", "\"\"\"'''--")
_SPACES = regex.compile(r"\s+")
LONGEST = 4_000
"""Characters of a passage that is looked for."""


@dataclass(frozen=True)
class Edit:
    """Replace `find`, which must stand in the text exactly once; by nothing to delete it."""

    find: str
    replace: str


@dataclass(frozen=True)
class Edited:
    """A text after some edits."""

    text: str
    done: tuple[Edit, ...] = ()
    refused: tuple[tuple[Edit, str], ...] = ()
    """With the reason."""


def locate(text: str, passage: str) -> tuple[int, int] | None:
    """Where a passage stands in a text, if at one place only.

    Kinds of white space, quotation marks and dashes are not told apart where nothing matches to
    the letter: models copy them loosely.
    """
    wanted = passage.strip()
    if not wanted or len(wanted) > LONGEST:
        return None
    at = text.find(wanted)
    if at >= 0:
        return (at, at + len(wanted)) if text.find(wanted, at + 1) < 0 else None
    flat, wanted = (_SPACES.sub(" ", each.translate(_MARKS)) for each in (text, wanted))
    at = flat.find(wanted)
    if at < 0 or flat.find(wanted, at + 1) >= 0:
        return None
    return _origin(text, at), _origin(text, at + len(wanted) - 1) + 1


def _origin(text: str, at: int) -> int:
    """Where the character at an offset stood before runs of white space became one space."""
    for run in _SPACES.finditer(text):
        if run.start() >= at:
            break
        at += run.end() - run.start() - 1
    return at


def apply(text: str, edits: Iterable[Edit], *, most: float = 0.5) -> Edited:
    """Carry out those edits that can be, each on the text as it was.

    Args:
        text: to be changed.
        edits: in order of importance; one that overlaps an earlier one is refused.
        most: the share of the text's characters that all of them together may replace.
    """
    taken: list[tuple[int, int, Edit]] = []
    refused: list[tuple[Edit, str]] = []
    room = int(len(text) * most)
    for edit in edits:
        place = locate(text, edit.find)
        if place is None:
            refused.append((edit, "its words do not stand in the text exactly once"))
        elif text[slice(*place)] == edit.replace.strip():
            refused.append((edit, "it changes nothing"))
        elif any(place[0] < end and start < place[1] for start, end, _ in taken):
            refused.append((edit, "it overlaps another edit"))
        elif place[1] - place[0] > room:
            refused.append((edit, "the edits would replace too much of the text"))
        else:
            room -= place[1] - place[0]
            taken.append((*place, edit))
    for start, end, edit in sorted(taken, key=lambda each: -each[0]):
        text = text[:start] + edit.replace.strip() + text[end:]
    return Edited(text, tuple(edit for *_, edit in taken), tuple(refused))
