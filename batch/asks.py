"""What a stored call asked for, as turns: true to what came, and without what was said already."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import cast

from domain.request import WritingRequest
from services.conversations import Role, Turn
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
    kept = text
    for found in _blocks(fence).finditer(text):
        if found["label"] in _SHOWN or found["block"] in said:
            kept = kept.replace(found[0], "\n", 1)
    paragraphs = [block for block in kept.split("\n\n") if block.strip()]
    first = next((n for n, block in enumerate(paragraphs) if block.strip() not in said), None)
    return "\n\n".join(paragraphs[first:]).strip() if first is not None else text


def parts(text: str, fence: str) -> set[str]:
    """The blocks of data and the paragraphs of a message."""
    blocks = {found["block"] for found in _blocks(fence).finditer(text)}
    bare = _blocks(fence).sub("\n", text)
    return blocks | {block.strip() for each in (text, bare) for block in each.split("\n\n")}


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
