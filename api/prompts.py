"""Prompts over HTTP: what models are told, shown, tried with a real request, changed, restored."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.caller import Admin, Reader
from api.problems import problems
from api.schemas_runs import Body, RunIn
from services.settings.prompt_book import LONGEST, PromptInfo, PromptView, role_of

router = APIRouter(prefix="/api/v1/prompts", tags=["prompts"])

Name = Annotated[str, Path(max_length=80, description="Such as `writer/section`.")]


class PromptCard(BaseModel):
    """A template in a list."""

    name: str
    role: str = Field(description="Who is told it; empty: whoever is asked to judge.")
    version: int
    overridden: bool = Field(description="Whether a copy of your own takes its place.")

    @classmethod
    def of(cls, info: PromptInfo) -> PromptCard:
        """From what the library says."""
        return cls(name=info.name, role=role_of(info.name), version=info.version,
                   overridden=info.overridden)  # fmt: skip


class PromptsOut(BaseModel):
    """Every template."""

    prompts: list[PromptCard]


class PromptOut(PromptCard):
    """A template as it can be changed."""

    original: str = Field(description="The built-in one without `locked`.")
    own: str = Field(description="Your copy; empty: there is none.")
    locked: str = Field(description="The form of the answer, which no copy changes.")
    variables: list[str]

    @classmethod
    def seen(cls, view: PromptView) -> PromptOut:
        """From a view."""
        card = PromptCard.of(view.info)
        return cls(**card.model_dump(), original=view.original, own=view.own,
                   locked=view.locked, variables=list(view.variables))  # fmt: skip


class PromptIn(Body):
    """A copy of your own."""

    text: str = Field(min_length=1, max_length=LONGEST, description="Jinja, without `format`.")


class PreviewIn(Body):
    """What to fill a template in with."""

    text: str | None = Field(None, max_length=LONGEST, description="Left out: what holds now.")
    request: RunIn | None = Field(None, description="Left out: that of your last document.")


class PreviewOut(BaseModel):
    """A prompt as a model would get it."""

    system: str
    user: str
    tokens: int
    about: str = Field(description="The title of what it is filled in with.")


@router.get("", responses=problems())
async def all_of(caller: Reader) -> PromptsOut:
    """Every prompt, and which have a copy of your own."""
    return PromptsOut(prompts=[PromptCard.of(i) for i, _ in caller.services.prompt_book.all()])


@router.post("/{prompt:path}/preview", responses=problems(404, 413))
async def preview(prompt: Name, body: PreviewIn, caller: Admin) -> PreviewOut:
    """See a prompt as a model would get it; no model is asked, nothing is kept."""
    request: dict[str, Any] | None = body.request.fields() if body.request else None
    made = await caller.services.prompt_book.preview(prompt, body.text, request)
    return PreviewOut(system=made.system, user=made.user, tokens=made.tokens, about=made.about)


@router.get("/{prompt:path}", responses=problems(404))
async def get(prompt: Name, caller: Reader) -> PromptOut:
    """One prompt: the built-in text, your copy, what is locked, and the variables there are."""
    return PromptOut.seen(caller.services.prompt_book.view(prompt))


@router.put("/{prompt:path}", responses=problems(404, 413))
async def put(prompt: Name, body: PromptIn, caller: Admin) -> PromptOut:
    """Let a copy of your own take a prompt's place; one that cannot be filled in is refused."""
    return PromptOut.seen(caller.services.prompt_book.put(prompt, body.text))


@router.delete("/{prompt:path}", responses=problems(404))
async def restore(prompt: Name, caller: Admin) -> PromptOut:
    """Go back to the built-in prompt."""
    return PromptOut.seen(caller.services.prompt_book.restore(prompt))
