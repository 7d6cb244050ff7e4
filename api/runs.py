"""Runs over HTTP: start, look, follow as events, approve, pause, go on, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.caller import Reader, Writer
from api.headers import IfMatch, OnceOnly, tag, tag_number
from api.problems import problems
from api.schemas_outline import OutlineIn, OutlineOut
from api.schemas_runs import RunIn, RunOut, RunsOut, Wish
from domain.request import make_request
from domain.run import RunStatus
from domain.run_options import Caps, RunOptions
from services.outlines.replanning import regenerate
from services.runs.live import live
from services.runs.watch import watch
from storage.storable import dump

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

RunId = Annotated[str, Path(max_length=60, description="Or the beginning of it.")]
ItemKey = Annotated[str, Path(max_length=40, description='A part or a section: "3" or "3.2".')]
LastSeen = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=2**53, description="Number of the last event you have."),
]


@router.post("", status_code=202, responses=problems(404, 409, 413, 502))
async def start(body: RunIn, caller: Writer, once: OnceOnly, response: Response) -> RunOut:
    """Begin a document. The answer comes at once; the work goes on without you."""
    options = RunOptions(body.caps.caps() if body.caps else Caps(), announced=True)
    run_id, new = await caller.desk.begin(make_request(body.fields()), options, once, body.models)
    response.headers["location"] = f"/api/v1/runs/{run_id}"
    if not new:
        response.headers["idempotency-replayed"] = "true"
    return RunOut.of(await caller.services.runs.report(run_id))


@router.get("", responses=problems())
async def newest(caller: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> RunsOut:
    """The latest runs, newest first."""
    found = await caller.services.runs.newest(limit)
    return RunsOut(runs=[RunOut.of(report) for report in found])


@router.get("/{run_id}", responses=problems(404, 409))
async def get(run_id: RunId, caller: Reader) -> RunOut:
    """Where a run stands, and what it has come to."""
    return RunOut.of(await caller.services.runs.report(run_id))


async def known(run_id: RunId, caller: Reader) -> str:
    """The whole id of a run that is the caller's: looked for before the stream begins."""
    return (await caller.services.runs.report(run_id)).run_id


@router.get("/{run_id}/events", response_class=EventSourceResponse, responses=problems(404, 409))
async def events(
    run: Annotated[str, Depends(known)], caller: Reader, last_event_id: LastSeen = None
) -> AsyncIterable[ServerSentEvent]:
    """What happens in a run, from its beginning or from where you left.

    The last event is `end`. Every other has a number: send the last one as `Last-Event-ID` and
    none is missed or comes twice, also over a restart of the server.
    """
    async for event in watch(caller.desk, run, last_event_id or 0):
        number = str(event.seq) if event.seq is not None else None
        yield ServerSentEvent(id=number, event=event.type, data=event.data)


@router.get("/{run_id}/live", response_class=EventSourceResponse, responses=problems(404, 409))
async def follow(
    run: Annotated[str, Depends(known)],
    caller: Reader,
    texts: Annotated[bool, Query(description="The sections' texts too, not only figures.")] = False,
) -> AsyncIterable[ServerSentEvent]:
    """A run as it is being written: all of it once, then what changes, until it is at rest.

    `view` is the whole of it. `state` names what has changed. `text` replaces `cut` characters of
    a section's text at `at`, or all that follow where there is no `cut`. `end` is the last event.
    """
    async for event in live(caller.desk, run, texts=texts):
        yield ServerSentEvent(event=event.type, raw_data=dump(event.data))


@router.post("/{run_id}/pause", responses=problems(404, 409))
async def pause(run_id: RunId, caller: Writer) -> RunOut:
    """Stop a run that is to be gone on with; all its text is kept."""
    return RunOut.of(await caller.desk.stop(run_id, RunStatus.PAUSED))


@router.post("/{run_id}/cancel", responses=problems(404, 409))
async def cancel(run_id: RunId, caller: Writer) -> RunOut:
    """Stop a run; all its text is kept."""
    return RunOut.of(await caller.desk.stop(run_id))


@router.post("/{run_id}/resume", status_code=202, responses=problems(404, 409, 502))
async def resume(run_id: RunId, caller: Writer) -> RunOut:
    """Go on with a run that stopped. One that is done stays as it is."""
    report = await caller.services.runs.report(run_id)
    if report.status != RunStatus.AWAITING_APPROVAL:
        await caller.desk.resume(report.run_id)
    return RunOut.of(await caller.services.runs.report(report.run_id))


@router.post("/{run_id}/approve", status_code=202, responses=problems(404, 409, 502))
async def approve(run_id: RunId, caller: Writer) -> RunOut:
    """Accept the outline as it now is; the writing begins."""
    await caller.services.runs.approve(run_id)
    await caller.desk.resume(run_id)
    return RunOut.of(await caller.services.runs.report(run_id))


@router.get("/{run_id}/outline", responses=problems(404, 409))
async def outline(run_id: RunId, caller: Reader, response: Response) -> OutlineOut:
    """The plan of the run's document."""
    outlines = caller.services.outlines
    found, version = await outlines.of_run(run_id)
    response.headers["etag"] = tag(version)
    return OutlineOut.of(found, version, await outlines.duties_of_run(run_id, found))


@router.put("/{run_id}/outline", responses=problems(404, 409, 412, 413, 428))
async def put_outline(
    run_id: RunId, body: OutlineIn, caller: Writer, response: Response, if_match: IfMatch = None
) -> OutlineOut:
    """Replace the plan of a run that waits for approval, or of a finished document.

    In a finished document, where `If-Match` must be given, a section with its `key` keeps its
    text, wherever it stands and however it is called; one without is new, `planned`, and written
    by `redo`. One that is left out keeps its history, and comes back with its key.
    """
    parts = [part.part() for part in body.parts]
    divisions = [division.plan() for division in body.divisions]
    outlines = caller.services.outlines
    changed, version = await outlines.change(
        run_id, body.title, parts, tag_number(if_match), divisions
    )
    response.headers["etag"] = tag(version)
    return OutlineOut.of(changed, version, await outlines.duties_of_run(run_id, changed))


@router.post("/{run_id}/outline/{key}/regenerate", responses=problems(404, 409, 502))
async def regenerate_item(
    run_id: RunId, key: ItemKey, body: Wish, caller: Writer, response: Response
) -> OutlineOut:
    """Have a model plan one item anew; the answer is the whole outline."""
    services = caller.services
    report = await services.runs.report(run_id)
    models = await services.endpoints.frozen(await services.runs.models_of(report.run_id))
    found, version = await regenerate(services.runs, models, report.run_id, key, body.instruction)
    response.headers["etag"] = tag(version)
    return OutlineOut.of(found, version, await services.outlines.duties_of_run(run_id, found))
