"""Exact edits: only the words that are meant change, and never by chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.edits import LONGEST, Edit, apply, locate

TEXT = "The sea is wide.  It moves “twice”\na day – at least.\n\n潮水上涨，月亮牵引。The end."
WORDS = st.lists(
    st.sampled_from(
        ["ab", "aba", "b", " ", "  ", "\n", "\n\n", "\u3000", "“", '"', "’", "'", "–", "-", "潮水",
         "潮", "。", "é", "e\u0301", "\U0001f30a", "\ud800", "\x1c", "\x00", "(", "\\", ".*"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
LOOSE = str.maketrans({"“": '"', "”": '"', "’": "'", "–": "-", "—": "-"})
STRANGER = "its words do not stand in the text exactly once"


def often(text: str, part: str) -> int:
    """How often a part stands in a text, overlaps counted."""
    return sum(text.startswith(part, at) for at in range(len(text) - len(part) + 1))


def loosely(text: str) -> str:
    """The text as `locate` is to see it where nothing matches to the letter."""
    out = ""
    for character in text.translate(LOOSE):
        blank = character in " \n\u3000"
        if not (blank and out.endswith(" ")):
            out += " " if blank else character
    return out


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("The sea is wide.", "The sea is wide."),
        ("  It moves  ", "It moves"),
        ('It moves "twice" a day - at least.', "It moves “twice”\na day – at least."),
        ("wide. It", "wide.  It"),
        ("“twice”", "“twice”"),
        ("„twice“", "“twice”"),
        ("at least. 潮水上涨", "at least.\n\n潮水上涨"),
        ("月亮牵引。", "月亮牵引。"),
        ("end.", "end."),
        ("a", None),  # more than once
        ("The", None),
        ("he sky", None),
        ("", None),
        (" \n\t", None),
        (".*", None),
        ("THE SEA", None),
        ("x" * (LONGEST + 1), None),
    ],
)
def test_a_passage_is_found_where_it_stands(passage: str, found: str | None) -> None:
    place = locate(TEXT, passage)
    assert (None if place is None else TEXT[slice(*place)]) == found


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("aba", "aba"), ("xababa", "xa"), ("x y  x", "y x"), ("“a” 'b'", "'b'"),
        ("一  二\n三", "二 三"),
        ("a – b — c", "b - c"), ("\u3000潮水  上涨", "潮水 上涨"), ("e\u0301 “x” e", '"x" e'),
    ],
)  # fmt: skip
def test_offsets_are_those_of_the_text_as_it_is(text: str, passage: str) -> None:
    place = locate(text, passage)
    assert place is not None
    assert loosely(text[slice(*place)]) == loosely(passage)


@pytest.mark.parametrize(
    ("text", "passage"),
    [("aXbXaXb".replace("X", "  "), "a b a b a"), ("x  y  x  y  x", "x y x"), ("ababa", "aba")],
)
def test_what_stands_there_twice_is_not_found_also_where_it_overlaps(
    text: str, passage: str
) -> None:
    assert locate(text, passage) is None


@given(WORDS, WORDS)
def test_a_place_is_the_only_one(text: str, passage: str) -> None:
    place, wanted = locate(text, passage), passage.strip()
    exact = often(text, wanted) if wanted else 0
    loose = often(loosely(text), loosely(wanted)) if wanted else 0
    assert (place is not None) == (exact == 1 or (not exact and loose == 1))
    if place is not None:
        found = text[slice(*place)]
        assert found == wanted if exact else loosely(found) == loosely(wanted)


@given(WORDS, st.data())
def test_every_part_that_stands_there_once_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    if part.strip() and often(text, part.strip()) == 1:
        start += len(part) - len(part.lstrip())
        assert locate(text, part) == (start, start + len(part.strip()))


@given(WORDS, st.lists(st.builds(Edit, WORDS, WORDS), max_size=6), st.floats(0, 1))
def test_all_else_stays_letter_by_letter(text: str, edits: list[Edit], most: float) -> None:
    parts = [Edit(text[n * 3 : n * 3 + 4], edit.replace) for n, edit in enumerate(edits)]
    edited = apply(text, edits + parts, most=most)
    places = sorted((*locate(text, edit.find), edit.replace.strip()) for edit in edited.done)  # type: ignore[misc]
    rest, was = edited.text, 0
    for start, end, replacement in places:
        assert start >= was, "edits overlap"
        assert rest.startswith(text[was:start] + replacement)
        rest, was = rest[start - was + len(replacement) :], end
    assert rest == text[was:]
    assert sum(end - start for start, end, _ in places) <= most * len(text)
    assert len(edited.done) + len(edited.refused) == len(edits) * 2
    assert all(reason for _, reason in edited.refused)


def test_edits_are_made_on_the_text_as_it_was() -> None:
    edited = apply("one two three four five", [Edit("two", "three"), Edit("three", "two")])
    assert edited.text == "one three two four five"
    assert edited.refused == ()


def test_each_refusal_says_why() -> None:
    text = "one two three four five six seven"
    edited = apply(
        text,
        [
            Edit("two three", "2 3"),
            Edit("three four", "3 4"),
            Edit("eight", "8"),
            Edit("e", "E"),
            Edit("", "more"),
            Edit("five", " five "),
            Edit("four five six seven", "the rest"),
            Edit("six", ""),
        ],
    )
    assert edited.text == "one 2 3 four five  seven"
    assert [edit.find for edit in edited.done] == ["two three", "six"]
    assert [(edit.find, why) for edit, why in edited.refused] == [
        ("three four", "it overlaps another edit"),
        ("eight", STRANGER),
        ("e", STRANGER),
        ("", STRANGER),
        ("five", "it changes nothing"),
        ("four five six seven", "the edits would replace too much of the text"),
    ]


def test_neighbouring_edits_do_not_overlap() -> None:
    assert apply("abcdefgh", [Edit("ab", "1"), Edit("cd", "2")]).text == "12efgh"


def test_no_edit_or_no_text_changes_nothing() -> None:
    assert apply(TEXT, []).text == TEXT
    assert apply("", [Edit("a", "b"), Edit("", "c")]).text == ""


@pytest.mark.parametrize("text", ["ab " * 200_000, "a" * 600_000, "a \n" * 200_000, " " * 600_000])
@pytest.mark.parametrize("find", ["ab " * 1_300 + "c", "a" * 3_999 + "b", "a  " * 1_300 + "b"])
def test_huge_texts_take_no_longer_than_they_are(text: str, find: str) -> None:
    assert apply(text, [Edit(find, "x")]).refused == ((Edit(find, "x"), STRANGER),)
