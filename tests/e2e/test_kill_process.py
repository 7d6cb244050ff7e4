"""`kill -9` of `write` at its model calls: one document, nothing lost, nothing paid for twice."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storage.migrate import upgrade
from tests.e2e.kill_support import Siege, draw, opened
from tests.e2e.support_cli import soundness

LATE = {"LONGLEAF_LENGTH__SECTION_TOLERANCE": "0.7", "LONGLEAF_LENGTH__DOCUMENT_ROUNDS": "6"}
"""What is missing in every section is left to the final check."""

PLANNED = ("planning", "writing", "writing", "writing")
REPAIRED = ("planning", "writing", "repair", "repair", "repair")
CHECKED = ("planning", "writing", "checking", "checking", "checking")

SHAPES: dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]] = {
    "obey-agentwrite": ("obey", "agentwrite", PLANNED, {}),
    "obey-parallel": ("obey", "parallel", ("planning", "writing"), {}),
    "short-agentwrite": ("short", "agentwrite", REPAIRED, {}),
    "short-parallel": ("short", "parallel", REPAIRED[:3], {}),
    "unfinished-agentwrite": ("unfinished", "agentwrite", REPAIRED, {}),
    "checked-parallel": ("short", "parallel", CHECKED, LATE),
    "checked-agentwrite": ("short", "agentwrite", CHECKED, LATE),
}
"""Mode, strategy, phases of the kills in the order in which a run has them, environment."""


async def besiege(home: Path, url: str | Path, shape: str, seed: int, rounds: int) -> Siege:
    """Kill as often as the shape says, so many times over; what came of it."""
    mode, strategy, phases, env = SHAPES[shape]
    rng = random.Random(f"{shape}:{seed}")
    kills = [draw(rng, phase) for phase in phases * rounds]
    options = ("--words", "1200", "--strategy", strategy, "--seed", str(seed))
    with opened(url) as db:
        upgrade(db)
        siege = Siege(home, db, options, {"mode": mode, "seed": seed}, env)
        await siege.lay(kills)
    return siege


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def case(shape: str, seed: int, rounds: int) -> Any:
    return pytest.param(shape, seed, rounds, id=f"{shape}-{seed}")


FEW = [("short-parallel", 1, 1), ("checked-agentwrite", 2, 1)]
MANY = [
    case("obey-agentwrite", 3, 4),
    case("obey-parallel", 4, 5),
    case("short-agentwrite", 5, 4),
    case("short-parallel", 6, 3),
    case("unfinished-agentwrite", 7, 3),
    case("checked-parallel", 8, 3),
    case("checked-agentwrite", 9, 3),
]
KILLS = sum(len(SHAPES[shape][2]) * rounds for shape, _, rounds in [c.values for c in MANY])


@pytest.mark.parametrize(("shape", "seed", "rounds"), FEW)
async def test_a_killed_process_loses_nothing(
    home: Path, shape: str, seed: int, rounds: int
) -> None:
    siege = await besiege(home, home / "longleaf.db", shape, seed, rounds)
    assert Counter(kill.phase for kill in siege.done) == Counter(SHAPES[shape][2] * rounds)
    assert soundness(home) == "ok"


@pytest.mark.verify
@pytest.mark.parametrize(("shape", "seed", "rounds"), MANY)
async def test_a_hundred_kills_lose_nothing(home: Path, shape: str, seed: int, rounds: int) -> None:
    assert KILLS >= 100
    siege = await besiege(home, home / "longleaf.db", shape, seed, rounds)
    assert Counter(kill.phase for kill in siege.done) == Counter(SHAPES[shape][2] * rounds)
    assert soundness(home) == "ok"
