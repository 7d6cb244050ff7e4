"""What every table shares: names for constraints, times in UTC, JSON, an owner."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from storage.storable import StoredText

LOCAL_OWNER = "local"
"""The one user of an installation without accounts; the first migration creates it."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}
"""SQLite can only change a constraint that has a name."""

ORDERED_JSON = sa.JSON(none_as_null=True)
"""JSON that keeps the order of its keys, which PostgreSQL's JSONB does not."""


class UTC(sa.types.TypeDecorator[dt.datetime]):
    """A moment: any aware time goes in, an aware UTC time comes out (SQLite drops the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse naive times; convert the others."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:
        """Put the zone back."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)


def now() -> dt.datetime:
    """The present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def new_mark() -> str:
    """What no other state of a row has ever had."""
    return secrets.token_hex(8)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The parent of all rows: a dataclass whose fields are given by name."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: StoredText(),
        dt.datetime: UTC(),
        dict[str, Any]: sa.JSON(none_as_null=True).with_variant(
            JSONB(none_as_null=True), "postgresql"
        ),
        list[Any]: sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
    }


class Owned(MappedAsDataclass, kw_only=True):
    """A row a user may see, and whose it is."""

    owner_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))


def belongs_to(column: str) -> sa.ForeignKey:
    """A reference whose row goes when the row it points at goes."""
    return sa.ForeignKey(column, ondelete="CASCADE")
