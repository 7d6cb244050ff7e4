"""The examples that the library offers: files that a brief can be filled in with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.request import make_request
from services.requests.briefs import example
from ui.words import words_in

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "examples.js"


@pytest.mark.parametrize(("language", "offered"), [("en", 3), ("zh", 3)])
def test_every_example_is_a_request_in_its_language(language: str, offered: int) -> None:
    found = re.search(rf"{language}: \[(.*?)\]", SCRIPT.read_text(encoding="utf-8"))
    assert found
    names = re.findall(r'"([^"]+)"', found[1])
    assert len(names) == offered
    for name in names:
        brief = example(name)
        assert make_request({"prompt": brief.prompt, "language": brief.language}).language == (
            language
        )
        assert f"library.example_{name.split('.')[0]}_about" in words_in(language)
