"""How far a batch on many machines has come: its shards' figures, added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from batch.cluster.orders import Facts, spent_of
from batch.cluster.plan import Part, Plan
from batch.cluster.publication import Publication
from domain.dataset import RowStatus
from domain.run_options import Caps
from llm.roles import Load
from services.batches.datasets import Standing
from storage.ledger import CallTotals

IDLE: Facts = {"places": 0, "running": 0, "waiting": 0, "waits": False}
"""What is said of a shard's endpoints where nobody works on it."""


class Tally(NamedTuple):
    """All shards together."""

    standing: Standing
    load: Load
    waits: bool
    """Whether one of them waits for an endpoint that is away."""


def tally(facts: Iterable[Facts], status: str, caps: Caps) -> Tally:
    """Add shards' figures up. Pure."""
    rows = dict.fromkeys(RowStatus, 0)
    words, spent, load, waits = 0, CallTotals(), Load(0, 0, 0), False
    for each in facts:
        for name in RowStatus:
            rows[name] += int(each.get(name.value, 0))
        words += int(each.get("words", 0))
        spent += spent_of(each)
        load = load_of(load, each)
        waits = waits or bool(each.get("waits"))
    return Tally(Standing(status, rows, words, spent, caps), load, waits)


def load_of(load: Load, facts: Facts) -> Load:
    """A load with a shard's added."""
    return Load(*(each + int(facts.get(name, 0)) for name, each in load._asdict().items()))


def untouched(part: Part) -> Facts:
    """The figures of a shard that nobody has worked on."""
    return {"queued": part.rows, "rejected": part.refused}


def published(plan: Plan) -> dict[int, Facts]:
    """Each shard's figures as they are published; nobody is at work."""
    return {
        number: {**(Publication(plan.folder(number)).facts() or untouched(part)), **IDLE}
        for number, part in enumerate(plan.parts)
    }


def of_plan(plan: Plan, status: str = "stopped") -> Standing:
    """How far a divided batch has come, as far as that is published."""
    found = tally(published(plan).values(), status, Caps()).standing
    return replace(found, status="done") if not found.left else found
