"""Comparisons over HTTP: how one text became another."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.caller import Reader
from api.problems import problems
from api.schemas_documents import MAX_SECTION, DiffPiece
from api.schemas_runs import Body, example
from domain.text.diff import diff

router = APIRouter(prefix="/api/v1/diffs", tags=["checks"])

Side = Annotated[str, Field(max_length=MAX_SECTION)]


class DiffIn(Body):
    """Two texts."""

    model_config = example(before="The tide rises.", after="The tide falls.")

    before: Side
    after: Side


class DiffPieces(BaseModel):
    """All pieces joined without `insert` are `before`, without `delete` `after`."""

    pieces: list[DiffPiece]


@router.post("", response_model=DiffPieces, responses=problems(413))
async def compare(body: DiffIn, _: Reader) -> dict[str, Any]:
    """Compare two texts: whole paragraphs first, then words in those that changed."""
    pieces = await asyncio.to_thread(diff, body.before, body.after)
    return {"pieces": [asdict(piece) for piece in pieces]}
