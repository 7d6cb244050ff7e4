"""One document's making becomes turns, and its growth a generator's and an extender's samples."""

from __future__ import annotations

import pytest

from batch.formats import format_named
from batch.lessons import lengthenings, trace
from batch.records import Sample
from domain.length import Length
from services.conversations import Turn

DOCUMENT = Sample("d", (Turn("system", "Be dry."), Turn("user", "Write on tides.")), "tide " * 60,
                  "en", Length(60))  # fmt: skip


def ask(prompt: str, text: str) -> str:
    return f"Lengthen this answer to “{prompt}”: {text}"


def test_a_trace_tells_plan_and_steps_in_turns() -> None:
    made = trace(
        DOCUMENT, "1. Ebb\n2. Flood", [("Write Ebb.", "It goes."), ("Write Flood.", "It comes.")]
    )
    assert made is not None
    [row] = format_named("messages").rows(made)
    assert [turn["content"] for turn in row["messages"]] == [
        "Be dry.", "Write on tides.", "1. Ebb\n2. Flood", "Write Ebb.", "It goes.", "Write Flood.",
        "It comes.",
    ]  # fmt: skip
    assert (made.id, made.kind, made.length) == ("d-trace", "trace", None)
    assert format_named("alpaca").rows(made) == []


@pytest.mark.parametrize(
    ("plan", "steps"), [("", [("a", "b")]), ("Plan", []), ("Plan", [("a", "b"), ("c", " ")])]
)
def test_a_trace_with_a_gap_is_none(plan: str, steps: list[tuple[str, str]]) -> None:
    assert trace(DOCUMENT, plan, steps) is None


def test_growth_teaches_a_generator_and_an_extender() -> None:
    found = lengthenings(DOCUMENT, ["tide " * 20, "tide " * 22, "tide " * 40], ask)
    assert [(one.id, one.kind, one.written) for one in found] == [
        ("d-generator", "generator", 60), ("d-extender-2", "extender", 40),
        ("d-extender-3", "extender", 60),
    ]  # fmt: skip
    assert found[1].prompt == ask("Write on tides.", "tide " * 22)
    assert found[1].turns[0].role == "system"


def test_a_text_that_did_not_grow_teaches_nothing() -> None:
    assert lengthenings(DOCUMENT, [], ask) == []
    assert lengthenings(DOCUMENT, ["tide " * 59, ""], ask) == []
