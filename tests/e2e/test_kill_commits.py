"""A process that dies at any of its commits, just before or just after it, loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.kill_children import MOST, Children, died, serving
from tests.e2e.support_cli import soundness


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    with serving(tmp_path_factory.mktemp("children")) as found:
        yield found


@pytest.mark.verify
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_death_at_every_commit_loses_nothing(
    tmp_path: Path, children: Children, after: bool
) -> None:
    first = 2 if after else 1  # the migration's is the only one that no session makes
    for number in range(first, MOST):
        home = tmp_path / str(number)
        if not await died(children, home, str(home / "longleaf.db"), number, after):
            break
        assert soundness(home) == "ok"
    assert 15 < number < MOST
