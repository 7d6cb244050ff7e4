"""The settings over HTTP: what holds and why, who serves which role, limits that can be changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.caller import Admin
from api.problems import problems
from api.schemas_runs import Body, Text
from services.settings.preferences import SettingsBook

router = APIRouter(prefix="/api/v1/settings", tags=["settings"])


class SettingOut(BaseModel):
    """A setting as it holds now."""

    name: str
    value: Any = Field(description="Of a secret only whether there is one.")
    origin: Literal["default", "page", "file", "environment", "command"]
    changeable: bool = Field(description="Whether it can be changed here.")


class RoleOut(BaseModel):
    """Who serves a role."""

    role: str
    serves: str = Field(description="Endpoints, also `endpoint/model`; empty: the default one.")
    changeable: bool


class SettingsOut(BaseModel):
    """All settings but the endpoints."""

    settings: list[SettingOut]
    roles: list[RoleOut]


class SettingsIn(Body):
    """What is to be changed; what is left out stays."""

    model_config = {"json_schema_extra": {"examples": [{"limits": {"caps.calls": 2000}}]}}

    limits: dict[Text, int | float | Text | None] = Field(
        default_factory=dict, max_length=50, description="Null: back to the default."
    )
    roles: dict[Text, Text] = Field(
        default_factory=dict, max_length=10, description="Empty text: the default endpoint."
    )


@router.get("", responses=problems())
async def get(caller: Admin) -> SettingsOut:
    """Every setting with its value and where that comes from."""
    return _told(caller.services.settings_book)


@router.patch("", responses=problems(409))
async def patch(body: SettingsIn, caller: Admin) -> SettingsOut:
    """Change limits and roles, for the runs that begin from now on."""
    book = caller.services.settings_book
    if body.roles:
        book.set_roles(dict(body.roles), caller.services.endpoints.names())
    if body.limits:
        book.set_limits(dict(body.limits))
    return _told(book)


def _told(book: SettingsBook) -> SettingsOut:
    return SettingsOut(
        settings=[SettingOut(**asdict(each)) for each in book.all()],
        roles=[RoleOut(**asdict(each)) for each in book.roles()],
    )
