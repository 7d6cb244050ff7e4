"""Who has a section meet what is demanded of it: by exact edits, twice at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.review.reply import MOST, EditsReply
from agents.run.calls import UNREPAIRED, Composed
from agents.run.forms import ask_form
from agents.writer.extender import enrich
from agents.writer.fixer import trim
from agents.writer.gates import inspect
from agents.writer.job import SENTENCE, Draft, Job
from agents.writer.window import answer_room
from core.errors import LLMError
from domain.constraints.allocation import Duty
from domain.edits import Edit, apply
from evaluators.debts import Owed, gap, owed

ROUNDS = 2
"""Times that a section is edited for what it owes: what one answer leaves is asked for again."""
_PER_ITEM = 400
"""Tokens of an answer for one demand: a sentence as it is, the same with what was missing."""


async def obliging(job: Job, draft: Draft, step: str) -> Draft:
    """The draft with what its section owes, as far as edits achieve that and spoil nothing else.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    best = draft
    for number in range(1, ROUNDS + 1):
        best = await settled(job, best, job.duties, f"{step}/{number}")
    return best


async def kept_up(job: Job, new: Draft, old: Draft, step: str) -> Draft:
    """A new version with what the old one did for its duties, as far as one answer achieves it.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    if gap(job.duties, new.text) <= gap(job.duties, old.text):
        return new
    return await settled(job, new, job.duties, step)


async def settled(job: Job, draft: Draft, duties: Sequence[Duty], step: str) -> Draft:
    """The nearest version to these duties that one answer makes; the draft where none is nearer.

    No gate says worse of it than of the draft, its length included: a passage takes the place of
    much that had to go, and of edits that together do harm those are carried out that do none.
    Very small models cannot do this.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    debts = owed(duties, draft.text)
    if not debts or job.ctx.compact("editor"):
        return draft
    try:
        edits, call = await _asked(job, draft, debts, step)
        whole = await _filled(job, _edited(job, draft, edits, call), step)
    except LLMError as error:
        if error.pauses:
            raise
        return draft
    if _nearer(job, duties, whole, draft):
        return whole
    best, taken = draft, list[Edit]()
    for edit in edits:
        tried = _edited(job, draft, [*taken, edit], call)
        if _nearer(job, duties, tried, best):
            best, taken = tried, [*taken, edit]
    return best


async def _asked(
    job: Job, draft: Draft, debts: Sequence[Owed], step: str
) -> tuple[tuple[Edit, ...], str]:
    """The edits of one answer, and its call."""
    ctx, shown = job.ctx, _answerable(debts)

    def compose() -> Composed:
        prompt = ctx.prompts.render(
            "reviser/demands",
            ctx.fence,
            title=job.outline.title,
            section=job.section,
            text=draft.text,
            missing=[debt.words for debt in shown if not debt.quotes],
            unwanted=[debt for debt in shown if debt.quotes],
            language=ctx.language_name,
        )
        quoted = sum(ctx.tokens.budget_count(quote) for debt in shown for quote in debt.quotes)
        room = answer_room(ctx, "editor", job.ctx.count(draft.text), 1.0)
        return Composed(
            prompt,
            max_tokens=max(_PER_ITEM, min(room, 2 * quoted + _PER_ITEM * len(shown))),
            temperature=ctx.policy.critic.temperature,
            seed=ctx.seed(step),
        )

    reply = await ask_form(ctx, step, "editor", EditsReply, compose)
    return reply.form.wanted, reply.call_id


def _answerable(debts: Sequence[Owed]) -> list[Owed]:
    """As many as one answer has edits for; what is missing before what must go."""
    shown, room = list[Owed](), MOST
    for debt in debts:
        if room <= 0:
            break
        shown.append(Owed(debt.words, debt.quotes[:room]))
        room -= len(debt.quotes) or 1
    return shown


def _edited(job: Job, draft: Draft, edits: Iterable[Edit], call: str) -> Draft:
    text = apply(draft.text, edits).text
    if job.clean(draft.text) == draft.text:  # else cleaning would change more than was asked
        text = job.clean(text)
    new = job.draft(text, "edit", (*draft.calls, call), draft.ratio)
    most = job.goal + job.slack
    return trim(job, new, most) if new.units > most else new


async def _filled(job: Job, draft: Draft, step: str) -> Draft:
    """The draft with a passage in the place of what had to go, where that is too much."""
    if draft.units >= job.goal - job.slack:
        return draft
    try:
        return await enrich(job, draft, f"{step}/passage")
    except UNREPAIRED:
        return draft


def _nearer(job: Job, duties: Sequence[Duty], new: Draft, old: Draft) -> bool:
    """Whether less is missing or too much in a version, and no gate says worse of it.

    A sentence's length is not too much for a word that must not be there: the whole makes up for
    it when its length is looked at.
    """
    if gap(duties, new.text) >= gap(duties, old.text):
        return False
    later, sooner = inspect(job, new), inspect(job, old)
    short = max(sooner.off, SENTENCE)
    return later.off <= short and later.badness[:2] <= sooner.badness[:2]
