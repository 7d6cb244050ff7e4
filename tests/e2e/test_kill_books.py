"""A book of 100,000 words whose process dies twenty times: nothing lost, and nothing that grows."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from storage import runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.journal import StoredCall, all_of
from tests.e2e.kill_children import serving
from tests.e2e.kill_judge import Snapshot, judge, opened, snapshot
from tests.e2e.support_cli import soundness

BOOK: dict[str, Any] = {"words": 100_000, "strategy": "book"}
COMMITS = 900
"""At least so many has the run of such a book."""
KILLS = 20
GROWN = 100
"""MiB at most by which a process that writes a part of it is larger than one of 2,000 words."""


@pytest.mark.verify  # two minutes where nothing else runs
async def test_twenty_deaths_in_a_whole_book_lose_nothing(tmp_path: Path) -> None:
    rng = random.Random("books")
    moments = sorted(rng.sample(range(4, COMMITS), KILLS))
    home, past, run = tmp_path / "home", list[Snapshot](), ""
    database = str(home / "longleaf.db")
    with serving(tmp_path / "children", book={"longer_than": 1500}) as children:
        small = tmp_path / "small"
        assert children.do(small, str(small / "longleaf.db"), words=2000, strategy="book") == 0
        first = len(children.endpoint.calls)
        for before, moment in pairwise([0, *moments]):
            number, after = moment - before, rng.random() < 0.5
            code = children.do(home, database, run, number, after, **BOOK)
            assert code == -signal.SIGKILL
            with opened(database) as db:
                past.append(snapshot(db, run))
            run = past[-1].run_id
        assert children.do(home, database, run, **BOOK) == 0
        calls = children.endpoint.calls[first:]
    assert soundness(home) == "ok"
    with opened(database) as db:
        report = await judge(db, run, past, calls)
        assert len(db.run_sync(lambda s: runs.newest(s, LOCAL_OWNER), write=False)) == 1
        _check_growth(_calls(db, run), report.words)
    assert report.strategy == "book"
    assert report.length_score >= 97
    assert max(children.memory) - children.memory[0] < GROWN


def _calls(db: Database, run: str) -> Sequence[StoredCall]:
    return db.run_sync(lambda s: list(all_of(s, run)), write=False)


def _check_growth(calls: Sequence[StoredCall], words: int) -> None:
    """Calls and tokens in measure, and a late section's prompt as long as an early one's."""
    sizes = [(call.step, call.usage.prompt_tokens) for call in calls]
    assert len(sizes) < 3 * words / 1000
    assert sum(size for _, size in sizes) < 3.8 * words
    assert max(size for _, size in sizes) < 10_000
    written = [size for step, size in sizes if re.fullmatch(r"section/[^/]+/write/1", step)]
    quarter = len(written) // 4
    assert fmean(written[-quarter:]) < 1.3 * fmean(written[:quarter])
    assert max(written) < 1_600
