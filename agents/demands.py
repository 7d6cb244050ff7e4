"""Who has a section meet what is demanded of it: by exact edits, once, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from agents.calls import Composed
from agents.fixer import trim
from agents.forms import ask_form
from agents.gates import inspect
from agents.job import Draft, Job
from agents.review.reply import EditsReply
from agents.window import answer_room
from core.errors import LLMError
from domain.edits import apply
from evaluators.debts import Owed, owed

_PER_ITEM = 400
"""Tokens of an answer for one demand: a sentence as it is, the same with what was missing."""


async def obliging(job: Job, draft: Draft, step: str) -> Draft:
    """The draft with what its section owes, if an edit achieves that and spoils nothing else.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    debts = owed(job.duties, draft.text)
    new = await settled(job, draft, debts, step) if debts else None
    if new is None:
        return draft
    return new if inspect(job, new).badness < inspect(job, draft).badness else draft


async def settled(job: Job, draft: Draft, debts: Sequence[Owed], step: str) -> Draft | None:
    """An edited version that may meet some demands; None where no sound one came.

    A version is sound if no gate says worse of it than of the draft, its length included. Very
    small models cannot do this.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    if job.ctx.compact("editor"):
        return None
    try:
        new = await _edited(job, draft, debts, step)
    except LLMError as error:
        if error.pauses:
            raise
        return None
    if new.text == draft.text:
        return None
    if new.units > job.goal + job.slack:
        new = trim(job, new, job.goal + job.slack)
    sound = inspect(job, new).badness <= inspect(job, draft).badness
    return new if sound else None


async def _edited(job: Job, draft: Draft, debts: Sequence[Owed], step: str) -> Draft:
    ctx = job.ctx

    def compose() -> Composed:
        prompt = ctx.prompts.render(
            "reviser/demands",
            ctx.fence,
            title=job.outline.title,
            section=job.section,
            text=draft.text,
            missing=[debt.words for debt in debts if not debt.quotes],
            unwanted=[debt for debt in debts if debt.quotes],
            language=ctx.language_name,
        )
        quoted = sum(ctx.tokens.budget_count(quote) for debt in debts for quote in debt.quotes)
        room = answer_room(ctx, "editor", job.ctx.count(draft.text), 1.0)
        return Composed(
            prompt,
            max_tokens=max(_PER_ITEM, min(room, 2 * quoted + _PER_ITEM * len(debts))),
            temperature=ctx.policy.critic.temperature,
            seed=ctx.seed(step),
        )

    reply = await ask_form(ctx, step, "editor", EditsReply, compose)
    text = apply(draft.text, reply.form.wanted).text
    if job.clean(draft.text) == draft.text:  # else cleaning would change more than was asked
        text = job.clean(text)
    return job.draft(text, "edit", (*draft.calls, reply.call_id), draft.ratio)
