"""What is asked of a batch beside its rows: how it is written, what it may spend, its formats."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from batch.formats import parse_formats
from domain.dataset import Terms
from domain.run_options import Caps
from services.datasets import check_name


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a batch beside its rows; raises RequestError for what there is not."""

    name: str
    terms: Terms = Terms()
    caps: Caps = Caps()
    formats: tuple[str, ...] = ("messages",)
    concurrency: int | None = None
    endpoint: str = ""
    """Who writes: `endpoint` or `endpoint/model`; empty: as the settings say."""

    def __post_init__(self) -> None:
        check_name(self.terms.strategy)
        parse_formats(",".join(self.formats))

    @property
    def told(self) -> dict[str, Any]:
        """What the list keeps of it."""
        return {
            "formats": list(self.formats), "concurrency": self.concurrency,
            "endpoint": self.endpoint,
        }  # fmt: skip


def command(name: str, terms: Terms, formats: Iterable[str]) -> str:
    """What one would type to make the same dataset on the command line."""
    said = ["python", "app.py", "batch", "PROMPTS.jsonl", "--out", name,
            "--strategy", terms.strategy, "--rounds", str(terms.rounds)]  # fmt: skip
    said += ["--limit", str(terms.limit)] if terms.limit else []
    said += ["--seed", str(terms.seed)] if terms.seed is not None else []
    return shlex.join([*said, "--format", ",".join(formats)])
