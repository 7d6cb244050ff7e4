"""What a model is asked for so that the wanted length comes: learnt from its own answers.

Stored as soon as an answer is there, so the sections written next, and later runs, know it.
"""

from __future__ import annotations

from contextlib import suppress

from agents.run.calls import Answer
from agents.writer.gates import inspect
from agents.writer.job import Draft, Job
from core.errors import ConflictError
from domain.length.calibration import Calibration, size_of
from storage import calibration
from storage.base import LOCAL_OWNER
from storage.calibration import Writer

STOPPED = 1.5
"""A text that we stopped would have become so many times longer, by experience."""


async def known(job: Job) -> Calibration:
    """What is known about the job's writer at this length; nothing where the request forbids it."""
    if not job.ctx.request.calibrate:
        return Calibration()
    writer = _writer(job)
    return await job.ctx.db.run(lambda s: calibration.find(s, LOCAL_OWNER, writer), write=False)


async def learn(job: Job, answer: Answer, draft: Draft) -> None:
    """Learn from a new answer to the section's own prompt, if it ended by itself.

    Nothing is learnt from one that a stand-in gave, that followed a person's instruction, or that
    is to be written anew: a refusal is short for another reason.
    """
    done, ctx = answer.completion, job.ctx
    ours = done.endpoint == ctx.models.endpoint("writer").name
    if not ctx.request.calibrate or not ours or job.instruction or done.finish == "length":
        return
    verdict = inspect(job, draft)
    if verdict.rewrite or verdict.undeliverable:
        return
    writer, asked = _writer(job), int(answer.context["asked"])
    whole = round(draft.units * STOPPED) if done.finish == "full" else draft.units
    with suppress(ConflictError):  # another process learns the same at this moment
        await ctx.db.run(lambda s: calibration.see(s, LOCAL_OWNER, writer, asked, whole))


def _writer(job: Job) -> Writer:
    endpoint = job.ctx.models.endpoint("writer")
    return Writer(
        endpoint.fingerprint, endpoint.model, job.ctx.request.language,
        f"section/{size_of(job.goal)}",
    )  # fmt: skip
