"""Style profiles over HTTP: made from texts, shown in figures, compared with, deleted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.caller import Reader, Writer
from api.files import file_body
from api.problems import problems
from api.schemas_runs import Body, example
from domain.manner import Manner, usual
from domain.request import MAX_STYLE
from services.styles import MAX_TEXT, MOST_TEXTS, Style

router = APIRouter(prefix="/api/v1/styles", tags=["styles"])

StyleId = Annotated[str, Path(min_length=1, max_length=MAX_STYLE, description="Or its name.")]
InLanguage = Annotated[
    str, Query(max_length=10, description="In which the lines are said: zh, else English.")
]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class Figure(BaseModel):
    """One thing that is counted."""

    name: str
    value: float
    place: float = Field(description="Among what is usual, 0 to 1: a third is low, two are high.")
    low: float
    high: float = Field(description="Most edited prose lies between `low` and this.")


class StyleOut(BaseModel):
    """How somebody writes. Of the texts that it was made from nothing is kept."""

    id: str
    name: str
    language: str
    words: int = Field(description="Of running prose, in all texts.")
    texts: int
    lines: list[str] = Field(
        description="What a writer is told; as it is told, unless another language is asked for."
    )
    figures: list[Figure]
    favourites: list[str] = Field(description="Linking words that are used most.")
    note: str = Field(description="Why no model has described it, where one was to.")
    created_at: dt.datetime

    @classmethod
    def of(cls, style: Style, language: str = "en") -> StyleOut:
        """From a style, its lines in a language."""
        manner = style.manner
        return cls(id=style.id, name=style.name, language=manner.language, words=manner.words,
                   texts=style.texts, lines=list(style.lines_in(language)),
                   figures=figures_of(manner), favourites=list(manner.favourites), note=style.note,
                   created_at=style.created_at)  # fmt: skip


class StylesOut(BaseModel):
    """All of yours, by name."""

    styles: list[StyleOut]


class StyleIn(Body):
    """Texts to make a style from."""

    model_config = example(name="My essays", texts=["The tide rises twice a day. …"])

    name: str = Field(min_length=1, max_length=MAX_STYLE)
    texts: list[Text] = Field(min_length=1, max_length=MOST_TEXTS)
    language: str = Field("", max_length=40, description="Left out: as they look.")
    ask: bool = Field(True, description="Let the model of the role `editor` describe them too.")


class FileText(BaseModel):
    """What a file says."""

    text: str


class CompareIn(Body):
    """A text to compare with a style."""

    model_config = example(text="The tide rises twice a day. …")

    text: Text


class Likeness(BaseModel):
    """How near a text comes to a style."""

    distance: float = Field(description="0, the same, to 1: the mean difference of places.")
    figures: list[Figure] = Field(description="The text's.")


def figures_of(manner: Manner) -> list[Figure]:
    """Every figure that was counted, in their order."""
    known, places = usual(manner.language), manner.places()
    return [
        Figure(name=name, value=manner.figures[name], place=places[name],
               low=known[name].low, high=known[name].high)
        for name in known if name in manner.figures
    ]  # fmt: skip


@router.get("", responses=problems())
async def all_of(caller: Reader, language: InLanguage = "en") -> StylesOut:
    """Your style profiles."""
    found = await caller.services.styles.all()
    return StylesOut(styles=[StyleOut.of(style, language) for style in found])


@router.post("", status_code=201, responses=problems(409, 413))
async def make(body: StyleIn, caller: Writer, response: Response) -> StyleOut:
    """Make a style profile from texts of yours, which are counted, described and not kept.

    Named in a run's `style`, it is what every section is written in.
    """
    made = await caller.services.styles.make(body.name, body.texts, body.language, ask=body.ask)
    response.headers["location"] = f"/api/v1/styles/{made.id}"
    return StyleOut.of(made)


@router.post(
    "/texts", responses=problems(413, 415),
    openapi_extra={"requestBody": {"required": True, "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    }}},
)  # fmt: skip
async def text_of_file(
    request: Request,
    caller: Writer,
    name: Annotated[
        str, Query(min_length=1, max_length=255, description="The file's name, with its suffix.")
    ],
) -> FileText:
    """Get the text of a file (Markdown, text, HTML, PDF, Word); nothing is kept of it."""
    return FileText(text=await caller.services.styles.read_file(name, await file_body(request)))


@router.get("/{style}", responses=problems(404))
async def get(style: StyleId, caller: Reader, language: InLanguage = "en") -> StyleOut:
    """One style profile, by id or name."""
    return StyleOut.of(await caller.services.styles.get(style), language)


@router.post("/{style}/compare", responses=problems(404, 413))
async def compare(style: StyleId, body: CompareIn, caller: Reader) -> Likeness:
    """See how near a text comes to a style; no model is asked."""
    manner, distance = await caller.services.styles.likeness(style, body.text)
    return Likeness(distance=round(distance, 4), figures=figures_of(manner))


@router.delete("/{style}", status_code=204, responses=problems(404))
async def delete(style: StyleId, caller: Writer) -> None:
    """Delete a style profile; what was written in it stays."""
    await caller.services.styles.delete(style)
