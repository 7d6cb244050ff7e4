"""`kill -9` of `write` at its model calls: one document, nothing lost, nothing paid for twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.kill_support import SHAPES, besiege
from tests.e2e.support_cli import soundness


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def case(shape: str, seed: int, rounds: int) -> Any:
    return pytest.param(shape, seed, rounds, id=f"{shape}-{seed}")


FEW = [("checked-parallel", 1, 1)]
MANY = [
    case("obey-agentwrite", 3, 4),
    case("obey-parallel", 4, 5),
    case("short-agentwrite", 5, 4),
    case("short-parallel", 6, 3),
    case("unfinished-agentwrite", 7, 3),
    case("reviewed-parallel", 10, 1),
    case("reviewed-agentwrite", 11, 1),
    case("checked-parallel", 8, 3),
    case("checked-agentwrite", 9, 3),
]
KILLS = sum(len(SHAPES[shape][2]) * rounds for shape, _, rounds in [c.values for c in MANY])


@pytest.mark.parametrize(("shape", "seed", "rounds"), FEW)
async def test_a_killed_process_loses_nothing(
    home: Path, shape: str, seed: int, rounds: int
) -> None:
    await besiege(home, home / "longleaf.db", shape, seed, rounds)
    assert soundness(home) == "ok"


@pytest.mark.verify
@pytest.mark.parametrize(("shape", "seed", "rounds"), MANY)
async def test_a_hundred_kills_lose_nothing(home: Path, shape: str, seed: int, rounds: int) -> None:
    assert KILLS >= 100
    await besiege(home, home / "longleaf.db", shape, seed, rounds)
    assert soundness(home) == "ok"
