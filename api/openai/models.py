"""Which models there are: one for each way of writing, and one that edits."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.caller import OpenAIClient
from api.openai.errors import UnknownModelError, failures

PREFIX = "longleaf-"
EDIT = PREFIX + "edit"
"""Answers with the words to put in place of a passage, and nothing else."""
MADE = 1_767_225_600
"""When the models were first offered, in seconds since 1970: clients want to have it."""

router = APIRouter(prefix="/v1", tags=["OpenAI"])


class Model(BaseModel):
    """A model as clients list it."""

    id: str
    object: Literal["model"] = "model"
    created: int = MADE
    owned_by: str = "longleaf"


class ModelList(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/models", responses=failures())
async def list_models(caller: OpenAIClient) -> ModelList:
    """The models, the usual one first."""
    return ModelList(data=[Model(id=each) for each in names(caller.desk.strategies)])


@router.get("/models/{model}", responses=failures(404))
async def get_model(model: str, caller: OpenAIClient) -> Model:
    """One model."""
    check(model, caller.desk.strategies)
    return Model(id=model)


def names(strategies: list[str]) -> list[str]:
    """The models' names: the one that leaves the choice to us, the others, the editor."""
    writers = [PREFIX + name.replace("_", "-") for name in strategies]
    return [*sorted(writers, key=lambda name: name != PREFIX + "auto"), EDIT]


def check(model: str, strategies: list[str]) -> None:
    """Raise UnknownModelError unless there is a model of that name."""
    if model not in names(strategies):
        raise UnknownModelError(
            f"there is no model {model[:100]!r}", f"Use one of: {', '.join(names(strategies))}."
        )


def strategy_of(model: str) -> str:
    """The strategy by which a model writes that there is."""
    return model.removeprefix(PREFIX).replace("-", "_")
