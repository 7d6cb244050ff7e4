"""Every finding belongs to one item of a plan: to the one whose subject it is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.planner.notes import belonging
from domain.notes import Finding
from domain.outline.plan import Division, Outline, Part, SectionPlan
from sources.allotment import allotted

WORDS = ("mill", "bridge", "chapel", "harbour", "quarry", "the", "of", "潮汐", "水车", "7")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


def found(*texts: str) -> list[Finding]:
    return [Finding("s", number, text) for number, text in enumerate(texts, 1)]


@given(st.lists(TEXTS, max_size=30), st.lists(TEXTS, min_size=1, max_size=6))
def test_each_is_with_one_item_and_none_is_lost(texts: list[str], subjects: list[str]) -> None:
    findings = found(*texts)
    groups = allotted(findings, subjects)
    assert len(groups) == len(subjects)
    assert sorted(each.piece for group in groups for each in group) == [
        each.piece for each in findings
    ]
    assert allotted(findings, subjects) == groups


def test_each_is_with_what_it_is_about_the_nearest_first() -> None:
    facts = found("The bridge has 7 arches.", "A mill.", "The mill wheel of the mill.", "Of all.")
    mills, bridges = allotted(facts, ["The mill and its wheel", "The bridge"])
    assert [each.piece for each in mills] == [3, 2, 4]
    assert [each.piece for each in bridges] == [1]


def test_what_is_about_none_is_divided_evenly() -> None:
    groups = allotted(found("a", "b", "c", "d"), ["mills", "bridges"])
    assert [[each.text for each in group] for group in groups] == [["a", "b"], ["c", "d"]]


def test_in_a_book_it_goes_down_level_by_level() -> None:
    mill, wheel = SectionPlan("1.1.1", "Mill stones", "", 9), SectionPlan("1.1.2", "Wheels", "", 9)
    outline = Outline(
        "Coasts", 90,
        (Part("1.1", "Mills", "", 18, (mill, wheel), division="1"),
         Part("1.2", "Bridges of wood", "", 18, division="1"),
         Part("2", "Chapels", "", 18, division="2")),
        divisions=(Division("1", "Mills and bridges", "", 36), Division("2", "Chapels", "", 18)),
    )  # fmt: skip
    facts = found("A bridge.", "A chapel.", "The wheels of a mill.", "The stones of a mill.")
    told = {key: [x.piece for x in belonging(facts, outline, key)]
            for key in ("2", "1.1", "1.2", "1.1.1", "1.1.2")}  # fmt: skip
    assert told == {"2": [2], "1.1": [3, 4], "1.2": [1], "1.1.1": [4], "1.1.2": [3]}
