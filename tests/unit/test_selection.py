"""A quotation finds the words it means, or says why it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.text.selection import MOST, Selection, select, select_at

TEXT = "The sea rises. The moon pulls.\n\nThe sea falls. The moon\n pulls on."


def chosen(text: str, quote: str, prefix: str = "", suffix: str = "") -> str:
    place = select(text, quote, prefix, suffix)
    return text[place.start : place.end]


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "start"),
    [
        ("The sea falls.", "", "", 32),
        ("The sea", "", " falls", 32),
        ("The sea", "pulls.\n\n", "", 32),
        ("sea", "The ", " rises", 4),
    ],
)
def test_a_quotation_is_found_by_what_stands_around_it(
    quote: str, prefix: str, suffix: str, start: int
) -> None:
    assert select(TEXT, quote, prefix, suffix) == Selection(start, start + len(quote))


def test_without_a_quotation_the_whole_text_is_meant() -> None:
    assert select(TEXT, "") == select(TEXT, " \n") == Selection(0, len(TEXT))


@pytest.mark.parametrize("around", [("a", ""), ("", "a")])
def test_a_context_without_a_quotation_is_an_error(around: tuple[str, str]) -> None:
    with pytest.raises(RequestError, match="without a quote"):
        select("a b a", "", *around)


def test_an_ambiguous_quotation_says_how_often_it_occurs() -> None:
    with pytest.raises(RequestError, match="2 times") as caught:
        select(TEXT, "The sea")
    assert "prefix" in caught.value.remedy
    with pytest.raises(RequestError, match="3 times"):
        select("aaaa", "aa")


def test_what_is_not_there_says_so() -> None:
    with pytest.raises(RequestError, match="do not stand in the text"):
        select(TEXT, "The sun")
    with pytest.raises(RequestError, match="stand in the text 2 times, but not between"):
        select(TEXT, "The sea", prefix="never ")
    with pytest.raises(RequestError, match="stand in the text once, but not between"):
        select(TEXT, "rises", suffix=" again")


@pytest.mark.parametrize(
    ("quote", "prefix", "found"),
    [
        ("The moon pulls on.", "", "The moon\n pulls on."),
        ("The  sea\nfalls.", "", "The sea falls."),
        ("pulls", "The moon ", ""),
        ("moon pulls on", "falls. The", "moon\n pulls on"),
    ],
)
def test_white_space_may_differ_where_only_one_place_is_left(
    quote: str, prefix: str, found: str
) -> None:
    if found:
        assert chosen(TEXT, quote, prefix) == found
    else:  # exactly once as it stands: the other place is not even looked at
        assert chosen(TEXT, quote, prefix) == "pulls"


def test_two_places_that_differ_in_white_space_are_too_many() -> None:
    with pytest.raises(RequestError, match="2 times"):
        select("a  b. a\nb.", "a b.")


def test_counting_stops_where_nobody_needs_to_know() -> None:
    with pytest.raises(RequestError, match=f"more than {MOST:,} times"):
        select("a" * 500_000, "aaa")


@given(
    st.text("ab \n", max_size=20), st.text("ab \n", min_size=1, max_size=9),
    st.text("ab \n", max_size=20),
)  # fmt: skip
def test_with_all_that_stands_around_it_a_selection_is_always_found(
    before: str, quote: str, after: str
) -> None:
    text = f"<{before}{quote}{after}>"
    if not quote.strip():
        return
    place = select(text, quote, f"<{before}", f"{after}>")
    assert place == Selection(1 + len(before), 1 + len(before) + len(quote))


@given(st.text(max_size=40), st.integers(0, 50), st.integers(0, 50))
def test_offsets_select_what_stands_there(text: str, start: int, end: int) -> None:
    if not start <= end <= len(text):
        with pytest.raises(RequestError, match="nothing from"):
            select_at(text, start, end)
        return
    assert select_at(text, start, end, text[start:end]) == Selection(start, end)
    assert select_at(text, start, None) == Selection(start, len(text))


def test_offsets_of_another_text_are_told() -> None:
    assert select_at(TEXT, 32, 39, "The sea") == Selection(32, 39)
    with pytest.raises(RequestError, match="other words"):
        select_at(TEXT, 31, 38, "The sea")
