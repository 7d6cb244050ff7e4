"""How fast a batch has been lately, from its journal of calls."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import CallRow, DatasetItemRow, RunRow


def tokens_since(s: Session, dataset_id: str, since: dt.datetime) -> int:
    """Tokens of the answers that came after a time."""
    query = (
        select(func.sum(CallRow.completion_tokens))
        .join(RunRow, RunRow.id == CallRow.run_id)
        .join(DatasetItemRow, DatasetItemRow.document_id == RunRow.document_id)
        .where(DatasetItemRow.dataset_id == dataset_id, CallRow.answered_at > since)
    )
    return int(s.scalar(query) or 0)
