"""Citation marks in printed texts lead to their entries, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.citing import cited
from services.publishing.tree import plain_text

SPACE = {"t": "Space"}


def words(text: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for n, word in enumerate(text.split(" ")):
        made += [SPACE] if n else []
        made += [{"t": "Str", "c": word}] if word else []
    return made


def para(*inlines: dict[str, Any]) -> dict[str, Any]:
    return {"t": "Para", "c": list(inlines)}


LIST = [para(*words(f"[{n}] Title {n}.")) for n in (1, 2, 3)]


def targets(node: Any) -> list[str]:
    """Where the links lead, in order."""
    if isinstance(node, list):
        return [found for each in node for found in targets(each)]
    if not isinstance(node, dict):
        return []
    own = [node["c"][2][0]] if node["t"] == "Link" else []
    return own + targets(node.get("c"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("Trees [2] cool.", [2]), ("cool [1, 3].", [1, 3]), ("中文[1–3]。", [1, 3]),
     ("x[1][2] y", [1, 2]), ("[1, 2–3]", [1, 2, 3]),
     ("year [4] or [0] or [1, 9] or [x] or [1", [])],
)  # fmt: skip
def test_marks_lead_to_their_entries(text: str, numbers: list[int]) -> None:
    shown, *entries = cited([para(*words(text)), *LIST], 3)
    assert targets(shown) == [f"#reference-{n}" for n in numbers]
    assert plain_text(shown["c"]) == text
    assert [entry["c"][0]["c"][0][0] for entry in entries] == [
        "reference-1", "reference-2", "reference-3",
    ]  # fmt: skip


def test_marks_are_found_wherever_there_is_prose_and_nowhere_else() -> None:
    mark, code = {"t": "Str", "c": "[1]"}, {"t": "Code", "c": [["", [], []], "[1]"]}
    link = {"t": "Link", "c": [["", [], []], [mark], ["https://a.example", ""]]}
    head = {"t": "Header", "c": [1, ["section-1", [], []], [mark]]}
    inside = {"t": "BlockQuote", "c": [{"t": "BulletList", "c": [[para(mark)]]}]}
    blocks = [head, para(code, link), para({"t": "Emph", "c": [mark]}), inside, *LIST]
    assert targets(cited(blocks, 3)) == ["https://a.example", "#reference-1", "#reference-1"]


@pytest.mark.parametrize("listed", [LIST[:2], [*LIST[:2], para(*words("[4] X"))], LIST[::-1], []])
def test_without_the_whole_list_nothing_is_a_link(listed: list[Any]) -> None:
    blocks = [para(*words("Trees [1]")), *listed]
    assert cited(blocks, 3) == blocks
    assert cited(blocks, 0) == blocks


@given(st.lists(st.sampled_from(["[1]", "[2,", "3]", "[", "]", "1–3", "a", "中", "", "[1,", "2"])))
def test_the_words_stay_as_they_are(parts: list[str]) -> None:
    text = " ".join(parts)
    shown = cited([para(*words(text)), *LIST], 3)[0]["c"]
    assert plain_text(shown) == plain_text(words(text))
