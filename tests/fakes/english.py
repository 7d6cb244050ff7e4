"""Knows how to build English sentences and headings of an exact number of words."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.fakes.vocabulary import (
    ACTS,
    ADDITIONS,
    ADJECTIVES,
    ADVERBS,
    DEGREES,
    DETERMINERS,
    EFFECTS,
    IDEAS,
    LINKS,
    MANY,
    MASS,
    OPENERS,
    PEOPLE,
    PLACES,
    PREPOSITIONS,
    SEEMED,
    THINGS,
)


def _split(rng: random.Random, total: int, bounds: list[tuple[int, int]]) -> list[int]:
    """Split a total into one size for each pair of bounds; the bounds must allow it."""
    sizes = []
    for at, (low, high) in enumerate(bounds):
        rest = bounds[at + 1 :]
        least = max(low, total - sum(h for _, h in rest))
        most = min(high, total - sum(b for b, _ in rest))
        sizes.append(rng.randint(least, most))
        total -= sizes[-1]
    return sizes


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("man"):
        return noun[:-2] + "en"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return "shelves" if noun == "shelf" else noun + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


def _ing(verb: str) -> str:
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


class English:
    """Builds phrases of a given number of words; a phrase is a list of words."""

    def __init__(self, rng: random.Random, topic: Sequence[str]) -> None:
        self._rng = rng
        self._topic = [w.lower() for w in topic if w.isascii() and w.isalpha() and len(w) > 3]

    def sentence(self, size: int) -> str:
        """Build a sentence of exactly `size` words, 1 or more."""
        words = self._short(size) if size < 3 else self._long(size)
        text = " ".join(words).rstrip(",")
        return text[0].upper() + text[1:] + "."

    def heading(self) -> str:
        rng = self._rng
        noun = rng.choice(self._topic) if self._topic else rng.choice(IDEAS)
        adjective, idea, place = rng.choice(ADJECTIVES), rng.choice(IDEAS), rng.choice(PLACES)
        shapes = [
            f"the {adjective} {noun}",
            f"{noun} and {rng.choice(MASS)}",
            f"{noun} beyond the {place}",
            f"a {rng.choice([w for w in IDEAS if w[0] not in 'aeiou'])} of {noun}",
            f"{adjective} {noun} and the {idea}",
            f"from {noun} to {rng.choice(MASS)}",
        ]
        return " ".join(w.capitalize() for w in rng.choice(shapes).split())

    def _short(self, size: int) -> list[str]:
        phrase = [self._rng.choice(MASS)]
        return phrase if size == 1 else [self._rng.choice(ADJECTIVES), *phrase]

    def _long(self, size: int) -> list[str]:
        words: list[str] = []
        if size >= 10 and self._rng.random() < 0.45:
            words = self._opener(self._rng.randint(1, 5))
        left = size - len(words)
        core = left if left <= 6 else self._rng.randint(4, min(11, left))
        words += self._clause(core)
        left -= core
        while left:
            part = left if left <= 5 else self._rng.randint(3, min(11, left))
            words += self._chunk(part, words)
            left -= part
        return words

    def _opener(self, size: int) -> list[str]:
        if size == 1:
            phrase = [self._rng.choice(OPENERS)]
        elif size >= 4 and self._rng.random() < 0.5:
            phrase = [self._rng.choice(LINKS), *self._clause(size - 1)]
        else:
            phrase = self._place(size)
        return [*phrase[:-1], phrase[-1] + ","]

    def _chunk(self, size: int, before: list[str]) -> list[str]:
        """Build what may follow a clause; may put a comma after the words before."""
        if size == 1:
            return [self._rng.choice(ADVERBS)]
        kinds = ["place"] if size <= 7 else []
        kinds += ["doing"] if 3 <= size <= 7 else []
        kinds += ["link", "link", "add", "which"] if size >= 5 else []
        kind = self._rng.choice(kinds)
        if kind == "place":
            return self._place(size)
        before[-1] = before[-1].rstrip(",") + ("" if kind == "link" else ",")
        if kind == "doing":
            return [_ing(self._rng.choice(ACTS)), *self._noun(THINGS, size - 1)[0]]
        if kind == "which":
            verb, rest = _split(self._rng, size - 1, [(1, 4), (1, 6)])
            return ["which", *self._verb(EFFECTS, verb), *self._noun(IDEAS, rest)[0]]
        word = self._rng.choice(LINKS if kind == "link" else ADDITIONS)
        return [word, *self._clause(size - 1)]

    def _place(self, size: int) -> list[str]:
        if size == 2:
            return [self._rng.choice(["in", "with", "without", "despite", "through", "beyond"]),
                    self._rng.choice(MASS)]  # fmt: skip
        nouns = self._rng.choice([PLACES, PLACES, THINGS, IDEAS])
        return [self._rng.choice(PREPOSITIONS), *self._noun(nouns, size - 1)[0]]

    def _clause(self, size: int) -> list[str]:
        """Build subject, verb and object in 3 to 14 words."""
        kinds = ["person", "idea"]
        kinds += ["passive"] if 6 <= size <= 14 else []
        kinds += ["seem"] if 3 <= size <= 8 else []
        kinds += ["seem to"] if size >= 5 else []
        kind = self._rng.choice(kinds)
        if kind == "passive":
            subject, rest = _split(self._rng, size - 3, [(2, 6), (1, 6)])
            words, many = self._noun(self._rng.choice([THINGS, PLACES]), subject)
            verb = ["were" if many else "was", _past(self._rng.choice(ACTS)), "by"]
            return [*words, *verb, *self._noun(PEOPLE, rest)[0]]
        if kind.startswith("seem"):
            return self._state(size, kind == "seem")
        people = kind == "person"
        subject, verb_size, rest = _split(self._rng, size, [(1, 6), (1, 4), (1, 6)])
        doer = self._noun(PEOPLE if people else IDEAS, subject)[0]
        done = self._noun(self._rng.choice([THINGS, PLACES if people else IDEAS]), rest)[0]
        return [*doer, *self._verb(ACTS if people else EFFECTS, verb_size), *done]

    def _state(self, size: int, bare: bool) -> list[str]:
        nouns = self._rng.choice([IDEAS, THINGS, PLACES])
        verb = [self._rng.choice(SEEMED), self._rng.choice(ADJECTIVES)]
        if bare:
            return self._noun(nouns, size - 2)[0] + verb
        subject, rest = _split(self._rng, size - 3, [(1, 6), (1, 6)])
        link = self._rng.choice(["to", "for", "beside", "without", "before"])
        return [*self._noun(nouns, subject)[0], *verb, link, *self._noun(PEOPLE, rest)[0]]

    def _verb(self, verbs: list[str], size: int) -> list[str]:
        """Build a verb group of 1 to 4 words."""
        rng = self._rng
        base, adverb = rng.choice(verbs), rng.choice(ADVERBS)
        shapes = {
            1: [[_past(base)]],
            2: [[adverb, _past(base)], ["had", _past(base)], ["could", base], ["would", base]],
            3: [["had", adverb, _past(base)], ["began", "to", base], ["did", "not", base],
                ["could", adverb, base], ["seemed", "to", base], ["used", "to", base]],
            4: [["had", "not", adverb, _past(base)], ["seemed", "to", adverb, base],
                ["would", "not", adverb, base], ["could", "not", adverb, base],
                ["had", "been", adverb, _ing(base)]],
        }  # fmt: skip
        return list(rng.choice(shapes[size]))

    def _noun(self, nouns: list[str], size: int) -> tuple[list[str], bool]:
        """Build a noun phrase of 1 to 7 words, and tell whether it is plural."""
        rng = self._rng
        if size == 1:
            return ([rng.choice(MASS)], False) if nouns is IDEAS else (
                [_plural(rng.choice(nouns))], True)  # fmt: skip
        if size >= 4 and rng.random() < 0.6:
            tail = rng.randint(2, size - 2)
            head, many = self._noun(nouns, size - tail)
            link = "of" if tail == 2 else rng.choice(PREPOSITIONS)
            inner = THINGS if tail == 2 else rng.choice([PLACES, THINGS])
            return [*head, link, *self._noun(inner, tail - 1)[0]], many
        many = rng.random() < 0.3
        noun = _plural(rng.choice(nouns)) if many else self._name(nouns)
        adjectives = rng.sample(ADJECTIVES, max(0, size - 2))
        if len(adjectives) > 1 and rng.random() < 0.6:
            adjectives[0] = rng.choice(DEGREES)
        return [self._determiner(many, [*adjectives, noun][0]), *adjectives, noun], many

    def _name(self, nouns: list[str]) -> str:
        if self._topic and nouns is not PEOPLE and self._rng.random() < 0.12:
            return self._rng.choice(self._topic)
        return self._rng.choice(nouns)

    def _determiner(self, many: bool, following: str) -> str:
        if not many and following not in self._topic and self._rng.random() < 0.3:
            return "an" if following[0] in "aeiou" else "a"
        return self._rng.choice(MANY if many else DETERMINERS)
