"""Who mends what the gates found: shortens, trims, takes leaked words out, replaces repeats."""

from __future__ import annotations

from collections.abc import Iterable

from agents.writer.job import Draft, Job, broke_off, learnt
from agents.writer.prose import ask_prose
from domain.score import Finding
from domain.text.sentences import ends_finished, spans
from evaluators.debts import evidence
from evaluators.trimming import trim_to

LEAST_KEPT = 0.5
"""A shortened text below this share of the goal has lost its matter."""


async def shorten(job: Job, draft: Draft, step: str) -> Draft:
    """The section written again, shorter; the old draft if what came is no better.

    Raises:
        LLMError: no usable answer came.
    """
    job = job.told((), draft.text)
    asked = max(1, round(job.goal / min(1.5, max(0.67, draft.ratio))))
    answer = await ask_prose(job, step, "fixer/shorten", asked, room=job.goal, text=draft.text)
    text = job.clean(answer.text)
    units = job.ctx.count(text)
    calls = (*draft.calls, answer.call_id)
    ratio = learnt(draft.ratio, asked, units)
    broken = broke_off(answer.completion.finish) or not ends_finished(text)
    if broken or not job.goal * LEAST_KEPT <= units < draft.units:
        return Draft(draft.text, draft.units, draft.kind, calls, ratio)
    return Draft(text, units, "shorten", calls, ratio)


def trim(job: Job, draft: Draft, limit: int) -> Draft:
    """Delete whole sentences until the body has at most `limit` units; at most a tenth of it.

    What holds a key point or a required item, and the closing, stays.
    """
    keep = (*job.section.key_points, *evidence(job.duties, draft.text))
    counter = job.ctx.request.length.counter
    text = trim_to(draft.text, limit, counter, keep=keep)
    return job.draft(text, "trim", draft.calls, draft.ratio) if text != draft.text else draft


def excise(job: Job, draft: Draft, findings: Iterable[Finding]) -> Draft:
    """Take out the sentences that leak scaffolding: they are no text of the document's."""
    marks = [(f.start, f.end) for f in findings if f.start is not None and f.end is not None]
    kept, at = [], 0
    for start, end in spans(draft.text):
        if any(first < end and last > start for first, last in marks):
            kept.append(draft.text[at:start])
            at = end
    if not kept:
        return draft
    kept.append(draft.text[at:])
    return job.draft(job.clean("".join(kept)), "excise", draft.calls, draft.ratio)


async def replace_paragraph(
    job: Job, draft: Draft, paragraph: str, elsewhere: str, step: str
) -> Draft:
    """A new paragraph for one that says what stands elsewhere.

    Raises:
        LLMError: no usable answer came.
    """
    units = job.ctx.count(paragraph)

    answer = await ask_prose(
        job, step, "fixer/paragraph", units, role="editor", paragraph=paragraph,
        elsewhere=elsewhere,
    )  # fmt: skip
    new = job.head(job.told(answer.numbers, paragraph).clean(answer.text), units + job.slack)
    if not new or not ends_finished(new):
        return draft
    text = draft.text.replace(paragraph, new, 1)
    return job.draft(job.clean(text), "replace", (*draft.calls, answer.call_id), draft.ratio)
