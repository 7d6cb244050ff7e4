"""What a stored call asked for, as turns: true to what came, and without what was said already."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import cast

from domain.request import WritingRequest
from services.requests.conversations import Role, Turn
from storage.journal import StoredCall

_SHOWN = ("text", "draft")
"""Labels of data that holds what the model has written before."""


def turns_of(call: StoredCall, request: WritingRequest, written: int) -> tuple[Turn, ...]:
    """The messages as they were sent, asking for the length that came; none where they are gone.

    A run asks a model for more, or less, than it wants, as that model's answers have turned out;
    nobody should learn that from data.

    Args:
        call: a writer's; its context says which length it asked for.
        request: of the document.
        written: counted units that came.
    """
    asked = call.context.get("asked")
    turns = [Turn(cast(Role, each["role"]), str(each["content"])) for each in _messages(call)]
    if turns and isinstance(asked, int):
        turns[-1] = Turn(turns[-1].role, _true(turns[-1].text, request, asked, written))
    return tuple(turns)


def unsaid(text: str, fence: str, said: Container[str]) -> str:
    """A user's message without what an earlier turn holds; whole where nothing would be left.

    Left out are blocks of data that were shown before or that hold answers, and the paragraphs
    at its beginning that opened an earlier message.

    Args:
        text: the message.
        fence: the mark on blocks of data.
        said: blocks and paragraphs of earlier messages (see `parts`).
    """
    pieces = list(_pieces(text, fence))
    first = next((n for n, piece in enumerate(pieces) if not piece.known(said)), None)
    if first is None:
        return text
    kept = [piece for piece in pieces[first:] if not (piece.label and piece.known(said))]
    return "".join(piece.text for piece in kept).strip()


def parts(text: str, fence: str) -> set[str]:
    """The blocks of data and the paragraphs of a message."""
    return {piece.core for piece in _pieces(text, fence)}


@dataclass(frozen=True)
class _Piece:
    """A paragraph, or a block of data with the line that announces it."""

    text: str
    """With the space around it."""
    core: str
    label: str = ""
    """Of a block."""

    def known(self, said: Container[str]) -> bool:
        """Whether an earlier turn holds it."""
        return self.label in _SHOWN or self.core in said or not self.core


def _pieces(text: str, fence: str) -> Iterator[_Piece]:
    """The message in order, every character of it."""
    at = 0
    for found in _blocks(fence).finditer(text):
        yield from _paragraphs(text[at : found.start()])
        yield _Piece(found[0], found["block"], found["label"])
        at = found.end()
    yield from _paragraphs(text[at:])


def _paragraphs(text: str) -> Iterator[_Piece]:
    for found in re.finditer(r"(?s)\n*.+?(?:(?=\n\n)|\Z)|\n+", text):
        yield _Piece(found[0], found[0].strip())


def _messages(call: StoredCall) -> list[dict[str, object]]:
    return list(call.request.get("messages", ()))


def _blocks(fence: str) -> re.Pattern[str]:
    """Data between tags with the run's mark, and the line that announces it."""
    mark = re.escape(fence)
    return re.compile(
        rf"(?:^[^\n]{{1,200}}[:：]\n)?"
        rf"(?P<block>^<(?P<label>\w{{1,40}})-{mark}>\n.*?\n</(?P=label)-{mark}>)",
        re.DOTALL | re.MULTILINE,
    )


def _true(text: str, request: WritingRequest, asked: int, written: int) -> str:
    """The text with the length that came in place of the last that was asked for."""
    found = list(re.finditer(rf"(?<![\d,.]){re.escape(request.phrase(asked))}", text))
    if not found:
        return text
    start, end = found[-1].span()
    return text[:start] + request.phrase(written) + text[end:]
