"""The endpoints an owner has set up, and what tests of any endpoint found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.base import now
from storage.ids import new_id
from storage.tables import EndpointRow

_REMEDY = "`python app.py endpoints list` shows them"
_KEPT = "kept"
"""In `settings`: whether the endpoint itself is stored here, or only what a test of it found."""
_DEFAULT = "default"


def put(
    s: Session, owner_id: str, name: str, base_url: str, secret: bytes | None,
    settings: dict[str, Any], *, default: bool,
) -> None:  # fmt: skip
    """Store an endpoint, in place of the one of this name; what a test found stays with it.

    Args:
        s: the session.
        owner_id: whose it is.
        name: what it is called.
        base_url: its address.
        secret: its key, encrypted, or None.
        settings: plain JSON values; no key among them.
        default: make it the owner's default; False leaves that as it is.
    """
    row = _row(s, owner_id, name) or _new(s, owner_id, name, base_url)
    if default:
        _unmark(s, owner_id)
    stays = default or is_default(row)
    row.base_url, row.secret = base_url, secret
    row.settings = {**settings, _KEPT: True, _DEFAULT: stays}
    row.updated_at = now()
    s.flush()


def find(s: Session, owner_id: str, name: str) -> EndpointRow | None:
    """The stored endpoint of this name."""
    row = _row(s, owner_id, name)
    return row if row is not None and row.settings.get(_KEPT) else None


def all_of(s: Session, owner_id: str) -> Sequence[EndpointRow]:
    """The stored endpoints, by name."""
    return [row for row in _all(s, owner_id) if row.settings.get(_KEPT)]


def is_default(row: EndpointRow) -> bool:
    """Whether it is its owner's default."""
    return bool(row.settings.get(_DEFAULT))


def default(s: Session, owner_id: str) -> str:
    """The name of the owner's default, stored here or configured elsewhere; empty: none is set."""
    rows = [row for row in _all(s, owner_id) if is_default(row)]
    return max(rows, key=lambda row: row.updated_at).name if rows else ""


def set_default(s: Session, owner_id: str, name: str, base_url: str = "") -> None:
    """Make an endpoint the owner's default; without an address, one that is stored here or none."""
    _unmark(s, owner_id)
    row = _row(s, owner_id, name) or (_new(s, owner_id, name, base_url) if base_url else None)
    if row is not None:
        row.settings = {**row.settings, _DEFAULT: True}
        row.updated_at = now()
    s.flush()


def settings_of(row: EndpointRow) -> dict[str, Any]:
    """Its settings, as they were given to `put`."""
    return {name: row.settings[name] for name in row.settings if name not in (_KEPT, _DEFAULT)}


def remove(s: Session, owner_id: str, name: str) -> None:
    """Forget an endpoint, its key and what a test found; raises NotFoundError."""
    row = find(s, owner_id, name)
    if row is None:
        raise NotFoundError(f"no stored endpoint is called {name!r}", _REMEDY)
    s.delete(row)


def profile_of(s: Session, owner_id: str, name: str) -> dict[str, Any]:
    """What the last test of the endpoint of this name found; empty: none was made."""
    row = _row(s, owner_id, name)
    return dict(row.profile) if row is not None else {}


def set_profile(
    s: Session, owner_id: str, name: str, base_url: str, profile: dict[str, Any]
) -> None:
    """Keep what a test found; also of an endpoint that is configured elsewhere."""
    row = _row(s, owner_id, name) or _new(s, owner_id, name, base_url)
    row.profile = profile
    s.flush()


def _unmark(s: Session, owner_id: str) -> None:
    for row in _all(s, owner_id):
        if is_default(row):
            row.settings = {**row.settings, _DEFAULT: False}


def _all(s: Session, owner_id: str) -> Sequence[EndpointRow]:
    query = select(EndpointRow).where(EndpointRow.owner_id == owner_id).order_by(EndpointRow.name)
    return s.scalars(query).all()


def _row(s: Session, owner_id: str, name: str) -> EndpointRow | None:
    return s.scalar(
        select(EndpointRow).where(EndpointRow.owner_id == owner_id, EndpointRow.name == name)
    )


def _new(s: Session, owner_id: str, name: str, base_url: str) -> EndpointRow:
    row = EndpointRow(id=new_id("ep"), owner_id=owner_id, name=name, base_url=base_url)
    s.add(row)
    return row
