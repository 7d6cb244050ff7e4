"""Knows how to build Chinese sentences and headings of an exact number of Han characters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

from tests.fakes.vocabulary import (
    ZH_ACTS,
    ZH_ADJECTIVES,
    ZH_ADVERBS,
    ZH_EFFECTS,
    ZH_IDEAS,
    ZH_LINKS,
    ZH_PEOPLE,
    ZH_PLACES,
    ZH_THINGS,
    ZH_TIMES,
    ZH_WITHIN,
)


def is_han(character: str) -> bool:
    """Tell whether a character is a Han ideograph (the main block and extension A)."""
    return "\u3400" <= character <= "\u9fff"


def han(text: str) -> list[str]:
    """List the Han characters of a text."""
    return [c for c in text if is_han(c)]


def _by_size(words: list[str]) -> dict[int, list[str]]:
    sizes: dict[int, list[str]] = {}
    for word in words:
        sizes.setdefault(len(word), []).append(word)
    return sizes


# What may be added to a core clause, with its size in characters; "了" is the only single one.
_EXTRAS = {"了": 1, "adverb": 2, "time": 2, "subject": 3, "object": 3, "where": 4}
_FILLS: dict[int, list[tuple[str, ...]]] = {}
for _count in range(len(_EXTRAS) + 1):
    for _names in combinations(_EXTRAS, _count):
        _FILLS.setdefault(sum(_EXTRAS[n] for n in _names), []).append(_names)


class Chinese:
    """Builds clauses of a given number of Han characters."""

    def __init__(self, rng: random.Random, topic: Sequence[str]) -> None:
        self._rng = rng
        self._topic = [w for w in topic if 2 <= len(w) <= 4 and all(map(is_han, w))]
        self._words = {
            id(words): _by_size(words)
            for words in (ZH_PEOPLE, ZH_THINGS, ZH_PLACES, ZH_IDEAS, ZH_ADVERBS, ZH_TIMES)
        }

    def sentence(self, size: int) -> str:
        """Build a sentence of exactly `size` Han characters, 1 or more."""
        clauses: list[str] = []
        while size > 0:
            part = size if size <= 15 else self._rng.randint(7, min(15, size - 6))
            clauses.append(self._clause(part, bool(clauses)))
            size -= part
        return "，".join(clauses) + "。"

    def heading(self) -> str:
        rng = self._rng
        noun = rng.choice(self._topic) if self._topic else rng.choice(ZH_IDEAS)
        idea, place = rng.choice(ZH_IDEAS), rng.choice(ZH_PLACES)
        adjective = rng.choice(ZH_ADJECTIVES)
        return rng.choice([f"{noun}的{idea}", f"{adjective}的{noun}", f"{noun}与{idea}",
                           f"{place}里的{noun}", f"从{noun}到{idea}"])  # fmt: skip

    def _clause(self, size: int, later: bool) -> str:
        rng = self._rng
        if size < 6:
            return self._tiny(size)
        lead = rng.choice(ZH_LINKS) if later and size >= 9 and rng.random() < 0.4 else ""
        size -= len(lead)
        kinds = [("do", 6), ("act", 6), ("by", 7), ("make", 9), ("for", 10)]
        kind, base = rng.choice([k for k in kinds if k[1] <= size])
        longer = rng.randint(0, min(2, size - base))
        return lead + self._build(kind, size - base - longer, longer)

    def _build(self, kind: str, room: int, longer: int) -> str:
        """Fill a clause of a kind: `room` for extras, nouns `longer` than two characters each."""
        rng = self._rng
        extras = rng.choice(_FILLS[room])
        people = kind in ("act", "by")
        subject = self._noun(ZH_PEOPLE if people else ZH_IDEAS, 2 + longer // 2)
        target = self._noun(rng.choice([ZH_THINGS, ZH_IDEAS, ZH_PLACES]), 2 + (longer + 1) // 2)
        subject = (rng.choice(ZH_ADJECTIVES) + "的" if "subject" in extras else "") + subject
        target = (rng.choice(ZH_ADJECTIVES) + "的" if "object" in extras else "") + target
        adverb = self._pick(ZH_ADVERBS, 2) if "adverb" in extras else ""
        done = "了" if "了" in extras else ""
        start = self._pick(ZH_TIMES, 2) if "time" in extras else ""
        if "where" in extras:
            start += "在" + self._pick(ZH_PLACES, 2) + rng.choice(ZH_WITHIN)
        verb = rng.choice(ZH_ACTS if people else ZH_EFFECTS)
        shapes = {
            "do": f"{start}{subject}{adverb}{verb}{done}{target}",
            "act": f"{start}{subject}{adverb}{verb}{done}{target}",
            "by": f"{start}{target}{adverb}被{subject}{verb}{done}",
            "make": f"{start}{subject}{adverb}让{target}变得{rng.choice(ZH_ADJECTIVES)}{done}",
            "for": f"{start}对{subject}来说{target}{adverb}很{rng.choice(ZH_ADJECTIVES)}{done}",
        }
        return shapes[kind]

    def _tiny(self, size: int) -> str:
        rng = self._rng
        adjective, noun = rng.choice(ZH_ADJECTIVES), self._pick(ZH_IDEAS, 2)
        options = ["", "好", adjective, "很" + adjective, noun + adjective, f"{noun}很{adjective}"]
        return options[size]

    def _noun(self, words: list[str], size: int) -> str:
        fitting = [w for w in self._topic if len(w) == size]
        if fitting and self._rng.random() < 0.12:
            return self._rng.choice(fitting)
        return self._pick(words, size)

    def _pick(self, words: list[str], size: int) -> str:
        return self._rng.choice(self._words[id(words)][size])
