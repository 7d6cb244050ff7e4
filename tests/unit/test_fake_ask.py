"""How the fake reads requests."""

import pytest

from tests.fakes.ask import read
from tests.fakes.client import CHINESE, ENGLISH, ask


@pytest.mark.parametrize(
    ("prompt", "amount", "in_chinese"),
    [
        (ENGLISH, 450, False),
        (CHINESE, 450, True),
        ("First 300 words, then write 1,200 more words", 1200, False),
        ("A 90-word note", 90, False),
        ("写600个字", 600, True),
        ("写一篇两千字的报告", 2000, True),
        ("800 words in Chinese", 800, True),
        ("Tell me a story", 200, False),
        ("A story of 90 words about Chinese culture", 90, False),
        ("An abstract of 600 characters", 100, False),
        ("600 characters in Chinese", 600, True),
    ],
)
def test_length_and_language_are_read(prompt: str, amount: int, in_chinese: bool) -> None:
    asked = read(ask(prompt))
    assert (asked.amount, asked.in_chinese) == (amount, in_chinese)
