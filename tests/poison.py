"""Knows inputs that cannot become data: broken lines, and prompts whose calls never go well."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from batch.lines import MAX_LINE
from tests.fakes.calls import Call

REFUSED, LOOPING, FAULTING, WITHHELD = "Refuse", "Loop", "Fault", "Withhold"
"""Words in prompts; what the model makes of each is `spoil`'s to say."""
_MODELS = {REFUSED: "fake-refuse", LOOPING: "fake-loop"}
_FAULTS = {FAULTING: "server_error", WITHHELD: "withheld"}

BROKEN: Sequence[tuple[str, str]] = (
    ("{", "invalid_json"), ('{"prompt": "x"', "invalid_json"), ("\x00", "invalid_json"),
    ('{"prompt": "x", "length": NaN}', "invalid_json"), ("", "empty"), ("   ", "empty"),
    ('{"prompt": " "}', "empty"), ("[]", "not_an_object"), ("3", "not_an_object"),
    ("null", "not_an_object"), ('"a text"', "not_an_object"), ("{}", "no_prompt"),
    ('{"prompt": 3}', "no_prompt"), ('{"messages": "x"}', "bad_messages"),
    ('{"messages": [3]}', "bad_messages"), ('{"messages": []}', "no_user_turn"),
    ('{"prompt": "x", "length": []}', "bad_length"),
    ('{"prompt": "x", "length": true}', "bad_length"),
    ('{"prompt": "x", "language": "klingon"}', "unknown_language"),
    ('{"prompt": "x", "meta": 3}', "bad_meta"), ('{"prompt": "x", "id": {}}', "bad_id"),
)  # fmt: skip
"""Lines with the reason for which each is refused."""
OVERLONG = json.dumps({"prompt": "long " * (MAX_LINE // 5)})
SPOILT = {REFUSED: "unwritten", FAULTING: "unavailable", WITHHELD: "unwritten", LOOPING: ""}
"""What becomes of a prompt with such a word; what is sound before a loop is kept and finished."""


async def spoil(call: Call, faults: dict[int, str]) -> None:
    """Let a poisoned call be answered badly, every time; a hook's work."""
    told = str(call.messages)
    for word, model in _MODELS.items():
        if f"{word} harbour" in told:
            call.request["model"] = model
    for word, fault in _FAULTS.items():
        if f"{word} harbour" in told:
            faults[call.n] = fault


def poisoned(
    good: Sequence[dict[str, Any]], poison: int, seed: int, overlong: int = 2
) -> tuple[list[dict[str, Any] | str], dict[int, str]]:
    """The good rows with so much poison among them, and the reason for each that must fail."""
    rng = random.Random(seed)
    kinds: list[tuple[dict[str, Any] | str, str]] = [(OVERLONG, "too_long")] * overlong
    for n in range(poison - overlong):
        words = tuple(SPOILT)
        if n % 2:
            word = words[n // 2 % len(words)]
            kinds.append(({"prompt": f"{word} harbour {n}", "length": 120}, SPOILT[word]))
        else:
            kinds.append(BROKEN[n // 2 % len(BROKEN)])
    lines: list[tuple[dict[str, Any] | str, str]] = [*((row, "") for row in good), *kinds]
    rng.shuffle(lines)
    reasons = {number: reason for number, (_, reason) in enumerate(lines, 1) if reason}
    return [line for line, _ in lines], reasons
