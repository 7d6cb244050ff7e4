"""What texts from texts will take: going on, writing a summary out, making summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from agents.planner.expansion import AT_ONCE
from agents.strategies.base import Strategy
from domain.length.contract import MAX_LENGTH
from domain.length.spread import Spread
from domain.outline.plan import Outline
from domain.request import WritingRequest
from services.forecast.rates import (
    OTHER_TOKENS,
    PLAN_PROMPT,
    PLANNED,
    TOKENS,
    Known,
    Stage,
)
from services.forecast.work import forecast

DIGEST = Spread(40, 600, 3_500)
"""Tokens of the text that is there, in short, with its last words."""
COPIED = Spread(0, 0.1, 1)
"""Calls a section because what came was a copy."""
MISSED = Spread(0, 0.3, 2)
"""Calls a section because statements are missing."""
READ = Spread(0.65, 0.85, 1.05)
"""Of the tokens that a text is thought to have at most."""
CONDENSED = Spread(1, 1.5, 5)
"""Calls for a section of a summary: until it has its length, and for its halves."""
LEVELLED = Spread(0, 0.3, 3)
"""Calls a section for the length of a summary as a whole."""
SHORTER_PROMPT = Spread(80, 160, 300)
"""Tokens beside the text that is made shorter."""


def going_on(
    request: WritingRequest, strategy: Strategy, known: Known, there: int
) -> tuple[Spread, list[Stage]]:
    """The sections that come, and the stages. Pure.

    Args:
        request: for what is added alone.
        strategy: the one that will be used.
        known: of the models.
        there: tokens of the text that is there, from above.
    """
    flat = replace(known, book=known.book.model_copy(update={"longer_than": MAX_LENGTH}))
    sections, stages = forecast(request, strategy, flat)
    digest = DIGEST.at_most(there + 1)
    shown = Spread(0, 0.5, 1.1) * there if strategy.carries else digest
    seen = {"planning": digest, "writing": digest if known.compact else shown.larger(digest)}
    whole = Spread(0, 1, 2) * there if request.rounds and not known.compact else Spread()
    found = []
    for stage in stages:
        calls = stage.calls + (sections * COPIED if stage.name == "writing" else Spread())
        again = calls.high / stage.calls.high if stage.calls.high else 1.0
        wider = Spread(1, 1, again)
        more = calls * seen.get(stage.name, Spread())
        if stage.name == "judging":
            more = whole  # the critic of the whole reads what was there too
        prompt = stage.prompt * wider + more.at_most(calls.high * known.window)
        found.append(replace(stage, calls=calls, prompt=prompt, answer=stage.answer * wider))
    return sections, found


def writing_out(
    request: WritingRequest, strategy: Strategy, known: Known, said: Sequence[int]
) -> tuple[Spread, list[Stage]]:
    """The sections and stages of a text from its summary. Pure.

    Args:
        request: for the text.
        strategy: the one that will be used.
        known: of the models.
        said: tokens of the statements of each section.
    """
    size = len(said)
    sections, stages = forecast(request, strategy, known, size)
    tries = next(stage for stage in stages if stage.name == "planning").calls
    calls = tries * ceil(size / AT_ONCE)
    prompt = calls * (PLAN_PROMPT + Spread.exactly(known.prompt)) + tries * sum(said)
    planning = Stage("planning", "planner", calls, prompt, sections * PLANNED * tries, calls)
    found = [planning]
    for stage in stages:
        if stage.name == "planning":
            continue
        prompt = stage.prompt + stage.calls * (sum(said) / size)
        if stage.name == "writing":
            more = Spread(1, 1.2, 2)
            found.append(replace(
                stage, calls=stage.calls + sections * MISSED, prompt=prompt * more,
                answer=stage.answer * more,
            ))  # fmt: skip
        else:
            found.append(replace(stage, prompt=prompt))
    return sections, found


def condensing(
    request: WritingRequest, plan: Outline, there: int, window: int
) -> tuple[Spread, list[Stage]]:
    """The sections of all summaries together, and a stage for each summary. Pure.

    Args:
        request: for all of them.
        plan: of them; each part is made from the one before it.
        there: tokens of the text, from above.
        window: the writer's, in tokens.
    """
    per = TOKENS.get(request.language, OTHER_TOKENS)
    before, stages = READ * there, list[Stage]()
    for part in plan.parts:
        size = len(part.sections)
        each = CONDENSED + LEVELLED
        calls, made = each * size, per * part.target
        prompt = (before * each).at_most(calls.high * window) + calls * SHORTER_PROMPT
        stages.append(Stage(part.heading or "summary", "writer", calls, prompt, made * each, each))
        before = made
    return Spread.exactly(sum(len(part.sections) for part in plan.parts)), stages
