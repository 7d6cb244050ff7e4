"""Whether documents keep to what was asked: mentions, counts, places, and the published scores."""

import pytest

from domain.constraints.allocation import assign
from domain.constraints.constraint import Constraint, Place, included
from domain.constraints.parser import parse_constraints
from domain.outline.plan import Outline, Part, SectionPlan
from domain.score import Severity
from evaluators.constraints import Compliance, Constraints, section_score
from evaluators.mentions import Reading
from evaluators.tallies import tally
from tests.corpora.wanted import Asked, clean, planted


def judged(case: Asked) -> Compliance:
    constraints = parse_constraints(case.prompt)
    assert len(constraints) == 3, case.prompt
    return Constraints().check(assign(constraints, case.outline), case.outline, case.texts)


def test_clean_documents_raise_no_alarm() -> None:
    cases = list(clean())
    assert len(cases) == 40
    for case in cases:
        found = judged(case)
        assert found.score.findings == (), case.prompt
        assert [score.value for score in found.scores()[1:2]] == [100.0] or found.thread is None


def test_every_planted_miss_is_found_by_its_section() -> None:
    cases = list(planted())
    assert len(cases) == 60
    assert len({case.demand.kind for case in cases}) == 10
    for case in cases:
        (found,) = [f for f in judged(case).score.findings if f.severity is Severity.WARN]
        assert case.demand.named in found.message, case.prompt
        assert found.section in case.places, case.prompt


@pytest.mark.parametrize(
    ("text", "wanted", "there"),
    [
        ("The keepers of the lighthouse slept.", "lighthouse keeper", True),
        ("Two brass\ntelescopes lay there.", "a brass telescope", True),
        ("A telescope made of brass.", "brass telescope", True),
        ("The brass was old. A kettle sang.", "copper kettle", None),
        ("The brass was old.", "brass telescope", False),
        ("Marlow kept the accounts.", "Edith Marlow", None),
        ("It cost 1250 apples.", "1,250 apples", True),
        ("It cost 1,350 apples.", "1,250 apples", False),
        ("Twelve apples fell.", "12 apples", True),
        ("The children sang.", "child", None),
        ("A million years.", "mill", False),
        ("Nothing of the kind.", "the Severn", False),
        ("窗台上放着一架铜 望远镜。", "铜望远镜", True),
        ("他有一只旧的怀表。", "旧怀表", None),
        ("孩子的眼睛很亮。", "孩子的眼睛", True),
        ("孩子眼睛很亮。", "孩子的眼睛", True),
        ("他走过石桥。", "青石桥", None),
        ("他走过青石路。", "青石桥", False),
    ],
)
def test_a_mention_is_sure_possible_or_missing(text: str, wanted: str, there: bool | None) -> None:
    assert Reading(text).mentions(wanted).within(1, None) is there


def test_a_quotation_must_stand_to_the_letter() -> None:
    reading = Reading("Time and the tide. He said: “Time and tide” once, and TIME AND  TIDE.")
    found = reading.mentions("time and tide", exact=True)
    assert (found.sure, found.possible) == (2, 2)
    assert reading.text[slice(*found.places[0])] == "Time and tide"


@pytest.mark.parametrize(
    ("text", "sort", "sure", "possible"),
    [
        ("For example, rain. For instance, hail.", "examples", 2, 2),
        ("Consider the weir. It failed.", "examples", 0, 1),
        ("例如雨。比如雪。", "examples", 2, 2),
        ("Why? How?! `who?`", "questions", 2, 2),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\ntext\n\n| c | d |\n|---|---|", "tables", 2, 2),
        ("- one\n- two\n1. three", "list items", 3, 3),
        ("```\nx\n```\n\ntext\n\n```\ny\n```", "code blocks", 2, 2),
        ("See [it](https://a.example/x) and https://b.example.", "links", 2, 2),
        ("He said “all of the long way home” and “no”.", "quotations", 1, 2),
        ("As shown [3] and (Smith, 1999).", "citations", 2, 2),
        ("![a](b.png) and Figure 2", "images", 1, 2),
    ],
)
def test_things_are_counted(text: str, sort: str, sure: int, possible: int) -> None:
    found = tally(text, sort)
    assert (found.sure, found.possible) == (sure, possible)


def plan(count: int) -> Outline:
    parts = tuple(
        Part(str(n), f"H{n}", "", 100, (SectionPlan(str(n), f"H{n}", "", 100),))
        for n in range(1, count + 1)
    )
    return Outline("T", 100 * count, parts)


def test_the_published_scores() -> None:
    """Eight checks over four units of which one was not written: CR 75, STIC-1 4/6, STIC-2 4/8."""
    wanted = [
        Constraint("include", "moon", Place(1, -1, 1)),
        Constraint("include", "sun", Place(1, -1, 1)),
        Constraint("forbid", "king", Place(), 0, 0),
    ]
    texts = {"1": "The moon and the sun.", "2": "The moon.", "3": "The sun.", "4": " "}
    found = Constraints().check(assign(wanted, plan(4)), plan(4), texts)
    assert found.thread is not None
    assert found.thread.completion == 75
    assert found.thread.stic_1 == pytest.approx(100 * 4 / 6)
    assert found.thread.stic_2 == 50
    names = {score.name: score.value for score in found.scores()}
    assert names["constraints"] == pytest.approx(100 * 5 / 9)
    assert (names["completion"], names["stic_2"]) == (75, 50)


def test_what_cannot_be_told_is_unscored() -> None:
    wanted = assign(included(["Edith Marlow"]), plan(1))
    found = Constraints().check(wanted, plan(1), {"1": "Marlow wept."})
    assert found.score.value is None
    assert found.score.reason == "nothing could be decided by words"
    assert [finding.severity for finding in found.score.findings] == [Severity.NOTE]
    assert found.thread is None
    assert all(score.value is None for score in found.scores())
    empty = Constraints().check(assign([], plan(1)), plan(1), {"1": "Text."})
    assert (empty.score.value, empty.score.reason) == (None, "nothing is required")


def test_a_unit_that_the_outline_lacks_is_a_miss() -> None:
    wanted = assign(parse_constraints("Mention the mill in chapter 12."), plan(3))
    (found,) = Constraints().check(wanted, plan(3), {"1": "The mill."}).score.findings
    assert found.section == ""
    assert "part 12" in found.message


def test_too_many_are_told_where_the_last_stand() -> None:
    wanted = assign(parse_constraints("Use at most one table."), plan(2))
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    (found,) = Constraints().check(wanted, plan(2), {"1": table, "2": table}).score.findings
    assert (found.section, found.start) == ("2", 0)
    assert "at most 1" in found.message


def test_one_draft_is_judged_by_its_own_duties() -> None:
    wanted = parse_constraints("Every chapter must mention the moon. Do not mention the king.")
    duties = assign(wanted, plan(3)).of("2")
    assert section_score(duties, "The moon rose.", "2").value == 100
    spoilt = section_score(duties, "The king slept.", "2")
    assert spoilt.value == 0
    assert [(f.section, f.start) for f in spoilt.findings] == [("2", None), ("2", 4)]
    assert section_score((), "Text.", "2").value is None


@pytest.mark.parametrize("piece", ["moon ", "“", "[a](", "| ", "![", "青石", "a" * 50, "- ", "1,"])
def test_hostile_texts_are_read(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    reading = Reading(text)
    for wanted in ("moon rock", "青石桥", "1,250 apples", "a" * 400):
        reading.mentions(wanted)
    for sort in ("examples", "links", "citations", "quotations", "tables", "images"):
        tally(text, sort)
