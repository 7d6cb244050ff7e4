"""Seeded reports of numbered facts, and a question for each: what a search should find."""

from __future__ import annotations

import random
from dataclasses import dataclass

_SYLLABLES = (
    "var", "hol", "mor", "den", "tis", "kel", "ran", "bru", "stor", "win", "gal", "fen", "lor",
    "mar", "sund", "vik", "ost", "hal", "ber", "nes",
)  # fmt: skip
_WORKS = (
    "lighthouse", "mill", "bridge", "harbour", "archive", "chapel", "school", "observatory",
    "quarry", "market",
)  # fmt: skip
_PEOPLE = (
    "Ada Kern", "Jon Valda", "Mia Torr", "Ole Brandt", "Ines Falk", "Per Lund", "Rosa Amsel",
    "Tom Wick",
)  # fmt: skip
_FILLER = (
    "The {work} of {place} was described by travellers who came in the {season}.",
    "Many years later the council of {place} asked how the {work} should be kept.",
    "Letters from {place} speak of storms, of prices, and of work that was never paid.",
    "Nobody in {place} remembers who built the first {work}, or how many came to see it.",
    "Its keeper wrote that the {season} had been long and the road to {place} bad.",
    "In the {season} the people of the coast traded wheat, rope and copper as before.",
    "What the {work} cost is told differently in each of the three accounts.",
)
_FACTS = (
    ("The {work} of {place} was built in {number} under {person}.",
     "In which year was the {place} {work} built, and under whom?"),
    ("{person} counted {number} steps in the {work} at {place}.",
     "How many steps does the {work} at {place} have?"),
    ("Repairs of the {place} {work} cost {number} crowns, as {person} noted.",
     "What did the repairs of the {work} in {place} cost?"),
)  # fmt: skip
_SEASONS = ("spring", "summer", "autumn", "winter")
_CHINESE_PLACES = "云山海江石林白青龙安东南西北永新平和"
_CHINESE_WORKS = ("灯塔", "水车", "石桥", "码头", "书院", "钟楼")
_CHINESE_FILLER = (
    "{place}的{work}曾被许多旅人记述，他们多在春天到来。",
    "多年以后，{place}的议会讨论如何保护这座{work}。",
    "信件提到{place}的风暴与物价，也提到从未付清的工钱。",
    "没有人记得是谁最早修建了{place}的{work}。",
)


@dataclass(frozen=True)
class Fact:
    """Something that stands in one place of the report."""

    sentence: str
    question: str


def report(pages: int, seed: int = 0, words: int = 340) -> tuple[str, list[Fact]]:
    """Markdown with a heading and one fact a page; places and works come again and again."""
    rng = random.Random(seed)
    places = ["".join(rng.sample(_SYLLABLES, 3)).capitalize() for _ in range(pages // 2)]
    asked = [
        (work, place, form)
        for place in places for work in rng.sample(_WORKS, 2) for form in rng.sample(_FACTS, 2)
    ]  # fmt: skip
    chosen = rng.sample(asked, pages)
    out, facts = [], []
    for page, (work, place, (sentence, question)) in enumerate(chosen, 1):
        known = {"work": work, "place": place}
        told = sentence.format(
            number=rng.randrange(1100, 9900), person=rng.choice(_PEOPLE), **known
        )
        facts.append(Fact(told, question.format(**known)))
        filler = _english(rng, places, words)
        filler.insert(rng.randrange(len(filler)), told)
        paragraphs = [" ".join(filler[at : at + 6]) for at in range(0, len(filler), 6)]
        out += [f"## Account {page}", *paragraphs]
    return "\n\n".join(["# Accounts of the coast", *out]), facts


def chinese_report(pages: int, seed: int = 0) -> tuple[str, list[Fact]]:
    """As `report`, in Chinese."""
    rng = random.Random(seed)
    places = [f"{a}{b}镇" for a in _CHINESE_PLACES for b in _CHINESE_PLACES if a != b]
    pairs = [(place, work) for place in places for work in _CHINESE_WORKS]
    out, facts = [], []
    for page, (place, work) in enumerate(rng.sample(pairs, pages), 1):
        told = f"{place}的{work}建于{rng.randrange(1100, 1900)}年。"
        facts.append(Fact(told, f"{place}的{work}是哪一年建的？"))
        others = [(rng.choice(_CHINESE_FILLER), rng.choice(pairs)) for _ in range(12)]
        filler = [form.format(place=there, work=what) for form, (there, what) in others]
        filler.insert(rng.randrange(12), told)
        out += [f"## 第{page}节", "".join(filler)]
    return "\n\n".join(["# 海岸纪事", *out]), facts


def _english(rng: random.Random, places: list[str], words: int) -> list[str]:
    return [
        rng.choice(_FILLER).format(
            work=rng.choice(_WORKS), place=rng.choice(places), season=rng.choice(_SEASONS)
        )
        for _ in range(words // 14)
    ]
