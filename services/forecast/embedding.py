"""What finding passages by meaning will take: vectors of the sources, and of what sections ask."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from sqlalchemy.orm import Session

from agents.material.meaning import AT_ONCE
from domain.length.spread import Spread
from llm.embeddings import BATCH
from llm.types import EMBEDDER
from services.forecast.rates import Stage
from services.forecast.reading import tokens_of
from storage import sources, vectors

ASKED = Spread(10, 40, 120)
"""Tokens of what a section is about."""
ANEW = Spread(1, 1, 1.3)
"""Questions a section: one more where its plan is changed."""


def embedding(batches: int, tokens: int, sections: Spread) -> list[Stage]:
    """The stage of making vectors. Pure.

    Args:
        batches: calls whose vectors of passages are not there yet.
        tokens: of the passages in them.
        sections: how many the document will have.
    """
    questions = sections * ANEW
    calls = Spread.exactly(batches) + questions
    prompt = Spread.exactly(tokens) + ASKED * questions
    depth = Spread.exactly(ceil(batches / AT_ONCE)) + ANEW
    return [Stage("embedding", EMBEDDER, calls, prompt, Spread.exactly(0), depth)]


def unmade(s: Session, owner: str, ids: Sequence[str], model: str) -> tuple[int, int]:
    """Calls for the vectors of some sources that a model has not made yet, and their tokens.

    Raises:
        NotFoundError: one of them is not the owner's.
    """
    batches = tokens = 0
    for id in ids:
        source, count = sources.get(s, owner, id), len(vectors.missing(s, id, model, BATCH))
        batches += count
        share = min(1.0, count * BATCH / max(1, source.passages))
        tokens += int(tokens_of(source.characters, source.language) * share)
    return batches, tokens
