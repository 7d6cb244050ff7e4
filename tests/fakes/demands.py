"""Knows how a writer heeds what its section must hold, and how an editor works that in later."""

from __future__ import annotations

import random
import re
from typing import Any

from tests.fakes.ask import Ask

FORGETS = 0.5
"""Share of what is demanded that a forgetful writer leaves out, or mentions though it must not."""
_LIST = re.compile(r"^It must (not )?contain:\n((?:- .+\n)+)", re.MULTILINE)
_ASKED = re.compile(r"<demanded-(\w+)>\n(.*?)\n</demanded-\1>", re.DOTALL)
_UNWANTED = re.compile(r"<unwanted-\w+>")
_PLACE = re.compile(r"<place-(\w+)>\n(.*?)\n</place-\1>", re.DOTALL)
_TEXT = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
_COUNT = re.compile(r"(?:at least|exactly|more than|any) ?(\d*) ?(table|example|question)s?$")
_TIMES = re.compile(r" \((?:at least|exactly) (\d+) times\)$")
_WHEN = (("there", "early", "at noon", "at dusk", "in March", "in June", "in autumn", "today"),
         ("当时", "清早", "午间", "黄昏", "三月", "六月", "深秋", "今日"))  # fmt: skip
_SENTENCE = re.compile(r"[^\n.。!?！？]{15,}[.。]")


def brought(text: str, ask: Ask, rng: random.Random, forgets: float) -> str:
    """The text with what its section is told to hold; of some of it the opposite."""
    for unwanted, items in _LIST.findall(ask.prompt):
        for item in items.splitlines():
            forgotten = rng.random() < forgets
            if forgotten == bool(unwanted):
                text = _with(text, said(item[2:], ask.in_chinese), rng)
    return text


def said(item: str, in_chinese: bool) -> str:
    """What brings an item of a writer's or an editor's list."""
    if found := _COUNT.search(item):
        sort, times = found[2], int(found[1] or 1)
        if sort == "table":
            row = "| 年份 | 船只 |" if in_chinese else "| year | boats |"
            return "\n\n".join([f"\n\n{row}\n|---|---|\n| 1901 | 12 |\n"] * times)
        each = {"example": ("For example, a tide may turn {}.", "例如，潮水会{}转向。"),
                "question": ("Who would have thought so {}?", "谁会{}这样想呢？"),
                }[sort]  # fmt: skip
        return _again(each[in_chinese], times, in_chinese)
    times = int(found[1]) if (found := _TIMES.search(item)) else 1
    name = _TIMES.sub("", item).removesuffix(" (once only)").removesuffix(", to the letter")
    name = name.strip("“”")
    row = f"{{}}有人说起了{name}。" if in_chinese else f"Somebody had spoken {{}} of the {name}."
    return _again(row, times, in_chinese)


def _again(sentence: str, times: int, in_chinese: bool) -> str:
    """The sentence so many times, never in the same words."""
    said = [sentence.replace("{}", word, 1) for word in _WHEN[in_chinese][:times]]
    return ("" if in_chinese else " ").join(said)


def asks(ask: Ask) -> bool:
    """Whether a section is to be given what is demanded of it."""
    return bool(_ASKED.search(ask.prompt) or _UNWANTED.search(ask.prompt))


def edits(ask: Ask, judge: str) -> dict[str, Any]:
    """What brings all that is missing and deletes the rest; an idle editor changes no matter."""
    text = found[2] if (found := _TEXT.search(ask.prompt)) else ""
    if judge == "nonsense":
        return {"edits": "as you wish"}
    if judge == "idle":
        first = found[0] if (found := _SENTENCE.search(text)) else ""
        return {"edits": [{"find": first.strip(), "replace": first.strip().rstrip(".。") + "!"}]}
    made = [{"find": place[1], "replace": ""} for place in _PLACE.findall(ask.prompt)]
    wanted = [said(item, ask.in_chinese) for _, item in _ASKED.findall(ask.prompt)]
    free = [s for s in _SENTENCE.findall(text) if text.count(s) == 1]
    free = [s for s in free if not any(s.strip() in each["find"] for each in made)]
    free.sort(key=lambda s: not text[text.find(s) + len(s) :].startswith("\n"))
    if wanted and free:
        glue = "" if ask.in_chinese else " "
        made.append({"find": free[0].strip(), "replace": glue.join([free[0].strip(), *wanted])})
    return {"edits": made}


def _with(text: str, sentence: str, rng: random.Random) -> str:
    blocks = text.split("\n\n")
    at = rng.randrange(len(blocks))
    blocks[at] = f"{blocks[at]}{sentence}" if sentence[:1] == "\n" else f"{blocks[at]} {sentence}"
    return "\n\n".join(blocks)
