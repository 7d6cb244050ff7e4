"""What a run may still spend: looked at before each request that it sends."""

from __future__ import annotations

from sqlalchemy.orm import Session

from agents.run.context import WritingContext
from core.errors import LimitExceededError
from domain.run_options import Caps
from prompts.library import Prompt
from storage import datasets
from storage.ledger import CallTotals, reserved, totals


def check_caps(ctx: WritingContext, s: Session) -> None:
    """Refuse a call that is written down, if with it the run, or its batch, would go beyond a cap.

    Raises:
        LimitExceededError: it would; the transaction is to be taken back.
    """
    if ctx.options.batch and not datasets.caps(s, ctx.options.batch).none:
        caps, spent, coming = datasets.purse(s, ctx.options.batch)
        if over := _exceeded(ctx, caps, spent, coming):
            raise LimitExceededError(
                f"the batch may spend {over} at most, and its next call would go beyond that",
                "Run the same command with a larger --max-tokens or --max-cost.",
            )
    if ctx.options.caps.none:
        return
    spent, coming = totals(s, ctx.run_id), reserved(s, ctx.run_id)
    if over := _exceeded(ctx, ctx.options.caps, spent, coming):
        raise LimitExceededError(
            f"the run may spend {over} at most, and its next call would go beyond that",
            "Resume it with a larger --max-calls, --max-tokens or --max-cost.",
        )


def _exceeded(ctx: WritingContext, caps: Caps, spent: CallTotals, coming: int) -> str:
    """Which cap is exceeded, with the tokens that calls in flight are expected to take."""
    tokens = spent.prompt_tokens + spent.completion_tokens
    cost = spent.cost + coming * ctx.models.dearest
    return caps.exceeded(spent.calls, tokens + coming, cost)


def expected_tokens(ctx: WritingContext, prompt: Prompt, max_tokens: int, asked: int | None) -> int:
    """Tokens of prompt and answer that a call is likely to take; 0 where nobody asks.

    Args:
        ctx: the run.
        prompt: what is sent.
        max_tokens: what the answer may take.
        asked: counted units that the answer was asked for, if it was.
    """
    if ctx.options.caps.none and not ctx.options.batch:
        return 0
    answer = ctx.expected_tokens(int(asked)) if asked else max_tokens // 2
    return int(ctx.tokens.budget_count(prompt.system + prompt.user) + min(max_tokens, answer))
