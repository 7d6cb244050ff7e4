"""What is read out of a critic's and a reviser's answers, and what is left out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.review.reply import (
    MOST,
    DocumentReply,
    EditsReply,
    SectionReply,
    read_critique,
)
from domain.critique import DIMENSIONS, KINDS, Critique, Level
from domain.edits import Edit
from llm.structured import strict_schema

TEXT = "The sea is “wide” here. It moves twice a day. It rises. It rises."
TEXTS = {"1": TEXT, "2.1": "潮水上涨，月亮牵引。", "3": "The sea is calm."}
GRADES = dict.fromkeys(DIMENSIONS, 4)
ISSUE = {
    "kind": "language", "level": "major", "quote": "", "problem": "It is dull.", "fix": "Brighten.",
}  # fmt: skip


def section(grades: Any = GRADES, issues: Any = ()) -> Critique:
    """The verdict on one section that an answer with these parts gives."""
    value = {"grades": grades, "issues": list(issues) if isinstance(issues, tuple) else issues}
    return read_critique(SectionReply.model_validate(value), {"1": TEXT})


def document(*issues: dict[str, Any]) -> Critique:
    """The verdict on a document that an answer with these issues gives."""
    value = {"grades": GRADES, "issues": list(issues)}
    return read_critique(DocumentReply.model_validate(value), TEXTS)


def issue(**fields: Any) -> dict[str, Any]:
    """An issue that differs in these fields."""
    return {**ISSUE, **fields}


@pytest.mark.parametrize("grade", [4, 4.0, "4", " 4 ", "4/5", "4 / 5", "4/5 ", "4.0"])
def test_a_grade_may_be_written_in_many_ways(grade: object) -> None:
    assert section({**GRADES, "clarity": grade}).grades["clarity"] == 4


@pytest.mark.parametrize(
    "grade",
    [0, 6, -1, 4.5, "6/5", "8/10", "four", "", "4/5/5", None, [4], {"grade": 4}, "4" * 5000, 1e300,
     float("nan"), float("inf"), "²", "½", True],
)  # fmt: skip
def test_what_is_no_grade_is_none(grade: object) -> None:
    with pytest.raises(ValidationError):
        section({**GRADES, "clarity": grade})


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_verdict_has_all_its_grades(dimension: str) -> None:
    with pytest.raises(ValidationError):
        section({name: 4 for name in DIMENSIONS if name != dimension})


@pytest.mark.parametrize("issues", [None, [], ()])
def test_no_issues_are_none(issues: object) -> None:
    assert section(issues=issues).issues == ()


def test_an_answer_that_broke_off_before_its_issues_is_no_praise() -> None:
    with pytest.raises(ValidationError):
        SectionReply.model_validate({"grades": GRADES})


@pytest.mark.parametrize(
    ("quote", "kept"),
    [
        ("It moves twice a day.", "It moves twice a day."),
        ('  The sea is "wide"\nhere. ', "The sea is “wide” here."),
        ("", ""),
        (None, ""),
        ("It moves thrice a day.", None),
        ("It rises.", None),
        ("x" * 100_000, None),
    ],
)
def test_an_issue_that_quotes_what_does_not_stand_there_is_left_out(
    quote: object, kept: str | None
) -> None:
    found = section(issues=[issue(quote=quote), issue()]).issues
    assert [each.quote for each in found] == ([] if kept is None else [kept]) + [""]


@pytest.mark.parametrize(
    ("given_", "kind"),
    [("Entity Omission", "entity_omission"), ("COVERAGE", "coverage"), ("overlap", "overlap"),
     ("event-omission", "event_omission"),
     ("boredom", "language"), (None, "language"), (7, "language"), ("", "language")],
)  # fmt: skip
def test_an_unknown_kind_is_a_matter_of_language(given_: object, kind: str) -> None:
    (found,) = section(issues=[issue(kind=given_)]).issues
    assert found.kind == kind
    assert found.kind in KINDS


@pytest.mark.parametrize(
    ("given_", "level"),
    [("Critical", Level.CRITICAL), (" major ", Level.MAJOR), ("minor", Level.MINOR),
     ("fatal", Level.MINOR), (3, Level.MINOR), (None, Level.MINOR)],
)  # fmt: skip
def test_an_unknown_level_asks_for_nothing(given_: object, level: Level) -> None:
    (found,) = section(issues=[issue(level=given_)]).issues
    assert found.level is level


@pytest.mark.parametrize("problem", ["", None, "  \n "])
def test_an_issue_that_says_nothing_is_left_out(problem: object) -> None:
    found = section(issues=[issue(problem=problem), issue()]).issues
    assert [each.problem for each in found] == ["It is dull."]


@pytest.mark.parametrize("missing", ["kind", "level", "quote", "problem", "fix"])
def test_one_incomplete_issue_costs_no_other(missing: str) -> None:
    part = {name: value for name, value in ISSUE.items() if name != missing}
    found = section(issues=[part, issue(problem="Whole.")]).issues
    assert found[-1].problem == "Whole."
    assert len(found) == (1 if missing == "problem" else 2)


def test_what_is_no_issue_costs_none() -> None:
    assert len(section(issues=["It is dull.", None, ISSUE, 3, []]).issues) == 1


def test_no_more_than_twelve_are_read_and_none_at_any_length() -> None:
    many = [issue(problem=f"{number}. " + "x\n" * 50_000) for number in range(40)]
    found = section(issues=many).issues
    assert [each.problem.split()[0] for each in found] == [f"{n}." for n in range(MOST)]
    assert all(len(each.problem) <= 600 and "\n" not in each.problem for each in found)


@pytest.mark.parametrize("key", ["2.1", " 2.1 ", "[2.1]", 2.1])
def test_an_issue_of_a_document_names_its_section(key: object) -> None:
    (found,) = document(issue(section=key)).issues
    assert found.section == "2.1"


@pytest.mark.parametrize("key", ["", "4", "2", "all", None, ["3"], "1" * 1000])
def test_an_issue_about_no_section_of_the_document_is_left_out(key: object) -> None:
    assert document(issue(section=key)).issues == ()


def test_a_quote_must_stand_in_the_section_that_is_named() -> None:
    assert document(issue(section="3", quote="It moves twice a day.")).issues == ()
    (found,) = document(issue(section="2.1", quote="月亮牵引")).issues
    assert found.quote == "月亮牵引"


def test_where_there_is_one_section_every_issue_is_about_it() -> None:
    reply = DocumentReply.model_validate({"grades": GRADES, "issues": [issue(section="9")]})
    (found,) = read_critique(reply, {"3": TEXTS["3"]}).issues
    assert found.section == "3"


def test_edits_are_read_in_their_order_and_no_more_than_twelve() -> None:
    edits = [{"find": f"f{n}", "replace": "", "why": "?"} for n in range(30)]
    wanted = EditsReply.model_validate({"edits": edits}).wanted
    assert wanted == tuple(Edit(f"f{n}", "") for n in range(MOST))
    assert EditsReply.model_validate({"edits": None}).wanted == ()
    assert EditsReply.model_validate({}).wanted == ()


def test_an_edit_that_is_none_is_refused_rather_than_guessed() -> None:
    for broken in ({"find": "x"}, {"find": "x", "replace": None}, {"replace": "y"}):
        with pytest.raises(ValidationError):
            EditsReply.model_validate({"edits": [broken]})


@pytest.mark.parametrize("form", [SectionReply, DocumentReply, EditsReply])
def test_the_forms_make_schemas_that_strict_modes_take(form: Any) -> None:
    schema = json.dumps(strict_schema(form))
    assert "$ref" not in schema
    assert "anyOf" not in schema


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip
FIELDS = ("grades", "issues", *ISSUE, "section", *DIMENSIONS)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.lists(JSON, max_size=3))
def test_an_odd_answer_is_read_or_refused(fields: dict[str, Any], issues: list[Any]) -> None:
    value = {"grades": GRADES, "issues": [*issues, {**ISSUE, **fields}], **fields}
    try:
        found = read_critique(DocumentReply.model_validate(value), TEXTS)
    except ValidationError:
        return
    assert all(each.section in TEXTS and each.kind in KINDS for each in found.issues)
    assert all(1 <= grade <= 5 for grade in found.grades.values())
