"""A passage is found again in a later text, or is not there any more."""

from hypothesis import given
from hypothesis import strategies as st

from domain.text.relocation import relocate

WORDS = st.lists(st.sampled_from(["tide", "moon", "潮汐", "boat 🛶", "a", "."]), max_size=30)
TEXTS = WORDS.map(" ".join)


@given(TEXTS, TEXTS, st.integers(0, 80), st.integers(0, 80))
def test_what_is_found_spells_what_was_looked_for(old: str, new: str, one: int, two: int) -> None:
    start, end = sorted((one, two))
    found = relocate(old, new, (start, end))
    if not start < end <= len(old) or old[start:end] not in new:
        assert found is None
    else:
        assert found is not None
        assert new[slice(*found)] == old[start:end]


@given(TEXTS, TEXTS, TEXTS, st.data())
def test_words_before_and_behind_move_a_passage(
    text: str, before: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = relocate(text, text, (start, end))
    assert found == ((start, end) if start < end else None)
    marked = f"{text[:start]}<>{text[start:end]}</>{text[end:]}"
    span = (start, start + (end - start) + 5)
    moved = relocate(marked, before + marked + after, span)
    assert moved == (span[0] + len(before), span[1] + len(before))


def test_of_several_places_the_one_with_the_same_surroundings_counts() -> None:
    old = "The moon pulls. It rises. The sun shines. It rises."
    new = "It rises. The sun shines. It rises. At last the moon."
    second = old.rindex("It rises")
    assert relocate(old, new, (second, second + 9)) == (26, 35)
    assert relocate("It rises.", "It rises. It rises.", (0, 8)) == (0, 8)


def test_what_is_gone_is_nowhere() -> None:
    assert relocate("The moon pulls.", "The sun pulls.", (4, 8)) is None
    assert relocate("The moon", "The moon", (4, 9)) is None
    assert relocate("The moon", "The moon", (4, 4)) is None
