"""The same deaths with PostgreSQL as the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.kill_children import MOST, Children, died, serving
from tests.e2e.kill_support import SHAPES, besiege
from tests.postgres import Server


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    with serving(tmp_path_factory.mktemp("children")) as found:
        yield found


def case(shape: str, seed: int, rounds: int) -> Any:
    return pytest.param(shape, seed, rounds, id=f"{shape}-{seed}")


MANY = [
    case("obey-agentwrite", 23, 2),
    case("obey-parallel", 24, 3),
    case("short-agentwrite", 25, 2),
    case("short-parallel", 26, 2),
    case("unfinished-agentwrite", 27, 1),
    case("checked-parallel", 28, 2),
    case("checked-agentwrite", 29, 2),
]
KILLS = sum(len(SHAPES[shape][2]) * rounds for shape, _, rounds in [c.values for c in MANY])


@pytest.mark.verify
@pytest.mark.parametrize(("shape", "seed", "rounds"), MANY)
async def test_fifty_kills_lose_nothing(
    tmp_path: Path, postgres_url: str, shape: str, seed: int, rounds: int
) -> None:
    assert KILLS >= 50
    home = tmp_path / "home"
    await besiege(home, postgres_url, shape, seed, rounds, LONGLEAF_DATABASE_URL=postgres_url)
    assert not (home / "longleaf.db").exists()


@pytest.mark.verify
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_death_at_every_second_commit_loses_nothing(
    tmp_path: Path, children: Children, postgres: Server, after: bool
) -> None:
    """Before the one, after the next; `test_kill_commits` dies at each, both ways."""
    for number in range(1 + after, MOST, 2):
        url = postgres.fresh()
        if not await died(children, tmp_path / str(number), url, number, after):
            break
        postgres.drop(url)
    assert 15 < number < MOST
