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
from domain.diff import diff

router = APIRouter(prefix="/api/v1/diffs", tags=["checks"])

Side = Annotated[str, Field(max_length=MAX_SECTION)]


class DiffIn(Body):
    """Two texts."""

    model_config = example(old="The tide rises.", new="The tide falls.")

    old: Side
    new: Side


class DiffPieces(BaseModel):
    """All pieces joined without `insert` are the old text, without `delete` the new one."""

    pieces: list[DiffPiece]


@router.post("", response_model=DiffPieces, responses=problems(413))
async def compare(body: DiffIn, _: Reader) -> dict[str, Any]:
    """Compare two texts: whole paragraphs first, then words in those that changed."""
    pieces = await asyncio.to_thread(diff, body.old, body.new)
    return {"pieces": [asdict(piece) for piece in pieces]}
