"""One call for prose about a section: rendered, sized, sent; the same way for every agent."""

from __future__ import annotations

from agents.material.evidence import citing, numbers_of
from agents.run.calls import Answer, Composed, ask
from agents.writer.job import Job
from agents.writer.window import MARGIN, answer_room
from core.errors import ContextOverflowError
from llm.types import Role

EXTRA_ROOM = 0.5
"""Added to the allowed overrun: an answer should end by itself, not at its token limit."""


async def ask_prose(
    job: Job,
    step: str,
    template: str,
    asked: int,
    *,
    role: Role = "writer",
    room: int = 0,
    part: str = "",
    **variables: object,
) -> Answer:
    """Ask for about `asked` counted units of text.

    Args:
        job: the section it is for.
        step: the call's name in the journal.
        template: the prompt's name.
        asked: counted units to ask for.
        role: whose model writes.
        room: counted units to leave room for, where that is more than `asked`.
        part: what the streamed text is to those who watch; empty to show none.
        **variables: what the template needs beyond `Job.common`.

    Raises:
        ContextOverflowError: the prompt leaves no room for the answer.
        LLMError: no usable answer came.
    """
    ctx = job.ctx

    async def compose() -> Composed:
        overrun = ctx.policy.length.overrun + EXTRA_ROOM
        passages, least = job.passages, answer_room(ctx, role, asked, 1.0)
        while True:
            prompt = ctx.prompts.render(
                template, ctx.fence, **job.common(), length=ctx.phrase(asked),
                passages=passages.text, cites=citing(ctx, passages.numbers), **variables,
            )  # fmt: skip
            used = ctx.tokens.budget_count(prompt.system + prompt.user)
            free = ctx.window(role) - used - MARGIN
            if free >= least or not passages.pieces:
                break
            passages = passages.lessened()
        if free < least:
            raise ContextOverflowError(
                f"{used:,} tokens of prompt leave no room for {ctx.phrase(asked)}",
                "Use a model with a larger window.",
            )
        return Composed(
            prompt,
            max_tokens=min(free, answer_room(ctx, role, max(asked, room), overrun)),
            temperature=ctx.temperature,
            seed=ctx.seed(step),
            context={"asked": asked, **numbers_of(ctx, passages)},
        )

    return await ask(ctx, step, role, compose, on_text=job.on_text(part) if part else None)


def tail(job: Job, text: str) -> str:
    """As much of the end of a text as leaves half the writer's window free."""
    limit = job.ctx.window("writer") // 2
    return text if job.ctx.tokens.budget_count(text) <= limit else job.ctx.tokens.tail(text, limit)
