"""The manner that a document is written in: a person's style profile, the same for all sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.material.kinds import Material
from agents.run.context import WritingContext
from domain.manner import Manner
from domain.manner_words import described
from domain.outline.plan import Outline, SectionPlan
from storage import styles

COMPACT: Final = 2
"""Lines that a compact model is told."""


def lines_of(manner: Manner, description: Sequence[str], language: str) -> tuple[str, ...]:
    """What a writer is told of a style.

    Args:
        manner: the figures.
        description: a model's lines.
        language: the document's; what is counted in one language says nothing of another.
    """
    counted = described(manner) if manner.language == language else ()
    return (*counted, *description)


async def style(ctx: WritingContext, _outline: Outline, _section: SectionPlan) -> Material | None:
    """The lines of the request's style; None where it names none, or it was deleted since."""
    wanted = ctx.request.style
    if not wanted:
        return None
    row = await ctx.db.run(lambda s: styles.of_document(s, ctx.document_id, wanted), write=False)
    if row is None:
        return None
    manner = Manner.from_dict(row.measures)
    lines = lines_of(manner, row.description, ctx.request.language)
    return Material("style", lines[:COMPACT] if ctx.compact("writer") else lines, glue="\n")
