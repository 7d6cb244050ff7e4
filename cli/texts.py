"""What the commands that make texts of texts have in common: their beginning and their end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bootstrap import Services
from cli.connect import services
from cli.documents import content_of
from cli.estimate import print_estimate
from cli.files import check_writable, save
from cli.output import put_json, say
from cli.scorecard import print_scorecard
from cli.write import carry_on
from core.errors import RequestError
from domain.run_options import Caps, RunOptions
from domain.text.language import is_cjk
from llm.roles import Models
from services.documents.exports import export
from services.documents.imports import SUFFIXES
from services.forecast.estimates import Estimate
from services.runs.reports import RunReport


@dataclass(frozen=True)
class TextOptions:
    """The options that all of them have, as given."""

    text: str
    """A file's name, or a document's id."""
    out: Path | None
    estimate: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool


@dataclass(frozen=True)
class Task:
    """What is to be done with one text."""

    estimate: Callable[[Models], Awaitable[Estimate]]
    begin: Callable[[Models, RunOptions], Awaitable[tuple[str, bool]]]
    deliver: Callable[[RunReport, Console], Awaitable[None]]


Prepared = Callable[[Services], AbstractAsyncContextManager[Task]]


def run_text(options: TextOptions, prepared: Prepared) -> None:
    """Carry a task out, or say what it would take, and leave with the exit code.

    Raises:
        RequestError: the text is neither a file that can be read nor a document.
    """
    if options.out is not None:
        check_writable(options.out)
    report = asyncio.run(_run(options, prepared))
    if report is not None and report.exit_code:
        raise SystemExit(report.exit_code)


async def _run(options: TextOptions, prepared: Prepared) -> RunReport | None:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        models = await built.endpoints.models()
        async with prepared(built) as task:
            if options.estimate:
                _tell(await task.estimate(models), options)
                return None
            limits = RunOptions(Caps(**built.settings.caps.model_dump()))
            run_id, _ = await task.begin(models, limits)
        report = await carry_on(built, run_id, console, models)
        await task.deliver(report, console)
        return report


def _tell(estimate: Estimate, options: TextOptions) -> None:
    if options.as_json:
        put_json(estimate.to_dict())
    else:
        print_estimate(estimate, "characters" if is_cjk(estimate.language) else "words")


@asynccontextmanager
async def document_of(built: Services, options: TextOptions) -> AsyncIterator[str]:
    """The id of a document; a file becomes one first, for an estimate only as long as it takes.

    Raises:
        RequestError: the file cannot be read.
    """
    file = file_of(options.text)
    if file is None:
        yield options.text
        return
    document = await built.imports.read(file.name, content_of(file))
    try:
        yield document
    finally:
        if options.estimate:
            await built.housekeeping.delete(document)


def file_of(text: str) -> Path | None:
    """The file that is named; None where it is a document's id.

    Raises:
        RequestError: there is no such file.
    """
    if not text.lower().endswith(SUFFIXES):
        return None
    file = Path(text)
    if not file.is_file():
        raise RequestError(f"there is no file {text}", "Check its name.")
    return file


async def deliver(
    built: Services, options: TextOptions, report: RunReport, console: Console
) -> None:
    """Save or print what a run has written, with its figures, or say how it goes on."""
    document = await built.documents.get(report.document_id)
    if not report.done:
        say_how_to_go_on(report, console)
    else:
        if options.out:
            save(options.out, export(document, "md"))
            say(f"Saved to {options.out}", console)
        elif not options.as_json:
            sys.stdout.write(export(document, "md"))
            sys.stdout.flush()
        print_scorecard(report, document.request.unit, console)
    if options.as_json:
        put_json(report.to_dict())


def say_how_to_go_on(report: RunReport, console: Console) -> None:
    """Why it stopped, and the command that goes on."""
    say(f"The run {report.status}: {report.why}", console)
    say(f"Go on:   python app.py write --resume {report.run_id}", console)
