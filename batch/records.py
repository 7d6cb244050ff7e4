"""What a finished row is before it takes a trainer's form: a sample, a pair, and their sources."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from domain.length.contract import Length
from domain.score import Score
from domain.text.counter import count
from services.requests.conversations import Turn

SampleKind = Literal["document", "trace", "generator", "extender"]
"""A document for its prompt, the turns in which it was planned and written, Self-Lengthen's two."""
PairKind = Literal["document", "section", "draft"]
"""A document and a section before and after their critic's revisions; an answer of a section's
writer that the gates refused, and what was written anew."""


@dataclass(frozen=True)
class Provenance:
    """Where a text is from; all of it stands in every row."""

    run_id: str = ""
    row: str = ""
    """Key of the input's row."""
    line: int = 0
    """Of the input; 0 where it is not known."""
    strategy: str = ""
    seed: int | None = None
    models: tuple[str, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Name and version of each template, and its hash."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    """In the currency of the endpoints' prices; None where no price is known."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What came with the row."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values; the same names in every row."""
        return {
            "run_id": self.run_id, "row": self.row, "line": self.line, "strategy": self.strategy,
            "seed": self.seed, "models": list(self.models), "prompts": dict(self.prompts),
            "prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens,
            "cost": self.cost, "meta": dict(self.meta),
        }  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A text that answers a conversation."""

    id: str
    turns: tuple[Turn, ...]
    """What is given: holds a user's turn. Those of a trace hold the model's earlier answers."""
    answer: str
    language: str
    """ISO 639-1."""
    length: Length | None = None
    """What was asked for."""
    kind: SampleKind = "document"
    round: int = 0
    """Of a text that grew: how often it had been made longer; 0: never, or that is not known."""
    section: str = ""
    """Key of the section that it is; empty: the whole."""
    scores: tuple[Score, ...] = ()
    """Of the deterministic gates."""
    judged: float | None = None
    """A judge's score, 0 to 100; None: *unscored*."""
    unjudged: str = ""
    """Why there is none."""
    provenance: Provenance = Provenance()

    @property
    def label(self) -> str:
        """Its kind."""
        return self.kind

    @property
    def prompt(self) -> str:
        """What the user asked last."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")

    @cached_property
    def written(self) -> int:
        """Length of the answer, in the units that were asked for."""
        return count(self.answer, self.length.counter if self.length else "words")

    @cached_property
    def meta(self) -> str:
        """All that is known of it beside its text, as one line of JSON."""
        scores = {score.name: score.value for score in self.scores}
        return meta_line(
            self.provenance, kind=self.kind, round=self.round, section=self.section,
            language=self.language, written=self.written,
            asked=self.length.to_dict() if self.length else None,
            scores={**scores, "judge": self.judged},
        )  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two answers to one conversation, of which one is preferred."""

    id: str
    turns: tuple[Turn, ...]
    chosen: str
    rejected: str
    language: str
    kind: PairKind = "document"
    chosen_score: float | None = None
    """0 to 100, by whoever preferred it."""
    rejected_score: float | None = None
    why: str = ""
    """Such as the gates that the rejected answer failed."""
    round: int = 0
    """Revisions that the critic's loop kept, or which attempt of the writer's was refused."""
    section: str = ""
    """Key of the section that both are; empty: the whole."""
    provenance: Provenance = Provenance()

    @property
    def label(self) -> str:
        """Its kind as it is told beside those of samples."""
        return f"{self.kind} pair"

    @cached_property
    def meta(self) -> str:
        """All that is known of it beside its texts, as one line of JSON."""
        return meta_line(
            self.provenance, kind=self.label, round=self.round, section=self.section,
            language=self.language, why=self.why,
            scores={"chosen": self.chosen_score, "rejected": self.rejected_score},
        )  # fmt: skip


def meta_line(provenance: Provenance, **more: Any) -> str:
    """One JSON text, sorted by name: a column that has the same type in every row."""
    told = _plain({**provenance.to_dict(), **more})
    return json.dumps(told, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _plain(value: Any) -> Any:
    """The value without what JSON has not: a number that is none becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
