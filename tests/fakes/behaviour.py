"""Knows how each kind of model would obey what it is asked.

`answer` is a pure function of the request, the server's seed, the habits and the number of the
try. Nothing here touches a socket.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.fakes import (
    citing,
    demands,
    expansion,
    judge,
    notes,
    obeying,
    prose,
    remembering,
    stylist,
    summary,
)
from tests.fakes.ask import Ask, read, request_hash
from tests.fakes.chinese import han
from tests.fakes.levelling import levelled
from tests.fakes.quirks import recalled
from tests.fakes.schema_instance import Instance
from tests.fakes.tokens import count_tokens, cut


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODES = _words(
    """obey short long ceiling noisy deaf loop broken_json no_schema reasoning reasoning_content
    scaffold refuse wrong_language heading_echo unfinished repeats slips resumes
    levels_off invents misstates brings forgets obedient quotes"""
)
SPELLS = _words("scaffold refuse wrong_language unfinished repeats broken_json")
"""Modes that `tries` limits to the first answers for a section."""

LOOP_WORDS = 20_000


@dataclass(frozen=True)
class Habits:
    """How the model behaves, whatever it is asked."""

    modes: frozenset[str] = frozenset({"obey"})
    tries: int | None = None
    """Spells are cast on this many first answers for a section; None: on all."""
    loop_tries: int | None = None
    hopeless_json: bool = False
    """Broken JSON is prose without any JSON in it."""
    judge: str = "fair"
    plants: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def modes_at(self, attempt: int) -> frozenset[str]:
        """The modes of the answer with this number, from 1, for one section."""
        modes = self.modes
        if self.tries is not None and attempt > self.tries:
            modes = modes - SPELLS
        if self.loop_tries is not None and attempt > self.loop_tries:
            modes = modes - {"loop"}
        return modes


@dataclass(frozen=True)
class Answer:
    """One answer; `content` holds a think block when the model mixes reasoning into text."""

    content: str
    finish: str
    reasoning: str = ""

    @cached_property
    def written(self) -> int:
        """Words of the content, or Han characters if those are most of it."""
        characters = len(han(self.content))
        return characters if characters > len(self.content) / 3 else len(self.content.split())

    @cached_property
    def tokens(self) -> int:
        return count_tokens(self.content) + count_tokens(self.reasoning)


def parse_modes(text: str) -> frozenset[str]:
    """Read `short+noisy`.

    Raises:
        ValueError: a mode that does not exist.
    """
    modes = frozenset(part for part in text.split("+") if part)
    if unknown := modes - MODES:
        raise ValueError(f"unknown modes: {', '.join(sorted(unknown))}; known: {sorted(MODES)}")
    return modes or frozenset({"obey"})


def answer(
    request: dict[str, Any],
    habits: Habits,
    seed: int,
    attempt: int = 1,
    ask: Ask | None = None,
) -> Answer:
    """Answer a request.

    Args:
        request: The request's JSON.
        habits: How the model behaves.
        seed: The server's seed.
        attempt: Which answer for the same section this is, from 1.
        ask: What the request asks, if it has been read before.
    """
    ask = ask or read(request)
    rng = random.Random(f"{seed}:{request_hash(request)}")
    modes = habits.modes_at(attempt)
    if "obedient" in modes and (order := obeying.order(ask.prompt)):
        return Answer(order, "stop")
    forms = (judge.asks_anything, demands.asks, remembering.asks)
    if ask.kind == "json" or any(asks(ask) for asks in forms):
        content, endless = _json(ask, rng, modes, habits), False
    elif notes.asks_notes(ask) and "refuse" not in modes:
        content, endless = notes.notes(ask), False
    elif ask.kind == "lines":
        content, endless = _lines(ask, rng), False
    else:
        content, endless = _text(ask, rng, modes)
        content = remembering.planted(content, ask, habits.plants)
    return _limited(ask, rng, modes, content, "length" if endless else "stop")


def _limited(ask: Ask, rng: random.Random, modes: frozenset[str], text: str, end: str) -> Answer:
    """Add reasoning and cut what does not fit the limit, reasoning first as it comes first."""
    thought = ""
    if modes & {"reasoning", "reasoning_content"}:
        thought = "Let me think about this. " + prose.english(rng, rng.randint(40, 90), ask.topic)
    if "reasoning" in modes:
        text, thought = f"<think>\n{thought}\n</think>\n\n{text}", ""
    kept_thought, _ = cut(thought, ask.limit)
    left = None if ask.limit is None else ask.limit - count_tokens(kept_thought)
    kept, whole = cut(text, left)
    return Answer(kept, end if whole else "length", kept_thought)


def _amount(ask: Ask, rng: random.Random, modes: frozenset[str]) -> int:
    amount = float(ask.amount)
    if "deaf" in modes:
        amount = rng.randint(325, 375)
    amount = levelled(amount) if "levels_off" in modes else amount
    amount *= 0.4 if "short" in modes else 1
    amount *= 2.5 if "long" in modes else 1
    amount *= rng.uniform(0.7, 1.3) if "noisy" in modes else 1
    amount = min(amount, 700) if "ceiling" in modes else amount
    return max(1, round(amount))


def _no_passage(ask: Ask, rng: random.Random, modes: frozenset[str]) -> str | None:
    """What is answered in words of its own; None where a passage is to be made up."""
    if (word := recalled(ask.prompt)) is not None:
        return word
    if "refuse" in modes:
        if ask.in_chinese:
            return "很抱歉，作为人工智能语言模型，我无法协助完成这个请求。"
        return "I'm sorry, but as an AI language model I can't help with that request."
    if summary.asks_summary(ask):
        return summary.summary(ask, _amount(ask, rng, modes))
    if expansion.asks_all_points(ask):
        return expansion.written_out(ask, rng, _amount(ask, rng, modes))
    return stylist.described(ask) if stylist.asked(ask) else None


def _text(ask: Ask, rng: random.Random, modes: frozenset[str]) -> tuple[str, bool]:
    """Write a passage, and tell whether it would have gone on for ever."""
    if (answer := _no_passage(ask, rng, modes)) is not None:
        return answer, False
    in_chinese = ask.in_chinese != ("wrong_language" in modes)
    write = prose.chinese if in_chinese else prose.english
    if "loop" in modes:
        return _looping(ask, rng, in_chinese), True
    amount = _amount(ask, rng, modes)
    text = "\n\n".join(
        [
            f"[{mark}]\n{write(rng, max(1, amount // len(ask.marks)), ask.topic)}"
            for mark in ask.marks
        ]
    ) or write(rng, amount, ask.topic)
    decorations: list[tuple[str, Callable[[str], str]]] = [
        ("repeats", _repeating),
        ("slips", lambda t: judge.slipped(t, in_chinese=in_chinese)),
        ("resumes", lambda t: judge.resumed(t, ask)),
        ("brings", lambda t: demands.brought(t, ask, rng, 0)),
        ("forgets", lambda t: demands.brought(t, ask, rng, demands.FORGETS)),
        ("unfinished", lambda t: _unfinished(t, in_chinese)),
        ("heading_echo", lambda t: f"## {_named(ask, rng)}\n\n{t}"),
        ("scaffold", lambda t: _scaffold(ask, rng, t)),
    ]
    for mode, change in decorations:
        if mode in modes:
            text = change(text)
    if "quotes" in modes:
        text = obeying.quoting(rng, text, ask.prompt)
    if known := citing.numbers(ask.prompt):
        text = citing.with_citations(rng, text, known, modes)
    return text, False


def _named(ask: Ask, rng: random.Random) -> str:
    return ask.heading or prose.heading(rng, ask.topic, ask.in_chinese)


def _looping(ask: Ask, rng: random.Random, in_chinese: bool) -> str:
    start = (prose.chinese if in_chinese else prose.english)(rng, 80, ask.topic)
    again = prose.sentence(rng, ask.topic, in_chinese)
    size = len(han(again)) if in_chinese else len(again.split())
    glue = "" if in_chinese else " "
    return start + glue + glue.join([again] * ((LOOP_WORDS - 80) // size))


def _repeating(text: str) -> str:
    """Say the first paragraph twice: instead of the last one if there are enough of them."""
    paragraphs = text.split("\n\n")
    kept = paragraphs[:-1] if len(paragraphs) > 2 else paragraphs
    return "\n\n".join([*kept, paragraphs[0]])


def _unfinished(text: str, in_chinese: bool) -> str:
    if in_chinese:
        return text[:-4].rstrip("，。")
    return " ".join(text.rsplit(" ", 3)[:-2]).rstrip(".,")


def _scaffold(ask: Ask, rng: random.Random, text: str) -> str:
    name = _named(ask, rng)
    return (
        f"Sure! Here is the section:\n\n## {name}\n\n{text}\n\n"
        f"Let me know if you need changes! (Word count: {ask.amount})"
    )


def _lines(ask: Ask, rng: random.Random) -> str:
    """Write an outline, one `number. heading | main point | words` a line."""
    count = ask.sections or 6
    maker = Instance(ask, rng)
    rows = []
    for number in range(1, count + 1):
        words = max(1, round(ask.amount / count * rng.uniform(0.9, 1.1)))
        rows.append(f"{number}. {maker.text('heading')} | {maker.text('point')} | {words}")
    return "\n".join(rows)


def _json(ask: Ask, rng: random.Random, modes: frozenset[str], habits: Habits) -> str:
    value = Instance(ask, rng).make(ask.schema) if ask.schema is not None else judge.example(ask)
    if judge.asks_verdict(ask):
        if habits.judge == "nonsense":
            return prose.english(rng, 60, ask.topic)
        value = judge.verdict(ask, rng, habits.judge, value)
    elif judge.asks_support(ask):
        value = {"verdicts": citing.verdicts(ask.prompt)}
    elif demands.asks(ask):
        value = demands.edits(ask, habits.judge)
    elif (told := remembering.answer(ask, idle=habits.judge == "idle")) is not None:
        value = told
    elif judge.asks_edits(ask):
        value = judge.edits(ask, rng, habits.judge)
    text = json.dumps(value, ensure_ascii=False)
    if "broken_json" not in modes:
        return text
    if habits.hopeless_json:
        return "Here is the outline you asked for. " + prose.english(rng, 60, ask.topic)
    return rng.choice(
        [
            text[: max(2, len(text) * 7 // 10)],
            f"Here is the JSON:\n```json\n{text}\n```\nI hope this helps!",
            re.sub(r"(\n\s*[}\]])", r",\1", json.dumps(value, ensure_ascii=False, indent=1)),
            repr(value),
        ]
    )
