"""What was chosen on the settings page: a file of its own, which all other settings go before.

`preferences.json` in the data folder belongs to the page; `longleaf.toml` is never written to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from core.errors import SettingsError, StorageError
from core.files import replace_text
from core.setting_groups import Frozen
from core.settings import Settings

FILE = "preferences.json"
CHANGEABLE = (
    "caps.calls",
    "caps.tokens",
    "caps.cost",
    "length.section_tolerance",
    "length.rounds",
    "length.document_rounds",
    "critic.level",
)
"""The limits that can be changed while the server runs: each run reads them as it begins."""
_LARGEST = 100_000
"""Bytes of the file: more was not written here."""

Limit = int | float | str


class Preferences(Frozen):
    """The page's choices."""

    roles: dict[str, str | list[str]] = Field({}, max_length=16)
    limits: dict[str, Limit] = Field({}, max_length=32)
    """Dotted name → value; names as in `CHANGEABLE`."""


def read(home: Path) -> Preferences:
    """What was chosen; nothing where there is no file. Raises SettingsError."""
    path = home / FILE
    try:
        if not path.is_file():
            return Preferences()
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        return Preferences.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(
            f"{path} cannot be read", "Delete it: the choices of the settings page are then undone."
        ) from error


def write(home: Path, chosen: Preferences) -> None:
    """Keep what was chosen; raises StorageError."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        replace_text(home / FILE, json.dumps(chosen.model_dump(), ensure_ascii=False, indent=2))
    except OSError as error:
        raise StorageError(f"{home / FILE} cannot be written: {error.strerror}") from error


def in_force(settings: Settings, chosen: Preferences | None = None) -> Settings:
    """The settings, with the page's choices where nothing else says anything.

    Args:
        settings: as loaded: file, environment, command.
        chosen: the choices; None: as they are kept.

    Raises:
        SettingsError: a choice is unknown or out of range.
    """
    chosen = read(settings.home) if chosen is None else chosen
    changes: dict[str, Any] = {"roles": {**chosen.roles, **settings.roles}}
    for name, value in chosen.limits.items():
        group, _, field = name.partition(".")
        if name not in CHANGEABLE:
            raise SettingsError(f"{name[:60]!r} cannot be chosen on the settings page")
        if not is_fixed(settings, name):
            changes[group] = _with(changes.get(group, getattr(settings, group)), field, value)
    return settings.model_copy(update=changes)


def is_fixed(settings: Settings, name: str) -> bool:
    """Whether a file of the user's, the environment or the command says what a setting is."""
    group, _, field = name.partition(".")
    return field in getattr(settings, group).model_fields_set


def _with(group: Frozen, field: str, value: Limit) -> Frozen:
    try:
        known = group.model_dump(exclude_unset=True)
        return type(group).model_validate({**known, field: value})
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(
            f"{field}: {first['msg']}", "See docs/settings.md for ranges."
        ) from error
