"""What a model writes around a replacement goes; what belongs to the text stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.replacement import clean_replacement, may_repeat, without_surroundings

BEFORE = "The sea rises twice a day. Nobody on the coast is surprised by that."
AFTER = "Then the water goes back to where it came from. It leaves shells."
NEW = "The moon pulls at the water, and the water follows it slowly."


@pytest.mark.parametrize(
    "answer",
    [
        NEW,
        f"Sure! Here is the rewritten passage:\n\n{NEW}",
        f"{NEW}\n\nLet me know if you want any changes!",
        f"## The Moon\n\n{NEW}",
        f"The Moon\n========\n\n{NEW}",
        f"```\n{NEW}\n```",
        f'"{NEW}"',
        f"{NEW} [3]",
        f"Nobody on the coast is surprised by that. {NEW}",
        f"{BEFORE}\n{NEW} {AFTER}",
        f"{NEW} Then the water goes back to where it came from.",
        f"{NEW}\n\n{NEW}",
    ],
)
def test_only_the_replacement_is_left(answer: str) -> None:
    assert clean_replacement(answer, "The moon pulls.", BEFORE, AFTER) == NEW


@pytest.mark.parametrize(
    ("answer", "replaced"),
    [
        (f"## Tides\n\n{NEW}", "## The sea\n\nIt rises."),
        ('"I go," he said, "now."', '"I leave," he said.'),
        (f"{NEW} [3]", "The moon pulls [2]."),
        ('"I leave."', '"I go."'),
        ("In this section we will discuss the moon.", "In this section we will discuss tides."),
    ],
)
def test_what_the_passage_had_itself_may_be_there_again(answer: str, replaced: str) -> None:
    assert clean_replacement(answer, replaced) == answer


@pytest.mark.parametrize(
    ("before", "answer", "left"),
    [
        ("It was late. The tide is", "The tide is slow here.", " slow here."),
        ("It was late. The tide is", "The tide turns.", "The tide turns."),
        ("She said no.", "no. And then she left the room.", "no. And then she left the room."),
        ("潮水每天上涨两次。海边的人并不惊讶。", "海边的人并不惊讶。月亮在走。", "月亮在走。"),
        ("", "Anything.", "Anything."),
    ],
)
def test_a_repeated_beginning_is_told_from_a_chance(before: str, answer: str, left: str) -> None:
    assert without_surroundings(answer, before, "") == left


def test_it_is_known_when_a_beginning_may_still_be_a_repetition() -> None:
    assert may_repeat("Nobody on\nthe coast", BEFORE)
    assert not may_repeat("Nobody on the shore", BEFORE)
    assert may_repeat("", BEFORE)


@given(st.text("ab. ", max_size=60), st.text("ab. ", max_size=60), st.text("ab. ", max_size=60))
def test_nothing_is_ever_added(answer: str, before: str, after: str) -> None:
    assert without_surroundings(answer, before, after) in answer


def test_hostile_lengths_take_no_time() -> None:
    text = "ab " * 70_000 + "ab."
    assert without_surroundings(text, text + "c", "c" + text) == text
    assert len(without_surroundings(text, text[:-1], "")) < len(text) - 10_000
