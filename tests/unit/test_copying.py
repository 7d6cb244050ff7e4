"""Words taken from another text: found in a row, let be in quotation marks and by chance."""

from __future__ import annotations

import random

import pytest

from evaluators.base import Subject
from evaluators.copying import RUN, Copying
from tests.fakes import prose

SOURCE = prose.english(random.Random(1), 400, ())
WORDS = SOURCE.replace("\n\n", " ").split()
HAN = prose.chinese(random.Random(2), 400, ())


def score(text: str, *others: str) -> float | None:
    return Copying(others).evaluate(Subject(text)).value


def test_a_copied_run_fails_and_its_share_is_told() -> None:
    own = prose.english(random.Random(9), 100, ())
    found = Copying((SOURCE,)).evaluate(Subject(f"{own} {' '.join(WORDS[50:80])}"))
    assert found.failed
    assert found.value is not None
    assert 70 < found.value < 85
    assert "copied" in found.findings[0].message


@pytest.mark.parametrize("words", [RUN - 1, 5, 0])
def test_fewer_words_than_a_run_are_no_copy(words: int) -> None:
    own = prose.english(random.Random(9), 100, ())
    assert score(f"{' '.join(WORDS[50 : 50 + words])} {own}", SOURCE) == 100


def test_case_and_commas_hide_no_copy() -> None:
    assert score(" ".join(WORDS[:40]).upper().replace(",", ""), SOURCE) == 0


@pytest.mark.parametrize("mark", ["“{}”", '"{}"', "> {}", "「{}」"])
def test_what_is_quoted_is_no_copy(mark: str) -> None:
    quoted = mark.format(" ".join(WORDS[10:60]))
    assert score(f"She said so.\n\n{quoted}\n\nThen she left.", SOURCE) == 100


def test_chinese_is_compared_by_longer_runs() -> None:
    assert score(HAN[:20], HAN) == 100
    assert (score(HAN[:120], HAN) or 0) < 30


def test_without_others_there_is_no_verdict() -> None:
    assert score("The sea rises.") is None
    assert score("The sea rises.", "") is None


def test_different_texts_share_no_run() -> None:
    for seed in range(20):
        assert score(prose.english(random.Random(100 + seed), 300, ()), SOURCE) == 100


def test_many_unclosed_quotation_marks_take_no_time() -> None:
    assert score("“a " * 20_000, SOURCE) == 100
