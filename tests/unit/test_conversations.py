"""How messages become a request: who asks, what is context, which length counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from services.requests.conversations import EARLIER, TURN, Turn, commission
from services.runs.answers import within
from tests.support import TOKENS


def user(text: str) -> Turn:
    return Turn("user", text)


def test_the_last_user_message_asks() -> None:
    turns = [
        Turn("system", "Write like a historian."), user("Write 3,000 words on Rome."),
        Turn("assistant", "# Rome\n\nIt was not built in a day."), user("Now on Carthage."),
        Turn("system", "Be kind."),
    ]  # fmt: skip
    request = commission(turns, {}).request
    assert request.prompt.splitlines()[0] == "Now on Carthage."
    assert "Instructions to keep to:\nWrite like a historian.\n\nBe kind." in request.prompt
    assert "user: Write 3,000 words on Rome.\nassistant: # Rome It was" in request.prompt


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ([user("Write 3,000 words on Rome.")], 3_000),
        ([Turn("system", "Articles have 800 words."), user("On Rome, please.")], 800),
        ([Turn("system", "Write 800 words."), user("On Rome, 2,000 words.")], 2_000),
        ([user("Write 700 words on Rome."), user("Write it again, on Carthage.")], 700),
        ([user("On Rome"), Turn("assistant", "I wrote 700 words on Rome."), user("More")], 1_000),
        ([user("On Rome.")], 1_000),
    ],
)
def test_the_length_is_the_one_that_is_said_last(turns: list[Turn], words: int) -> None:
    assert commission(turns, {}).request.length.required == words
    assert commission(turns, {"words": 50}).request.length.required == 50


def test_the_language_is_the_one_of_the_request() -> None:
    turns = [Turn("system", "You are a helpful assistant. " * 20), user("请写一篇关于罗马的报告")]
    assert commission(turns, {}).request.language == "zh"
    assert commission(turns, {"language": "fr"}).request.language == "fr"


def test_instructions_alone_ask_and_nothing_does_not() -> None:
    assert commission([Turn("system", "Write on Rome.")], {}).request.prompt == "Write on Rome."
    for turns in ([], [user(" ")], [Turn("assistant", "Hello")]):
        with pytest.raises(RequestError, match="asks for anything"):
            commission(turns, {})


def test_a_long_conversation_is_condensed() -> None:
    turns = [user(f"Turn {n}: " + "word " * 500) for n in range(50)] + [user("Write on Rome.")]
    prompt = commission(turns, {}).request.prompt
    assert len(prompt) < EARLIER + 500
    assert "Turn 49" in prompt
    assert "Turn 0:" not in prompt
    assert max(map(len, prompt.splitlines())) < TURN + 20


@pytest.mark.parametrize(
    ("fields", "ceiling", "value", "relation"),
    [
        ({"words": 2_000}, None, 2_000, "about"),
        ({"words": 2_000}, 10_000, 2_000, "about"),
        ({"words": 2_000}, 1_500, 1_000, "at_most"),
        ({"words": 2_000}, 1, 20, "at_most"),
        ({"words": "at most 500 words"}, 1_000, 500, "at_most"),
        ({"words": "at least 500 words"}, 300, 200, "at_most"),
        ({"words": "3,000 characters"}, 1_500, 3_000, "about"),
        ({"words": 1_000, "language": "zh"}, 1_000, 500, "at_most"),
    ],
)
def test_a_ceiling(
    fields: dict[str, object], ceiling: int | None, value: int, relation: str
) -> None:
    length = commission([user("On Rome")], fields, ceiling).request.length
    assert (length.value, length.relation) == (value, relation)


MARKDOWN = st.lists(
    st.sampled_from(
        ["# A heading", "## Another", "One sentence. Two sentences! Three?", "一句话。又一句。",
         "- an item", "| a | b |", "```\ncode\n```", "no end", "Dr. No went home. He slept."]
    ),
    min_size=1, max_size=12,
).map("\n\n".join)  # fmt: skip


@settings(deadline=None)  # the first count loads the vocabulary
@given(MARKDOWN, st.integers(1, 80))
def test_what_is_cut_is_a_beginning_that_fits(text: str, ceiling: int) -> None:
    kept = within(TOKENS, text, ceiling)
    assert text.startswith(kept)
    assert TOKENS.count(kept) <= ceiling or TOKENS.count(text) <= ceiling
    if TOKENS.count(text) <= ceiling:
        assert kept == text


def test_a_cut_ends_with_a_sentence_and_below_a_heading() -> None:
    text = "# Title\n\nOne sentence. Two sentences.\n\n## Next\n\nA third one follows here."
    assert within(TOKENS, text, TOKENS.count(text)) == text
    assert within(TOKENS, text, TOKENS.count(text) - 2).endswith("Two sentences.")
    assert within(TOKENS, text, 7) == "# Title\n\nOne sentence."
