"""What is entered as a length: numbers take unit and relation, phrases speak for themselves."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from domain.length.contract import Length
from domain.length.entry import entered_length


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("3000", {}, "about 3,000 words"),
        (" 3,000 ", {"relation": "at_least"}, "at least 3,000 words"),
        ("３０００", {}, "about 3,000 words"),
        ("2500.0", {}, "about 2,500 words"),
        ("1.5k", {}, "about 1,500 words"),
        ("3-2", {"unit": "pages"}, "2 to 3 pages"),
        ("2000-3000", {}, "2,000 to 3,000 words"),
        ("2,000 to 3,000", {"relation": "range"}, "2,000 to 3,000 words"),
        ("about 2000", {"relation": "at_most"}, "at most 2,000 words"),
        ("at least 5 pages", {"unit": "words", "relation": "at_most"}, "at least 5 pages"),
        ("5", {"unit": "pages"}, "about 5 pages (2,500 words)"),
        ("5", {"unit": "pages", "cjk": True}, "about 5 pages (4,000 words)"),
        ("十页", {"cjk": True}, "about 10 pages (8,000 words)"),
        ("10", {"unit": "minutes"}, "about 10 minutes (1,500 words)"),
        ("3000", {"unit": "characters"}, "about 3,000 characters"),
        ("三千", {"cjk": True}, "about 3,000 words"),
        ("2万", {"cjk": True}, "about 20,000 words"),
    ],
)
def test_what_is_entered_is_read(text: str, form: dict[str, Any], wanted: str) -> None:
    assert entered_length(text, **form).describe().startswith(wanted)


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("very long", {}, "no length in 'very long'"),
        ("", {}, "no length"),
        ("-5", {}, "no length"),
        ("10", {}, "10"),
        ("99999999999", {}, "beyond what can be written"),
        ("500", {"relation": "range"}, "a range has two ends"),
    ],
)
def test_what_is_no_length_is_refused_in_plain_words(
    text: str, form: dict[str, Any], said: str
) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        entered_length(text, **form)
    assert caught.value.remedy


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["words", "characters", "pages", "minutes"]))
def test_anything_is_a_length_or_refused(text: str, unit: Any) -> None:
    with suppress(RequestError):
        assert isinstance(entered_length(text, unit), Length)
