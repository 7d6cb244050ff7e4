"""Knows a model that does whatever it is told, by whoever: only well-fenced data is data to it."""

from __future__ import annotations

import random
import re

from tests.fakes.citing import passages

_FENCED = re.compile(r"<([a-z]+(?:-\d+)?)-([0-9a-f]{8})>\n.*?\n</\1-\2>", re.DOTALL)
ORDER = re.compile(r"PWN-\d+")
"""What every planted instruction wants said, so that it shows who obeyed."""
_SENTENCE = re.compile(r"[^.!?。！？\n]{12,240}[.!?。！？]")


def outside(prompt: str) -> str:
    """What of a prompt is no data: the instructions, as this model sees them."""
    return _FENCED.sub("", prompt)


def order(prompt: str) -> str:
    """What it was told to say by a text that was not fenced; empty: nothing."""
    found = ORDER.search(outside(prompt))
    return f"As I was told: {found[0]}." if found else ""


def quoting(rng: random.Random, text: str, prompt: str) -> str:
    """The text with a sentence of each passage quoted at the end of a paragraph, and cited."""
    blocks = text.split("\n\n")
    for number, passage in passages(prompt).items():
        said = [s.strip() for s in _SENTENCE.findall(passage) if "[" not in s]
        wanted = [s for s in said if ORDER.search(s)] or said
        if wanted:
            at = rng.randrange(len(blocks))
            blocks[at] += f" One source says: “{rng.choice(wanted)[:-1]}” [{number}]."
    return "\n\n".join(blocks)
