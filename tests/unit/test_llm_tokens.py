import os
from importlib import util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.tokens import Tokens
from llm.types import Message


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def tokens(folder: Path) -> Tokens:
    return Tokens(folder)


def test_counts_are_those_of_o200k(tokens: Tokens) -> None:
    assert tokens.exact
    assert tokens.count("hello world") == 2
    assert tokens.count("") == 0
    assert tokens.count("<|endoftext|>") > 1


def test_a_budget_leaves_room_for_other_vocabularies(tokens: Tokens) -> None:
    text = "word " * 100
    assert tokens.budget_count(text) >= 1.15 * tokens.count(text)
    assert tokens.budget_count("") == 0


def test_messages_cost_their_frame(tokens: Tokens) -> None:
    message = Message("user", "hello world")
    assert tokens.of_messages([message, message]) == 12


@given(st.text(max_size=60), st.integers(0, 30))
def test_cuts_keep_the_limit_and_an_end_of_the_text(tokens: Tokens, text: str, limit: int) -> None:
    head, tail = tokens.head(text, limit), tokens.tail(text, limit)
    assert text.startswith(head)
    assert text.endswith(tail)
    assert tokens.count(head) <= limit
    assert tokens.count(tail) <= limit
    if tokens.count(text) <= limit:
        assert head == tail == text


def test_cuts_use_the_limit(tokens: Tokens) -> None:
    text = " ".join(f"word{n}" for n in range(1000))
    assert 95 <= tokens.count(tokens.head(text, 100)) <= 100
    assert 95 <= tokens.count(tokens.tail(text, 100)) <= 100


@pytest.mark.parametrize("text", ["a" * 300_000, " " * 300_000, "^" * 300_000, "字" * 300_000])
def test_unbroken_runs_are_counted_in_blocks(tokens: Tokens, text: str) -> None:
    assert 0 < tokens.count(text) <= len(text)


def test_counting_in_blocks_changes_little(tokens: Tokens) -> None:
    text = " ".join(f"word{n}" for n in range(10_000))
    parts = sum(tokens.count(text[start : start + 9_000]) for start in range(0, len(text), 9_000))
    assert abs(tokens.count(text) - parts) <= 30


async def test_warming_loads_it(folder: Path) -> None:
    tokens = Tokens(folder)
    await tokens.warm()
    await tokens.warm()
    assert tokens.exact


def test_a_damaged_cache_is_replaced_and_the_environment_left_alone(
    folder: Path, tokens: Tokens
) -> None:
    assert tokens.exact
    before = dict(os.environ)
    (cached,) = (path for path in folder.iterdir() if path.suffix == "")
    whole = cached.read_bytes()
    cached.write_bytes(b"damaged")
    assert Tokens(folder).count("hello world") == 2
    assert cached.read_bytes() == whole
    assert dict(os.environ) == before


def test_the_environment_s_own_cache_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "elsewhere")
    assert Tokens(folder).count("hello world") == 2
    assert os.environ["TIKTOKEN_CACHE_DIR"] == "elsewhere"


def test_without_the_rank_file_counts_are_honest_estimates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    _check_estimates(Tokens(tmp_path / "new"))


def test_a_folder_that_cannot_be_made_costs_exactness_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    _check_estimates(Tokens(blocked / "below"))


def _check_estimates(tokens: Tokens) -> None:
    assert not tokens.exact
    assert tokens.count("abcdefgh") == 2
    assert tokens.count("") == 0
    assert tokens.head("abcdefgh" * 5, 2) == "abcdefgh"
    assert tokens.tail("海" * 40, 6) == "海" * 8
