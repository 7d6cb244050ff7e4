"""What is asked of a batch beside its rows: how it is written, what it may spend, its formats."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from batch.formats import parse_formats
from core.errors import ConflictError
from domain.dataset import Terms
from domain.run_options import Caps
from llm.types import ROLES
from services.batches.datasets import check_name
from services.settings.preferences import checked_roles


@dataclass(frozen=True)
class Commission:
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


def roles_for(endpoint: str, names: list[str]) -> dict[str, str | list[str]]:
    """Every role at this endpoint, none where it is empty; raises RequestError without one."""
    return checked_roles({role: endpoint for role in ROLES} if endpoint else {}, names)


def refuse_others(then: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Raise ConflictError where other models would go on than have begun."""
    if differing := [f"{role} {then[role]}" for role in then if then[role] != now.get(role)]:
        raise ConflictError(
            f"this dataset was begun with other models: {', '.join(differing)}",
            "Choose them again in the settings, or begin another dataset.",
        )
