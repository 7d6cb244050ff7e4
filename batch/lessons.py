"""What one document's making teaches beside the document: its steps, and its lengthenings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from batch.records import Sample
from services.conversations import Turn

GROWTH = 1.2
"""A lengthening makes a text longer than so many times what it was (Self-Lengthen, Quan et al.
2024, arXiv 2410.23933)."""


def trace(document: Sample, plan: str, steps: Sequence[tuple[str, str]]) -> Sample | None:
    """The document as the turns in which it came about: the plan, then one step a turn.

    Args:
        document: its turns open the trace.
        plan: what the model answered first.
        steps: what was asked for next, and what the model answered, in the text's order.

    Returns:
        A sample whose answer is the last step's; None without steps, or where one is blank.
    """
    if not steps or not plan.strip() or not all(text.strip() for step in steps for text in step):
        return None
    turns = [*document.turns, Turn("assistant", plan)]
    for asked, written in steps:
        turns += [Turn("user", asked), Turn("assistant", written)]
    return replace(
        document, id=f"{document.id}-trace", kind="trace", turns=tuple(turns[:-1]),
        answer=turns[-1].text, length=None, scores=(),
    )  # fmt: skip


def lengthenings(
    document: Sample, drafts: Sequence[str], ask: Callable[[str, str], str]
) -> list[Sample]:
    """What a generator and an extender learn from a text that grew, round by round.

    The generator answers the prompt with the longest text; the extender answers the prompt and
    the text of one round with that of the next. Rounds that did not grow teach nothing.

    Args:
        document: the prompt, and the longest text.
        drafts: the texts of the rounds, the first one first; the document's own comes last.
        ask: the extender's turn, from the prompt and a text.
    """
    found: list[Sample] = []
    shorter = document
    for number, text in enumerate([*drafts, document.answer]):
        longer = replace(document, answer=text)
        if number and longer.written > GROWTH * shorter.written > 0:
            turns = (*document.turns[:-1], Turn("user", ask(document.prompt, shorter.answer)))
            found.append(
                replace(document, id=f"{document.id}-extender-{number}", kind="extender",
                        turns=turns, answer=text, length=None, scores=())
            )  # fmt: skip
        shorter = longer
    if not found:
        return []
    return [replace(document, id=f"{document.id}-generator", kind="generator"), *found]
