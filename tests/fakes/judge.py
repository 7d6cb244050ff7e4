"""Knows how a model judges a text that it is shown, and how it edits what is marked in one."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from tests.fakes import prose
from tests.fakes.ask import Ask
from tests.fakes.obeying import outside

JUDGES = frozenset({"fair", "complains", "praises", "contradicts", "nonsense", "random", "idle"})
"""Fair ones name slips and nothing else; contradicting ones draw every verdict anew; idle ones
are fair, and change no word where they edit."""
SLIP = {
    False: "The year 1950 came long before the year 1850, and nobody was surprised by that order.",
    True: "一九五〇年远远早于一八五〇年，而当时没有任何人对这样的先后顺序感到惊讶。",
}
"""What a writer that slips says in each text, in English and in Chinese."""

_TEXT = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_SO_FAR = re.compile(r"The text so far:\n<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_PLACE = re.compile(r"<place-(\w+)>\n(.*?)\n</place-\1>", re.DOTALL)
_KEY = re.compile(r"^\[(\d+(?:\.\d+){0,2})\] ", re.MULTILINE)
_EXAMPLE = re.compile(r"^Answer in JSON only: (\{.*\})\.", re.MULTILINE)
_SENTENCE = re.compile(r"[^\n.。]{20,}[.。]")


def parse_judge(name: str) -> str:
    """Check a name; raises ValueError for one that does not exist."""
    if name not in JUDGES:
        raise ValueError(f"unknown judge {name!r}; known: {sorted(JUDGES)}")
    return name


def asks_verdict(ask: Ask) -> bool:
    """Whether grades and issues are wanted."""
    return {"grades", "issues"} <= fields(ask)


def asks_support(ask: Ask) -> bool:
    """Whether sentences are to be compared with passages."""
    return "verdicts" in fields(ask)


def asks_edits(ask: Ask) -> bool:
    """Whether places are marked that are to be changed."""
    return "edits" in fields(ask) and bool(places(ask))


def asks_anything(ask: Ask) -> bool:
    """Whether an answer in JSON is wanted, with or without a schema."""
    return asks_verdict(ask) or asks_support(ask) or asks_edits(ask)


def fields(ask: Ask) -> set[str]:
    """What the answer is to hold, by its schema or, where that is refused, by its example."""
    if ask.schema is not None:
        return set(ask.schema.get("properties") or {})
    return set(example(ask))


def example(ask: Ask) -> dict[str, Any]:
    """The JSON that the prompt's last line shows."""
    found = _EXAMPLE.search(outside(ask.prompt))
    try:
        return dict(json.loads(found[1])) if found else {}
    except ValueError:
        return {}


def slipped(text: str, *, in_chinese: bool) -> str:
    """The text with a slip in the middle."""
    blocks = text.split("\n\n")
    blocks[len(blocks) // 2] += ("" if in_chinese else " ") + SLIP[in_chinese]
    return "\n\n".join(blocks)


def resumed(text: str, ask: Ask) -> str:
    """The text, begun with the last sentence of the text so far, where the prompt shows that."""
    found = _SO_FAR.search(ask.prompt)
    said = _SENTENCE.findall(found[2]) if found else []
    return f"{said[-1].strip()}{'' if ask.in_chinese else ' '}{text}" if said else text


def verdict(ask: Ask, rng: random.Random, judge: str, drawn: dict[str, Any]) -> dict[str, Any]:
    """Grades and issues; `drawn` is an instance of the schema without any sense."""
    if judge == "random":
        return drawn
    text = found[2] if (found := _TEXT.search(ask.prompt)) else ""
    if judge == "praises":
        return _told(drawn, 5, [])
    if judge == "complains":
        return _told(drawn, 2, [_issue(text, quote) for quote in ("", _any(rng, text))])
    if judge == "contradicts":
        quotes = [_any(rng, text) for _ in range(rng.randint(0, 3))]
        return _told(drawn, rng.randint(1, 5), [_issue(text, quote) for quote in quotes])
    slips = [slip for slip in SLIP.values() if slip in text]
    return _told(drawn, 3 if slips else 4, [_issue(text, slip) for slip in slips])


def edits(ask: Ask, rng: random.Random, judge: str) -> dict[str, Any]:
    """A new sentence for each place that is marked; from an idle one, the same with other marks."""

    def instead(place: str) -> str:
        if judge == "idle":
            return place.rstrip(".。") + ("！" if ask.in_chinese else "!")
        return prose.sentence(rng, ask.topic, ask.in_chinese)

    return {"edits": [{"find": place, "replace": instead(place)} for place in places(ask)]}


def places(ask: Ask) -> list[str]:
    return [found[2] for found in _PLACE.finditer(ask.prompt)]


def _told(drawn: dict[str, Any], grade: int, issues: list[dict[str, str]]) -> dict[str, Any]:
    return {"grades": dict.fromkeys(drawn["grades"], grade), "issues": issues}


def _issue(text: str, quote: str) -> dict[str, str]:
    keys = [found[1] for found in _KEY.finditer(text[: text.find(quote) + 1] or text)]
    return {
        "section": keys[-1] if keys else "", "kind": "inconsistency", "level": "critical",
        "quote": quote, "problem": "This contradicts what is said before.", "fix": "Correct it.",
    }  # fmt: skip


def _any(rng: random.Random, text: str) -> str:
    found = _SENTENCE.findall(text)
    return rng.choice(found).strip() if found else ""
