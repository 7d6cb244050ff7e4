"""A process that dies at a commit while it writes a book loses nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.kill_children import Children, died, serving
from tests.e2e.support_cli import soundness

BOOK = {"longer_than": 600, "chapter_sections": 2, "division_chapters": 1}
REQUEST = {"words": 1500, "strategy": "book"}
COMMITS = 34
"""At least so many has the run of such a book."""
KILLS = 20


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    with serving(tmp_path_factory.mktemp("children"), book=BOOK) as found:
        yield found


@pytest.mark.verify  # a minute where nothing else runs
async def test_twenty_deaths_in_books_lose_nothing(tmp_path: Path, children: Children) -> None:
    rng = random.Random("books")
    for number in rng.sample(range(4, COMMITS), KILLS):
        home = tmp_path / str(number)
        after = rng.random() < 0.5
        assert await died(children, home, str(home / "longleaf.db"), number, after, **REQUEST)
        assert soundness(home) == "ok"
