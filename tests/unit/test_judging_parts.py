"""A text taken apart for a judge: everything in it once, in order, and nothing too large."""

from hypothesis import given
from hypothesis import strategies as st

from services.judging.parts import parts_of

TEXTS = st.lists(
    st.sampled_from(
        ["# One", "## Two", "The sea rises. It falls.", "x" * 90, "潮水上涨。" * 9, "- a"]
    ),
    min_size=1,
    max_size=20,
).map("\n\n".join)


@given(TEXTS, st.integers(8, 200))
def test_parts_hold_the_whole_text_in_order_and_fit(text: str, limit: int) -> None:
    parts = parts_of(text, limit, len)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= limit for part in parts)


def test_sections_stay_whole_where_they_fit() -> None:
    sections = [f"## Part {n}\n\nThe sea rises. It falls." for n in range(4)]
    assert parts_of("\n\n".join(sections), 80, len) == [
        "\n\n".join(sections[:2]), "\n\n".join(sections[2:]),
    ]  # fmt: skip
    assert parts_of("short", 80, len) == ["short"]
