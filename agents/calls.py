"""One model call of a run: intent stored, then sent; answer stored, then used.

A step that runs again replays its stored answer, or sends exactly its stored intent; it never
renders its prompt anew, so nothing that changed meanwhile can make it pay twice.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from agents.context import WritingContext
from agents.feed import Event
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
from llm.types import Completion, Message, ModelRequest, Role, StopWhen, TextSink
from prompts.library import Prompt
from storage import journal
from storage.journal import StoredCall
from storage.ledger import reserved, totals

UNUSABLE = (
    EmptyAnswerError, FilteredError, DegenerateError, MalformedError, TruncatedError,
)  # fmt: skip
"""The endpoint answers, but this answer is no good; another one may be."""
UNREPAIRED = (*UNUSABLE, ContextOverflowError)
"""A repair that ends so leaves the text as it was: it is worth having without."""


@dataclass(frozen=True)
class Composed:
    """A prompt ready to be sent, and the record of what it holds and what was left out."""

    prompt: Prompt
    max_tokens: int
    temperature: float
    schema: dict[str, Any] | None = None
    seed: int | None = None
    context: dict[str, Any] = field(default_factory=dict)


Compose = Callable[[], Awaitable[Composed]]


@dataclass(frozen=True)
class Answer:
    """A completion and the journal entry it comes from."""

    completion: Completion
    call_id: str

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.completion.text


async def ask(
    ctx: WritingContext,
    step: str,
    role: Role,
    compose: Compose,
    *,
    on_text: TextSink | None = None,
    stop_when: StopWhen | None = None,
) -> Answer:
    """Make the call of `step`, or replay it.

    Args:
        ctx: the run.
        step: names the call within its run; the same step is the same call for ever.
        role: whose endpoint and model serve it.
        compose: renders the prompt; only called when the step has no stored intent.
        on_text: receives the answer as it streams.
        stop_when: stops a stream that is long enough.

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
        call_id = stored.id

        def repeat(s: Session) -> None:
            _check_caps(ctx, s, 0)  # its tokens are among those of the open intents
            journal.again(s, ctx.hold, call_id)

        await ctx.db.run(repeat)
    return await _send(ctx, stored, role, on_text, stop_when)


async def _intend(ctx: WritingContext, step: str, role: Role, composed: Composed) -> StoredCall:
    prompt = composed.prompt
    system = (Message("system", prompt.system),) if prompt.system else ()
    request = ModelRequest(
        model=ctx.models.model(role),
        messages=(*system, Message("user", prompt.user)),
        max_tokens=composed.max_tokens,
        temperature=composed.temperature,
        top_p=ctx.policy.sampling.top_p,
        seed=composed.seed,
        schema=composed.schema,
        partial_ok=composed.schema is None,
    )
    expected = _expected(ctx, composed)

    def work(s: Session) -> StoredCall:
        _check_caps(ctx, s, expected)
        return journal.intend(
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

    return await ctx.db.run(work)


def _check_caps(ctx: WritingContext, s: Session, expected: int) -> None:
    """Refuse one more call, of `expected` tokens, if it would go beyond a cap of the run."""
    if ctx.options.caps.none:
        return
    spent = totals(s, ctx.run_id)
    coming = reserved(s, ctx.run_id) + expected
    tokens = spent.prompt_tokens + spent.completion_tokens
    cost = spent.cost + coming * ctx.models.dearest
    over = ctx.options.caps.exceeded(spent.calls + 1, tokens + coming, cost)
    if over:
        raise LimitExceededError(
            f"the run may spend {over} at most, and its next call would go beyond that",
            "Resume it with a larger --max-calls, --max-tokens or --max-cost.",
        )


def _expected(ctx: WritingContext, composed: Composed) -> int:
    """Tokens of prompt and answer that a call is likely to take; 0 where nobody asks."""
    if ctx.options.caps.none:
        return 0
    prompt = ctx.tokens.budget_count(composed.prompt.system + composed.prompt.user)
    asked = composed.context.get("asked")
    answer = ctx.expected_tokens(int(asked)) if asked else composed.max_tokens // 2
    return int(prompt + min(composed.max_tokens, answer))


async def _send(
    ctx: WritingContext,
    stored: StoredCall,
    role: Role,
    on_text: TextSink | None,
    stop_when: StopWhen | None,
) -> Answer:
    request = ModelRequest.from_dict(stored.request)
    started = time.monotonic()
    try:
        done = await ctx.models.llm(role).complete(request, on_text=on_text, stop_when=stop_when)
    except LLMError as error:
        kind, message, tries = error.kind, error.message, error.tries
        seconds = time.monotonic() - started
        await ctx.db.run(
            lambda s: journal.fail(
                s, ctx.hold, stored.id, kind, message, seconds=seconds, tries=tries
            )
        )
        raise
    await ctx.commit(
        lambda s: journal.answer(
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
            tries=done.tries,
        ),
        [Event("call", _news(stored, done))],
    )
    return Answer(done, stored.id)


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
    return Answer(done, stored.id)
