"""Knows how a model writes a section out that must say all of its key points."""

from __future__ import annotations

import random
import re

from tests.fakes import prose
from tests.fakes.ask import Ask
from tests.fakes.chinese import han

_ASKED = re.compile(r"every one of its key points|说出它的每个要点")
_POINTS = re.compile(r"^Key points:\n((?:- [^\n]+\n)+)", re.MULTILINE)


def asks_all_points(ask: Ask) -> bool:
    """Whether a section is asked for that says all that its summary says."""
    return bool(_ASKED.search(ask.prompt) and _POINTS.search(ask.prompt))


def written_out(ask: Ask, rng: random.Random, amount: int) -> str:
    """Each point, and prose after it; about `amount` words, or Han characters, in all."""
    found = _POINTS.search(ask.prompt)
    points = [line[2:] for line in (found[1] if found else "").splitlines()]
    write = prose.chinese if ask.in_chinese else prose.english
    size = (lambda text: len(han(text))) if ask.in_chinese else (lambda text: len(text.split()))
    rest = max(10 * len(points), amount - sum(map(size, points))) // max(1, len(points))
    glue = "" if ask.in_chinese else " "
    return "\n\n".join(f"{point}{glue}{write(rng, rest, ask.topic)}" for point in points)
