"""Has a model describe how somebody writes; code takes out what tells of the texts' content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

from agents.editor.asking import Editor
from agents.run.calls import UNREPAIRED
from agents.writer.window import MARGIN
from evaluators.borrowing import Samples

PROMPT: Final = "stylist/profile"
ANSWER: Final = 500
"""Tokens of the answer."""
SHOWN: Final = 6_000
"""Tokens of the texts that are shown at most: manner shows in little."""
MOST_LINES: Final = 6
_CHARACTERS: Final = 8
"""Of a token, at most: what is cut before it is counted."""
_BULLET = regex.compile(r"^\s{0,8}(?:[-*•–]|\d{1,2}[.)])\s+")
_BOLD = regex.compile(r"\*\*|__")


async def describe(editor: Editor, texts: Sequence[str], language_name: str) -> tuple[str, ...]:
    """Lines on diction, rhythm and stance; none where no answer could be used.

    Args:
        editor: whom to ask, once.
        texts: somebody's, of which excerpts are shown.
        language_name: what they are written in.

    Raises:
        LLMError: the endpoint cannot be used.
    """
    shown = _excerpts(editor, texts, language_name)
    if not shown:
        return ()
    prompt = editor.prompts.render(PROMPT, editor.fence, language=language_name, text=shown)
    try:
        answer = await editor.send(prompt, ANSWER)
    except UNREPAIRED:
        return ()
    return Samples(tuple(texts)).kept(lines_of(answer.text))[:MOST_LINES]


def lines_of(answer: str) -> tuple[str, ...]:
    """The lines of an answer that are items of a list, without their marks; each once."""
    found = [_BULLET.sub("", line) for line in answer.splitlines()[:40] if _BULLET.match(line)]
    bare = [" ".join(_BOLD.sub("", line).split()) for line in found]
    return tuple(dict.fromkeys(line for line in bare if line))


def _excerpts(editor: Editor, texts: Sequence[str], language_name: str) -> str:
    """The beginning of every text, as long as the model's window lets it be."""
    empty = editor.prompts.render(PROMPT, editor.fence, language=language_name, text="")
    free = editor.window - ANSWER - MARGIN - editor.cost_of(empty)
    each = min(free, SHOWN) * 3 // 4 // len(texts)
    if each <= 0:
        return ""
    tokens = editor.models.tokens
    return "\n\n".join(tokens.head(text[: each * _CHARACTERS], each).strip() for text in texts)
