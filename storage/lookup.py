"""How a user names a thing: by its id, or by the beginning of it."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, RequestError
from storage.tables import DocumentRow, RunRow

Named = TypeVar("Named", DocumentRow, RunRow)

SHORTEST = 4
"""Characters after the underscore from which a beginning is taken for an id: a name that a script
left empty must not come to mean the only document there is."""
_SHOWN = 5


def find(s: Session, table: type[Named], owner_id: str, id_or_prefix: str) -> Named:
    """The owner's row with this id, or the only one whose id begins so.

    The part up to the underscore may be left out. In a transaction that writes, the row is this
    transaction's until it ends: what is decided by looking at it still holds then.

    Raises:
        NotFoundError: there is none, or it is another owner's.
        ConflictError: several ids begin so.
        RequestError: fewer than `SHORTEST` characters are given.
    """
    noun = table.__tablename__.removesuffix("s")
    wanted = id_or_prefix.strip().lower()
    if not wanted:
        raise NotFoundError(f"no {noun} was named", "`python app.py runs` lists them")
    stem = noun[:3] if table is RunRow else "doc"
    given = wanted.removeprefix(f"{stem}_")
    if len(given) < SHORTEST:
        raise RequestError(
            f"{id_or_prefix!r} is too short to name a {noun}",
            f"give at least {SHORTEST} characters of what follows {stem}_",
        )
    begins = table.id.startswith(f"{stem}_{given}", autoescape=True)
    query = select(table).where(table.owner_id == owner_id, begins).order_by(table.id)
    if not s.get_bind().get_execution_options().get("readonly"):
        query = query.with_for_update()
    rows = s.scalars(query.limit(_SHOWN)).all()
    exact = [row for row in rows if row.id == f"{stem}_{given}"]
    if len(rows) > 1 and not exact:
        names = ", ".join(row.id for row in rows)
        raise ConflictError(
            f"{id_or_prefix!r} begins the id of several {noun}s: {names}", "type more of it"
        )
    if not rows:
        raise NotFoundError(
            f"there is no {noun} {id_or_prefix!r}", "`python app.py runs` lists them"
        )
    return (exact or rows)[0]
