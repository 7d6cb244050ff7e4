"""`write`: a request becomes a document, with the outline approved on the way if asked."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from agents.strategies.registry import strategy as check_strategy
from bootstrap import Services
from cli.approval import ask_approval
from cli.connect import services
from cli.files import check_writable, save
from cli.progress import Display
from cli.request_file import read_request
from cli.scorecard import print_scorecard
from core.errors import RequestError
from domain.language import is_cjk
from domain.request import WritingRequest, make_request
from domain.run import RunStatus
from llm.roles import Models
from services.exports import export
from services.reports import RunReport

EXIT_CODES = {
    RunStatus.DONE: 0,
    RunStatus.AWAITING_APPROVAL: 0,
    RunStatus.FAILED: 10,
    RunStatus.PAUSED: 11,
    RunStatus.CANCELLED: 130,
}


@dataclass(frozen=True)
class WriteOptions:
    """The command's options as given."""

    prompt: str | None
    file: Path | None
    words: str | None
    strategy: str | None
    language: str | None
    approve: str | None
    seed: int | None
    out: Path | None
    resume: str | None
    as_json: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None


def run_write(options: WriteOptions) -> None:
    """Carry the command out and leave with its exit code."""
    if options.out:
        check_writable(options.out)
    request = None if options.resume else request_from(options)
    if options.resume and (options.prompt or options.file):
        raise RequestError("--resume takes no prompt", "The stored request is gone on with.")
    report = asyncio.run(_write(options, request))
    code = EXIT_CODES[RunStatus(report.status)]
    if code:
        raise SystemExit(code)


def request_from(options: WriteOptions) -> WritingRequest:
    """The request that options and file make together; options win. Raises RequestError."""
    if options.prompt is not None and options.file:
        raise RequestError("both a prompt and --file are given", "Give one of them.")
    fields: dict[str, Any] = read_request(options.file) if options.file else {}
    if options.prompt is not None:
        fields["prompt"] = options.prompt
    elif not options.file:
        raise RequestError("nothing to write", 'Give a prompt: python app.py write "…"')
    given = {
        name: getattr(options, name)
        for name in ("words", "strategy", "language", "approve", "seed")
        if getattr(options, name) is not None
    }
    if "words" in given:
        fields.pop("length", None)
    return make_request({**fields, **given})


async def _write(options: WriteOptions, request: WritingRequest | None) -> RunReport:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        run_id, models, request = await _begin(built, options, request)
        report = await built.runs.report(run_id)
        while not report.done:
            report = await _carry_out(built, run_id, models, request, console)
            if report.status != RunStatus.AWAITING_APPROVAL:
                break
            outline = await built.runs.outline(run_id)
            assert outline is not None
            decision = ask_approval(outline, unit_of(request), console)
            if not decision.approved:
                break
            await built.runs.approve(run_id, decision.outline)
        return await _finish(built, options, report, console)


async def _begin(
    built: Services, options: WriteOptions, request: WritingRequest | None
) -> tuple[str, Models, WritingRequest]:
    if request is not None:
        check_strategy(request.strategy)
        models = await built.endpoints.models()
        return await built.runs.start(request, models), models, request
    report = await built.runs.report(options.resume or "")
    stored = (await built.documents.get(report.document_id)).request
    models = await built.endpoints.frozen(await built.runs.models_of(report.run_id))
    if report.status == RunStatus.AWAITING_APPROVAL and options.approve == "auto":
        await built.runs.approve(report.run_id)
    return report.run_id, models, stored


async def _carry_out(
    built: Services, run_id: str, models: Models, request: WritingRequest, console: Console
) -> RunReport:
    with Display(request.length.required, unit_of(request), console) as display:
        work = asyncio.create_task(built.runs.carry_out(run_id, models))
        watch = asyncio.create_task(_watch(built, run_id, display))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, work.cancel)
        try:
            return await work
        except asyncio.CancelledError:
            return await built.runs.report(run_id)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


async def _watch(built: Services, run_id: str, display: Display) -> None:
    async for event in built.runs.follow(run_id):
        display.take(event)


async def _finish(
    built: Services, options: WriteOptions, report: RunReport, console: Console
) -> RunReport:
    """Deliver the document, print the figures, and say how to go on where it is not done."""
    unit = unit_of((await built.documents.get(report.document_id)).request)
    if report.done:
        text = export(await built.documents.get(report.document_id), "md")
        if options.out:
            save(options.out, text)
        elif not options.as_json:
            sys.stdout.write(text)
            sys.stdout.flush()
        print_scorecard(report, unit, console)
        if options.out:
            console.print(f"Saved to {options.out}", highlight=False, markup=False, soft_wrap=True)
    else:
        _say_how_to_go_on(report, unit, console)
    if options.as_json:
        sys.stdout.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return report


def _say_how_to_go_on(report: RunReport, unit: str, console: Console) -> None:
    kept = f"{report.words:,} {unit} in {report.sections_written} of {report.sections} sections"
    if report.status == RunStatus.AWAITING_APPROVAL:
        message = "The outline waits for your approval."
    elif report.status == RunStatus.CANCELLED:
        message = f"Stopped. Kept: {kept}."
    else:
        message = f"The run {report.status}: {report.reason}. Kept: {kept}."
    lines = [message, f"Go on:   python app.py write --resume {report.run_id}"]
    if report.sections_written:
        lines.append(f"Look:    python app.py export {report.document_id}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def unit_of(request: WritingRequest) -> str:
    """What lengths are shown in."""
    if request.length.counter == "characters" or is_cjk(request.language):
        return "characters"
    return "words"
