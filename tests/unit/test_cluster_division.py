"""How a batch is divided over many machines: pure numbers, and each row in one shard."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.cluster.division import Purse, shards_for, tasks_at_once
from batch.cluster.orders import Result, spent_of
from batch.cluster.plan import Part, divide, keep_caps, kept_plan, refuse_another, rows_of
from batch.cluster.tally import of_plan, tally, untouched
from batch.intake import items_of
from batch.rows import Row
from batch.shard import Shard
from core.errors import ConflictError, LimitExceededError, RequestError
from core.outcomes import error_of
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from storage.ledger import CallTotals
from tests.batches import rows, write_lines


@given(st.integers(1, 4096), st.integers(1, 4096), st.integers(1, 10**6))
def test_every_task_has_calls_and_every_shard_rows(cores: int, calls: int, number: int) -> None:
    tasks = tasks_at_once(cores, calls, number)
    assert 1 <= tasks <= min(cores, number)
    assert tasks == 1 or calls // tasks >= 8
    shards = shards_for(number, tasks, calls)
    assert tasks <= shards <= min(number, 8 * tasks)


@pytest.mark.parametrize(
    ("cores", "calls", "number", "tasks", "shards"),
    [(64, 2048, 1_000_000, 64, 512), (2, 16, 24, 2, 2), (64, 64, 20_000, 8, 64), (8, 8, 1, 1, 1)],
)
def test_sizes(cores: int, calls: int, number: int, tasks: int, shards: int) -> None:
    assert tasks_at_once(cores, calls, number) == tasks
    assert shards_for(number, tasks, calls) == shards


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=12),
    st.integers(1, 100_000),
    st.lists(st.tuples(st.integers(0, 11), st.floats(0, 1), st.booleans()), max_size=40),
)
def test_shards_never_may_spend_more_than_the_batch(
    weights: list[int], cap: int, steps: list[tuple[int, float, bool]]
) -> None:
    purse, granted = Purse(Caps(tokens=cap), dict(enumerate(weights))), dict[int, int]()
    spent = dict.fromkeys(range(len(weights)), 0)
    for number, share, over in steps:
        shard = number % len(weights)
        if shard not in granted:
            granted[shard] = purse.grant(shard).tokens or 0
        else:  # it spends a share of what it may, and ends
            spent[shard] = max(spent[shard], int(granted.pop(shard) * share))
            purse.ended(shard, CallTotals(completion_tokens=spent[shard]), over=over)
        # A cap of nothing there is not: one token is the least.
        assert sum({**spent, **granted}.values()) <= cap + len(weights)


def test_what_one_shard_did_not_need_another_gets() -> None:
    purse = Purse(Caps(tokens=1000, cost=10.0), {0: 300, 1: 100})
    assert purse.grant(0) == Caps(tokens=750, cost=7.5)
    purse.ended(0, CallTotals(prompt_tokens=100, cost=1.0), over=True)
    assert purse.grant(1) == Caps(tokens=900, cost=9.0)
    purse.ended(1, CallTotals(prompt_tokens=895, cost=8.95), over=False)
    assert not purse.holds()
    assert Purse(Caps(), {0: 1}).grant(0) == Caps()


def test_every_line_is_in_one_shard_and_the_one_that_shard_would_take(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [*rows(40), *rows(5), "{", "", '{"prompt": ""}'])
    plan = divide(tmp_path, items_of(source, Terms()), "sha", Terms(), 4)
    assert kept_plan(tmp_path) == plan
    assert not list(tmp_path.glob("shards/**/*.jsonl"))
    found = []
    for number in range(4):
        own = list(rows_of(plan.folder(number)))
        part, terms = plan.parts[number], Terms(shard=f"{number}/4")
        alone = list(items_of(source, terms))
        assert [entry.position for entry in own] == [item.line for item in alone]
        assert part.rows == sum(isinstance(item, Row) for item in alone)
        assert plan.terms_of(number).shard == str(Shard(number, 4))
        found += own
    assert sorted(entry.position for entry in found) == list(range(1, 49))
    assert (plan.rows, sum(part.refused for part in plan.parts)) == (45, 3)
    assert len({entry.key for entry in found}) == 48
    standing = of_plan(plan)
    assert (standing.total, standing.left, standing.rows[RowStatus.REJECTED]) == (48, 45, 3)


def test_a_division_is_of_one_input_and_one_number(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows(5))
    plan = divide(tmp_path, items_of(source, Terms()), "sha", Terms(), 2)
    turned = write_lines(tmp_path / "turned.jsonl", rows(5)[::-1])
    refuse_another(plan, items_of(turned, Terms()), "other sha", Terms(), 2)
    longer = write_lines(tmp_path / "longer.jsonl", rows(6))
    for given_rows, terms, shards, word in (
        (longer, Terms(), None, "input"), (source, Terms(seed=3), None, "seed"),
        (source, Terms(), 3, "shards"),
    ):  # fmt: skip
        with pytest.raises(ConflictError, match=word):
            refuse_another(plan, items_of(given_rows, terms), str(given_rows), terms, shards)


def test_an_input_without_rows_is_refused_and_divided_anew_when_it_has_some(tmp_path: Path) -> None:
    nothing = write_lines(tmp_path / "in.jsonl", ["{"])
    with pytest.raises(RequestError, match="no row"):
        divide(tmp_path, items_of(nothing, Terms()), "sha", Terms(), 3)
    assert kept_plan(tmp_path) is None
    source = write_lines(tmp_path / "in.jsonl", rows(2))
    assert divide(tmp_path, items_of(source, Terms()), "sha", Terms(), 1).rows == 2


def test_caps_stay_until_they_are_changed(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    assert keep_caps(tmp_path, Caps(tokens=5)) == Caps(tokens=5)
    assert keep_caps(tmp_path, Caps(cost=2.0)) == Caps(tokens=5, cost=2.0)


def test_figures_are_added_up() -> None:
    busy = {"queued": 1, "begun": 2, "done": 3, "words": 70, "prompt_tokens": 10, "cost": 0.5,
            "places": 8, "running": 4, "waits": True}  # fmt: skip
    found = tally([busy, {"done": 1, "completion_tokens": 9}], "working", Caps())
    assert (found.standing.total, found.standing.left, found.standing.words) == (7, 3, 70)
    assert (found.load.places, found.load.running, found.waits) == (8, 4, True)
    assert found.standing.spent == spent_of(busy) + CallTotals(completion_tokens=9)


def test_an_error_travels_as_a_value() -> None:
    error = LimitExceededError("the cap is reached", "Raise it.")
    told = Result.failed(3, error, {"total": 2, "queued": 2})
    assert (type(told.error), told.error and told.error.remedy) == (LimitExceededError, "Raise it.")
    assert not told.over
    assert Result(3, {"total": 2, "done": 2}).over
    assert type(error_of(told.kind, "", "")) is LimitExceededError
    assert untouched(Part(3, 1, 600, "")) == {"queued": 3, "rejected": 1}
