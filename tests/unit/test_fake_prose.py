"""The fake's prose: its size, and that it does not repeat itself."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import prose
from tests.fakes.chinese import han
from tests.fakes.client import words


@given(st.integers(0, 400), st.integers())
def test_prose_has_exactly_the_size_asked(size: int, seed: int) -> None:
    english = prose.english(random.Random(seed), size, ["harbour"])
    chinese = prose.chinese(random.Random(seed), size, ["海港", "图书馆"])
    assert words(english) == size
    assert len(han(chinese)) == size
    assert english.endswith("." if size else "")
    assert chinese.endswith("。" if size else "")
    assert not set(english) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ., \n")


def test_prose_repeats_no_run_of_eight() -> None:
    runs: Counter[tuple[str, ...]] = Counter()
    for seed in (1, 2):
        plain = prose.english(random.Random(seed), 30_000, ["harbour"]).lower()
        said = plain.replace(",", "").replace(".", "").split()
        runs.update(tuple(said[i : i + 8]) for i in range(len(said) - 7))
    assert sum(count > 1 for count in runs.values()) <= 1


def test_paragraphs_have_three_to_six_sentences() -> None:
    text = prose.english(random.Random(3), 2_000, [])
    assert {p.count(".") for p in text.split("\n\n")} <= {3, 4, 5, 6}
