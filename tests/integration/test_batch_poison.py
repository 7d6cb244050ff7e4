"""A batch on a bad day: poisoned lines, faults of every kind; what is good is delivered whole."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from domain.length.contract import Length
from domain.text.counter import count
from domain.text.ngrams import repeat_share
from llm.openai_client import Timeouts
from tests.batches import BatchPlace, place
from tests.fakes.calls import Call
from tests.fakes.faults import FAULTS
from tests.poison import LOOPING, poisoned, spoil
from tests.support import FORBIDDEN, Desk, at_once, desk

SLOTS = 16
SLOW = {"huge_json", "flood", "gzip_bomb"}
"""They cost the fake a second of work each."""
GOOD = int(os.environ.get("BATCH_ROWS", "180")) * 9 // 10
"""Of so many rows; 180 take a minute, 1,000 four."""
SILENT = {"stall", "hang_after_accept", "slow_loris"}
BULK = {"concurrency": SLOTS, "lines": {"bulk": True, "timeouts": Timeouts(total=2.0)}}


async def settled(batch: BatchPlace) -> int:
    """The same command until all rows are settled; how often something stopped it."""
    stops = 0
    while (why := (await batch.work(wait=at_once)).why) is not None:
        assert why.remedy, why
        stops += 1
        assert stops < 100
    return stops


def check_data(batch: BatchPlace, expected: dict[str, int]) -> None:
    """Each row was asked for, once, has its length, no loops, and only the model's prose."""
    found = batch.data()
    prompts = [row["messages"][0]["content"] for row in found]
    assert len(set(prompts)) == len(prompts)
    assert set(prompts) <= expected.keys()
    for prompt, row in zip(prompts, found, strict=True):
        text = row["messages"][-1]["content"]
        length = Length(expected[prompt])
        assert length.s_l(count(text, length.counter)) >= 80, (prompt, text)
        assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
        assert repeat_share(text, 13) < 0.05


@pytest.mark.parametrize(
    ("good", "poison", "least"),
    [(12, 6, 12), pytest.param(GOOD, GOOD // 9, GOOD * 89 // 90, marks=pytest.mark.verify)],
)
async def test_good_rows_are_delivered_whatever_is_among_them(
    tmp_path: Path, good: int, poison: int, least: int
) -> None:
    rng, faults = random.Random(7), {20: "length"}
    asked = {f"Write about harbour {n}": rng.randint(120, 300) for n in range(good)}
    wanted = [{"prompt": prompt, "length": words} for prompt, words in asked.items()]
    lines, reasons = poisoned(wanted, poison, 7, overlong=1)
    asked |= {line["prompt"]: line["length"] for line in lines if LOOPING in str(line)[:40]}
    names = sorted(FAULTS.keys() - SLOW - (SILENT if good < 100 else set()))

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
    delivered = sum(row["messages"][0]["content"].startswith("Write") for row in batch.data())
    assert delivered >= least
    assert len(told) == exported.rejects == good + poison - exported.rows["messages"]
    assert reasons.keys() <= told.keys()
    for line, reason in reasons.items():  # an odd answer may have come to a row that was refused
        assert told[line] == reason or (reason == "unwritten" and told[line] == "length")
    assert not [row for row in batch.rejects() if not row["detail"]]


def check_faults(there: Desk, names: list[str], good: int) -> None:
    met = {call.fault for call in there.fake.calls if call.fault}
    assert good < 900 or len(set(names) - met) <= 2
    assert "length" in met
