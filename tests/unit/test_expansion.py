"""The statements of a summary, how they are divided, and whether a text makes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.expansion import divided, statements
from evaluators.base import Subject
from evaluators.statements import Statements


@given(st.lists(st.integers(1, 30), min_size=1, max_size=80), st.integers(20, 60_000))
def test_every_statement_is_in_one_group_in_order(sizes: list[int], units: int) -> None:
    said = [f"{n} {'word ' * size}." for n, size in enumerate(sizes)]
    groups = divided(said, units)
    assert [statement for group in groups for statement in group] == said
    assert all(groups)


def test_headings_code_and_marks_are_no_statements() -> None:
    listed = "- The moon pulls.\n- The sun pulls too."
    text = f"# Tides\n\nThe sea rises. It falls.\n\n{listed}\n\n```\nx\n```\n"
    assert statements(text) == [
        "The sea rises.", "It falls.", "The moon pulls.", "The sun pulls too.",
    ]  # fmt: skip


def test_a_statement_is_missed_without_its_words_or_numbers() -> None:
    gate = Statements(("The barrage made 7,000 kilowatts in 1966.", "Gulls nested on the lock."))
    whole = "In 1966 the barrage made 7000 kilowatts. On its lock, gulls nested."
    assert gate.evaluate(Subject(whole)).value == 100
    wrong = gate.evaluate(Subject(whole.replace("1966", "1976")))
    assert [f.message for f in wrong.findings] == [
        "it does not say: The barrage made 7,000 kilowatts in 1966."
    ]
    assert wrong.value == 50
    assert gate.evaluate(Subject("Nothing of it.")).value == 0
    assert Statements(()).evaluate(Subject("x")).value is None
