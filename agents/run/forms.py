"""One call for a structure: by schema where that is taken, read tolerantly, mended once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import pydantic

from agents.run.calls import Answer, Composed, ask
from agents.run.context import WritingContext
from core.errors import FormatError, UnsupportedError
from llm.structured import strict_schema, validated
from llm.types import Role

Form = TypeVar("Form", bound=pydantic.BaseModel)

SHOWN = 20_000
"""Characters of a bad answer that are shown to have it mended."""


@dataclass(frozen=True)
class Filled(Generic[Form]):
    """A form that an answer fits, and the journal entry it comes from."""

    form: Form
    call_id: str


async def ask_form(
    ctx: WritingContext, step: str, role: Role, form: type[Form], compose: Callable[[], Composed]
) -> Filled[Form]:
    """Ask for a `form` and check it.

    Args:
        ctx: the run.
        step: the call's name in the journal; `/plain` and `/mend` follow it where needed.
        role: whose model answers.
        form: what the answer must be.
        compose: renders the prompt; the schema is added here.

    Raises:
        FormatError: no answer that fits came, also not when it was to be mended.
        LLMError: no usable answer came.
    """
    schema = strict_schema(form)

    async def bound() -> Composed:
        return replace(compose(), schema=schema)

    async def plain() -> Composed:
        return compose()

    try:
        if ctx.models.profile(role).schema is False:  # else each refusal would count as a call
            raise UnsupportedError("it takes no JSON schema")
        answer = await ask(ctx, step, role, bound)
    except UnsupportedError:
        answer = await ask(ctx, f"{step}/plain", role, plain)
    try:
        return Filled(validated(answer.completion, form), answer.call_id)
    except FormatError as error:
        return await _mended(ctx, f"{step}/mend", role, form, schema, answer, error)


async def _mended(
    ctx: WritingContext, step: str, role: Role, form: type[Form], schema: dict[str, Any],
    answer: Answer, error: FormatError,
) -> Filled[Form]:  # fmt: skip
    async def compose() -> Composed:
        prompt = ctx.prompts.render(
            "planner/repair",
            ctx.fence,
            answer=answer.text[:SHOWN],
            problem=error.message,
            schema=json.dumps(schema, ensure_ascii=False),
        )
        room = min(ctx.window(role) // 2, 256 + ctx.tokens.budget_count(answer.text[:SHOWN]))
        return Composed(prompt, max_tokens=room, temperature=0.0, seed=ctx.seed(step))

    again = await ask(ctx, step, role, compose)
    return Filled(validated(again.completion, form), again.call_id)
