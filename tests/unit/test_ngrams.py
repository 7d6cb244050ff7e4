import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.ngrams import (
    containment,
    jaccard,
    near_duplicates,
    repeat_share,
    shingles,
    tail_cycle,
    tokens,
)

WORDS = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in "nrstl"]


def prose(seed, size):
    """`size` random words in sentences of nine."""
    chosen = random.Random(seed).choices(WORDS, k=size)
    return " ".join(w + "." if i % 9 == 8 else w for i, w in enumerate(chosen))


def test_tokens_are_folded_words_and_single_cjk_characters():
    assert tokens("Don't **STOP** 模型 [go](http://x.org)") == ["don't", "stop", "模", "型", "go"]


@pytest.mark.parametrize(
    ("text", "n", "share"),
    [("a b c d", 2, 0), ("a b a b", 2, 1 / 3), ("a a a a", 1, 3 / 4), ("a", 2, 0), ("", 1, 0),
     ("好好好", 1, 2 / 3)],
)  # fmt: skip
def test_repeat_share(text, n, share):
    assert repeat_share(text, n) == pytest.approx(share)


@given(st.text(max_size=100), st.integers(1, 5))
def test_repeat_share_is_a_share(text, n):
    assert 0 <= repeat_share(text, n) < 1


def test_similarities():
    a, b = shingles("a b c d", 2), shingles("b c d e", 2)
    assert jaccard(a, b) == 0.5
    assert containment(a, b) == pytest.approx(2 / 3)
    assert jaccard(shingles(""), shingles("")) == containment(shingles(""), b) == 0
    assert len(shingles("one two", 3)) == 1


def test_near_duplicates_are_found_and_short_or_different_paragraphs_are_not():
    first = prose(1, 60)
    edited = first.replace(first.split()[30], "changed", 1)
    found = near_duplicates([first, prose(2, 60), edited, "short one", "short one", first])
    assert [pair[:2] for pair in found] == [(0, 2), (0, 5), (2, 5)]
    assert found[1][2] == 1.0
    assert 0.8 <= found[0][2] < 1


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 0.95])
def test_the_index_loses_no_pair(threshold):
    generator = random.Random(7)
    base = [prose(seed, 30).split() for seed in range(4)]
    paragraphs = []
    for _ in range(40):
        items = list(generator.choice(base))
        for _ in range(generator.randrange(6)):
            items[generator.randrange(30)] = generator.choice(WORDS)
        paragraphs.append(" ".join(items))
    sets = [shingles(p) for p in paragraphs]
    expected = [
        (i, j) for i, j in itertools.combinations(range(40), 2)
        if jaccard(sets[i], sets[j]) >= threshold
    ]  # fmt: skip
    assert expected
    assert [p[:2] for p in near_duplicates(paragraphs, threshold=threshold)] == expected


def test_two_thousand_paragraphs():
    paragraphs = [prose(seed % 1990, 60) for seed in range(2000)]
    assert len(near_duplicates(paragraphs)) == 10


LOOPS = [
    (prose(3, 200) + "\n\n", " And so the river went on and on into the night.", 4),
    (prose(3, 200) + "\n\n", prose(4, 60) + " ", 2),
    (prose(3, 200) + "\n\n", prose(4, 60) + " ", 30),
    ("", prose(5, 280) + "\n\n", 3),
    ("开头一段话。", "他走进房间，看见桌上有一封信。", 4),
    ("Start. ", "ha", 400),
    ("Start. ", "\n", 400),
    ("Start. ", "1. Again\n", 30),
]


@pytest.mark.parametrize(("head", "unit", "turns"), LOOPS)
@pytest.mark.parametrize("cut", [0, 5])
def test_a_looping_end_is_found_and_comes_once_before_the_offset(head, unit, turns, cut):
    text = head + unit * turns + unit[:cut]
    offset = tail_cycle(text)
    assert offset is not None
    assert len(head) - 1 <= offset <= len(head) + len(unit) + 1


SOUND = [
    "",
    "a",
    prose(6, 2000),
    prose(6, 100) + " very very very good",
    prose(6, 100) + "\n\n" + "-" * 80,
    "Row, row, row your boat.\nRow, row, row your boat.\nMerrily.",
    "No, no, no!",
    "哈哈哈哈哈哈",
    prose(6, 30) + " " + prose(7, 20) + " " + prose(7, 20),
    prose(8, 60) + " " + prose(8, 60) + " and then something else happened to them.",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_has_no_cycle(text):
    assert tail_cycle(text) is None


@given(st.text(alphabet="ab \n。好", max_size=400))
def test_any_end_is_searched(text):
    offset = tail_cycle(text)
    assert offset is None or 0 <= offset < len(text)


def test_a_long_hostile_text_completes():
    assert tail_cycle("a" * 1_000_000) is not None
    assert tail_cycle("ab" * 3_000 + "a" * 4_000 + "b") is None
