"""What there is to choose from, over HTTP: strategies, kinds of documents, templates."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.caller import Reader
from api.problems import problems

router = APIRouter(prefix="/api/v1", tags=["catalogue"])

Name = Annotated[str, Path(max_length=100)]
InLanguage = Annotated[
    str, Query(max_length=10, description="Such as zh: templates in it go before the others.")
]
Text = Annotated[str, Field(max_length=50_000)]
Item = Annotated[str, Field(max_length=50_000)]


class StrategyOut(BaseModel):
    """A way to write a document."""

    name: str
    summary: str


class KindOut(BaseModel):
    """A kind of document and what is sensible for it."""

    name: str
    title: str
    summary: str
    words: int
    audience: str
    tone: str
    form: dict[str, Any] = Field(alias="schema", description="JSON schema of its fields.")


class TemplateOut(BaseModel):
    """A template; its schema is what a form is drawn from."""

    name: str
    title: str
    summary: str
    kind: str
    form: dict[str, Any] = Field(
        alias="schema", description="JSON schema of its fields; `x-order` is a field's place."
    )


class ValuesIn(BaseModel):
    """What was filled into the form."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False,
        json_schema_extra={"examples": [{"values": {"topic": "tidal power", "words": 2000}}]},
    )  # fmt: skip

    values: dict[str, Text | int | bool | list[Item] | None] = Field(max_length=100)


class RequestOut(BaseModel):
    """The fields of a request, to be sent to `POST /api/v1/runs` as they are."""

    request: dict[str, Any]


@router.get("/strategies", response_model=list[StrategyOut], responses=problems())
def strategies(caller: Reader) -> Any:
    """The ways to write a document; the first is the usual one."""
    return caller.services.catalogue.strategies()


@router.get("/kinds", response_model=list[KindOut], responses=problems())
def kinds(caller: Reader) -> Any:
    """Kinds of documents, with a sensible length and the fields worth asking for."""
    return [kind.to_dict() for kind in caller.services.catalogue.kinds()]


@router.get("/templates", response_model=list[TemplateOut], responses=problems())
def templates(caller: Reader, language: InLanguage = "") -> Any:
    """Every template with the schema of its form."""
    return [template.to_dict() for template in caller.services.catalogue.templates(language)]


@router.get("/templates/{name}", response_model=TemplateOut, responses=problems(404))
def template(name: Name, caller: Reader, language: InLanguage = "") -> Any:
    """One template."""
    return caller.services.catalogue.template(name, language).to_dict()


@router.post("/templates/{name}/render", response_model=RequestOut, responses=problems(404))
def render(name: Name, body: ValuesIn, caller: Reader, language: InLanguage = "") -> Any:
    """The request that the form's values make; nothing is written yet."""
    template = caller.services.catalogue.template(name, language)
    return {"request": template.render(body.values)}
