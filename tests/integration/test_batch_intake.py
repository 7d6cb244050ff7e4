"""Prompts are looked at before they are paid for, and what was decided then stays so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from batch.contamination import Benchmark
from batch.intake import items_of, take_in
from batch.rows import Reject, Row
from core.errors import ConflictError
from domain.dataset import RowStatus, Terms
from services.batches.datasets import Datasets
from tests.batches import NO_CAPS, BatchPlace, place, rows
from tests.support import Desk, desk

PROMPT = (
    "Please write a long and careful report about the tidal power stations on the coasts of "
    "northern Europe, about their history, and about who pays for them {}"
)
TEST_SET = (
    "Compare the tramways of five mid-sized cities and say which of them was built best and why"
)
LINES: list[dict[str, Any] | str] = [
    *rows(2, 100), {"prompt": PROMPT.format("today"), "length": 100, "id": "first"},
    {"prompt": PROMPT.format("now"), "length": 100, "id": "copy"}, "{",
    {"prompt": PROMPT.format("now"), "length": 900, "id": "longer"},
    {"prompt": f"{TEST_SET}.", "length": 100, "id": "leaked"},
]  # fmt: skip
SIFTED = Terms(rounds=0, similar_prompts=0.8, benchmark=("ab",))


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path / "home") as found:
        yield found


async def entered(batch: BatchPlace, terms: Terms = SIFTED) -> None:
    datasets = batch.desk.services.datasets
    bench = Benchmark([TEST_SET]) if terms.benchmark else None
    await take_in(
        datasets, batch.folder.prepare(), "out", batch.source, terms, NO_CAPS, bench
    )  # fmt: skip


async def reasons(batch: BatchPlace) -> dict[int, str]:
    return {item.position: item.reason for item in await batch.items(RowStatus.REJECTED)}


REFUSED = {4: "near_duplicate", 5: "invalid_json", 7: "contaminated"}


async def test_copies_and_a_benchmark_s_prompts_are_refused(there: Desk, tmp_path: Path) -> None:
    batch = place(there, tmp_path, LINES)
    await entered(batch)
    assert await reasons(batch) == REFUSED
    done = await batch.export()
    assert done.funnel.dropped == {
        ("prompts", "near_duplicate"): 1, ("prompts", "contaminated"): 1,
        ("read", "invalid_json"): 1,
    }  # fmt: skip
    told = {row["line"]: row for row in batch.rejects()}
    assert (told[4]["id"], told[4]["stage"], told[4]["detail"]) == ("copy", "prompts", "of first")
    assert told[4]["score"] > 80
    assert len(told[7]["key"]) > 64
    assert not there.fake.calls


async def test_nothing_is_refused_where_nothing_is_asked(there: Desk, tmp_path: Path) -> None:
    batch = place(there, tmp_path, LINES)
    await entered(batch, Terms(rounds=0))
    assert await reasons(batch) == {5: "invalid_json"}


async def test_an_intake_that_was_killed_comes_to_the_same(
    there: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    enter, times = Datasets.enter, 0

    async def killed(self: Datasets, *args: Any) -> None:
        nonlocal times
        times += 1
        if times == 3:
            raise KilledError
        await enter(self, *args)

    batch = place(there, tmp_path, LINES)
    monkeypatch.setattr("batch.intake.CHUNK", 2)
    with monkeypatch.context() as dying:
        dying.setattr(Datasets, "enter", killed)
        with pytest.raises(KilledError):
            await entered(batch)
    assert len(await batch.items()) == 4
    await entered(batch)
    assert await reasons(batch) == REFUSED
    assert len(await batch.items()) == 7
    await entered(batch)
    assert len(await batch.items()) == 7


@pytest.mark.parametrize(
    ("terms", "said"),
    [(Terms(rounds=0, similar_prompts=0.9, benchmark=("ab",)), "not the same similar prompts"),
     (Terms(rounds=0, similar_prompts=0.8), "not the same benchmark")],
)  # fmt: skip
async def test_another_choice_is_another_batch(
    there: Desk, tmp_path: Path, terms: Terms, said: str
) -> None:
    batch = place(there, tmp_path, LINES)
    await entered(batch)
    with pytest.raises(ConflictError, match=said):
        await entered(batch, terms)


def test_what_is_a_copy_does_not_depend_on_the_shards(tmp_path: Path) -> None:
    source = place(None, tmp_path, LINES).source  # type: ignore[arg-type]

    def lines(shard: str) -> list[tuple[int, str]]:
        terms = Terms(shard=shard, similar_prompts=0.8)
        return [(item.line, item.reason if isinstance(item, Reject) else "")
                for item in items_of(source, terms)]  # fmt: skip

    assert sorted(lines("0/3") + lines("1/3") + lines("2/3")) == lines("0/1")
    assert [item.id for item in items_of(source, SIFTED) if isinstance(item, Row)][-1] != "copy"
