"""How a planner's answer is read: generous with its form, strict with what is usable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.planner.reply import (
    MAX_HEADING,
    OutlineForm,
    PlannedOutline,
    PlannedSection,
    fallback,
    read_lines,
    tidy,
)
from core.errors import FormatError


def form(count: int = 3, fewest: int = 1, *, titled: bool = True, bounded: bool = False,
         even: bool = False) -> OutlineForm:  # fmt: skip
    return OutlineForm(count, fewest, 20, titled, True, even, bounded)


def planned(*headings: str, title: str = "The sea") -> PlannedOutline:
    sections = [PlannedSection(heading=text, point=f"About {text}.") for text in headings]
    return PlannedOutline(title=title, sections=sections)


def headings(reply: PlannedOutline) -> list[str]:
    return [section.heading for section in reply.sections]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("**1. Tides**", "Tides"),
        ("Section 2: Tides", "Tides"),
        ("### Tides", "Tides"),
        ("IV. Tides", "Tides"),
        ("第三章、潮汐", "潮汐"),
        ('"Tides"', "Tides"),
        ("  Tides \n and  moons ", "Tides and moons"),
        ("1984 and after", "1984 and after"),
        ("1989: The Wall Falls", "1989: The Wall Falls"),
        ("1.5 Degrees", "1.5 Degrees"),
        ("10:30 at Night", "10:30 at Night"),
        ("2) Tides", "Tides"),
        ("Chapter IX – Tides", "Tides"),
        ("Part of the Problem", "Part of the Problem"),
        ("Chapter 11 Bankruptcy", "Chapter 11 Bankruptcy"),
        ("Mix. Stir. Wait.", "Mix. Stir. Wait."),
        ("第三章引言", "引言"),
        ("二、潮汐", "潮汐"),
        ("一节课的故事", "一节课的故事"),
        ("第一部电影", "第一部电影"),
        ("百年孤独", "百年孤独"),
    ],
)
def test_headings_lose_marks_and_numbers(raw: str, wanted: str) -> None:
    assert tidy(raw, MAX_HEADING) == wanted


@given(st.text(max_size=300), st.integers(10, 120))
def test_a_tidy_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = tidy(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert line == line.strip()


def test_duplicates_and_rubbish_are_dropped() -> None:
    reply = planned("Tides", "tides", "The sea", "12 / 2024", '{"heading": 1}', "Moons", " ")
    assert headings(form().check(reply)) == ["Tides", "Moons"]


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ("The Tides of Saint-Malos", False),
        ("THE TIDEs of Saint Malo", False),
        ("The Tides of the Severn", True),
    ],
)
def test_a_very_small_model_repeats_no_heading_with_a_slip(second: str, kept: bool) -> None:
    reply = planned("The Tides of Saint-Malo", second)
    assert (second in headings(form(bounded=True).check(reply))) == kept
    assert second in headings(form().check(reply))
    days = ("The First Days in Tokyo, Day 1", "The First Days in Tokyo, Day 2")
    assert headings(form(bounded=True).check(planned(*days))) == list(days)


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("Water, 12. Water, 13. Water, 14. Water", False),
        ("Tides tides Tides tides", False),
        ("Location, Location, Location", True),
        ("The Tide and the Tide Mill", True),
    ],
)
def test_a_heading_that_loops_is_none(heading: str, kept: bool) -> None:
    assert (heading in headings(form().check(planned("Moons", heading)))) == kept


def test_too_little_is_refused() -> None:
    with pytest.raises(FormatError, match="1 usable sections, 2 needed"):
        form(fewest=2).check(planned("Tides", "Tides"))
    with pytest.raises(FormatError, match="title"):
        form().check(planned("Tides", title="  "))


def test_points_that_say_nothing_of_the_subject_are_replaced() -> None:
    raw = PlannedOutline(
        title="T",
        sections=[
            PlannedSection(heading="Tides", point="This section will discuss the tides."),
            PlannedSection(heading="Moons", point="", key_points=["Two moons pull."]),
        ],
    )
    assert [s.point for s in form().check(raw).sections] == ["Tides", "Two moons pull."]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(300, 300), ("300 words", 300), ("about 1,200", 1200), ("many", None), (None, None),
     (True, None), ([3], None)],
)  # fmt: skip
def test_numbers_are_read_generously(value: object, wanted: float | None) -> None:
    read = PlannedSection.model_validate({"heading": "H", "words": value, "key_points": "one"})
    assert (read.words, read.key_points) == (wanted, ["one"])


def test_very_small_models_cannot_count() -> None:
    reply = PlannedOutline(title="T", sections=[PlannedSection(heading="Tides", words=4)])
    assert form(even=True).check(reply).sections[0].words is None
    assert form().check(reply).sections[0].words == 4


LINES = """Sure, here is the outline.
Title: The sea
1. Tides | Why the water moves | 300
2. Moons | What pulls it | 250 words
Total: 550"""

AGENTWRITE = """Paragraph 1 - Main Point: Why the water moves - Word Count: 300 words
Paragraph 2 - Main Point: What pulls it - Word Count: 250 words"""

CHINESE = """标题：大海
1. 潮汐 | 水为何运动 | 300
2. 月亮｜是什么吸引海水｜250"""


@pytest.mark.parametrize(
    ("text", "title", "found", "words"),
    [
        (LINES, "The sea", ["Tides", "Moons"], [300, 250]),
        (AGENTWRITE, "About water", ["Why the water moves", "What pulls it"], [300, 250]),
        (CHINESE, "大海", ["潮汐", "月亮"], [300, 250]),
    ],
)
def test_lines_are_read(text: str, title: str, found: list[str], words: list[float]) -> None:
    reply = read_lines(text, form(), "About water. At length.")
    assert (reply.title, headings(reply)) == (title, found)
    assert [section.words for section in reply.sections] == words


def test_prose_is_no_outline() -> None:
    with pytest.raises(FormatError):
        read_lines("I would rather talk about the sea, which is large.", form(), "About water")


@given(st.text("ab1.|-: \n#*第章", max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reply = read_lines(text, form(), "About water")
    except FormatError:
        return
    found = [heading.casefold() for heading in headings(reply)]
    assert found
    assert len(set(found)) == len(found)


@given(st.integers(1, 60), st.sampled_from(["en", "zh", "fr"]), st.text(max_size=80))
def test_the_rule_always_gives_a_sound_outline(count: int, language: str, prompt: str) -> None:
    reply = fallback(prompt, form(count), language)
    found = headings(reply)
    assert len(set(found)) == len(found) == count
    assert all(section.point for section in reply.sections)
    assert reply.title


def test_the_schema_asks_for_exactly_what_is_wanted() -> None:
    schema = form(4, bounded=True).schema()
    sections = schema["properties"]["sections"]
    assert (sections["minItems"], sections["maxItems"]) == (4, 4)
    assert schema["required"] == ["title", "sections"]
    assert sections["items"]["properties"]["heading"]["maxLength"] == 60
    plain = form(4, titled=False).schema()
    assert plain["required"] == ["sections"]
    assert plain["additionalProperties"] is False
    assert plain["properties"]["sections"]["items"]["properties"]["heading"] == {"type": "string"}
