"""Edges of neighbouring sections: what is said again, opened alike, closed too early."""

import pytest

from domain.score import Finding, Severity
from evaluators.seams import (
    Seams,
    SectionEdge,
    document_findings,
    formula_findings,
    seam_findings,
)
from evaluators.thresholds import Thresholds

HARBOUR = SectionEdge(
    "1",
    "The harbour",
    "The harbour wakes before the town does. Gulls argue over the night's leavings while the "
    "first boats slide out past the breakwater.\n\n"
    "By seven the fish hall is loud with bids. Buyers from four counties stand on crates to see. "
    "What they do not buy feeds the town.",
)
KITCHENS = SectionEdge(
    "2",
    "The kitchens",
    "In the kitchens of the town, what was left unsold becomes soup. Three women have made it "
    "since the war, each by her own rule.\n\nNobody writes the rules down.",
)
GANGKOU = SectionEdge(
    "1",
    "港口",
    "港口总是比小镇先醒来。海鸥为昨夜的残羹争吵，第一批渔船已经绕过防波堤。\n\n"
    "七点钟，鱼市里满是叫价声。四个县的买主站在木箱上张望。卖不掉的鱼养活了整个小镇。",
)
CHUFANG = SectionEdge(
    "2",
    "厨房",
    "在码头上方的厨房里，卖不掉的鱼变成了汤。三个女人从战后一直煮到今天，各有各的规矩。\n\n"
    "没有人把规矩写下来。",
)


def after(text: str, heading: str = "The kitchens") -> SectionEdge:
    return SectionEdge("2", heading, text)


def before(text: str, heading: str = "The harbour") -> SectionEdge:
    return SectionEdge("1", heading, text)


def warned(found: tuple[Finding, ...]) -> list[str]:
    return [finding.section for finding in found if finding.severity is Severity.WARN]


@pytest.mark.parametrize("pair", [(HARBOUR, KITCHENS), (GANGKOU, CHUFANG)])
def test_a_sound_seam_has_no_findings(pair: tuple[SectionEdge, SectionEdge]) -> None:
    assert seam_findings(*pair) == ()


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (HARBOUR, "What they do not buy feeds the town, and it always has."),
        (HARBOUR, "Buyers from four counties stand on crates to see the fish."),
        (HARBOUR, "Standing on crates, the buyers of four counties see everything."),
        (GANGKOU, "卖不掉的鱼养活了整个小镇，年年如此。"),
        (GANGKOU, "整个小镇都靠卖不掉的鱼养活。"),
    ],
)
def test_an_opening_that_says_the_closing_again_is_found_in_its_place(
    first: SectionEdge, again: str
) -> None:
    second = after(again + " " + KITCHENS.text)
    (found,) = seam_findings(first, second)
    assert (found.gate, found.severity, found.section) == ("seams", Severity.WARN, "2")
    assert second.text[found.start : found.end] == again
    assert "begin with what is new" in found.message


def test_the_second_sentence_counts_too() -> None:
    second = after("The quay is quiet. What they do not buy feeds the town. Soup is made of it.")
    (found,) = seam_findings(HARBOUR, second)
    assert second.text[found.start : found.end] == "What they do not buy feeds the town."


def test_a_hard_wrapped_sentence_is_read_as_one() -> None:
    second = after(
        "What they do not buy feeds\nthe town. Soup is made of it every day, and in many old "
        "houses\nnobody has eaten anything else."
    )
    (found,) = seam_findings(HARBOUR, second)
    assert second.text[found.start : found.end] == "What they do not buy feeds\nthe town."


@pytest.mark.parametrize(
    ("first", "opening"),
    [
        (HARBOUR, "The harbour wakes before dawn in every season of the year."),
        (GANGKOU, "港口总是比小镇先下雪，这一点没有人能解释。"),
    ],
)
def test_neighbours_that_open_alike(first: SectionEdge, opening: str) -> None:
    second = after(opening)
    (found,) = seam_findings(first, second)
    assert (found.severity, found.section) == (Severity.WARN, "2")
    assert second.text[found.start : found.end] == opening
    assert "opens as the section before" in found.message


@pytest.mark.parametrize(
    ("openings", "alike"),
    [
        (("In today's world, nets are made of nylon.", "The mill is shut.",
          "In today's world, few people sew.", "In today's world, salt is cheap."), ["3", "4"]),
        (("When it comes to rope, hemp is best.", "When it comes to tar, ask Tom.",
          "Tides rule the rest.", "When it comes to paint, nobody agrees."), ["2", "4"]),
        (("在当今社会，渔网多是尼龙的。", "磨坊关门了。", "在当今社会，缝补的人少了。",
          "在当今社会，盐很便宜。"), ["3", "4"]),
        (("Nets are made of nylon.", "Nets are made of hemp.", "Salt is cheap."), []),
        (("However, nets fail.", "However, salt is cheap.", "However, nobody sews."), []),
        (("It was dark that night.", "It was a mistake.", "It was the third boat."), []),
    ],
)  # fmt: skip
def test_a_formula_is_found_in_all_sections_but_the_first(
    openings: tuple[str, ...], alike: list[str]
) -> None:
    sections = [SectionEdge(str(n), "", text) for n, text in enumerate(openings, start=1)]
    assert warned(formula_findings(sections)) == alike


@pytest.mark.parametrize(
    "closing",
    [
        "In conclusion, the harbour feeds the town.",
        "To sum up: fish is what counts.",
        "All in all, the quay has changed little.",
        "**In summary**, there is fish.",
        "This essay has shown that fish matters.",
        "总之，港口养活了小镇。",
        "综上所述，鱼是最要紧的。",
    ],
)
def test_a_section_that_concludes_before_the_end(closing: str) -> None:
    first = before(f"The gulls came.\n\n{closing} Nothing follows from it.")
    (found,) = [f for f in seam_findings(first, KITCHENS) if f.severity is Severity.WARN]
    assert found.section == "1"
    assert found.start is not None
    assert first.text[found.start : found.end].startswith(closing.split(",")[0][:6])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (before("The gulls came.\n\nIn conclusion, fish feeds it.", "Conclusion"), KITCHENS),
        (before("The gulls came.\n\nIn conclusion, fish feeds it."), after("Harlow", "References")),
        (before("海鸥来了。\n\n总之，港口养活了小镇。"), after("李明", "参考文献")),
        (before('The gulls came.\n\n"In conclusion, no," said the clerk.'), KITCHENS),
        (before("The gulls came.\n\nTo conclude the treaty, envoys were sent."), KITCHENS),
        (before("In conclusion, fish feeds it.\n\nThe gulls came."), KITCHENS),
        (before("To sum up the column took an hour."), KITCHENS),
    ],
)
def test_conclusions_that_belong_where_they_are(first: SectionEdge, second: SectionEdge) -> None:
    assert warned(seam_findings(first, second)) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("| a | b |\n|---|---|\n| What they do not buy | feeds the town today |",
         "What they do not buy feeds the town today."),
        ("The refrain is\nwhat they do not buy\nfeeds the town today",
         "What they do not buy\nfeeds the town today\nand the wheel goes round"),
        ("He opened the door and went in.", "He went in."),
        ('"What is it that you want from me?" he asked.',
         '"What is it that I want from you?" she said.\n\nHe laughed.'),
        ("", "What they do not buy feeds the town."),
        ("What they do not buy feeds the town.", "```\nwhat they do not buy feeds\n```\n\nIt is."),
    ],
)  # fmt: skip
def test_tables_verse_speech_and_short_sentences_are_no_repetition(first: str, second: str) -> None:
    assert warned(seam_findings(before(first), after(second))) == []


def test_no_word_in_common_is_only_a_note() -> None:
    strange = after("Basalt cools in columns. Geologists like to photograph them.", "Stone")
    (found,) = seam_findings(HARBOUR, strange)
    assert (found.severity, found.section) == (Severity.NOTE, "2")
    planned = SectionEdge("2", "Stone", strange.text, opens_from="From what feeds the town")
    assert seam_findings(HARBOUR, planned) == ()


def test_a_document_is_judged_seam_by_seam() -> None:
    spoilt = SectionEdge("2", "The kitchens", "What they do not buy feeds the town. So we cook.")
    third = SectionEdge("3", "The bakers", "Those who cook sell bread to the town as well.")
    found = document_findings([HARBOUR, spoilt, third])
    assert warned(found) == ["2"]
    score = Seams().evaluate([HARBOUR, spoilt, third])
    assert score.value == 50
    assert not score.failed
    assert Seams().evaluate([HARBOUR, KITCHENS]).value == 100
    assert Seams().evaluate([HARBOUR]).value is None
    assert Seams(Thresholds(seam_words=30)).evaluate([HARBOUR, spoilt, third]).value == 100
