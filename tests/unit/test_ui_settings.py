"""What the settings page shows: tables and lists in which nobody's words are markup."""

from __future__ import annotations

import pytest

from llm.endpoint import Endpoint
from llm.neighbours import Neighbour
from services import endpoint_entry
from services.endpoint_entry import Entry
from services.habits import Check
from services.preferences import Setting
from ui.handlers import settings as handlers
from ui.render import settings as render
from ui.words import words_in

HOSTILE = "![x](http://evil.example/a.png) <img src=x> | a\n# b `c`"
WORDS = words_in("en")


def test_a_table_has_a_row_for_each_and_cells_of_plain_words() -> None:
    endpoint = Endpoint("lab", "http://127.0.0.1:8000/v1", HOSTILE)
    shown = render.endpoints(
        [Entry(endpoint, True, True, True, endpoint_entry.Tested())], "embedded", WORDS
    )
    lines = shown.splitlines()
    assert len(lines) == 5
    assert lines[-1].endswith("embedded")
    assert lines[2].replace("\\|", "").count("|") == lines[0].count("|")
    assert "<img" not in shown.replace("\\<", "")
    assert "![" not in shown
    assert " set " in lines[2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_test_found_is_a_list_with_marks(language: str) -> None:
    checks = (Check("model", True, HOSTILE), Check("long prompts", False, "cut", "Do this."))
    shown = render.tested(handlers.Tested("lab", checks, "No answer."), words_in(language))
    assert "✓ **model**" in shown
    assert "✗ **long prompts**" in shown
    assert "*Do this.*" in shown
    assert "✗ No answer." in shown
    assert "![" not in shown


def test_settings_say_where_they_come_from() -> None:
    found = [
        Setting("caps.calls", None, "default", True), Setting("api.pick_up", True, "file", False),
        Setting("api.cors_origins", ["a", "b"], "environment", False),
    ]  # fmt: skip
    lines = render.settings(found, WORDS).splitlines()[2:]
    assert [line.split(" | ")[1:] for line in lines] == [
        ["none", "default |"], ["yes", "longleaf.toml |"], ["a, b", "environment |"]
    ]  # fmt: skip


def test_neighbours_are_told_in_words() -> None:
    one = Neighbour(8000, "vllm", ("large",), 4096, False)
    locked = Neighbour(9, "", (), None, True)
    shown = render.neighbours([one, locked], [9, 8000], WORDS)
    assert "**vllm**" in shown
    assert "wants a key" in shown
    assert "ports 9, 8000" in render.neighbours([], [9, 8000], WORDS)
