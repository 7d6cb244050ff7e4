"""Pairs prefer the better text, and never the longer one."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.candidates import Candidates, funnel_of
from batch.pairs import Matching, lean, match
from batch.records import Pair, Provenance
from core.errors import RequestError
from services.requests.conversations import Turn

FREE = Matching(balance=None)


def pair(name: str, chosen: int, rejected: int, better: float = 50.0, **more: Any) -> Pair:
    """A pair whose texts have so many words."""
    fields = {"chosen_score": 40 + better, "rejected_score": 40.0, **more}
    return Pair(name, (Turn("user", f"Write {more.get('at', name)}."),),
                " ".join([f"good{name}"] * chosen), " ".join([f"bad{name}"] * rejected), "en",
                **{key: value for key, value in fields.items() if key != "at"})  # fmt: skip


def test_pairs_of_one_length_are_taken() -> None:
    found = match([pair("a", 100, 95), pair("b", 95, 100)])
    assert (found.pairs, found.unfit, found.candidates) == ({"a", "b"}, {}, 2)
    assert abs(found.leans["document"]) < 1e-9


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (pair("a", 100, 0), "empty"), (pair("a", 100, 89), "length"),
        (pair("a", 100, 112), "length"), (pair("a", 100, 100, 0.5), "not_better"),
        (pair("a", 100, 100, -9), "not_better"), (pair("a", 9, 9, chosen_score=None), "unscored"),
        (pair("a", 9, 9, rejected_score=math.nan), "not_better"),
        (Pair("a", (), "Same.", " Same.", "en"), "same"),
    ],
)  # fmt: skip
def test_what_makes_no_pair_is_told(candidate: Pair, reason: str) -> None:
    found = match([candidate], FREE)
    assert (found.pairs, found.unfit, found.leans) == (set(), {("document", reason): 1}, {})


def test_scores_may_be_left_out() -> None:
    unscored = pair("a", 100, 100, chosen_score=None)
    assert match([unscored], Matching(scores=False)).pairs == {"a"}


def test_of_several_drafts_the_closest_in_length_is_taken() -> None:
    drafts = [
        Pair(f"d{size}", (Turn("user", "Write."),), "good " * 100, "bad " * size, "en", "draft",
             90.0, 10.0) for size in (92, 101, 95)
    ]  # fmt: skip
    found = match(drafts, FREE)
    assert (found.pairs, found.unfit) == ({"d101"}, {("draft", "spare"): 2})


def test_pairs_that_lean_to_one_side_are_taken_out_until_lengths_balance() -> None:
    candidates = [pair(f"l{n}", 100 + n, 100) for n in range(1, 10)]
    candidates += [pair(f"s{n}", 100, 100 + n) for n in range(1, 4)]
    found = match(candidates)
    assert {"s1", "s2", "s3", "l1"} <= found.pairs
    assert "l9" not in found.pairs
    assert abs(found.leans["document"]) <= 0.02
    assert match([pair("a", 105, 100)]).unfit == {("document", "balance"): 1}


def test_each_kind_is_balanced_by_itself() -> None:
    longer = [pair(f"l{n}", 106, 100, kind="section") for n in range(5)]
    shorter = [pair(f"s{n}", 100, 106, kind="draft") for n in range(5)]
    assert match([*longer, *shorter]).unfit == {
        ("section", "balance"): 5, ("draft", "balance"): 5,
    }  # fmt: skip


def test_candidates_come_back_from_the_disk_as_they_went(tmp_path: Path) -> None:
    source = Provenance("r1", "k-0", 3, "parallel", 7, ("m",), {"write": "ab"}, 1, 2, None,
                        {"\ud800": [1]})  # fmt: skip
    made = [replace(pair(name, 100, 100), provenance=source, round=2, section="1.2")
            for name in "abc"]  # fmt: skip
    with Candidates(tmp_path) as candidates:
        for one in (made[0], pair("x", 100, 10), made[1], made[2]):
            candidates.add(one)
        assert list(candidates.chosen()) == made
        found = funnel_of(candidates.matched())
    assert (found.entered, found.kept, found.dropped) == (4, 3, {("pairs", "document: length"): 1})
    assert not list(tmp_path.iterdir())


SIZES = st.integers(0, 40)
CANDIDATES = st.lists(st.tuples(SIZES, SIZES, st.integers(-5, 5)), max_size=12)


@settings(max_examples=100, deadline=None)
@given(CANDIDATES, st.sampled_from([0.0, 0.02, 0.1]), st.floats(0, 0.5))
def test_every_candidate_is_a_pair_or_has_a_reason(
    sizes: list[tuple[int, int, int]], balance: float, apart: float
) -> None:
    candidates = [pair(str(n), *one, at="x") for n, one in enumerate(sizes)]
    found = match(candidates, Matching(apart=apart, balance=balance))
    assert found.candidates == len(candidates)
    kept = [lean(one) for one in candidates if one.id in found.pairs]
    assert abs(sum(kept)) <= (balance + 1e-6) * len(kept)
    assert found.leans == pytest.approx({"document": sum(kept) / len(kept)} if kept else {})
    for leaning in kept:
        assert 1 - math.exp(-abs(leaning)) <= apart + 1e-6
    again = match(reversed(candidates), Matching(apart=apart, balance=None))
    assert found.pairs <= again.pairs


@pytest.mark.parametrize("wrong", [{"apart": 2}, {"margin": -1}, {"balance": math.nan}])
def test_rules_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        Matching(**wrong)
