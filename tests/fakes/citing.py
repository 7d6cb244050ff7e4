"""Knows how a model cites the passages that it is shown, and how it invents citations."""

from __future__ import annotations

import random
import re

_PASSAGE = re.compile(r"<passage-(\d+)-(\w+)>\n(.*?)\n</passage-\1-\2>", re.DOTALL)
_TEXT = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_MARK = re.compile(r"\[(\d{1,5})\]")
_KEEP = "Numbers such as ["
_FIRST_STOP = re.compile(r"[.。](?=\s|$)|。")
_CLAIM = re.compile(
    r"Sentence (\d+) cites \[([\d, –]+)\]:\n<claim-\1-(\w+)>\n(.*?)\n</claim-\1-\3>", re.DOTALL
)
_FIGURE = re.compile(r"\d+")
INVENTED = 998
"""A number that nobody was shown."""
MISSTATED = 1234
"""A year that no passage has."""


def passages(prompt: str) -> dict[int, str]:
    """The passages in a prompt, by their numbers."""
    return {int(found[1]): found[3] for found in _PASSAGE.finditer(prompt)}


def numbers(prompt: str) -> list[int]:
    """What a prompt lets a model cite: passages, or what is cited in the text to be shortened."""
    if found := list(passages(prompt)):
        return found
    text = _TEXT.search(prompt) if _KEEP in prompt else None
    return [int(number) for number in _MARK.findall(text[2])] if text else []


def with_citations(rng: random.Random, text: str, known: list[int], modes: frozenset[str]) -> str:
    """The text with a citation in the first sentence of every paragraph.

    One that invents adds, after the full stop of every second one, a number that nobody gave it.
    One that misstates gives the first one a year that no passage has.
    """
    invents, year = "invents" in modes, f" ({MISSTATED})" if "misstates" in modes else ""
    blocks = []
    for place, block in enumerate(text.split("\n\n")):
        told = year if not place else ""
        mark = f"{told} [{known[rng.randrange(len(known))]}]"
        stop = f" [{INVENTED}]" if invents and place % 2 == 0 else ""
        found = _FIRST_STOP.search(block)
        if found:
            block = block[: found.start()] + mark + found[0] + stop + block[found.end() :]
        blocks.append(block)
    return "\n\n".join(blocks)


def claims(prompt: str) -> dict[int, tuple[str, list[int]]]:
    """The sentences that are to be compared, each with the numbers that it cites."""
    return {
        int(found[1]): (found[4], [int(number) for number in _FIGURE.findall(found[2])])
        for found in _CLAIM.finditer(prompt)
    }


def verdicts(prompt: str) -> list[dict[str, object]]:
    """Supported is what has no figure that the passages do not have."""
    known = passages(prompt)
    made: list[dict[str, object]] = []
    for number, (sentence, cites) in claims(prompt).items():
        told = " ".join(known.get(each, "") for each in cites)
        lacking = [figure for figure in _FIGURE.findall(sentence) if figure not in told]
        verdict = "unsupported" if lacking else "supported"
        why = f"it does not say {lacking[0]}" if lacking else ""
        made.append({"sentence": number, "verdict": verdict, "why": why})
    return made
