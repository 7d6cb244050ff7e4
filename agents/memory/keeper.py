"""Who keeps the ledger with a model's help: what a section says, and what all writers share.

An answer that cannot be used is done without: what rules read off the sentences is there anyway.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agents.run.calls import Composed
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.forms import Form, ask_form
from agents.run.milestones import approval_pending, told, written
from agents.writer.job import Draft, Job
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError, LLMError
from domain.ledger.entries import MAX_QUOTE, MAX_VALUE, PENDING, Entry, Kind
from domain.ledger.reply import read_entries
from domain.outline.plan import Outline
from llm.types import Role
from prompts.library import Prompt
from storage import facts

LAID_DOWN = "laid_down"
"""Type of the event that tells how much was laid down for all sections."""
MOST_REPORTED = 20
"""Entries of one section."""
MOST_SHARED = 24
PER_ENTRY = 90
"""Tokens of an entry in an answer, its quotation included; Chinese takes more than English."""
KINDS: tuple[Kind, ...] = get_args(Kind)
_STANDING = tuple(kind for kind in KINDS if kind not in PENDING)


def _text(value: object) -> str:
    return " ".join(str(value).split())[: 2 * MAX_VALUE] if value is not None else ""


def _quote(value: object) -> str:
    return value[:MAX_QUOTE] if isinstance(value, str) else ""


def _listed(value: object) -> list[Any]:
    """What of a list is an object; a bad entry costs no other."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


Text = Annotated[str, BeforeValidator(_text)]


class SharedReply(BaseModel):
    """One thing that holds throughout."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[
        str, Field(json_schema_extra={"enum": [*_STANDING]}), BeforeValidator(_text)
    ] = ""
    subject: Text = ""
    attribute: Text = ""
    value: Text = ""


class SaidReply(SharedReply):
    """One thing that a section says."""

    kind: Annotated[str, Field(json_schema_extra={"enum": [*KINDS]}), BeforeValidator(_text)] = ""
    quote: Annotated[str, BeforeValidator(_quote)] = ""


class SheetReply(BaseModel):
    """What a planner answers."""

    model_config = ConfigDict(extra="ignore")

    facts: Annotated[list[SharedReply], BeforeValidator(_listed)]


class EntriesReply(BaseModel):
    """What a reader answers."""

    model_config = ConfigDict(extra="ignore")

    entries: Annotated[list[SaidReply], BeforeValidator(_listed)]


async def reported(job: Job, draft: Draft) -> tuple[Entry, ...]:
    """What a model finds said in a section's text; nothing where it is not asked, or no help.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    ctx = job.ctx
    if ctx.request.memory != "model" or ctx.compact("reader"):
        return ()
    prompt = ctx.prompts.render(
        "keeper/entries", ctx.fence, title=job.outline.title, section=job.section,
        text=draft.text, count=MOST_REPORTED, language=ctx.language_name,
    )  # fmt: skip
    step = f"{job.step}/said"
    form = await _asked(ctx, step, "reader", EntriesReply, prompt, MOST_REPORTED)
    if form is None:
        return ()
    found, _ = read_entries(form.model_dump(), job.section.key, draft.text)
    return found[:MOST_REPORTED]


async def lay_down(ctx: WritingContext, outline: Outline) -> None:
    """Have laid down what sections that are written at once must agree on; once in a run.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if ctx.request.memory != "model" or ctx.strategy.carries or ctx.options.redo is not None:
        return
    if ctx.compact("planner") or await told(ctx, LAID_DOWN) or await approval_pending(ctx):
        return
    if await written(ctx):
        return
    prompt = ctx.prompts.render(
        "keeper/sheet", ctx.fence, prompt=ctx.request.prompt, kind=ctx.request.kind,
        title=outline.title, parts=outline.parts, count=MOST_SHARED, language=ctx.language_name,
    )  # fmt: skip
    form = await _asked(ctx, "plan/sheet", "planner", SheetReply, prompt, MOST_SHARED)
    entries = tuple(_shared(form))[:MOST_SHARED] if form is not None else ()
    news = Event(LAID_DOWN, {"entries": len(entries)})
    await ctx.commit(lambda s: facts.lay_down(s, ctx.document_id, entries), [news])


def _shared(form: SheetReply) -> list[Entry]:
    made = []
    for each in form.facts:
        kind = next((kind for kind in _STANDING if kind == each.kind), None)
        if kind and each.subject and each.attribute and each.value:
            made.append(Entry(kind, each.subject, each.attribute, each.value, origin="model"))
    return made


async def _asked(
    ctx: WritingContext, step: str, role: Role, form: type[Form], prompt: Prompt, count: int
) -> Form | None:
    """The filled form; None where the answer is of no use."""

    def compose() -> Composed:
        used = ctx.tokens.budget_count(prompt.system + prompt.user)
        room = min(count * PER_ENTRY, ctx.window(role) - used - MARGIN)
        if room < PER_ENTRY:
            raise ContextOverflowError("the text leaves no room for a report of it")
        return Composed(
            prompt,
            max_tokens=room,
            temperature=ctx.policy.critic.temperature,
            seed=ctx.seed(step),
        )

    try:
        return (await ask_form(ctx, step, role, form, compose)).form
    except LLMError as error:
        if error.pauses:
            raise
        return None
