"""Datasets over HTTP: lines of prompts in, training data out, and how far it is meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.background import BackgroundTask

from api.caller import Caller, Reader, Writer
from api.dataset_estimates import router as estimates
from api.dataset_uploads import BODY, body_of
from api.files import file_name
from api.headers import OnceOnly
from api.problems import problems
from api.schemas_datasets import (
    MAX_FORMATS,
    DatasetNew,
    DatasetOut,
    DatasetShort,
    DatasetsOut,
    RowOut,
    RowsOut,
    names_of,
)
from batch.live import live
from batch.parcel import Kind, parcel
from batch.work import listing_view
from core.errors import NotFoundError
from domain.dataset import RowStatus
from storage.storable import dump

router = APIRouter(prefix="/api/v1/datasets", tags=["datasets"])
router.include_router(estimates)

DatasetId = Annotated[str, Path(max_length=60)]
MOST_ROWS = 100
_MEDIA = {"zip": "application/zip", "jsonl": "application/x-ndjson",
          "rejects": "application/x-ndjson"}  # fmt: skip
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {
    "description": "The file.",
    "content": {kind: _BINARY for kind in sorted(set(_MEDIA.values()))},
}


@router.post("", status_code=202, openapi_extra=BODY, responses=problems(409, 413, 502))
async def create(
    request: Request,
    response: Response,
    options: Annotated[DatasetNew, Query()],
    caller: Writer,
    once: OnceOnly,
) -> DatasetShort:
    """Take in lines of prompts, and write a document for each.

    The body is the file: a prompt a line, in JSON. Lines that are no rows become rejects with a
    reason.
    """
    desk = caller.batches
    dataset_id, new = await desk.add(await body_of(request), options.wanted(), once)
    response.headers["location"] = f"/api/v1/datasets/{dataset_id}"
    if not new:
        response.headers["idempotency-replayed"] = "true"
    elif options.start:
        await desk.start(dataset_id)
    return await _short(caller, dataset_id)


@router.get("", responses=problems())
async def newest(caller: Reader) -> DatasetsOut:
    """Your datasets, newest first."""
    found = await caller.services.listings.every()
    shown = [listing_view(each, caller.batches.work(each.id)) for each in found]
    return DatasetsOut(datasets=[DatasetShort.model_validate(each) for each in shown])


@router.get("/{dataset_id}", responses=problems(404))
async def get(dataset_id: DatasetId, caller: Reader) -> DatasetOut:
    """How far a dataset has come: rows, words, spend, pace, its funnel and its lengths."""
    return DatasetOut.model_validate(await caller.batches.view(dataset_id))


async def known(dataset_id: DatasetId, caller: Reader) -> str:
    """The id of a dataset that is the caller's: looked for before the stream begins."""
    return (await caller.services.listings.get(dataset_id)).id


@router.get("/{dataset_id}/live", response_class=EventSourceResponse, responses=problems(404))
async def follow(
    dataset: Annotated[str, Depends(known)], caller: Reader
) -> AsyncIterable[ServerSentEvent]:
    """A dataset as it is worked on: all of it once, then what changes, until it is at rest.

    `view` is the whole of it, as `GET` answers. `state` names what has changed. `end` is last.
    """
    async for name, values in live(caller.batches, dataset):
        yield ServerSentEvent(event=name, raw_data=dump(values))


@router.get("/{dataset_id}/rows", responses=problems(404))
async def rows(
    dataset_id: DatasetId,
    caller: Reader,
    status: Annotated[
        Literal["all", "queued", "begun", "done", "rejected", "failed"], Query()
    ] = "all",
    after: Annotated[int, Query(ge=0, le=2**53, description="The last line you have.")] = 0,
    most: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 20,
) -> RowsOut:
    """Rows with the beginnings of their prompts and texts, and their scores."""
    wanted = tuple(RowStatus) if status == "all" else (RowStatus(status),)
    listing = await caller.services.listings.get(dataset_id)
    async with caller.batches.reading(listing) as work:
        found = await work.journal.datasets.page(dataset_id, wanted, after, most)
        shown = [RowOut.model_validate(await work.row(item)) for item in found]
    return RowsOut(rows=shown, next=found[-1].position if len(found) == most else None)


@router.get("/{dataset_id}/rows/{line}", responses=problems(404))
async def row(
    dataset_id: DatasetId,
    line: Annotated[int, Path(ge=1, le=2**53, description="Of the file, from 1.")],
    caller: Reader,
) -> RowOut:
    """One row: its whole prompt and text."""
    listing = await caller.services.listings.get(dataset_id)
    async with caller.batches.reading(listing) as work:
        found = await work.journal.datasets.page(dataset_id, tuple(RowStatus), line - 1, 1)
        if not found or found[0].position != line:
            raise NotFoundError(f"the dataset has no row from line {line}")
        return RowOut.model_validate(await work.row(found[0], whole=True))


@router.post("/{dataset_id}/start", status_code=202, responses=problems(404, 409, 502))
async def start(dataset_id: DatasetId, caller: Writer) -> DatasetShort:
    """Go on with a dataset; nothing happens to one that is worked on or done."""
    await caller.batches.start(dataset_id)
    return await _short(caller, dataset_id)


@router.post("/{dataset_id}/retry", status_code=202, responses=problems(404, 409, 502))
async def retry(dataset_id: DatasetId, caller: Writer) -> DatasetShort:
    """Try the rows that failed once more, and go on."""
    await caller.batches.retry(dataset_id)
    return await _short(caller, dataset_id)


@router.post("/{dataset_id}/stop", status_code=202, responses=problems(404))
async def stop(dataset_id: DatasetId, caller: Writer) -> DatasetShort:
    """Begin no more rows; those under way are finished. Asked once more, it stops at once."""
    await caller.batches.stop(dataset_id)
    return await _short(caller, dataset_id)


@router.delete("/{dataset_id}", status_code=204, responses=problems(404))
async def delete(dataset_id: DatasetId, caller: Writer) -> None:
    """Stop a dataset and delete everything that was written for it, for good."""
    await caller.batches.delete(dataset_id)


@router.get(
    "/{dataset_id}/export", response_class=FileResponse, responses={200: _FILE, **problems(404)}
)
async def export(
    dataset_id: DatasetId,
    caller: Reader,
    formats: Annotated[
        str, Query(max_length=MAX_FORMATS, description="Empty: those it was begun with.")
    ] = "",
    kind: Annotated[
        Kind, Query(alias="as", description="zip: all files; jsonl: the data alone.")
    ] = "zip",
) -> FileResponse:
    """The training data as far as they are written, as a file; no model is asked."""
    listing = await caller.services.listings.get(dataset_id)
    wanted = tuple(names_of(formats) or listing.told["formats"])
    tokens = caller.services.runs.tokens
    async with caller.batches.reading(listing) as work:
        path = await parcel(work, listing, tokens, wanted, kind)
    stem = f"{listing.name} rejects" if kind == "rejects" else listing.name
    named = file_name(stem, "zip" if kind == "zip" else "jsonl")
    headers = {"content-disposition": named, "cache-control": "no-store"}
    return FileResponse(
        path, headers=headers, media_type=_MEDIA[kind], background=BackgroundTask(path.unlink, True)
    )  # fmt: skip


async def _short(caller: Caller, dataset_id: str) -> DatasetShort:
    listing = await caller.services.listings.get(dataset_id)
    return DatasetShort.model_validate(listing_view(listing, caller.batches.work(dataset_id)))
