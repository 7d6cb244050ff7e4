"""What a section's call may see: everything if it fits, else less in a published order.

Dropped first to last: the oldest of the text so far (each such section leaves its plan line in
its place), then the other parts' points, then the sibling sections, then the draft of the whole,
then materials, each halved until nothing is left of it, then the present text of a section that is
written anew, then key points. Request, instruction, title, own heading and point are never dropped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.material.evidence import citing, numbers_of
from agents.material.kinds import NAMES, Material
from agents.planner.contracts import Neighbour, neighbours
from agents.run.context import WritingContext
from agents.strategies.base import Written
from core.errors import ContextOverflowError
from domain.outline.book import shown_chapters, shown_divisions
from domain.outline.plan import Division, Outline, Part, SectionPlan
from domain.outline.sketch import Sketch
from llm.types import Role
from prompts.library import Prompt

MARGIN = 64


@dataclass(frozen=True)
class View:
    """What a section's call is about to see."""

    outline: Outline
    section: SectionPlan
    so_far: tuple[Written, ...]
    instruction: str = ""
    """What a person wants of a section that is written anew."""
    present: str = ""
    """Its text until then."""
    sketch: Sketch | None = None
    """The short draft of the whole document."""
    materials: tuple[Material, ...] = ()
    """What else the section is written from; the first is dropped first."""
    full_from: int = 0
    """Sections of `so_far` before this index appear as their plan line only."""
    with_points: bool = True
    with_siblings: bool = True
    dropped: tuple[str, ...] = ()

    @property
    def part(self) -> Part:
        """The part the section belongs to."""
        return self.outline.part_of(self.section.key)

    @property
    def chapters(self) -> tuple[Part, ...]:
        """The parts that it sees: all, of a book those of its own division."""
        return shown_chapters(self.outline, self.section.key)

    @property
    def divisions(self) -> tuple[Division, ...]:
        """The divisions of a book that it sees."""
        return shown_divisions(self.outline, self.section.key)

    @property
    def text_so_far(self) -> str:
        """The finished sections, old ones as one line each."""
        lines = [f"[{w.heading}: {w.point}]" for w in self.so_far[: self.full_from]]
        full = [f"{w.heading}\n\n{w.text}" for w in self.so_far[self.full_from :]]
        return "\n\n".join([*lines, *full])


def answer_room(ctx: WritingContext, role: Role, units: int, overrun: float) -> int:
    """`max_tokens` for an answer of `units` counted units that may run over by `overrun`.

    At most half the window: the prompt needs the rest.
    """
    tokens = int(ctx.expected_tokens(units) * overrun) + 128
    return min(tokens, ctx.window(role) // 2)


def fit(
    ctx: WritingContext,
    view: View,
    max_tokens: int,
    length: str,
    problems: Sequence[str],
    *,
    share: float = 1.0,
) -> tuple[Prompt, dict[str, Any]]:
    """Render the section's prompt, reduced until it fits the writer's window.

    Args:
        ctx: the run.
        view: what it would hold if there were room for all.
        max_tokens: kept free for the answer.
        length: as the prompt says it.
        problems: what was wrong with an earlier attempt.
        share: of the room there is, for windows that turned out smaller than they seemed.

    Returns:
        The prompt, and the record of its pieces: tokens of each, and what was dropped.

    Raises:
        ContextOverflowError: not even the indispensable fits.
    """
    limit = int((ctx.window("writer") - max_tokens - MARGIN) * share)

    def measured(view: View) -> tuple[Prompt, int]:
        prompt = _render(ctx, view, length, problems)
        return prompt, ctx.tokens.budget_count(prompt.system + prompt.user)

    def fits(oldest: int) -> bool:
        return measured(_without(view, oldest))[1] <= limit

    finished = range(len(view.so_far))
    oldest = 0 if not finished or fits(0) else bisect_left(finished, True, key=fits)
    smaller: View | None = _without(view, oldest)
    while smaller is not None:
        view = smaller
        prompt, used = measured(view)
        if used <= limit:
            return prompt, _record(ctx, view, used, limit)
        smaller = _reduced(view)
    raise ContextOverflowError(
        f"the request alone needs {used:,} tokens and {limit:,} are free",
        "Shorten the prompt, or use a model with a larger window.",
    )


def _without(view: View, oldest: int) -> View:
    """The view with only the plan lines of the first `oldest` sections of the text so far."""
    dropped = tuple(f"text of section {written.key}" for written in view.so_far[:oldest])
    return replace(view, full_from=oldest, dropped=dropped)


def _reduced(view: View) -> View | None:
    if view.with_points:
        return replace(view, with_points=False, dropped=(*view.dropped, "points of other parts"))
    if view.with_siblings:
        return replace(view, with_siblings=False, dropped=(*view.dropped, "sibling sections"))
    if view.sketch is not None:
        return replace(view, sketch=None, dropped=(*view.dropped, "draft of the whole"))
    for material in view.materials:
        if material.pieces:
            return _with(view, material.lessened())
    if view.present:
        return replace(view, present="", dropped=(*view.dropped, "present text"))
    if view.so_far:
        return replace(view, so_far=(), full_from=0, dropped=(*view.dropped, "lines so far"))
    if view.section.key_points:
        section = replace(view.section, key_points=())
        return replace(view, section=section, dropped=(*view.dropped, "key points"))
    return None


def _with(view: View, less: Material) -> View:
    """The view with one of its materials lessened."""
    materials = tuple(less if each.name == less.name else each for each in view.materials)
    told = dict.fromkeys((*view.dropped, f"some of the {less.name}"))
    if not less.pieces:
        told.pop(f"some of the {less.name}")
        told[less.name] = None
    return replace(view, materials=materials, dropped=tuple(told))


def _render(ctx: WritingContext, view: View, length: str, problems: Sequence[str]) -> Prompt:
    parts, divisions = view.chapters, view.divisions
    if not view.with_points:
        parts = tuple(replace(part, point="") for part in parts)
        divisions = tuple(replace(division, point="") for division in divisions)
    siblings = view.part.sections if view.with_siblings and len(view.part.sections) > 1 else ()
    before, after = (_named(view, item) for item in neighbours(view.outline, view.section.key))
    return ctx.prompts.render(
        "writer/section",
        ctx.fence,
        compact=ctx.compact("writer"),
        language=ctx.language_name,
        prompt=ctx.request.prompt,
        kind=ctx.request.kind,
        audience=ctx.request.audience,
        tone=ctx.request.tone,
        title=view.outline.title,
        divisions=divisions,
        parts=parts,
        part=view.part,
        siblings=siblings,
        section=view.section,
        before=before,
        after=after,
        so_far=view.text_so_far,
        problems=list(problems),
        instruction=view.instruction,
        present=view.present,
        sketch=view.sketch.text if view.sketch else "",
        piece=view.sketch.pieces.get(view.section.key, "") if view.sketch else "",
        cites=citing(ctx, [number for each in view.materials for number in each.numbers]),
        material={**dict.fromkeys(NAMES, ""), **{each.name: each.text for each in view.materials}},
        length=length,
    )


def _named(view: View, item: Neighbour | None) -> str:
    """A neighbour by its number where the prompt's plan has its point, else with its point."""
    if item is None:
        return ""
    if isinstance(item, Part):
        shown = view.with_points and item.division == view.part.division
    else:
        shown = view.with_siblings
    return f'{item.key}, "{item.heading}"' if shown else f'"{item.heading}" ({item.point})'


def _record(ctx: WritingContext, view: View, used: int, limit: int) -> dict[str, Any]:
    count = ctx.tokens.count
    shown: tuple[Division | Part, ...] = (*view.divisions, *view.chapters)
    plan = "\n".join(f"{item.heading}: {item.point}" for item in shown)
    return {
        "pieces": {
            "request": count(ctx.request.prompt),
            "plan": count(plan),
            "text so far": count(view.text_so_far),
            "present text": count(view.present),
            "draft of the whole": count(view.sketch.text) if view.sketch else 0,
            **{each.name: count(each.text) for each in view.materials},
        },
        "shown": {each.name: len(each.pieces) for each in view.materials},
        "tokens": used,
        "limit": limit,
        "dropped": list(view.dropped),
        **numbers_of(ctx, *view.materials),
    }
