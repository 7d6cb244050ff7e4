"""One model call of a run: intent stored, then sent; answer stored, then used.

A step that runs again replays its stored answer, or sends exactly its stored intent; it never
renders its prompt anew, so nothing that changed meanwhile can make it pay twice.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from agents.run.caps import check_caps, expected_tokens
from agents.run.composed import Composed as Composed
from agents.run.context import WritingContext
from agents.run.feed import Event
from core.errors import (
    ContextOverflowError,
    DegenerateError,
    EmptyAnswerError,
    FilteredError,
    LimitExceededError,
    LLMError,
    MalformedError,
    TruncatedError,
)
from llm.tries import counted_by
from llm.types import Completion, ModelRequest, Role, StopWhen, TextSink, Usage
from storage import journal
from storage.journal import StoredCall

_COMPLAINTS: dict[type[LLMError], str] = {
    EmptyAnswerError: "it was empty",
    FilteredError: "it was withheld",
    DegenerateError: "it repeated itself without end",
    MalformedError: "it could not be read",
    TruncatedError: "it broke off",
}
UNUSABLE: tuple[type[LLMError], ...] = tuple(_COMPLAINTS)
"""The endpoint answers, but this answer is no good; another one may be."""
UNREPAIRED: tuple[type[LLMError], ...] = (*UNUSABLE, ContextOverflowError)
"""A repair that ends so leaves the text as it was: it is worth having without."""


def complaint(error: LLMError) -> str:
    """What was wrong with an unusable answer, for the next prompt: no word of an endpoint's."""
    return next(words for kind, words in _COMPLAINTS.items() if isinstance(error, kind))


Compose = Callable[[], Awaitable[Composed]]
Keep = Callable[[Session, Completion], None]
"""Stores what an answer brings besides its text, in the same transaction."""


@dataclass(frozen=True)
class Answer:
    """A completion and the journal entry it comes from."""

    completion: Completion
    """Its `endpoint` is empty where a stored answer is replayed."""
    call_id: str
    context: Mapping[str, Any]
    """Of its prompt: what was left out, how much was asked for."""

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.completion.text

    @property
    def numbers(self) -> list[int]:
        """Of the passages in its prompt."""
        return list(self.context.get("numbers", ()))


async def ask(
    ctx: WritingContext,
    step: str,
    role: Role,
    compose: Compose,
    *,
    on_text: TextSink | None = None,
    stop_when: StopWhen | None = None,
    keep: Keep | None = None,
) -> Answer:
    """Make the call of `step`, or replay it.

    Args:
        ctx: the run.
        step: names the call within its run; the same step is the same call for ever.
        role: whose endpoint and model serve it.
        compose: renders the prompt; only called when the step has no stored intent.
        on_text: receives the answer as it streams.
        stop_when: stops a stream that is long enough.
        keep: stores more than the text; not called for an answer that is replayed.

    Raises:
        LLMError: no usable answer came; the failure is in the journal.
        LimitExceededError: a spending cap of the run is reached.
        StaleHolderError: another process holds the run.
    """
    stored = await ctx.db.run(lambda s: journal.find(s, ctx.run_id, step), write=False)
    if stored is not None and stored.answered:
        return _replayed(stored)
    if stored is None:
        stored = await _intend(ctx, step, role, await compose())
    else:
        await _again(ctx, stored)
    return await _send(ctx, stored, role, on_text, stop_when, keep)


async def _intend(ctx: WritingContext, step: str, role: Role, composed: Composed) -> StoredCall:
    prompt = composed.prompt
    request = composed.request(ctx.models.model(role), ctx.policy.sampling.top_p)
    expected = expected_tokens(ctx, prompt, composed.max_tokens, composed.context.get("asked"))

    def work(s: Session) -> StoredCall:
        stored = journal.intend(
            s,
            ctx.hold,
            step=step,
            attempt=1,
            role=role,
            request=request.to_dict(),
            request_sha=request.sha256,
            prompt_name=prompt.info.name,
            prompt_version=prompt.info.version,
            prompt_sha=prompt.info.sha256,
            context={**composed.context, "expected": expected},
        )
        check_caps(ctx, s)
        return stored

    return await ctx.db.run(work)


async def _again(ctx: WritingContext, stored: StoredCall, failure: LLMError | None = None) -> None:
    """Count the call once more, before it is sent once more."""
    usage = Usage(*failure.spent) if failure else None

    def work(s: Session) -> None:
        journal.again(s, ctx.hold, stored.id, usage)
        check_caps(ctx, s)

    await ctx.db.run(work)


async def _send(
    ctx: WritingContext,
    stored: StoredCall,
    role: Role,
    on_text: TextSink | None,
    stop_when: StopWhen | None,
    keep: Keep | None,
) -> Answer:
    request = ModelRequest.from_dict(stored.request)
    started = time.monotonic()
    failures: list[LLMError] = []

    async def again(failure: LLMError) -> None:
        failures.append(failure)
        await _again(ctx, stored, failure)

    try:
        with counted_by(again):
            done = await ctx.models.llm(role).complete(
                request, on_text=on_text, stop_when=stop_when
            )
    except (LLMError, LimitExceededError) as error:
        last = error if isinstance(error, LLMError) else failures[-1]
        usage = Usage(*last.spent)
        tries = last.tries - len(failures) if last is error else 1
        kind, message = error.kind, error.message
        seconds = time.monotonic() - started
        await ctx.db.run(
            lambda s: journal.fail(
                s, ctx.hold, stored.id, kind, message, usage=usage, seconds=seconds, tries=tries
            )
        )
        raise

    def work(s: Session) -> None:
        journal.answer(
            s,
            ctx.hold,
            stored.id,
            text=done.text,
            finish=done.finish,
            usage=done.usage,
            seconds=done.seconds,
            model=done.model,
            endpoint=done.endpoint,
            cost=ctx.models.cost(done),
            tries=done.tries - len(failures),
        )
        if keep is not None:
            keep(s, done)

    await ctx.commit(work, [Event("call", _news(stored, done))])
    return Answer(done, stored.id, stored.context)


def _news(stored: StoredCall, done: Completion) -> dict[str, Any]:
    return {
        "step": stored.step,
        "role": stored.role,
        "endpoint": done.endpoint,
        "finish": done.finish,
        "prompt_tokens": done.usage.prompt_tokens,
        "completion_tokens": done.usage.completion_tokens,
        "seconds": round(done.seconds, 3),
    }


def _replayed(stored: StoredCall) -> Answer:
    assert stored.text is not None
    assert stored.finish is not None
    done = Completion(
        text=stored.text,
        finish=stored.finish,
        usage=stored.usage,
        model=stored.model,
        seconds=stored.seconds,
    )
    return Answer(done, stored.id, stored.context)
