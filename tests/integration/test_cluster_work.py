"""A shard's work on one machine, without Ray: published copies, a lost disk, another's settings."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from batch.cluster.orders import Facts, Order, Word, left_of
from batch.cluster.plan import divide
from batch.cluster.publication import Publication
from batch.cluster.surroundings import fingerprint, named
from batch.cluster.work import carry_out
from batch.intake import items_of
from core.errors import SettingsError
from domain.dataset import Terms
from domain.run_options import Caps
from services.batches.datasets import Datasets
from storage.database import Database
from tests.batches import rows, write_lines
from tests.fakes.endpoint import FakeEndpoint
from tests.support import open_services


@dataclass
class Said:
    """A board in this process."""

    reports: list[Facts] = field(default_factory=list)
    word: Word = "go on"

    async def report(self, number: int, facts: Facts) -> Word:
        self.reports.append(facts)
        return self.word


@dataclass
class Place:
    """One shard of six rows, who is to write them, and where it is published."""

    order: Order
    fake: FakeEndpoint
    publication: Publication
    scratch: Path

    @property
    def answered(self) -> list[str]:
        return [call.request_hash for call in self.fake.calls if call.status == 200]


@pytest.fixture
async def place(own_home: Path, tmp_path: Path) -> AsyncIterator[Place]:
    async with FakeEndpoint() as fake:
        built = open_services(own_home, fake.url)
        terms = Terms(rounds=0, models=named(await built.endpoints.models()))
        mark = fingerprint(built)
        await built.close()
        (tmp_path / "out").mkdir()
        source = write_lines(tmp_path / "in.jsonl", rows(6, 100))
        plan = divide(tmp_path / "out", items_of(source, terms), "sha", terms, 1)
        order = Order(
            0, str(plan.root), "ds_x", plan.terms_of(0), Caps(), 1, 2, base_url=fake.url,
            model="fake", fingerprint=mark, scratch=str(tmp_path / "disk"), publish_every=0,
        )  # fmt: skip
        yield Place(order, fake, Publication(plan.folder(0)), tmp_path / "disk")


@pytest.mark.verify
async def test_a_lost_disk_takes_only_what_came_after_the_last_copy(place: Place) -> None:
    """Six seconds."""
    place.fake.pause(8)
    work = asyncio.create_task(carry_out(place.order, Said()))
    while not 0 < left_of(place.publication.facts() or {"queued": 0}) < 6:
        assert not work.done(), work.result()
        await asyncio.sleep(0.01)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    place.fake.resume()
    shutil.rmtree(place.scratch)
    left = left_of(place.publication.facts())
    before = len(place.answered)
    result = await carry_out(place.order, Said())
    assert (result.error, result.over, result.facts["done"]) == (None, True, 6)
    assert len(place.answered) - before <= 2 * left  # an outline and a section each
    assert place.publication.facts()["done"] == 6
    db = Database.open(place.publication.folder.journal)
    found = Datasets(db)
    dataset_id = place.publication.folder.dataset_id()
    assert (await found.standing(dataset_id)).left == 0
    db.close()
    assert not list(place.scratch.rglob("*.db"))


async def test_a_worker_with_other_settings_or_models_writes_nothing(place: Place) -> None:
    for order in (
        replace(place.order, fingerprint="another"),
        replace(place.order, terms=replace(place.order.terms, models={"writer": "another"})),
    ):
        result = await carry_out(order, Said())
        assert isinstance(result.error, SettingsError)
        assert socket.gethostname() in result.message
    assert not place.fake.calls


async def test_one_that_is_told_to_drain_publishes_what_it_has(place: Place) -> None:
    result = await carry_out(place.order, Said(word="drain"))
    assert result.error is None
    assert not result.over
    assert place.publication.facts()["status"] == "stopped"
    again = await carry_out(place.order, Said())
    assert again.over
    assert len(place.answered) == len(set(place.answered))
