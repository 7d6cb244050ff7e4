"""The graph that joins the agents: (read) → plan → (approve) → write → review → final check.

A lazy strategy plans a book's next chapter when what stands before it is written and summed up.

Compiled without a checkpointer: every node first looks at what is committed, so starting the
graph again on the same run is resuming, approving and continuing alike. Nodes return failures as
values; concurrency is limited by the endpoints' own limiters, never by LangGraph.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.material.meaning import embed_sources
from agents.memory.keeper import lay_down
from agents.memory.recap import sum_up
from agents.planner.book import plan_below
from agents.planner.continuation import plan_continuation
from agents.planner.expansion import plan_expansion
from agents.planner.skeleton import plan_skeleton
from agents.reader.reading import read_sources
from agents.review.final import final_check
from agents.review.section import review_section
from agents.review.text import review_text
from agents.run.context import WritingContext
from agents.run.milestones import (
    approval_pending,
    current_outline,
    set_status,
    store_skeleton,
    written,
)
from agents.run.state import Failure, PartOutput, PartState, SectionState, WritingState, failure
from agents.writer.section import write_section
from agents.writer.sketch import draw_sketch
from core.errors import LongleafError
from domain.outline.plan import Outline
from domain.run import RunStatus

RECURSION_LIMIT = 10_000
"""LangGraph's step bound; a sequential strategy takes two steps a section."""

Run = Runtime[WritingContext]


async def read(state: WritingState, runtime: Run) -> WritingState:
    """Read the sources, where the request names some and nothing is planned yet; embed them."""
    ctx = runtime.context
    try:
        if ctx.request.sources and await ctx.outline() is None:
            await set_status(ctx, RunStatus.PLANNING)
            await read_sources(ctx)
        await embed_sources(ctx)
    except LongleafError as error:
        return {"failures": [failure("", error)]}
    return {}


def after_read(state: WritingState) -> str:
    """Go on to the plan, unless the reading met an error."""
    return END if state.get("failures") else "skeleton"


async def skeleton(state: WritingState, runtime: Run) -> WritingState:
    """Plan the skeleton, unless there is one; lay down what all share; name parts to plan."""
    ctx = runtime.context
    try:
        await set_status(ctx, RunStatus.PLANNING)
        outline = await ctx.outline()
        if (planned := await _planned(ctx, outline)) is not outline:
            await store_skeleton(ctx, planned)
        await lay_down(ctx, planned)
    except LongleafError as error:
        return {"failures": [failure("", error)]}
    return {"ready": [] if ctx.strategy.lazy else [part.key for part in planned.parts]}


async def _planned(ctx: WritingContext, outline: Outline | None) -> Outline:
    """The plan that there is, or a new one; with what a text is to go on with."""
    more = ctx.options.continuation
    if more is not None and (outline is None or not more.extended(outline)):
        return await plan_continuation(ctx, outline)
    if outline is None and ctx.options.expansion is not None:
        return await plan_expansion(ctx)
    return outline or await plan_skeleton(ctx)


def parts_to_plan(state: WritingState) -> list[Send] | str:
    """One subgraph for each part; for none, the decision on what comes next."""
    if state.get("failures"):
        return END
    return [Send("part", {"part": key}) for key in state["ready"]] or "gather"


async def plan(state: PartState, runtime: Run) -> PartState:
    """Plan one part's sections, unless they are, and name those that may be written at once.

    Of a book it may be a whole division: then its chapters are planned first.
    """
    ctx, key = runtime.context, state["part"]
    try:
        parts = await plan_below(ctx, key)
        if not ctx.strategy.starts_early or await approval_pending(ctx):
            return {"ready": []}
        ready = ctx.strategy.ready(await current_outline(ctx), await written(ctx))
        await set_status(ctx, RunStatus.WRITING)
    except LongleafError as error:
        return {"ready": [], "failures": [failure(key, error)]}
    own = {section.key for part in parts for section in part.sections}
    return {"ready": [key for key in ready if key in own]}


def sections_to_write(state: PartState | WritingState) -> list[Send] | str:
    """One `Send` for each section that is ready."""
    return [Send("section", {"key": key}) for key in state["ready"]] or END


async def section(state: SectionState, runtime: Run) -> dict[str, list[Failure]]:
    """Write one section from context to commit, and review it where no other waits for it."""
    ctx, key = runtime.context, state["key"]
    try:
        await write_section(ctx, key)
        if not ctx.strategy.carries:
            await review_section(ctx, key)
    except LongleafError as error:
        return {"failures": [failure(state["key"], error)]}
    return {"failures": []}


async def gather(state: WritingState, runtime: Run) -> WritingState:
    """Decide what comes after a wave: wait for approval, write or plan more, or review."""
    ctx = runtime.context
    try:
        if state.get("failures"):
            return {"next": "end"}
        if await approval_pending(ctx):
            await set_status(ctx, RunStatus.AWAITING_APPROVAL)
            return {"next": "end"}
        outline, done = await current_outline(ctx), await written(ctx, tried=True)
        ready = ctx.strategy.ready(outline, done)
        await set_status(ctx, RunStatus.WRITING)
        if ctx.strategy.sketches and not done:
            await draw_sketch(ctx, outline)
        await sum_up(ctx, outline, done)
        if ready:
            return {"next": "write", "ready": ready}
        unplanned = [part.key for part in outline.parts if not part.sections][:1]
        return {"next": "plan" if unplanned else "review", "ready": unplanned}
    except LongleafError as error:
        return {"next": "end", "failures": [failure("", error)]}


def after_gather(state: WritingState) -> list[Send] | str:
    """Send the next wave, plan the next part, go on to the review, or end."""
    if state["next"] == "write":
        return [Send("section", {"key": key}) for key in state["ready"]]
    if state["next"] == "plan":
        return [Send("part", {"part": key}) for key in state["ready"]]
    return "review" if state["next"] == "review" else END


async def review(state: WritingState, runtime: Run) -> WritingState:
    """Have the text judged and mended as far as the request wants it."""
    try:
        await review_text(runtime.context)
    except LongleafError as error:
        return {"failures": [failure("", error)]}
    return {}


def after_review(state: WritingState) -> str:
    """Go on to the check, unless the review met an error."""
    return END if state.get("failures") else "check"


async def check(state: WritingState, runtime: Run) -> WritingState:
    """Assemble and check the document as a whole; ends the run."""
    ctx = runtime.context
    try:
        await set_status(ctx, RunStatus.CHECKING)
        await final_check(ctx)
    except LongleafError as error:
        return {"failures": [failure("", error)]}
    return {}


@cache  # compiling takes as long as a whole call of ours
def build_graph() -> Any:
    """Compile the graph, which all runs share.

    Invoke it with an empty state and `context=WritingContext(...)`.
    """
    part: StateGraph[Any, Any, Any, Any] = StateGraph(
        PartState, context_schema=WritingContext, output_schema=PartOutput
    )
    part.add_node("plan", plan)
    part.add_node("section", section, input_schema=SectionState)
    part.add_edge(START, "plan")
    part.add_conditional_edges("plan", sections_to_write, ["section", END])
    part.add_edge("section", END)

    graph: StateGraph[Any, Any, Any, Any] = StateGraph(WritingState, context_schema=WritingContext)
    graph.add_node("read", read)
    graph.add_node("skeleton", skeleton)
    graph.add_node("part", part.compile(), input_schema=PartState)
    graph.add_node("gather", gather)
    graph.add_node("section", section, input_schema=SectionState)
    graph.add_node("review", review)
    graph.add_node("check", check)
    graph.add_edge(START, "read")
    graph.add_conditional_edges("read", after_read, ["skeleton", END])
    graph.add_conditional_edges("skeleton", parts_to_plan, ["part", "gather", END])
    graph.add_edge("part", "gather")
    graph.add_conditional_edges("gather", after_gather, ["section", "part", "review", END])
    graph.add_edge("section", "gather")
    graph.add_conditional_edges("review", after_review, ["check", END])
    graph.add_edge("check", END)
    return graph.compile()
