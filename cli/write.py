"""`write`: a request becomes a document, with the outline approved on the way if asked."""

from __future__ import annotations

import asyncio
import signal
import sys

from rich.console import Console

from bootstrap import Services
from cli.approval import ask_approval
from cli.connect import services
from cli.estimate import run_estimate
from cli.files import save
from cli.options import WriteOptions
from cli.output import put_json, say
from cli.progress import Display
from cli.scorecard import print_scorecard
from cli.sources import with_sources
from cli.watched import SIGNALS, watched
from domain.constraints.duties import marked
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import Caps, RunOptions
from llm.roles import Models
from services.documents.exports import export
from services.runs.reports import RunReport


def run_write(options: WriteOptions, request: WritingRequest | None) -> None:
    """Carry the command out and leave with its exit code; without a request a run is resumed."""
    if options.estimate and request is not None:
        run_estimate(options, request)
        return
    report = asyncio.run(_write(options, request))
    if report.exit_code:
        raise SystemExit(report.exit_code)


def _end_of(report: RunReport) -> RunStatus:
    """How the work ended; a run stopped before its first step still says that it waits."""
    status = RunStatus(report.status)
    return RunStatus.CANCELLED if status.active else status


async def _write(options: WriteOptions, request: WritingRequest | None) -> RunReport:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        if request is not None:
            chosen = built.endpoints.embedder(options.embeddings)
            models = await built.endpoints.models(chosen=chosen)
            request = await with_sources(built, request)
            caps = options.caps.over(Caps(**built.settings.caps.model_dump()))
            run_id = await built.runs.start(request, models, RunOptions(caps))
        else:
            run_id = (await built.runs.report(options.resume or "")).run_id
            await built.runs.set_caps(run_id, options.caps)
            models = None
        approved = options.approve == "auto"
        report = await carry_on(built, run_id, console, models, approved=approved)
        return await _finish(built, options, report, console)


async def carry_on(
    built: Services,
    run_id: str,
    console: Console,
    models: Models | None = None,
    *,
    approved: bool = False,
) -> RunReport:
    """Work on a run until it ends or stops; one that is done needs nothing, not even an endpoint.

    Args:
        built: all services.
        run_id: the run.
        console: for progress.
        models: who serves it; None: whom it was begun with.
        approved: whether a plan that waits is taken as it is.

    Raises:
        LongleafError: it cannot be worked on at all.
    """
    report = await built.runs.report(run_id)
    if report.done:
        return report
    models = models or await built.endpoints.frozen(await built.runs.models_of(run_id))
    return await _work(built, report, models, approved, console)


async def _work(
    built: Services, report: RunReport, models: Models, approved: bool, console: Console
) -> RunReport:
    """Carry a run out, its outline approved on the way: by the options, or by the person."""
    request = (await built.documents.get(report.document_id)).request
    while True:
        report = await _carry_out(built, report, models, request, console)
        if report.status != RunStatus.AWAITING_APPROVAL:
            return report
        if approved:
            await built.runs.approve(report.run_id)
            continue
        outline = await built.runs.outline(report.run_id)
        assert outline is not None
        outline = marked(request.demands, outline)
        decision = ask_approval(outline, request, console)
        if not decision.approved:
            return report
        await built.runs.approve(report.run_id, decision.outline)


async def _carry_out(
    built: Services, report: RunReport, models: Models, request: WritingRequest, console: Console
) -> RunReport:
    with Display(request.length.required, request.unit, console) as display:
        display.progress.recall(report.section_reports)
        work = asyncio.create_task(built.runs.carry_out(report.run_id, models))
        async with watched(_watch(built, report.run_id, display), _stop, work):
            try:
                return await work
            except asyncio.CancelledError:
                return await built.runs.report(report.run_id)


def _stop(work: asyncio.Task[RunReport]) -> None:
    """End the work; from then on a second signal must not tear what the end has to store."""
    if work.cancel():
        for number in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)


async def _watch(built: Services, run_id: str, display: Display) -> None:
    async for event in built.runs.follow(run_id):
        display.take(event)


async def _finish(
    built: Services, options: WriteOptions, report: RunReport, console: Console
) -> RunReport:
    """Deliver the document, print the figures, and say how to go on where it is not done."""
    unit = (await built.documents.get(report.document_id)).request.unit
    if report.done:
        text = export(await built.documents.get(report.document_id), "md")
        if options.out:
            save(options.out, text)
        elif not options.as_json:
            sys.stdout.write(text)
            sys.stdout.flush()
        print_scorecard(report, unit, console)
        if options.out:
            say(f"Saved to {options.out}", console)
    else:
        _say_how_to_go_on(report, unit, console)
    if options.as_json:
        put_json(report.to_dict())
        sys.stdout.flush()
    return report


def _say_how_to_go_on(report: RunReport, unit: str, console: Console) -> None:
    kept = f"{report.words:,} {unit} in {report.sections_written} of {report.sections} sections"
    status, resume = _end_of(report), f"python app.py write --resume {report.run_id}"
    if status == RunStatus.AWAITING_APPROVAL:
        lines = [
            "The outline waits for your approval.",
            f"Approve: {resume} --approve auto",
            f"Change:  {resume}  (in a terminal)",
        ]
    else:
        why = "Stopped." if status == RunStatus.CANCELLED else f"The run {status}: {report.why}"
        lines = [f"{why} Kept: {kept}.", f"Go on:   {resume}"]
    if report.sections_written:
        lines.append(f"Look:    python app.py export {report.document_id}")
    for line in lines:
        say(line, console)
