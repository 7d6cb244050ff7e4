"""What makes a batch the one it is; where it lies; what is sampled; what is said of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.estimate import evenly
from batch.folder import Folder
from batch.speed import Speed
from cli.batch_progress import told
from core.errors import ConflictError, NotFoundError, RequestError
from domain.dataset import Digest, RowStatus, Terms, row_seed
from domain.run_options import Caps
from services.batches.datasets import Standing
from storage.ledger import CallTotals


def digest(keys: list[str]) -> str:
    made = Digest()
    for key in keys:
        made.add(key)
    return str(made)


@given(st.lists(st.text(max_size=20)), st.randoms())
def test_a_digest_does_not_depend_on_the_order(keys: list[str], chance: object) -> None:
    other = list(keys)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert digest(other) == digest(keys)


@given(st.lists(st.text(max_size=20), unique=True), st.text(max_size=20))
def test_a_digest_tells_a_key_more(keys: list[str], more: str) -> None:
    assert digest([*keys, more]) != digest(keys)


def test_rows_get_seeds_of_their_own() -> None:
    assert row_seed(None, "a-0") is None
    seeds = {row_seed(7, f"a-{n}") for n in range(100)}
    assert len(seeds) == 100
    assert row_seed(7, "a-0") == row_seed(7, "a-0") != row_seed(8, "a-0")
    assert all(seed is not None and 0 <= seed < 2**31 for seed in seeds)


def test_terms_say_what_differs() -> None:
    terms = Terms(seed=1, input="ab", models={"writer": "m"})
    assert terms.differing(Terms.from_dict(terms.to_dict())) == []
    assert terms.differing(replace(terms, seed=2, input="cd")) == ["seed", "input"]


def test_a_folder_keeps_its_batch(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "deep" / "out")
    with pytest.raises(NotFoundError):
        folder.dataset_id()
    first = folder.prepare()
    assert folder.prepare() == folder.dataset_id() == first
    assert Folder(tmp_path / "other").prepare() != first


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.md").write_text("mine")
    with pytest.raises(ConflictError, match="not of a batch"):
        Folder(tmp_path).prepare()
    with pytest.raises(RequestError, match="no folder"):
        Folder(tmp_path / "thesis.md").prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.md"]


def test_a_sample_is_even_and_has_both_ends() -> None:
    assert evenly([1, 2, 3], 40) == [1, 2, 3]
    found = evenly(list(range(1000)), 40)
    assert len(found) == 40
    assert (found[0], found[-1]) == (0, 999)
    assert max(b - a for a, b in zip(found, found[1:], strict=False)) <= 27


def standing(done: int, tokens: int) -> Standing:
    rows = dict.fromkeys(RowStatus, 0) | {RowStatus.DONE: done, RowStatus.QUEUED: 10 - done}
    return Standing("working", rows, 500 * done, CallTotals(completion_tokens=tokens), Caps())


def test_speed_and_time_left_are_of_this_process() -> None:
    speed = Speed()
    speed.take(standing(2, 1000), 100.0)
    assert speed.tokens == 0
    assert speed.left(standing(2, 1000)) is None
    speed.take(standing(4, 3000), 110.0)
    assert speed.tokens == 200
    assert speed.left(standing(4, 3000)) == 30


def test_a_line_says_how_far_it_has_come() -> None:
    line = told(standing(4, 3000))
    assert line == "4 of 10 rows done · 0 rejected · 0 failed · 2,000 words · 3,000 tokens"
