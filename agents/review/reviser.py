"""Who mends what a critic found: quoted words by exact edits, the rest by rewriting the section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.material.evidence import citing, numbers_of
from agents.review.reply import EditsReply
from agents.run.calls import Composed
from agents.run.forms import ask_form
from agents.writer.draft import write
from agents.writer.gates import inspect
from agents.writer.job import Draft, Job
from agents.writer.section import repaired
from agents.writer.window import answer_room
from core.errors import LLMError
from domain.critique import Issue
from domain.edits import apply
from sources.grounding import cited

_PER_EDIT = 2.5
"""Of the tokens of what is quoted: an edit holds the words twice, and some around them."""
PASSAGES = 6
"""That are shown with what cites them."""
_FRAME = 200
"""Tokens of JSON around the edits."""


@dataclass(frozen=True)
class Around:
    """The nearest sentences of a section's neighbours, where edits must fit them."""

    before: str = ""
    after: str = ""


ALONE = Around()


async def revise(
    job: Job, draft: Draft, issues: Sequence[Issue], step: str, around: Around = ALONE
) -> Draft | None:
    """A version in which the issues are mended; None where none is sound.

    A version is sound if no gate says worse of it than of the draft. Issues that quote are mended
    by edits; if one is about the section as a whole, the section is rewritten with all of them in
    view, since edits to a text that is to go are wasted. Very small models can do neither.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    job, local = job.at_step(step), all(issue.local for issue in issues)
    if job.ctx.compact("editor" if local else "writer"):
        return None
    try:
        if local:
            new = await _edited(job, draft, issues, around)
        else:
            new = await _rewritten(job, draft, issues)
        if new.text == draft.text:
            return None
        new, verdict = await repaired(job, new, 1)
    except LLMError as error:
        if error.pauses:
            raise
        return None
    return new if verdict.badness <= inspect(job, draft).badness else None


async def _edited(job: Job, draft: Draft, issues: Sequence[Issue], around: Around) -> Draft:
    ctx, job = job.ctx, job.told((), draft.text)
    quoted = cited("\n".join(issue.quote for issue in issues), job.given.keys())
    passages = job.told(quoted[:PASSAGES]).passages

    def compose() -> Composed:
        prompt = ctx.prompts.render(
            "reviser/edits",
            ctx.fence,
            title=job.outline.title,
            section=job.section,
            text=draft.text,
            issues=issues,
            around=around,
            language=ctx.language_name,
            passages=passages.text,
            cites=citing(ctx, passages.numbers),
        )
        marked = sum(ctx.tokens.budget_count(issue.quote) for issue in issues)
        room = answer_room(ctx, "editor", job.ctx.count(draft.text), 1.0)
        return Composed(
            prompt,
            max_tokens=max(_FRAME, min(room, int(marked * _PER_EDIT) + _FRAME * len(issues))),
            temperature=ctx.policy.critic.temperature,
            seed=ctx.seed(f"{job.step}/edits"),
            context=numbers_of(ctx, passages),
        )

    reply = await ask_form(ctx, f"{job.step}/edits", "editor", EditsReply, compose)
    text = apply(draft.text, reply.form.wanted).text
    if job.clean(draft.text) == draft.text:  # else cleaning would change more than was marked
        text = job.clean(text)
    return job.draft(text, "edit", (*draft.calls, reply.call_id), draft.ratio)


async def _rewritten(job: Job, draft: Draft, issues: Sequence[Issue]) -> Draft:
    wishes = "\n".join(f"- {issue.problem} {issue.fix}".rstrip() for issue in issues)
    told = replace(job, instruction=wishes, present=draft.text)
    new = await write(told, 1)
    return Draft(new.text, new.units, "rewrite", (*draft.calls, *new.calls), new.ratio)
