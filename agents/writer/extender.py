"""Who makes a short section longer: from inside, passage by passage, never as a postscript.

Source of the instruction "enrich, do not continue": Self-Lengthen (arXiv 2410.23933).
"""

from __future__ import annotations

import asyncio
import math

from agents.writer.edits import Spot, headless, spots, unbroken
from agents.writer.job import SENTENCE, Draft, Job, broke_off, learnt
from agents.writer.prose import ask_prose, tail
from core.errors import LLMError
from domain.text.ngrams import containment, shingles
from evaluators.debts import lawful
from evaluators.trimming import drop_repeats

PASSAGE = 400
"""Counted units; a larger deficit is shared by several passages in one round."""
SAID_ALREADY = 0.5
"""A passage that shares more of its 4-grams than this with the section adds nothing."""


async def enrich(job: Job, draft: Draft, step: str) -> Draft:
    """One round: passages for what is missing, put in at the thinnest places.

    Never longer than accepted: passages are cut to the room there is, at a sentence end.

    Raises:
        LLMError: no passage came at all.
    """
    places = spots(draft.text)
    missing = job.goal - draft.units
    if not places or missing < SENTENCE:
        return draft
    wanted = min(len(places), math.ceil(missing / PASSAGE))
    share = math.ceil(missing / wanted)
    results = await asyncio.gather(
        *(
            _passage(job, draft, place, share, number, f"{step}/{number}")
            for number, place in enumerate(places[:wanted], start=1)
        ),
        return_exceptions=True,
    )
    errors = [result for result in results if isinstance(result, BaseException)]
    ours = [error for error in errors if not isinstance(error, LLMError)]
    if ours or len(errors) == len(results):
        raise (ours or errors)[0]
    text, calls, ratio = draft.text, draft.calls, draft.ratio
    came = zip(places[:wanted], results, strict=True)
    for place, result in sorted(came, key=lambda pair: len(pair[0].head)):  # a place names its tail
        if isinstance(result, BaseException):
            continue
        passage, call_id, ratio = result
        calls = (*calls, call_id)
        text = _placed(job, text, place, passage)
    return job.draft(text, "enrich", calls, ratio)


def _placed(job: Job, text: str, place: Spot, passage: str) -> str:
    """The text with as much of the passage as there is room for, if it says anything new."""
    if containment(shingles(passage, 4), shingles(text, 4)) > SAID_ALREADY:
        return text
    room = job.goal + job.slack - job.ctx.count(text)
    fitting = job.head(passage, room)
    at = text.rfind(place.tail)
    if not fitting or at <= 0:
        return text
    return drop_repeats(Spot(text[:at], text[at:]).filled(fitting))


async def _passage(
    job: Job, draft: Draft, place: Spot, share: int, number: int, step: str
) -> tuple[str, str, float]:
    asked = max(2 * SENTENCE, min(round(share / draft.ratio), 3 * PASSAGE))
    points = (job.section.point, *job.section.key_points)
    focus = points[(len(draft.calls) + number) % len(points)]

    answer = await ask_prose(
        job, step, "extender/passage", asked, part="passage",
        text=tail(job, draft.text), before=place.before, after=place.after, focus=focus,
    )  # fmt: skip
    passage = headless(job.told(answer.numbers, draft.text).clean(answer.text))
    came = job.ctx.count(passage)
    passage = lawful(job.duties, passage)
    if broke_off(answer.completion.finish):
        passage = unbroken(passage)
    return passage, answer.call_id, learnt(draft.ratio, asked, came)
