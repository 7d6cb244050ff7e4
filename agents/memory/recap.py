"""Who sums up what a book has said: each chapter when it is written, each division after its last.

One bounded call each; where no answer can be used, the first sentences of what was said stand in.
Source: recursive summaries, as in "Recursively Summarizing Books" (arXiv 2109.10862).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from agents.run.calls import UNREPAIRED, Composed, ask
from agents.run.context import WritingContext
from agents.run.milestones import store_summary
from agents.writer.job import clean_answer
from agents.writer.window import MARGIN, answer_room
from core.errors import ContextOverflowError
from domain.outline.plan import Outline, Part
from domain.text.sentences import sentences
from evaluators.trimming import head_to
from storage import summaries
from storage.sections import StoredSection

CHAPTER = 120
DIVISION = 160
"""Counted units that are asked for."""
LONGEST = 4 / 3
"""Of what is asked for that is kept."""


@dataclass(frozen=True)
class _Subject:
    """What is to be summed up."""

    key: str
    heading: str
    texts: Sequence[tuple[str, str]]
    """Heading and text of each piece."""
    units: int
    chapter: bool = True


async def sum_up(ctx: WritingContext, outline: Outline, done: Collection[str]) -> None:
    """Sum up what is finished and is not yet, in reading order.

    Args:
        ctx: the run.
        outline: the plan as it stands.
        done: keys of the sections that are written, or could not be.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if not ctx.strategy.lazy or ctx.options.redo is not None:
        return
    known = await ctx.db.run(lambda s: summaries.keys(s, ctx.document_id), write=False)
    for part in outline.parts:
        if part.key not in known and _finished(part, done):
            await _chapter(ctx, outline, part)
    for division in outline.divisions:
        chapters = outline.chapters(division.key)
        if division.key not in known and all(_finished(part, done) for part in chapters):
            await _division(ctx, outline, division.key)


def _finished(part: Part, done: Collection[str]) -> bool:
    return bool(part.sections) and all(section.key in done for section in part.sections)


async def _chapter(ctx: WritingContext, outline: Outline, part: Part) -> None:
    stored: Sequence[StoredSection] = await ctx.some([x.key for x in part.sections])
    texts = [(section.heading, section.text) for section in stored if section.text]
    await _keep(ctx, outline, _Subject(part.key, part.heading, texts, CHAPTER))


async def _division(ctx: WritingContext, outline: Outline, key: str) -> None:
    headings = {part.key: part.heading for part in outline.chapters(key)}
    found: Mapping[str, str] = await ctx.db.run(
        lambda s: summaries.of(s, ctx.document_id, list(headings)), write=False
    )
    texts = [(heading, found[each]) for each, heading in headings.items() if found.get(each)]
    heading = outline.division(key).heading
    await _keep(ctx, outline, _Subject(key, heading, texts, DIVISION, chapter=False))


async def _keep(ctx: WritingContext, outline: Outline, subject: _Subject) -> None:
    text = await _asked(ctx, outline, subject) if subject.texts else ""
    if text:
        await store_summary(ctx, subject.key, text, "model")
    else:
        await store_summary(ctx, subject.key, lead(ctx, subject.texts, subject.units), "lead")


async def _asked(ctx: WritingContext, outline: Outline, subject: _Subject) -> str:
    """A model's summary, cut to its bound; empty where none can be used."""
    step = f"summary/{subject.key}"

    async def compose() -> Composed:
        room = answer_room(ctx, "reader", subject.units, 2.0)
        limit = ctx.window("reader") - room - MARGIN
        share = 1.0
        while share > 1 / 64:
            prompt = ctx.prompts.render(
                "summariser/chapter",
                ctx.fence,
                title=outline.title,
                heading=subject.heading,
                chapter=subject.chapter,
                text=_shown(subject.texts, share),
                length=ctx.phrase(subject.units),
                language=ctx.language_name,
            )
            if ctx.tokens.budget_count(prompt.system + prompt.user) <= limit:
                return Composed(
                    prompt,
                    max_tokens=room,
                    temperature=ctx.policy.critic.temperature,
                    seed=ctx.seed(step),
                    context={"asked": subject.units, "share": share},
                )
            share /= 2
        raise ContextOverflowError("a summary's window has no room for what it is of")

    if ctx.compact("reader"):
        return ""
    try:
        answer = await ask(ctx, step, "reader", compose)
    except UNREPAIRED:
        return ""
    text = " ".join(clean_answer(answer.text, subject.heading, outline.title).split())
    return head_to(text, int(subject.units * LONGEST), ctx.request.length.counter)


def _shown(texts: Sequence[tuple[str, str]], share: float) -> str:
    """The pieces under their headings; of each no more than this share, from its beginning."""
    cut = [(heading, text[: max(200, int(len(text) * share))]) for heading, text in texts]
    return "\n\n".join(f"{heading}\n\n{text}" for heading, text in cut)


def lead(ctx: WritingContext, texts: Sequence[tuple[str, str]], units: int) -> str:
    """The first sentence of each piece, as many as fit into so many counted units."""
    firsts = [said[0] for _, text in texts if (said := sentences(text))]
    whole = " ".join(firsts)
    return head_to(whole, units, ctx.request.length.counter) or whole[:units]
