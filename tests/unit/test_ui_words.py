from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from core.errors import RequestError
from domain.run import RunStatus, SectionStatus
from ui.words import ENGLISH, LANGUAGES, words_in

UI = Path(__file__).parents[2] / "ui"


def used_names() -> set[str]:
    found: set[str] = set()
    for path in UI.glob("*.py"):
        found |= set(re.findall(r"words\[[\"'](\w+)[\"']\]", path.read_text(encoding="utf-8")))
    return found


def test_every_word_that_is_used_exists() -> None:
    assert len(used_names()) > 15
    assert used_names() <= set(ENGLISH)


def test_every_state_has_a_word() -> None:
    states = {f"phase_{status.value}" for status in RunStatus} | {"phase_interrupted"}
    states |= {f"state_{status.value}" for status in SectionStatus}
    assert states | {"state_writing", "state_unfinished"} <= set(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_names_and_the_same_places(language: str) -> None:
    words = words_in(language)
    assert set(words) == set(ENGLISH)
    for name, text in words.items():
        places = [{field for _, field, _, _ in string.Formatter().parse(each) if field}
                  for each in (text, ENGLISH[name])]  # fmt: skip
        assert places[0] == places[1], name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(RequestError, match="does not speak 'xx'"):
        words_in("xx")
