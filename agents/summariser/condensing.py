"""How one piece is made shorter: asked for by length, asked again, halved where it is too much."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.run.calls import UNUSABLE, Composed, ask, complaint
from agents.run.together import together
from agents.writer.edits import unbroken
from agents.writer.gates import inspect
from agents.writer.job import Draft, Job, broke_off, learnt
from agents.writer.window import MARGIN, answer_room
from core.errors import ContextOverflowError
from domain.condensation import halves, thinned
from evaluators.trimming import trim_to

TRIES = 3
"""Answers that are asked for until one has its length."""
DEEPEST = 6
"""Times a piece that does not fit the window is halved at most."""
SHORT_DEEPEST = 2
"""The same for one whose answers stay too short."""
SHORT_OF = 0.75
"""Below this share of its length a summary has left out too much: its halves are asked for."""
_OVERRUN = 2.0


@dataclass(frozen=True)
class Piece:
    """A text, and how long it is to be."""

    job: Job
    """Of the section that it becomes, or a part of; its goal is the length."""
    template: str
    text: str
    depth: int = 0

    @property
    def most(self) -> int:
        """Counted units that are accepted at most."""
        return self.job.goal + self.job.slack

    def half(self, text: str, goal: int, name: str) -> Piece:
        """The work for one of its halves."""
        job = replace(self.job, goal=goal, step=f"{self.job.step}/{name}")
        return Piece(job, self.template, text, self.depth + 1)


async def condense(piece: Piece) -> Draft | None:
    """The piece, shorter; None if no answer may stand.

    Every answer is cleaned and gated; the nearest to its length counts. A piece that does not fit
    the window, or whose answers stay too short, is halved, and each half made shorter by itself.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    try:
        best = await _asked(piece)
    except ContextOverflowError:
        return await _by_halves(piece)
    if best is None or best.units >= SHORT_OF * piece.job.goal or piece.depth >= SHORT_DEEPEST:
        return best
    longer = await _by_halves(piece)
    return min((x for x in (longer, best) if x), key=lambda x: abs(x.units - piece.job.goal))


async def _asked(piece: Piece) -> Draft | None:
    job, goal = piece.job, piece.job.goal
    asked, ratio = goal, 1.0
    problems: tuple[str, ...] = ()
    best: Draft | None = None
    calls: tuple[str, ...] = ()
    for attempt in range(1, TRIES + 1):
        try:
            draft = await _answer(piece, asked, attempt, problems)
        except UNUSABLE as error:
            problems = (complaint(error),)
            continue
        calls = (*calls, *draft.calls)
        verdict = inspect(job, draft)
        if not draft.text or verdict.undeliverable:
            problems = verdict.problems or ("nothing was left of it",)
            continue
        if best is None or abs(draft.units - goal) < abs(best.units - goal):
            best = draft
        if job.fits(draft.units):
            break
        ratio = learnt(ratio, asked, draft.units)
        asked, problems = max(10, round(goal / ratio)), ()
    if best is not None and best.units > piece.most:
        best = _brought_down(piece, best)
    return Draft(best.text, best.units, "summary", calls) if best else None


def _brought_down(piece: Piece, draft: Draft) -> Draft | None:
    """An overlong summary without some of its sentences; None where none of it fits."""
    counter = piece.job.ctx.request.length.counter
    text = trim_to(draft.text, piece.most, counter)
    if piece.job.ctx.count(text) > piece.most:
        text = thinned(draft.text, piece.most, counter)
    return piece.job.draft(text, "trim", draft.calls, draft.ratio) if text else None


async def _answer(piece: Piece, asked: int, attempt: int, problems: tuple[str, ...]) -> Draft:
    job, ctx = piece.job, piece.job.ctx
    step = f"{job.step}/{attempt}"

    async def compose() -> Composed:
        prompt = ctx.prompts.render(
            piece.template, ctx.fence, language=ctx.language_name, text=piece.text,
            length=ctx.phrase(asked), instruction=job.instruction,
            problems=list(problems),
        )  # fmt: skip
        room = answer_room(ctx, "writer", max(asked, job.goal), _OVERRUN)
        used = ctx.tokens.budget_count(prompt.system + prompt.user)
        if used + room + MARGIN > ctx.window("writer"):
            raise ContextOverflowError(f"a piece of {used:,} tokens leaves no room for its summary")
        return Composed(
            prompt, max_tokens=room, temperature=ctx.policy.sampling.planner_temperature,
            seed=ctx.seed(step, resample=attempt > 1), context={"asked": asked},
        )  # fmt: skip

    answer = await ask(ctx, step, "writer", compose, on_text=job.on_text("draft"))
    text = job.clean(answer.text)
    if broke_off(answer.completion.finish):
        text = unbroken(text)
    return job.draft(text, "summary", (answer.call_id,), 1.0)


async def _by_halves(piece: Piece) -> Draft | None:
    """Each half made shorter by itself; None where there are none, or neither may stand.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    two = halves(piece.text, piece.job.ctx.request.length.counter)
    if two is None or piece.depth >= DEEPEST or piece.job.goal < 2:
        return None
    first = piece.job.ctx.count(two[0]) / max(1, piece.job.ctx.count(piece.text))
    goal = min(piece.job.goal - 1, max(1, round(piece.job.goal * first)))
    goals = (goal, piece.job.goal - goal)
    named = zip(two, goals, "ab", strict=True)
    works = [piece.half(text, goal, name) for text, goal, name in named]
    found = [draft for draft in await together(map(condense, works)) if draft and draft.text]
    if not found:
        return None
    text = "\n\n".join(draft.text for draft in found)
    calls = tuple(call for draft in found for call in draft.calls)
    return piece.job.draft(text, "summary", calls, 1.0)
