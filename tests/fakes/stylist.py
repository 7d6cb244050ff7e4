"""Knows how a model describes somebody's manner: well, but telling what the texts are about too."""

from __future__ import annotations

import re

from tests.fakes.ask import Ask

GOOD = (
    "Calm and observant, with understated wit",
    "Prefers concrete nouns and active verbs to abstractions",
    "Paragraphs open on a plain statement and end on a small surprise",
)
"""Lines that say nothing of the content."""
_SAMPLES = re.compile(r"<samples-(\w+)>\n(.*?)\n</samples-\1>", re.DOTALL)


def asked(ask: Ask) -> bool:
    """Whether a manner is to be described."""
    return "Describe how this author writes" in ask.prompt


def described(ask: Ask) -> str:
    """Good lines, a sentence's worth of what was shown, and the subject by its name."""
    found = _SAMPLES.search(ask.prompt)
    words = (found[2] if found else "").split()
    leaks = (" ".join(words[20:32]), f"Returns again and again to {' '.join(words[:3])}")
    return "\n".join(f"- {line}" for line in (GOOD[0], *leaks, *GOOD[1:]) if line)
