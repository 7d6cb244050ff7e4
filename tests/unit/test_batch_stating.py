"""A prompt says its length where it is wanted, in its own language, and never twice."""

from __future__ import annotations

import pytest

from batch.records import Sample
from batch.stating import stating
from domain.length.contract import Length
from domain.length.parser import parse_length
from services.requests.conversations import Turn


def made(prompt: str, length: Length | None, language: str = "en") -> Sample:
    turns = (Turn("system", "Be plain."), Turn("user", prompt))
    return Sample("s", turns, "Text.", language, length)


@pytest.mark.parametrize(
    ("language", "length", "said"),
    [
        ("en", Length(2_000), "Write about 2,000 words."),
        ("fr", Length(500, relation="at_least"), "Write at least 500 words."),
        ("zh", Length(2_000, unit="characters"), "请写约2000字。"),
    ],
)
def test_the_length_is_said_so_that_it_can_be_read_again(
    language: str, length: Length, said: str
) -> None:
    sample = stating(made("Tides", length, language))
    assert sample.turns == (Turn("system", "Be plain."), Turn("user", f"Tides\n\n{said}"))
    read = parse_length(sample.prompt)
    assert read is not None
    assert (read.value, read.relation) == (length.value, length.relation)
    assert stating(sample) == sample


@pytest.mark.parametrize(
    ("prompt", "length"), [("Tides", None), ("An essay of 300 words on tides", Length(300))]
)
def test_what_has_none_or_says_it_already_stays(prompt: str, length: Length | None) -> None:
    sample = made(prompt, length)
    assert stating(sample) is sample
