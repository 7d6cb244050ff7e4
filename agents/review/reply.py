"""How a critic's and a reviser's answers are read: generously in form, strictly in evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from domain.critique import DIMENSIONS, KINDS, Critique, Issue, Level
from domain.edits import Edit, locate

MOST = 12
"""Issues or edits that one answer may hold."""
LEVELS = tuple(level.name.lower() for level in Level)
_LONGEST = 600
"""Characters of what a critic says about one issue."""


def _grade(value: object) -> object:
    """`4`, `4.0`, `"4"` and `"4/5"` are grades; true is none, and neither is 4.5."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a grade is a whole number from 1 to 5")
    grade, _, most = str(value)[:20].partition("/")
    number = float(grade)
    return int(number) if number.is_integer() and most.strip() in ("", "5") else value


def _name(value: object) -> str:
    return str(value).strip().lower().replace(" ", "_").replace("-", "_")


def _text(value: object) -> str:
    return " ".join(str(value or "").split())[:_LONGEST]


def _quote(value: object) -> str:
    return str(value or "").strip()


def _key(value: object) -> str:
    """`[2.1]`, as texts show it, is `2.1`."""
    return str(value).strip("[] ")


def _first(value: object) -> object:
    """None is no item, nor is a word; what is beyond the bound is left unread."""
    if not isinstance(value, list):
        return [] if value is None else value
    return [item for item in value[:MOST] if isinstance(item, dict)]


Grade = Annotated[Literal[1, 2, 3, 4, 5], BeforeValidator(_grade)]
Text = Annotated[str, BeforeValidator(_text)]


class GradesReply(BaseModel):
    """A grade for each dimension."""

    model_config = ConfigDict(extra="ignore")

    relevance: Grade
    accuracy: Grade
    coherence: Grade
    clarity: Grade
    breadth_and_depth: Grade
    reading_experience: Grade


class IssueReply(BaseModel):
    """One issue. What is missing or unknown in it is no reason to lose the others."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[str, Field(json_schema_extra={"enum": [*KINDS]}), BeforeValidator(_name)] = ""
    level: Annotated[str, Field(json_schema_extra={"enum": [*LEVELS]}), BeforeValidator(_name)] = ""
    quote: Annotated[str, BeforeValidator(_quote)] = ""
    problem: Text = ""
    fix: Text = ""


class PlacedIssueReply(IssueReply):
    """One issue of a whole document."""

    section: Annotated[str, BeforeValidator(_key)] = ""


class SectionReply(BaseModel):
    """What a critic answers about one section."""

    model_config = ConfigDict(extra="ignore")

    grades: GradesReply
    issues: Annotated[list[IssueReply], Field(max_length=MOST), BeforeValidator(_first)]
    """Not to be left out: an answer that broke off before them would be praise."""


class DocumentReply(BaseModel):
    """What a critic answers about a whole document."""

    model_config = ConfigDict(extra="ignore")

    grades: GradesReply
    issues: Annotated[list[PlacedIssueReply], Field(max_length=MOST), BeforeValidator(_first)]


class EditReply(BaseModel):
    """One edit."""

    model_config = ConfigDict(extra="ignore")

    find: str
    replace: str


class EditsReply(BaseModel):
    """What a reviser answers."""

    model_config = ConfigDict(extra="ignore")

    edits: Annotated[list[EditReply], Field(max_length=MOST), BeforeValidator(_first)] = []

    @property
    def wanted(self) -> tuple[Edit, ...]:
        """The edits in their order."""
        return tuple(Edit(each.find, each.replace) for each in self.edits)


def read_critique(reply: SectionReply | DocumentReply, texts: Mapping[str, str]) -> Critique:
    """The verdict, without issues whose evidence is made up.

    Args:
        reply: the answer.
        texts: the judged sections by key. An issue that quotes what does not stand exactly once
            in its section is left out, and so is one about a section that is not here; where
            there is one section only, all issues are about it.
    """
    grades: dict[str, Any] = reply.grades.model_dump()
    issues = [_issue(each, texts) for each in reply.issues]
    return Critique(
        {name: int(grades[name]) for name in DIMENSIONS}, tuple(each for each in issues if each)
    )


def _issue(reply: IssueReply, texts: Mapping[str, str]) -> Issue | None:
    only = next(iter(texts)) if len(texts) == 1 else ""
    key = reply.section if isinstance(reply, PlacedIssueReply) and not only else only
    if key not in texts or not reply.problem:
        return None
    quote = reply.quote
    if quote:
        place = locate(texts[key], quote)
        if place is None:
            return None
        quote = texts[key][slice(*place)]
    kind = reply.kind if reply.kind in KINDS else "language"
    return Issue(kind, _level(reply.level), reply.problem, reply.fix, quote, key)


def _level(name: str) -> Level:
    """An unknown level counts as minor: it asks for nothing."""
    return Level.__members__.get(name.upper(), Level.MINOR)
