"""Citations of a model's text: sound ones stand, within their sentence, and mean what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.sentences import ends_finished, sentences
from sources.grounding import cited, grounded

KNOWN = (3, 4, 7, 12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mills ground corn [3]. They closed.", "Mills ground corn [3]. They closed."),
        ("Mills ground corn.[3] They closed.", "Mills ground corn [3]. They closed."),
        ("Mills ground corn. [3] [4] They closed.", "Mills ground corn [3] [4]. They closed."),
        ("Mills ground corn. [3]", "Mills ground corn [3]."),
        ("He said “we stop.” [3] They did.", "He said “we stop [3].” They did."),
        ("磨坊关了。[3]河水流着。", "磨坊关了[3]。河水流着。"),
        ("Smith et al. [3] show this.", "Smith et al. [3] show this."),
        ("- [3] An item.\n- Another.", "- [3] An item.\n- Another."),
        ("[3] Mills came first.", "[3] Mills came first."),
        ("Everything [1-99].", "Everything [3, 4, 7, 12]."),
        ("Some [3-5].", "Some [3, 4]."),
        ("Both [3–4].", "Both [3–4]."),
        ("Invented [5].", "Invented."),
        ("Half invented. [5, 7] More.", "Half invented [7]. More."),
        ("In [2019] and `a[1]`.", "In [2019] and `a[1]`."),
    ],
)
def test_only_what_was_shown_is_cited_and_stands_in_its_sentence(text: str, wanted: str) -> None:
    assert grounded(text, KNOWN).text == wanted


def test_what_was_lost_is_told() -> None:
    assert grounded("One [1]. Two [3]. Three [5, 7].", KNOWN).lost == ("[1]", "[5, 7]")


def test_high_numbers_mean_something_where_there_are_as_many_passages() -> None:
    text = "Old [1203]. New [1500]. A year [2019]."
    assert grounded(text, KNOWN).text == text
    assert grounded(text, [*KNOWN, 1203]).text == "Old [1203]. New [1500]. A year [2019]."
    assert grounded(text, [*KNOWN, 1203, 2500]).text == "Old [1203]. New. A year."
    assert cited(text, [*KNOWN, 1203]) == [1203]


def test_a_text_that_ends_with_a_citation_is_finished() -> None:
    text = grounded("The mill was closed in 1911. [12]", KNOWN).text
    assert ends_finished(text)
    assert sentences(text) == ["The mill was closed in 1911 [12]."]


@given(st.text(alphabet="ab. \n[]345,–-。“”*`12", max_size=60))
def test_grounding_twice_is_grounding_once_and_cites_nothing_else(text: str) -> None:
    once = grounded(text, KNOWN).text
    assert grounded(once, KNOWN).text == once
    assert grounded(once, KNOWN).lost == ()
    assert set(cited(once, range(1, 1000))) <= set(KNOWN)
