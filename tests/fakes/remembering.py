"""Knows how a model says what it is to say, makes two places agree, and reports what a text says.

A writer with plants says them; a reviser that is told which of two values is right obeys; a reader
reports sentences of the form "X is Y" with their words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes import judge
from tests.fakes.ask import Ask

_SECTION = re.compile(r"^Write section (\d+(?:\.\d+)*) now\.", re.MULTILINE)
_FINDING = re.compile(r"<finding-(\w+)>\n(.*?)\n</finding-\1>", re.DOTALL)
_WRONG = re.compile(r" is '([^'\n]{1,300})' here \(")
_RIGHT = re.compile(r"Have it say that .*?, is (.+)\.\Z", re.DOTALL)
_TEXT = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_SAYS = re.compile(r"\b([A-Z][\w' ]{2,40}?) is (?:called )?([^.\n]{3,60})\.")

SHARED = {
    "kind": "name", "subject": "The mayor of Harrow", "attribute": "name", "value": "Ada Pike",
}  # fmt: skip
"""What it lays down for all writers, whatever the text is about."""


def planted(text: str, ask: Ask, plants: Mapping[str, Sequence[str]]) -> str:
    """The text with what is planted in its section between its paragraphs."""
    found = _SECTION.search(ask.prompt)
    said = plants.get(found[1], ()) if found else ()
    blocks = text.split("\n\n")
    for number, sentence in enumerate(said):
        blocks.insert(1 + 2 * number, sentence)
    return "\n\n".join(blocks)


def asks(ask: Ask) -> bool:
    """Whether it is asked what a text says, or what all writers share."""
    return bool({"entries", "facts"} & judge.fields(ask))


def answer(ask: Ask, *, idle: bool) -> dict[str, Any] | None:
    """What such a model answers; None: something else is asked. An idle one mends nothing."""
    fields = judge.fields(ask)
    if "entries" in fields:
        return {"entries": _reported(ask)}
    if "facts" in fields:
        return {"facts": [SHARED]}
    findings = _findings(ask) if judge.asks_edits(ask) and not idle else []
    if not any(_RIGHT.search(each) for each in findings):
        return None
    return {"edits": _agreed(findings, judge.places(ask))}


def _agreed(findings: Sequence[str], places: Sequence[str]) -> list[dict[str, str]]:
    """Each place with the right value instead of the wrong one."""
    edits = []
    for finding, place in zip(findings, places, strict=True):
        wrong, right = _WRONG.search(finding), _RIGHT.search(finding)
        if wrong and right:
            edits.append({"find": place, "replace": place.replace(wrong[1], right[1])})
    return edits


def _reported(ask: Ask) -> list[dict[str, str]]:
    """What the text says in sentences of one form."""
    found = _TEXT.search(ask.prompt)
    return [
        {"kind": "fact", "subject": said[1], "attribute": "is", "value": said[2], "quote": said[0]}
        for said in _SAYS.finditer(found[2] if found else "")
    ]


def _findings(ask: Ask) -> list[str]:
    return [found[2] for found in _FINDING.finditer(ask.prompt)]
