"""How many tokens the rows of a dataset have, and the cut-off from which a trainer cuts none.

Trainers cut what is longer than their limit without a word: a long text then loses its end.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from batch.formats.turns import alternating, answer
from batch.records import Pair, Sample
from llm.tokens import ESTIMATE, Tokens
from llm.types import Message
from services.requests.conversations import Turn

SHARES = (0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
"""The percentiles that are told."""
STEP = 1_024
"""A cut-off is a multiple of it."""


@dataclass(frozen=True)
class TokenLengths:
    """Percentiles of one kind of rows, in tokens of o200k_base with each message's frame."""

    rows: int
    percentiles: tuple[tuple[float, int], ...]
    """Share of the rows, and the tokens that these have at most."""
    exact: bool
    """Whether tokens were counted; else they are estimated from bytes."""

    @classmethod
    def of(cls, sizes: Sequence[int], *, exact: bool = True) -> TokenLengths:
        """The percentiles (nearest rank) of rows of these sizes; none of no rows."""
        ordered = sorted(sizes)
        found = [(share, ordered[math.ceil(share * len(ordered)) - 1]) for share in SHARES
                 if ordered]  # fmt: skip
        return cls(len(ordered), tuple(found), exact)

    def cut_off(self, share: float = 1.0) -> int:
        """What a trainer's limit must be so that this share of the rows stays whole.

        A multiple of 1,024, with 15 % for vocabularies other than the one that was counted in; 0
        where there are no rows.

        Args:
            share: one of `SHARES`.
        """
        size = dict(self.percentiles).get(share, 0)
        return math.ceil(math.ceil(size * ESTIMATE) / STEP) * STEP


class TokenTally:
    """Counts the rows' tokens as they come: four bytes a row."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._sizes = array("L")

    def add(self, record: Sample | Pair) -> None:
        """Count a record: the conversation with its answer, of a pair with the longer one."""
        texts = [record.answer] if isinstance(record, Sample) else [record.chosen, record.rejected]
        order = alternating(record.turns)
        given = self._of(order.turns) if order else 0
        self._sizes.append(given + max(self._of([answer(text)]) for text in texts))

    def lengths(self) -> TokenLengths:
        """What was counted."""
        return TokenLengths.of(self._sizes, exact=self._tokens.exact)

    def _of(self, turns: Iterable[Turn]) -> int:
        return self._tokens.of_messages(Message(turn.role, turn.text) for turn in turns)
