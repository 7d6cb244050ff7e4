"""A batch on a bad day: poisoned lines, faults of every kind; what is good is delivered whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from domain.length import Length
from domain.text import count
from llm.openai_client import Timeouts
from tests.batches import BatchPlace, place
from tests.fakes.calls import Call
from tests.fakes.faults import FAULTS
from tests.poison import poisoned, spoil
from tests.support import FORBIDDEN, Desk, at_once, desk

SLOTS = 16
SLOW = {"huge_json", "flood", "gzip_bomb"}
"""They cost the fake a second of work each."""
BULK = {
    "concurrency": SLOTS,
    "lines": {"bulk": True, "timeouts": Timeouts(first=1.0, idle=1.0, total=1.0)},
}


async def settled(batch: BatchPlace) -> int:
    """The same command until all rows are settled; how often something stopped it."""
    stops = 0
    while (why := (await batch.work(wait=at_once)).why) is not None:
        assert why.remedy, why
        stops += 1
        assert stops < 100
    return stops


def check_data(batch: BatchPlace, expected: dict[str, int]) -> None:
    """Each row is asked for, once, of its length, and nothing but the model's prose."""
    found = batch.data()
    prompts = [row["messages"][0]["content"] for row in found]
    assert len(set(prompts)) == len(prompts)
    for prompt, row in zip(prompts, found, strict=True):
        text = row["messages"][-1]["content"]
        length = Length(expected[prompt])
        assert length.s_l(count(text, length.counter)) >= 80, (prompt, text)
        assert not FORBIDDEN.search(text), FORBIDDEN.search(text)


@pytest.mark.parametrize(
    ("good", "poison", "least"),
    [(36, 6, 36), pytest.param(900, 100, 890, marks=pytest.mark.verify)],
)
async def test_good_rows_are_delivered_whatever_is_among_them(
    tmp_path: Path, good: int, poison: int, least: int
) -> None:
    rng, faults = random.Random(7), dict[int, str]()
    asked = {f"Write about harbour {n}": rng.randint(120, 300) for n in range(good)}
    wanted = [{"prompt": prompt, "length": words} for prompt, words in asked.items()]
    lines, reasons = poisoned(wanted, poison, 7, overlong=1)
    names = sorted(FAULTS.keys() - SLOW)

    async def hook(call: Call) -> None:
        await spoil(call, faults)

    async with desk(
        tmp_path / "home", on_call=hook, faults=faults, fault_rate=0.07, fault_names=names,
        seed=7, endpoint=BULK,
    ) as there:  # fmt: skip
        batch = place(there, tmp_path, lines)
        await settled(batch)
        exported = await batch.export()
        check_faults(there, names, good)
    check_data(batch, asked)
    told = {row["line"]: row["reason"] for row in batch.rejects()}
    assert exported.rows["messages"] >= least
    assert len(told) == exported.rejects == good + poison - exported.rows["messages"]
    assert {line: told.get(line) for line in reasons} == reasons
    assert all(row["detail"] for row in batch.rejects())


def check_faults(there: Desk, names: list[str], good: int) -> None:
    met = {call.fault for call in there.fake.calls if call.fault}
    assert good < 100 or met >= set(names)
