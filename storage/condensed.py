"""The runs that have made a document shorter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import RunRow


def runs_of(s: Session, owner_id: str, document_id: str) -> Sequence[RunRow]:
    """Those whose source is this document of the owner's, the newest first."""
    named = RunRow.options["summary"]["document"].as_string() == document_id
    query = select(RunRow).where(RunRow.owner_id == owner_id, named)
    return s.scalars(query.order_by(RunRow.created_at.desc(), RunRow.id.desc())).all()
