"""Knows how a model sees passages: numbered, each in a fence that its words cannot close."""

from __future__ import annotations

from collections.abc import Iterable

from prompts.library import data_block
from sources.citations import Given
from sources.marks import highest, marks
from sources.passages import Passage
from sources.references import place_words

LABEL = "passage"


def numbered(passages: Iterable[Passage]) -> dict[int, Passage]:
    """The passages by the numbers that a writer cites them by, from 1."""
    return dict(enumerate(passages, 1))


def shown(given: Given, fence: str, language: str = "en") -> str:
    """The passages as data, for a prompt; empty where there are none.

    Each is a block of its own, told apart by its number in the tag, so that no passage can pass
    for another one. Numbers in brackets inside a passage, such as a paper's own citations, stand
    in parentheses: a writer who copies them cites nothing by accident.

    Args:
        given: as `numbered` makes it.
        fence: the run's mark (`prompts.library.fence_of`), which nobody can guess.
        language: of the words that say where a passage stands.
    """
    return "\n\n".join(
        block(number, passage, fence, language, highest(given)) for number, passage in given.items()
    )


def block(number: int, passage: Passage, fence: str, language: str, most: int) -> str:
    """One of the passages as data; numbers up to `most` in brackets are the passage's own marks."""
    return data_block(f"{LABEL}-{number}", _told(passage, language, most), fence)


def _told(passage: Passage, language: str, most: int) -> str:
    """Title and place on one line, then the passage."""
    place = place_words(passage.place, language, passage.title)
    head = " · ".join(filter(None, (" ".join(passage.title.split()), place)))
    return _uncited(f"{head}\n\n{passage.text}", most)


def _uncited(text: str, most: int) -> str:
    """The text with its own citation marks in parentheses."""
    out, at = [], 0
    for mark in marks(text, most):
        out += [text[at : mark.start], f"({text[mark.start + 1 : mark.end - 1]})"]
        at = mark.end
    return "".join([*out, text[at:]])
