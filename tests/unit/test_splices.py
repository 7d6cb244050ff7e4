"""Changes from one text to another: they lead there, are few where little differs, and bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.text.splices import Splice, splices

SENTENCE = st.sampled_from(
    ["The tide rises. ", "Boats wait!\n\n", "潮水上涨。", "Is it so? ", "x", "🌊 "]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(SENTENCE, max_size=12).map("".join))


def applied(old: str, new: str) -> str:
    text = old
    for splice in splices(old, new):
        text = splice.applied(text)
    return text


@given(TEXT, TEXT)
def test_the_changes_lead_from_any_text_to_any_other(old: str, new: str) -> None:
    assert applied(old, new) == new
    assert sum(len(splice.text) for splice in splices(old, new)) <= len(new)


def test_what_grows_costs_only_its_growth() -> None:
    assert splices("The tide", "The tide rises.") == [Splice(8, None, " rises.")]
    assert splices("", "The tide") == [Splice(0, None, "The tide")]
    assert splices("The tide", "The tide") == []
    assert splices("The tide", "") == [Splice(0, None, "")]


def test_passages_put_in_at_two_places_and_a_sentence_taken_out() -> None:
    said = [f"Sentence number {n} says something of its own." for n in range(30)]
    new = [*said[:5], "A new thought.", *said[5:20], *said[21:], "And an end."]
    old, wanted = " ".join(said), " ".join(new)
    found = splices(old, wanted)
    assert applied(old, wanted) == wanted
    assert sum(len(splice.text) for splice in found) < 40
    assert [splice.at for splice in found] == sorted((x.at for x in found), reverse=True)


def test_a_text_that_repeats_itself_without_end_is_told_as_one_piece() -> None:
    old, new = "So. " * 4_000, "So. " * 3_000 + "No. " * 900
    found = splices(old, new)
    assert applied(old, new) == new
    assert len(found) == 1
