"""Who writes a section's first text, and goes on with it until it has an end."""

from __future__ import annotations

from collections.abc import Sequence

from agents.run.calls import UNREPAIRED, Answer, Composed, ask
from agents.writer.calibration import known, learn
from agents.writer.edits import cut_back, headless, join, unbroken
from agents.writer.job import SENTENCE, Draft, Job, broke_off, learnt
from agents.writer.prose import ask_prose, tail
from agents.writer.window import View, answer_room, fit
from core.errors import ContextOverflowError, TruncatedError
from domain.text.sentences import ends_finished
from llm.types import Finish, StopWhen

CONTINUATIONS = 4
KEPT_OF_OVERRUN = 0.85
"""Share of the goal that is kept of a text that ran away, before it is brought to its end."""
_CHECK_EVERY = 200
"""Characters between two counts of a streaming text."""


async def write(job: Job, attempt: int = 1, problems: Sequence[str] = ()) -> Draft:
    """A whole draft of the section: written, continued where it broke off, ended.

    Raises:
        LLMError: no usable answer came.
    """
    step = f"{job.step}/write/{attempt}"
    try:
        answer = await _first(job, step, attempt, problems)
    except ContextOverflowError:  # the window is smaller than it seemed; once more, with less
        answer = await _first(job, f"{step}/fit", attempt, problems, share=0.5)
    shown, asked = job.told(answer.numbers, job.present), int(answer.context["asked"])
    text, ended = shown.clean(answer.text), answer.completion.finish
    if broke_off(ended):
        text = unbroken(text)
        if not text:
            raise TruncatedError("the answer broke off in its first sentence")
    ratio = learnt(1.0, asked, job.ctx.count(text))
    draft = job.draft(text, "draft", (answer.call_id,), ratio)
    await learn(job, answer, draft)
    return await finish(job, draft, ended, step)


async def _first(
    job: Job, step: str, attempt: int, problems: Sequence[str], share: float = 1.0
) -> Answer:
    async def compose() -> Composed:
        asked = (await known(job)).asked(job.goal)
        length = job.ctx.phrase(asked)
        room = answer_room(
            job.ctx, "writer", max(asked, job.goal), job.ctx.policy.length.overrun + 0.25
        )
        view = View(
            job.outline, job.section, job.visible, job.instruction, job.present, job.sketch,
            job.materials,
        )  # fmt: skip
        prompt, record = fit(job.ctx, view, room, length, problems, share=share)
        return Composed(
            prompt,
            max_tokens=room,
            temperature=job.ctx.temperature,
            seed=job.ctx.seed(step, resample=attempt > 1),
            context={**record, "asked": asked},
        )

    return await ask(
        job.ctx, step, "writer", compose,
        on_text=job.on_text("draft"), stop_when=overrun_guard(job),
    )  # fmt: skip


async def finish(job: Job, draft: Draft, ended: Finish, step: str) -> Draft:
    """Bring a draft to its end: go on where it broke off, close what ran away.

    Bounded: at most four continuations, each of which must add a sentence.
    """
    for number in range(1, CONTINUATIONS + 1):
        if not broke_off(ended) and ends_finished(draft.text):
            break
        text = cut_back(draft.text)
        if ended == "full" or job.ctx.count(text) > job.goal + job.slack:
            text = job.head(text, round(job.goal * KEPT_OF_OVERRUN)) or text
        draft = job.draft(text, draft.kind, draft.calls, draft.ratio)
        missing = job.goal - draft.units
        if missing < max(SENTENCE, job.slack // 2) and text:
            break
        try:
            longer, ended = await _continued(job, draft, missing, f"{step}/continue/{number}")
        except UNREPAIRED:
            break
        if job.ctx.count(cut_back(longer.text)) <= draft.units:
            break
        draft = longer
    return job.draft(cut_back(draft.text), draft.kind, draft.calls, draft.ratio)


async def close(job: Job, draft: Draft, step: str) -> Draft:
    """Cut an overlong draft back and have it brought to its end: what shortening could not do."""
    return await finish(job, draft, "full", step)


async def _continued(job: Job, draft: Draft, missing: int, step: str) -> tuple[Draft, Finish]:
    asked = max(SENTENCE, min(round(missing / draft.ratio), 2 * job.goal))
    answer = await ask_prose(
        job, step, "writer/continue", asked, part="continue",
        text=tail(job, draft.text), closes=job.closes,
    )  # fmt: skip
    piece = headless(job.told(answer.numbers, draft.text).clean(answer.text))
    ended = answer.completion.finish
    if broke_off(ended):
        piece = unbroken(piece)
    came = job.ctx.count(piece)
    if came > missing + job.slack:
        piece, ended = job.head(piece, missing + job.slack // 2), "stop"
    text = job.clean(join(draft.text, piece)) if piece else draft.text
    calls = (*draft.calls, answer.call_id)
    return job.draft(text, draft.kind, calls, learnt(draft.ratio, asked, came)), ended


def overrun_guard(job: Job) -> StopWhen:
    """Stops a stream that has run too far over its goal; counts now and then only."""
    limit = job.goal * job.ctx.policy.length.overrun + SENTENCE
    checked = 0

    def full(text: str) -> bool:
        nonlocal checked
        if len(text) - checked < _CHECK_EVERY:
            return False
        checked = len(text)
        return job.ctx.count(text) > limit

    return full
