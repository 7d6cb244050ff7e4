"""What the writer of a section is reminded of: what other sections have said, and what holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.material.kinds import Material
from agents.run.context import WritingContext
from domain.ledger.entries import Entry, Ledger
from domain.ledger.recollection import line_of, ranked, subject_of
from domain.outline.plan import Outline, SectionPlan
from domain.text.vocabulary import terms
from storage import facts, revisions
from storage.revisions import Origin

MOST_KNOWN = 600
"""Tokens of what other sections have said."""
MOST_LAID_DOWN = 800
"""Tokens of what holds for the whole document."""
SHARE = 16
"""The window is at least so many times as large as either."""
SHOWN = 0.5
"""Share of the window that the text so far may fill and is surely shown whole."""


async def known(ctx: WritingContext, outline: Outline, section: SectionPlan) -> Material | None:
    """What other sections have said of the same things, where no race decides what they are.

    Counted are sections that the strategy has written earlier, and those that this run did not
    write. What the writer sees in full anyway is not said again.
    """
    if not _reminded(ctx):
        return None
    keys = await _settled(ctx, outline, section.key)
    words = terms(subject_of(section))
    if not keys or not words:
        return None
    found = await ctx.db.run(lambda s: facts.about(s, ctx.document_id, words, keys), write=False)
    lines = map(line_of, ranked(found, section, sections=keys))
    return Material("known", _within(ctx, lines, MOST_KNOWN), "\n")


async def laid_down(ctx: WritingContext, outline: Outline, section: SectionPlan) -> Material | None:
    """What holds throughout: a person's notes, then what the plan has laid down.

    The same for every section, so that prefix caches hit.
    """
    if not _reminded(ctx):
        return None
    found = await ctx.db.run(lambda s: facts.unplaced(s, ctx.document_id), write=False)
    lines = map(line_of, _standing(found))
    return Material("facts", _within(ctx, lines, MOST_LAID_DOWN), "\n")


def _reminded(ctx: WritingContext) -> bool:
    return ctx.request.memory != "off" and not ctx.compact("writer")


async def _settled(ctx: WritingContext, outline: Outline, key: str) -> list[str]:
    """Keys of sections whose text does not depend on who was first, and is not shown whole."""
    stored = await ctx.db.run(lambda s: revisions.origins(s, ctx.document_id), write=False)
    before = set(ctx.strategy.settled(outline, key))
    own = ctx.hold.run_id
    settled = [x for x in stored if x.key != key and (x.key in before or x.run_id != own)]
    seen = _shown(ctx, outline, key, settled)
    return [x.key for x in settled if x.key not in seen]


def _shown(ctx: WritingContext, outline: Outline, key: str, settled: Sequence[Origin]) -> set[str]:
    """Keys of the sections that the writer surely sees in full."""
    keys = set(ctx.strategy.visible(outline, key, [x.key for x in settled]))
    tokens = ctx.expected_tokens(sum(x.words for x in settled if x.key in keys))
    return keys if tokens <= ctx.window("writer") * SHOWN else set()


def _standing(ledger: Ledger) -> list[Entry]:
    """What is neither hidden nor over, a person's own first."""
    kept = [e for e in ledger.entries if e.shown and e.status not in ("kept", "closed")]
    return sorted(kept, key=lambda entry: not entry.held)


def _within(ctx: WritingContext, lines: Iterable[str], most: int) -> tuple[str, ...]:
    """As many of the lines as fit, from the first."""
    room = min(most, ctx.window("writer") // SHARE)
    taken: list[str] = []
    for line in lines:
        room -= ctx.tokens.budget_count(line + "\n")
        if room < 0:
            break
        taken.append(line)
    return tuple(taken)
