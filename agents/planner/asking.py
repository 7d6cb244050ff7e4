"""How a plan is had from a model: by schema, mended once, by lines, or at last by rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from agents.planner.notes import NOTHING, Told, with_notes
from agents.planner.reply import OutlineForm, PlannedOutline, fallback, read_lines
from agents.run.calls import UNUSABLE, Answer, Composed, ask
from agents.run.context import WritingContext
from core.errors import ContextOverflowError, FormatError, LLMError, UnsupportedError
from domain.outline.plan import Division, OutlineSource, Part
from llm.structured import parse_json
from prompts.library import Prompt

SCHEMA_TRIES = 3
COMPACT_TRIES = 8
"""Drawn anew with another seed before the line format is asked for; a very small model is quick,
and gets more wrong."""
WARMER = 0.1
"""Added to the temperature with every new draw."""
TOKENS_PER_SECTION = 160
TOKENS_WITH_POINTS = 320

NO_PLAN: tuple[type[LLMError], ...] = (
    *UNUSABLE,
    FormatError,
    UnsupportedError,
    ContextOverflowError,
)
"""The endpoint answered, but not with a plan: the next way is tried. Others stop the run."""

Composer = Callable[[str, int], Composed]
"""Composes the call for a plan, for a step and the number of the try."""


def composed(
    ctx: WritingContext, prompt: Prompt, form: OutlineForm, step: str, attempt: int
) -> Composed:
    """The call for a plan by schema; every further try is drawn a little warmer."""
    return Composed(
        prompt,
        max_tokens=answer_room(ctx, form),
        temperature=ctx.policy.sampling.planner_temperature + WARMER * (attempt - 1),
        schema=form.schema(),
        seed=ctx.seed(step, resample=attempt > 1),
    )


def composing(
    ctx: WritingContext, known: Told, form: OutlineForm, rendered: Callable[[str], Prompt]
) -> Composer:
    """What composes each try, with as much of the sources as there is room for.

    Args:
        ctx: the run.
        known: what there is of the sources.
        form: what the plan must look like.
        rendered: the prompt with so much of them.
    """

    def first(step: str, attempt: int) -> Composed:
        prompt = with_notes(ctx, known, answer_room(ctx, form), rendered)
        return composed(ctx, prompt, form, step, attempt)

    return first


def answer_room(ctx: WritingContext, form: OutlineForm) -> int:
    """`max_tokens` for such a plan."""
    per = TOKENS_WITH_POINTS if form.with_points else TOKENS_PER_SECTION
    return min(per * (form.count + 2), ctx.window("planner") // 2)


async def plan(
    ctx: WritingContext,
    step: str,
    form: OutlineForm,
    first: Composer,
    part: Part | Division | None,
    told: Told = NOTHING,
) -> tuple[PlannedOutline, OutlineSource]:
    """Ask for a plan by schema, then by lines, then make one by rule.

    Args:
        ctx: the run.
        step: the calls' name in the journal.
        form: what the plan must look like.
        first: composes the call by schema, for a step and the number of the try.
        part: what is planned; None: the whole.
        told: of the sources, for the call by lines; the others have it already.

    Raises:
        LLMError: the endpoint cannot be used at all.
    """
    tries = COMPACT_TRIES if ctx.compact("planner") else SCHEMA_TRIES
    for attempt in range(1, tries + 1):
        try:
            return await _by_schema(ctx, f"{step}/{attempt}", form, first, attempt), "schema"
        except UnsupportedError:
            break
        except NO_PLAN:
            continue
    try:
        return await _by_lines(ctx, f"{step}/lines", form, part, told), "lines"
    except NO_PLAN:
        subject = part.point if part else ""
        return fallback(ctx.request.prompt, form, ctx.request.language, subject), "fallback"


async def _by_schema(
    ctx: WritingContext,
    step: str,
    form: OutlineForm,
    first: Composer,
    attempt: int,
) -> PlannedOutline:
    async def compose() -> Composed:
        return first(step, attempt)

    answer = await ask(ctx, step, "planner", compose)
    try:
        return _read(answer, form)
    except FormatError as error:
        if ctx.compact("planner"):
            raise  # a model this small copies its error; another draw is the better try
        return await _repaired(ctx, step, form, answer.text, error)


async def _repaired(
    ctx: WritingContext, step: str, form: OutlineForm, text: str, error: LLMError
) -> PlannedOutline:
    async def compose() -> Composed:
        schema = form.schema()
        prompt = ctx.prompts.render(
            "planner/repair",
            ctx.fence,
            answer=text[:20_000],
            problem=error.message,
            schema=json.dumps(schema, ensure_ascii=False),
        )
        return Composed(
            prompt,
            max_tokens=TOKENS_WITH_POINTS * (form.count + 2),
            temperature=0.0,
            schema=schema,
            seed=ctx.seed(step),
        )

    answer = await ask(ctx, f"{step}/repair", "planner", compose)
    return _read(answer, form)


async def _by_lines(
    ctx: WritingContext, step: str, form: OutlineForm, part: Part | Division | None, told: Told
) -> PlannedOutline:
    room = TOKENS_PER_SECTION * (form.count + 2)

    def rendered(notes: str) -> Prompt:
        total = part.target if part else ctx.request.length.aim
        return ctx.prompts.render(
            "planner/lines",
            ctx.fence,
            prompt=ctx.request.prompt,
            within=part,
            count=form.count,
            total=ctx.phrase(total),
            unit=ctx.request.unit,
            language=ctx.language_name,
            notes=notes,
            only_sources=ctx.request.only_sources,
        )

    async def compose() -> Composed:
        return Composed(
            with_notes(ctx, told, room, rendered),
            max_tokens=room,
            temperature=ctx.policy.sampling.planner_temperature,
            seed=ctx.seed(step),
        )

    answer = await ask(ctx, step, "planner", compose)
    if answer.completion.finish == "stop":
        return read_lines(answer.text, form, ctx.request.prompt)
    whole = answer.text.rpartition("\n")[0]
    return read_lines(whole, replace(form, fewest=form.count), ctx.request.prompt)


def _read(answer: Answer, form: OutlineForm) -> PlannedOutline:
    if answer.completion.finish != "stop":
        raise FormatError("the plan broke off before its end")
    value = parse_json(answer.text)
    if isinstance(value, list):
        value = {"sections": value}
    try:
        return form.check(PlannedOutline.model_validate(value))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise FormatError(f"the plan's {where}: {first['msg']}") from error
