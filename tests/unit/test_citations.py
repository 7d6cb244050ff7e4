"""Citation marks without sources: taken out of prose, never out of code and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.citations import without_citations


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tides are strong [1].", "Tides are strong."),
        ("Tides are strong.[1]", "Tides are strong."),
        ("Tides [1, 2] and moons [3-5] pull [1,4–7].", "Tides and moons pull."),
        ("Tides [1][2] pull.", "Tides pull."),
        ("潮汐[1]很强[2]。", "潮汐很强。"),
        ("See `a[1]` and a [2].", "See `a[1]` and a."),
        ("```\nx = a[1]\n```\n\nProse [2].", "```\nx = a[1]\n```\n\nProse."),
        ("~~~\na[1]\n~~~", "~~~\na[1]\n~~~"),
        ("A [1](https://example.org) link.", "A [1](https://example.org) link."),
        ("[1]: https://example.org", "[1]: https://example.org"),
        ("The year [1999] it was.", "The year [1999] it was."),
        ("He [sic] said [so].", "He [sic] said [so]."),
        ("An array of [a, b].", "An array of [a, b]."),
        ("No marks.", "No marks."),
    ],
)
def test_marks_go_and_the_rest_stays(text: str, wanted: str) -> None:
    assert without_citations(text) == wanted


@given(st.text("ab [1],2-3.()`\n", max_size=80))
def test_nothing_but_marks_goes(text: str) -> None:
    once = without_citations(text)
    assert [c for c in once if c in "ab`"] == [c for c in text if c in "ab`"]
    assert len(once) <= len(text)
