from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.outline_text import dump, one_line, parse
from core.errors import RequestError
from domain.outline.check import check_outline
from domain.outline.plan import Outline, Part, SectionPlan

lines = st.text(min_size=1, max_size=40).filter(lambda text: bool(one_line(text)))


def made(title: str, groups: list[list[tuple[str, str, int]]]) -> Outline:
    parts = []
    for p, group in enumerate(groups, start=1):
        keys = [str(p)] if len(group) == 1 else [f"{p}.{s}" for s in range(1, len(group) + 1)]
        sections = tuple(
            SectionPlan(key, heading, point, target, (f"about {key}",))
            for key, (heading, point, target) in zip(keys, group, strict=True)
        )
        heading, point, _ = group[0]
        total = sum(section.target for section in sections)
        name = heading if len(group) == 1 else f"Part {p}"
        parts.append(Part(str(p), name, point, total, sections))
    return Outline(title, sum(part.target for part in parts), tuple(parts))


outlines = st.builds(
    made,
    lines,
    st.lists(
        st.lists(st.tuples(lines, lines, st.integers(1, 5000)), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    ),
)
PLAN = made(
    "Kites",
    [[("Wind", "Why they fly", 200)], [("Paper", "Light", 100), ("String", "Strong", 300)]],
)


@given(outlines)
def test_an_outline_that_nobody_changed_stays_as_it_is(outline: Outline) -> None:
    again = parse(dump(outline), outline)
    assert again is not None
    assert again.title == one_line(outline.title)
    assert again.target == outline.target
    assert [part.target for part in again.parts] == [part.target for part in outline.parts]
    assert [(s.key, s.heading, s.point, s.target) for s in again.sections] == [
        (s.key, one_line(s.heading), one_line(s.point), s.target) for s in outline.sections
    ]
    assert check_outline(again).ok


@given(st.text(max_size=300))
def test_any_text_is_an_outline_none_or_an_error_that_says_what_to_do(text: str) -> None:
    found: Outline | RequestError | None
    try:
        found = parse(text, PLAN)
    except RequestError as error:
        found = error
    if isinstance(found, RequestError):
        assert found.remedy
    else:
        assert found is None or check_outline(found).ok


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "  ", "\t", "- ", "  * "]),
            st.integers(100, 1000),
            st.sampled_from(["|", " | ", "  |"]),
            lines,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_lines_in_any_order_make_a_sound_outline(rows: list[tuple[str, int, str, str]]) -> None:
    text = "\n".join(f"{a}{number}{bar}{one_line(heading)}" for a, number, bar, heading in rows)
    outline = parse(text, PLAN)
    assert outline is not None
    assert outline.target == PLAN.target
    assert len(outline.sections) <= len(rows)
    assert check_outline(outline).ok


def test_key_points_follow_their_heading() -> None:
    text = "300 | String | Strong\n300 | Glue | Holds"
    changed = parse(text, PLAN)
    assert changed is not None
    assert [(s.heading, s.key_points) for s in changed.sections] == [
        ("String", ("about 2.2",)),
        ("Glue", ()),
    ]
    assert changed.source == "user"


def test_lengths_are_scaled_to_the_whole() -> None:
    changed = parse("1,000 | Wind\n3000 | Sun", PLAN)
    assert changed is not None
    assert [s.target for s in changed.sections] == [150, 450]


def test_a_part_is_as_long_as_its_sections_unless_its_own_number_changed() -> None:
    longer_section = dump(PLAN).replace("  100 | Paper", "  300 | Paper")
    by_sections = parse(longer_section, PLAN)
    assert by_sections is not None
    assert [part.target for part in by_sections.parts] == [150, 450]
    longer_part = dump(PLAN).replace("400 | Part 2", "1000 | Part 2")
    by_part = parse(longer_part, PLAN)
    assert by_part is not None
    assert [part.target for part in by_part.parts] == [100, 500]
    assert [section.target for section in by_part.parts[1].sections] == [125, 375]


def test_no_line_left_means_stop() -> None:
    assert parse("# only a comment\n\nTitle: Kites\n", PLAN) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("200 | Wind\nand so on", "line 2"),
        ("Wind", "'Wind'"),
        ("many | Wind", "'many | Wind'"),
        ("200 |", "line 1"),
        ("200 | | a point", "line 1"),
        ("9" * 5000 + " | Wind", "line 1"),
        ("1 | a\n" * 601, "no length left"),
        ("1 | a\n  1 | b\n  1 | c\n999999 | d", "no length left"),
    ],
)
def test_what_is_no_outline_is_told(text: str, said: str) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        parse(text, PLAN)
    assert caught.value.remedy
