"""How far a batch has come, who works on it, why it stopped, and what to do next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from batch.cluster.plan import kept_plan
from batch.cluster.tally import of_plan
from batch.folder import Folder
from batch.funnel import Funnel
from batch.merged import Merged
from batch.presence import at_work, is_waiting, tokens_lately
from batch.subsets import stems_of, subset_named
from cli.batch_progress import clock, told
from cli.border import joined
from cli.connect import services
from cli.output import put_json, say
from services.batches.datasets import Dataset, Standing

_LATELY = 60.0
"""Seconds."""


@dataclass(frozen=True)
class State:
    """A batch as it stands."""

    dataset: Dataset
    standing: Standing
    tokens: float
    """Of answers, a second, lately."""

    @property
    def worker(self) -> str:
        """Who works on it; empty: nobody."""
        return at_work(self.dataset.worker)

    @property
    def name(self) -> str:
        """What it is doing, in a word."""
        if self.worker:
            return "working"
        return "interrupted" if self.standing.status == "working" else self.standing.status

    @property
    def seconds_left(self) -> float | None:
        """Until it is done, if the rows that are left take as many tokens as those so far."""
        settled = self.standing.total - self.standing.left
        if not (self.worker and self.tokens and settled):
            return None
        each = self.standing.spent.completion_tokens / settled
        return self.standing.left * each / self.tokens

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            **self.standing.to_dict(), "status": self.name, "worker": self.worker,
            "waits": bool(self.worker) and is_waiting(self.dataset.worker),
            "tokens_per_second": round(self.tokens, 1), "seconds_left": self.seconds_left,
            "why": dict(self.dataset.why), "command": self.dataset.command,
            "subsets": list(self.dataset.subsets),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """For people: how far, by whom, why no further, and what then."""
        found = [f"{self.name}: {told(self.standing)}"]
        if self.worker:
            if is_waiting(self.dataset.worker):
                return [*found, f"{self.worker} waits for the endpoint, which does not answer."]
            left = self.seconds_left
            found.append(f"{self.worker} works on it: {self.tokens:,.0f} tokens/s"
                         + (f", about {clock(left)} left" if left is not None else ""))  # fmt: skip
            return found
        if why := self.dataset.why:
            found.append(f"Why: {joined(why['message'], why['remedy'])}")
        if self.standing.left and self.dataset.command:
            found.append(f"To go on: {self.dataset.command}")
        held = [subset_named(name) for name in self.dataset.subsets]
        found += [f"data/{stem}*: {subset.holds} ({subset.form.name})"
                  for stem, subset in zip(stems_of(held), held, strict=True)]  # fmt: skip
        return found


def run_status(root: Path, as_json: bool) -> None:
    """Print how a batch, or a merged dataset, stands."""
    if (plan := kept_plan(root)) is not None:
        standing = of_plan(plan)
        told_so = f"{standing.status}: {told(standing)}, in {len(plan.parts):,} shards"
        put_json(standing.to_dict()) if as_json else say(told_so, Console())
        return
    if (note := Merged.read(root)) is not None:
        _tell_merged(note, root, as_json)
        return
    state = asyncio.run(_state(Folder(root)))
    if as_json:
        put_json(state.to_dict())
    else:
        say("\n".join(state.lines()), Console())


async def _state(folder: Folder) -> State:
    dataset_id = folder.dataset_id()
    async with services(journal=folder.journal) as built:
        return State(
            await built.datasets.get(dataset_id),
            await built.datasets.standing(dataset_id),
            await tokens_lately(built.datasets, dataset_id, _LATELY),
        )


def _tell_merged(note: Merged, root: Path, as_json: bool) -> None:
    funnel = Funnel.from_dict(note.funnel)
    if as_json:
        put_json({"status": "merged", "sources": note.sources, "lacking": note.lacking,
                  "funnel": note.funnel})  # fmt: skip
        return
    shards = f"from {len(note.sources):,} shards"
    lines = [f"merged: {funnel.kept:,} of {funnel.entered:,} rows, {shards}",
             *(f"without: {line}" for line in note.lacking), funnel.table()]  # fmt: skip
    if note.lacking:
        lines.append("Once the shards are complete, merge them again.")
    say("\n".join(lines), Console())
