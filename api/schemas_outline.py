"""What an outline looks like over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas_runs import Body, Heading, Text, example
from domain.length.contract import MAX_LENGTH
from domain.outline.plan import Division, Outline, Part, SectionPlan
from services.documents.demands import Duties

MAX_SECTIONS = 2_000
OwnHeading = Annotated[str, Field(max_length=300)]
"""May be empty where a person's own text has none; elsewhere the outline is refused."""
Point = Annotated[str, Field(max_length=2_000)]
Target = Annotated[int, Field(ge=1, le=MAX_LENGTH)]


class SectionPlanIn(Body):
    """One section of an outline."""

    key: Text = Field(
        "", description="Given by the server; in a finished document it tells whose text stays."
    )
    heading: OwnHeading
    point: Point = ""
    target: Target
    key_points: list[Point] = Field(default_factory=list, max_length=50)
    avoid: list[Point] = Field(default_factory=list, max_length=50)
    opens_from: Point = ""
    hands_over: Point = ""
    must_include: list[Point] = Field(
        default_factory=list, max_length=50, description="What you want in this section besides."
    )
    duties: list[Point] = Field(
        default_factory=list,
        max_length=1_000,
        description="What the request gives it to do, in words; what you send is ignored.",
    )

    def plan(self) -> SectionPlan:
        """As an outline keeps it."""
        data = self.model_dump(exclude={"duties"})
        lists = {name: tuple(data[name]) for name in ("key_points", "avoid", "must_include")}
        return SectionPlan(**{**data, **lists})


class PartIn(Body):
    """A first-level division, with its sections."""

    key: Text = Field("", description="Given by the server; what you send is ignored.")
    heading: OwnHeading
    point: Point = ""
    target: int = Field(
        0, ge=0, le=MAX_LENGTH, description="The sum of its sections, unless it has none."
    )
    sections: list[SectionPlanIn] = Field(
        max_length=MAX_SECTIONS,
        description="None: it is a division of a book, whose chapters are planned later.",
    )
    source: Text = ""
    division: Text = Field("", description="Of a book: key of the division it is a chapter of.")

    def part(self) -> Part:
        """As an outline keeps it."""
        sections = tuple(section.plan() for section in self.sections)
        target = sum(x.target for x in sections) if sections else self.target
        return Part("", self.heading, self.point, target, sections, "user", self.division)


class DivisionIn(Body):
    """A division of a book, which has chapters."""

    key: Text = Field(description="What parts name in their `division`.")
    heading: Heading
    point: Point = ""
    target: int = Field(0, description="The sum of its chapters; what you send is ignored.")

    def plan(self) -> Division:
        """As an outline keeps it."""
        return Division(self.key, self.heading, self.point, 0)


class OutlineIn(Body):
    """A whole outline.

    Before the writing, targets are scaled, so that they sum to the length that was asked for.

    What `GET` has answered can be sent back as it is.
    """

    model_config = example(
        title="Power from the Tides",
        parts=[
            {"heading": "Why the sea", "sections": [{"heading": "The moon's pull", "target": 400}]},
            {"heading": "What it costs", "sections": [{"heading": "The price", "target": 200}]},
        ],
    )

    version: int = Field(0, description="If-Match counts; what you send here is ignored.")
    title: Heading
    target: int = Field(0, description="The document's length; what you send is ignored.")
    parts: list[PartIn] = Field(min_length=1, max_length=MAX_SECTIONS)
    divisions: list[DivisionIn] = Field(
        default_factory=list, max_length=MAX_SECTIONS, description="Of a book, above its parts."
    )
    source: Text = ""
    unplaced: list[Point] = Field(
        default_factory=list, max_length=1_000, description="What you send is ignored."
    )


class OwnOutlineIn(OutlineIn):
    """The outline of a document that may have no title."""

    title: OwnHeading = ""


class OutlineOut(BaseModel):
    """An outline and its version, which `ETag` holds too."""

    version: int
    title: str
    target: int
    source: str
    parts: list[dict[str, Any]]
    divisions: list[dict[str, Any]]
    unplaced: list[str] = Field(description="Demands on parts that the outline does not have.")

    @classmethod
    def of(cls, outline: Outline, version: int, duties: Duties) -> OutlineOut:
        """From a plan, and what its sections have to do."""
        told = outline.to_dict()
        for part in told["parts"]:
            for section in part["sections"]:
                del section["must_not"]  # told by the duties
                section["duties"] = list(duties.of.get(section["key"], ()))
        return cls(version=version, unplaced=list(duties.unplaced), **told)
