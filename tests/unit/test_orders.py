"""What a conversation wants to have edited, and how."""

from __future__ import annotations

import pytest

from core.errors import RequestError
from services.editing.orders import order_of
from services.requests.conversations import Turn


def user(text: str) -> Turn:
    return Turn("user", text)


@pytest.mark.parametrize(
    ("turns", "instruction", "passage"),
    [
        ([user("Shorter, please.\n\nOne.\n\nTwo.")], "Shorter, please.", "One.\n\nTwo."),
        ([user("Mend:\n```md\nOne.\n\nTwo.\n```\nThanks")], "Mend:\nThanks", "One.\n\nTwo."),
        ([Turn("system", "Into French."), user("One. Two.")], "Into French.", "One. Two."),
        ([Turn("system", "Be terse."), user("Mend.\n\nOne.")], "Be terse.\n\nMend.", "One."),
        ([user("Old.\n\nX."), Turn("assistant", "Y."), user("New.\n\nZ.")], "New.", "Z."),
        ([user("Two:\n```\na\n```\n\n```\nb\n```")], "Two:\n```\na\n```", "```\nb\n```"),
    ],
)  # fmt: skip
def test_instruction_and_passage(turns: list[Turn], instruction: str, passage: str) -> None:
    order = order_of(turns, {})
    assert (order.operation, order.instruction, order.text) == ("custom", instruction, passage)


def test_what_is_given_goes_before_what_is_said() -> None:
    given = {"operation": "rewrite", "text": "A text. With words.", "quote": "With words."}
    order = order_of([user("Livelier.")], given)
    assert (order.operation, order.text, order.quote) == ("rewrite", given["text"], given["quote"])
    assert order.instruction == "Livelier."
    told = order_of([user("x")], {**given, "instruction": "Calmer."})
    assert told.instruction == "Calmer."
    stored = order_of([user("Calmer.")], {"document": "doc_1", "section": "2"})
    assert (stored.text, stored.document, stored.section) == ("", "doc_1", "2")


def test_a_prompt_is_gone_on_with() -> None:
    order = order_of([user("It began so.\n\nThen")], {"operation": "continue"})
    assert (order.text, order.instruction) == ("It began so.\n\nThen", "")


@pytest.mark.parametrize("turns", [[], [user(" ")], [user("Make it better.")]])
def test_without_a_passage_there_is_nothing_to_edit(turns: list[Turn]) -> None:
    with pytest.raises(RequestError, match="which passage"):
        order_of(turns, {})
