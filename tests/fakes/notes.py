"""Knows how a model takes notes: it copies what has a number in it, as far as there is room."""

from __future__ import annotations

import re

from tests.fakes.ask import Ask
from tests.fakes.chinese import han

_ASKED = "Answer with the notes only, one fact a line"
_BLOCK = re.compile(r"<(notes(?:-\d+)?|findings|source)-(\w+)>\n(.*?)\n</\1-\2>", re.DOTALL)
_SENTENCE = re.compile(r"[^.。!?！？\n]+[.。!?！？]")
_MARKED = re.compile(r"(?<!\d)\d{3,}(?!\d)")
_TOLD = re.compile(r"^S\d+: ")
NOTHING = "NONE"


def asks_notes(ask: Ask) -> bool:
    """Whether notes of sources are wanted."""
    return _ASKED in ask.prompt


def notes(ask: Ask) -> str:
    """Every line of the notes it is shown, then every numbered sentence of the source.

    Where there are more words than are asked for, the first lines are dropped.
    """
    found: dict[str, None] = {}
    for label, _, text in _BLOCK.findall(ask.prompt):
        for line in _facts(text) if label == "source" else text.splitlines():
            if fact := _TOLD.sub("", line.strip().removeprefix("- ")):
                found[fact] = None
    facts, room = list(found), ask.amount
    kept: list[str] = []
    for fact in reversed(facts):
        room -= _size(fact)
        if room < 0:
            break
        kept.append(f"- {fact}")
    return "\n".join(reversed(kept)) or NOTHING


def told(ask: Ask) -> list[str]:
    """What a planner is told of the sources, line by line."""
    blocks = [text for label, _, text in _BLOCK.findall(ask.prompt) if label == "notes"]
    lines = "\n".join(blocks).splitlines()
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]


def _facts(source: str) -> list[str]:
    """The sentences with a number; of a text without any, the first one."""
    _, _, text = source.partition("\n\n")
    said = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    return [each for each in said if _MARKED.search(each)] or said[:1]


def _size(text: str) -> int:
    """Han characters and words."""
    return len(han(text)) or len(text.split())
