"""What a dataset is made of: counted record by record, so that none is kept."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Any

from batch.records import Pair, Provenance, Sample
from batch.token_lengths import TokenLengths, TokenTally
from llm.tokens import Tokens


class Census:
    """Sums over the records of a dataset; memory grows by some 150 bytes a record.

    Args:
        tokens: what the records' tokens are counted with.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.kinds: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.strategies: Counter[str] = Counter()
        self.models: Counter[str] = Counter()
        self.prompts: dict[str, str] = {}
        """Each template's name and version, and its hash."""
        self.written = array("L")
        """Lengths of the documents: words, characters in Chinese, Japanese, Korean."""
        self.shares = array("d")
        """Written as a share of what was asked for, where a length was."""
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.cost = 0.0
        self.unpriced = 0
        """Runs of which no price is known."""
        self._runs: set[str] = set()
        self._tokens = tokens
        self._tallies: dict[str, TokenTally] = {}

    def add(self, record: Sample | Pair) -> None:
        """Count a record. What a run took is counted once, however many records it gave."""
        self.kinds[record.label] += 1
        self.languages[record.language] += 1
        self._tallies.setdefault(record.label, TokenTally(self._tokens)).add(record)
        if isinstance(record, Sample):
            self._measure(record)
        self._source(record.provenance)

    @property
    def total(self) -> int:
        """Records."""
        return sum(self.kinds.values())

    @property
    def lengths(self) -> dict[str, TokenLengths]:
        """Tokens of the records of each kind."""
        return {kind: tally.lengths() for kind, tally in self._tallies.items()}

    def _measure(self, sample: Sample) -> None:
        if sample.kind != "document":
            return
        written = sample.written
        self.written.append(written)
        if sample.length is not None:
            self.shares.append(written / sample.length.required)

    def _source(self, source: Provenance) -> None:
        if source.run_id in self._runs:
            return
        self._runs.add(source.run_id)
        self.strategies[source.strategy or "unknown"] += 1
        self.models.update(source.models)
        self.prompts.update(source.prompts)
        self.prompt_tokens += source.prompt_tokens
        self.completion_tokens += source.completion_tokens
        self.cost += source.cost or 0.0
        self.unpriced += source.cost is None

    def to_dict(self) -> dict[str, Any]:
        """The sums as plain JSON values."""
        return {
            "records": self.total, "kinds": dict(self.kinds), "languages": dict(self.languages),
            "strategies": dict(self.strategies), "models": dict(self.models),
            "prompts": dict(self.prompts), "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens, "cost": round(self.cost, 6),
            "unpriced": self.unpriced,
        }  # fmt: skip
