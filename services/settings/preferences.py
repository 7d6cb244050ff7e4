"""The settings in force, where each comes from, and which of them the settings page may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, SecretStr
from pydantic_settings import EnvSettingsSource

from core import preferences
from core.errors import ConflictError, LongleafError, RequestError, SettingsError
from core.preferences import CHANGEABLE, Limit, in_force, is_fixed
from core.settings import Settings, from_file
from llm.roles import known_roles, tiers_of
from llm.types import EMBEDDER
from llm.types import ROLES as WRITING

Origin = Literal["default", "page", "file", "environment", "command"]
ROLES = (*WRITING, EMBEDDER)
"""Those that a person says who serves; empty: the default endpoint, but nobody makes vectors."""
_HIDDEN = ("secret_key", "database_url")
_APART = ("endpoints", "roles")
"""Groups that the page shows in their own place."""


@dataclass(frozen=True)
class Setting:
    """One setting as it holds now."""

    name: str
    value: Any
    """Plain JSON; of a secret only whether there is one."""
    origin: Origin
    changeable: bool
    """Whether the settings page may change it: nothing else says what it is."""


@dataclass(frozen=True)
class RoleSetting:
    """Who serves a role."""

    role: str
    serves: str
    """As the settings write it; several of a chain are joined by `, `. Empty: the default."""
    changeable: bool


@dataclass
class SettingsBook:
    """What is set, and what the page changes about it."""

    settings: Settings
    _origins: dict[str, Origin] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._origins = _origins(self.settings)  # as it was loaded: files may change since

    def all(self) -> list[Setting]:
        """Every setting but endpoints and roles; raises SettingsError."""
        chosen = preferences.read(self.settings.home)
        now = in_force(self.settings, chosen)
        found = []
        for name, value in _flat(now):
            change = name in CHANGEABLE and not is_fixed(self.settings, name)
            page: Origin = "page" if change and name in chosen.limits else "default"
            found.append(Setting(name, value, self._origins.get(name, page), change))
        return found

    def roles(self) -> list[RoleSetting]:
        """Who serves each role; raises SettingsError."""
        now = in_force(self.settings).roles
        return [
            RoleSetting(role, _said(now.get(role, "")), role not in self.settings.roles)
            for role in ROLES
        ]

    def set_limits(self, limits: dict[str, Limit | None]) -> list[Setting]:
        """Change some; None takes a choice back. They hold for runs that begin from now on.

        Raises:
            RequestError: one is unknown or out of range.
            ConflictError: one is fixed by a file, the environment or the command.
        """
        kept = preferences.read(self.settings.home)
        for name in limits:
            if name not in CHANGEABLE:
                raise RequestError(f"{name[:60]!r} cannot be changed here", "See docs/settings.md.")
            if is_fixed(self.settings, name):
                raise ConflictError(
                    f"{name} is set in longleaf.toml or the environment", "Go there."
                )
        merged = {**kept.limits, **limits}
        new = {name: value for name, value in merged.items() if value is not None}
        self._keep(kept.model_copy(update={"limits": new}))
        return self.all()

    def set_roles(self, roles: dict[str, str], names: list[str]) -> list[RoleSetting]:
        """Say who serves which role; an empty text: the default endpoint does.

        Args:
            roles: role → endpoint, `endpoint/model`, a fleet, or a chain joined by commas.
            names: the endpoints that there are.

        Raises:
            RequestError: there is no such role or endpoint.
            ConflictError: a file or the environment says who serves a role.
        """
        kept = preferences.read(self.settings.home)
        fixed = [role for role in roles if role in self.settings.roles]
        if fixed:
            raise _fixed(f"roles.{fixed[0]}")
        merged = {**kept.roles, **checked_roles(roles, names)}
        new = {role: serves for role, serves in merged.items() if serves}
        self._keep(kept.model_copy(update={"roles": new}))
        return self.roles()

    def forget_endpoint(self, name: str) -> None:
        """Let the default serve the roles that an endpoint served which is no more."""
        kept = preferences.read(self.settings.home)
        roles = {
            role: serves
            for role, serves in kept.roles.items()
            if name not in {each.partition("/")[0] for fleet in tiers_of(serves) for each in fleet}
        }
        if roles != kept.roles:
            self._keep(kept.model_copy(update={"roles": roles}))

    def _keep(self, chosen: preferences.Preferences) -> None:
        try:
            in_force(self.settings, chosen)
        except SettingsError as error:
            raise RequestError(error.message, error.remedy) from error
        preferences.write(self.settings.home, chosen)


def checked_roles(roles: Mapping[str, str], names: list[str]) -> dict[str, str | list[str]]:
    """Roles as a person has written them, in the form of the settings; raises RequestError."""
    try:
        known_roles(roles)
        found = {role: _chain(serves) for role, serves in roles.items()}
        for role, serves in found.items():
            named = [name for fleet in (tiers_of(serves) if serves else ()) for name in fleet]
            if role == EMBEDDER and named and ("/" not in named[0] or len(named) > 1):
                raise RequestError("one model makes vectors", "Name it: endpoint/model.")
            for name in named:
                if name.partition("/")[0] not in names:
                    there = f"There are: {', '.join(names)}."
                    raise RequestError(f"no endpoint is called {name[:80]!r}", there)
    except SettingsError as error:
        raise RequestError(error.message, error.remedy) from error
    return found


def _fixed(name: str) -> ConflictError:
    return ConflictError(f"{name} is set in longleaf.toml or the environment", "Change it there.")


def _chain(serves: str) -> str | list[str]:
    names = [name.strip() for name in serves.split(",") if name.strip()]
    return names if len(names) > 1 else "".join(names)


def _said(serves: str | list[str]) -> str:
    return serves if isinstance(serves, str) else ", ".join(serves)


def _flat(settings: Settings) -> list[tuple[str, Any]]:
    """Dotted names and plain values, secrets hidden."""
    found: list[tuple[str, Any]] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in _APART:
            continue
        if name in _HIDDEN:
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            found.append((name, bool(text)))
        elif isinstance(value, BaseModel):
            found += [(f"{name}.{k}", v) for k, v in value.model_dump(mode="json").items()]
        elif isinstance(value, dict):
            found += [(f"{name}.{k}", v) for k, v in value.items()]
        else:
            found.append((name, str(value)))
    return found


def _origins(settings: Settings) -> dict[str, Origin]:
    """Where what is not left at its default comes from."""
    try:
        file, environment = from_file(), EnvSettingsSource(type(settings))()
    except LongleafError:
        file, environment = {}, {}
    found: dict[str, Origin] = {}
    for name, _ in _flat(settings):
        group, _, inner = name.partition(".")
        held = getattr(settings, group)
        given = held.model_fields_set if isinstance(held, BaseModel) else held
        if group not in settings.model_fields_set or (inner and inner not in given):
            continue
        where: tuple[tuple[Origin, dict[str, Any]], ...] = (
            ("environment", environment), ("file", file),
        )  # fmt: skip
        found[name] = next((said for said, known in where if _has(known, group, inner)), "command")
    return found


def _has(known: dict[str, Any], group: str, inner: str) -> bool:
    return group in known and (not inner or inner in (known[group] or {}))
