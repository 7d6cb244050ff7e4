"""What the deterministic evaluators find in any text, with places as clients count them."""

from __future__ import annotations

import asyncio
from typing import Any

from core.errors import TooLargeError
from domain.constraints.constraint import Constraint
from domain.request import read_length
from domain.text.offsets import Utf16
from evaluators.thresholds import DEFAULTS, Thresholds
from services.evaluation.texts import evaluate_text

MAX_TEXT = 1_000_000
"""Characters."""


async def check_text(
    text: str,
    *,
    prompt: str = "",
    words: int | str | None = None,
    language: str = "",
    thresholds: Thresholds = DEFAULTS,
    demands: tuple[Constraint, ...] = (),
) -> dict[str, Any]:
    """Scores and findings, worst first; no model is asked. Runs in a thread.

    A finding's `start` and `end` count characters (Unicode code points), `start_utf16` and
    `end_utf16` UTF-16 code units; all are None where it concerns the whole text.

    Args:
        text: Markdown or plain.
        prompt: what it answers; a length in it counts unless `words` are given.
        words: the length asked for: a number, or a phrase.
        language: a code or a name; empty: found in the text.
        thresholds: limits of the gates.
        demands: what is demanded of its contents.

    Raises:
        TooLargeError: the text is too long.
        RequestError: the length is none, or the language unknown.
    """
    if len(text) > MAX_TEXT:
        raise TooLargeError(f"the text has more than {MAX_TEXT:,} characters", "Check it in parts.")
    return await asyncio.to_thread(_checked, text, prompt, words, language, thresholds, demands)


def _checked(
    text: str,
    prompt: str,
    words: int | str | None,
    language: str,
    thresholds: Thresholds,
    demands: tuple[Constraint, ...],
) -> dict[str, Any]:
    length = None if words is None else read_length(words)
    found = evaluate_text(
        text,
        prompt=prompt,
        length=length,
        language=language,
        thresholds=thresholds,
        demands=demands,
    )
    told, units = found.to_dict(), Utf16(text)
    findings = told.pop("places")
    for finding in findings:
        for name in ("start", "end"):
            at = finding[name]
            finding[f"{name}_utf16"] = None if at is None else units.at(at)
    for unknown in ("s_q", "dimensions", "judgement"):  # no judge was asked
        told.pop(unknown)
    return {**told, "findings": findings}
