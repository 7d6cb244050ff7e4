"""What the settings page shows: tables and lists in which nobody's words are markup."""

from __future__ import annotations

import pytest

from core.errors import UnavailableError
from llm.discovery import EndpointFacts
from llm.endpoint import Endpoint
from llm.neighbours import Neighbour
from llm.probe import ProbeReport
from llm.profile import Profile
from services.endpoints import entry as endpoint_entry
from services.endpoints.entry import Entry
from services.endpoints.habits import findings
from services.settings.preferences import Setting
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
def test_what_a_test_found_is_a_list_with_marks_in_the_language_of_the_page(language: str) -> None:
    words = words_in(language)
    endpoint = Endpoint("lab", "http://127.0.0.1:8000/v1", HOSTILE)
    cut = Profile(4096, model=HOSTILE, truncates=True, schema=False)
    report = ProbeReport(endpoint, EndpointFacts(True), cut, calls=3)
    shown = render.tested(
        handlers.Tested("lab", tuple(findings(endpoint, report))), words, language
    )
    assert f"✓ **{words['habits.on_model']}**" in shown
    assert f"✗ **{words['habits.on_long_prompts']}**: " in shown
    assert words["habits.schema_remedy"] in shown
    assert "4,096" in shown
    assert "![" not in shown


def test_an_answer_that_did_not_come_is_told() -> None:
    away = UnavailableError("lab did not answer in time", "try again")
    shown = render.tested(handlers.Tested("lab", (), away), WORDS, "en")
    assert "✗ **Lab did not answer in time.** Try again" in shown
    shown = render.tested(handlers.Tested("lab", (), away), words_in("zh"), "zh")
    assert "✗ **Lab 没有及时回答。** 请重试" in shown


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
