"""What a run may still spend: looked at before each request that it sends."""

from __future__ import annotations

from sqlalchemy.orm import Session

from agents.context import WritingContext
from core.errors import LimitExceededError
from prompts.library import Prompt
from storage.ledger import reserved, totals


def check_caps(ctx: WritingContext, s: Session) -> None:
    """Refuse a call that is written down, if with it the run would go beyond one of its caps.

    Raises:
        LimitExceededError: it would; the transaction is to be taken back.
    """
    if ctx.options.caps.none:
        return
    spent = totals(s, ctx.run_id)
    coming = reserved(s, ctx.run_id)
    tokens = spent.prompt_tokens + spent.completion_tokens
    cost = spent.cost + coming * ctx.models.dearest
    over = ctx.options.caps.exceeded(spent.calls, tokens + coming, cost)
    if over:
        raise LimitExceededError(
            f"the run may spend {over} at most, and its next call would go beyond that",
            "Resume it with a larger --max-calls, --max-tokens or --max-cost.",
        )


def expected_tokens(ctx: WritingContext, prompt: Prompt, max_tokens: int, asked: int | None) -> int:
    """Tokens of prompt and answer that a call is likely to take; 0 where nobody asks.

    Args:
        ctx: the run.
        prompt: what is sent.
        max_tokens: what the answer may take.
        asked: counted units that the answer was asked for, if it was.
    """
    if ctx.options.caps.none:
        return 0
    answer = ctx.expected_tokens(int(asked)) if asked else max_tokens // 2
    return int(ctx.tokens.budget_count(prompt.system + prompt.user) + min(max_tokens, answer))
