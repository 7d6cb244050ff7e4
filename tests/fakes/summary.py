"""Knows how a model summarises: whole sentences of the text, those with facts in them first."""

from __future__ import annotations

import re

from tests.fakes.ask import Ask
from tests.fakes.chinese import han

_TEXT = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]+")
_FACT = re.compile(r"\d")


def asks_summary(ask: Ask) -> bool:
    """Whether a summary is asked for."""
    return "Summarise" in ask.prompt and bool(_TEXT.search(ask.prompt))


def summary(ask: Ask, amount: int) -> str:
    """About `amount` words, or Han characters, of the text in its own order."""
    found = _TEXT.search(ask.prompt)
    said = [x.strip() for x in _SENTENCE.findall(found[2] if found else "")]
    sizes = [len(han(x)) if ask.in_chinese else len(x.split()) for x in said]
    order = sorted(range(len(said)), key=lambda n: (not _FACT.search(said[n]), n * 37 % len(said)))
    chosen: list[int] = []
    left = amount
    for number in order:
        if sizes[number] <= left + 4:
            chosen.append(number)
            left -= sizes[number]
    glue = "" if ask.in_chinese else " "
    return glue.join(said[number] for number in sorted(chosen or order[:1]))
