"""How texts become one document: headings by level, gaps without a trace."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.outline.assembly import document_markdown, printed_units
from domain.outline.plan import Outline, Part, SectionPlan

KEYS = ("1", "2.1", "2.2", "3.1", "3.2")


def plan(key: str) -> SectionPlan:
    return SectionPlan(key, f"S{key}", "", 10)


BOOK = Outline(
    "T",
    50,
    (
        Part("1", "P1", "", 10, (plan("1"),)),
        Part("2", "P2", "", 20, (plan("2.1"), plan("2.2"))),
        Part("3", "P3", "", 20, (plan("3.1"), plan("3.2"))),
    ),
)


def test_a_whole_document() -> None:
    texts = {key: f"\n\nText {key}.\n" for key in KEYS}
    assert document_markdown(BOOK, texts) == (
        "# T\n\n## P1\n\nText 1.\n\n## P2\n\n### S2.1\n\nText 2.1.\n\n### S2.2\n\nText 2.2.\n\n"
        "## P3\n\n### S3.1\n\nText 3.1.\n\n### S3.2\n\nText 3.2.\n"
    )


def test_a_document_of_one_section_has_its_title_only() -> None:
    alone = Outline("T", 10, (Part("1", "P1", "", 10, (plan("1"),)),))
    assert document_markdown(alone, {"1": "Text."}) == "# T\n\nText.\n"


def test_the_part_stands_above_its_first_written_section() -> None:
    assert document_markdown(BOOK, {"2.2": "Later."}) == "# T\n\n## P2\n\n### S2.2\n\nLater.\n"


@given(st.sets(st.sampled_from(KEYS)))
def test_gaps_leave_no_trace(keys: set[str]) -> None:
    text = document_markdown(BOOK, {key: f"Text {key}." for key in keys})
    lines = [line for line in text.splitlines() if line]
    assert [line[5:-1] for line in lines if line.startswith("Text")] == sorted(keys)
    assert len(set(lines)) == len(lines)
    parts = {line for line in lines if line.startswith("## ")}
    assert parts == {f"## P{key[0]}" for key in keys}
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_what_stands_above_a_section_is_known_before_other_parts_are_planned() -> None:
    """Else the title is counted twice where a later part is planned first."""
    first, *others = BOOK.parts
    early = replace(BOOK, parts=(replace(first, sections=()), *others))
    for key in KEYS[1:]:
        assert printed_units(early, key, "words") == printed_units(BOOK, key, "words")
    assert (
        sum(printed_units(BOOK, key, "words") for key in KEYS) == len(["T", "P1", "P2", "P3"]) + 4
    )
