"""What a model was asked, as a conversation tells it: the length that came, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.asks import parts, turns_of, unsaid
from domain.request import make_request
from prompts.library import data_block
from services.requests.conversations import Turn
from storage.journal import StoredCall

FENCE = "0a1b2c3d"
REQUEST = make_request({"prompt": "Write on tides", "words": 900})
CHINESE = make_request({"prompt": "写一篇文章", "words": 900, "language": "zh"})


def call(asked: int | None, *texts: str) -> StoredCall:
    roles = ("system", "user")[-len(texts) :] if texts else ()
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]
    return StoredCall("c", "r", "section/1/write/1", 1, "writer", {"messages": messages}, "", "",
                      1, "", {"asked": asked}, "m")  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "asked", "told", "true"),
    [
        (REQUEST, 375, "At most 375 words. Length: about 375 words.",
         "At most 375 words. Length: about 250 words."),
        (REQUEST, 75, "Length: about 1,375 words.", "Length: about 1,375 words."),
        (REQUEST, 75, "Write it.", "Write it."), (REQUEST, None, "75 words", "75 words"),
        (CHINESE, 375, "约375字。", "约250字。"),
    ],
)  # fmt: skip
def test_a_message_asks_for_what_came(
    request_: Any, asked: int | None, told: str, true: str
) -> None:
    assert turns_of(call(asked, "Be dry.", told), request_, 250) == (
        Turn("system", "Be dry."), Turn("user", true),
    )  # fmt: skip


def test_messages_that_were_removed_ask_for_nothing() -> None:
    assert turns_of(call(75), REQUEST, 250) == ()


def test_what_was_said_is_not_said_again() -> None:
    request = data_block("request", "Write on tides.\n\nAt length.", FENCE)
    first = f"{request}\n\nTitle: Tides\n\nWrite section 1.\n\nIn English."
    so_far = data_block("text", "Ebb\n\nIt goes.\n\nIn English.", FENCE)
    shown = f"{request}\n\nTitle: Tides\n\nThe text so far:\n{so_far}"
    second = f"{shown}\n\nWrite section 2.\n\nIn English."
    assert unsaid(first, FENCE, set()) == first
    said = parts(first, FENCE)
    assert unsaid(second, FENCE, said) == "Write section 2.\n\nIn English."
    assert unsaid(first, FENCE, said) == first
    other = data_block("request", "Write on tides.\n\nBriefly.", FENCE)
    assert unsaid(f"{other}\n\nPlan.", FENCE, said) == f"{other}\n\nPlan."
    third = f"{request}\n\nTitle: Tides\n\nIts draft:\n{other}\nMake it longer."
    assert unsaid(third, FENCE, said) == f"Its draft:\n{other}\nMake it longer."


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_something_is_always_asked(text: str, earlier: list[str]) -> None:
    said = set().union(*(parts(each, FENCE) for each in earlier))
    assert (
        unsaid(text, FENCE, said).strip() == "" if not text.strip() else unsaid(text, FENCE, said)
    )
