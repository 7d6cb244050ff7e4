"""`continue`: a document, or a file that becomes one, goes on."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bootstrap import Services
from cli.connect import services
from cli.documents import content_of
from cli.files import check_writable, save
from cli.output import put_json, say
from cli.scorecard import print_scorecard
from cli.write import carry_on
from core.errors import RequestError
from domain.run_options import Caps, RunOptions
from services.continuations import MoreAsked
from services.exports import export
from services.imports import SUFFIXES
from services.reports import RunReport


@dataclass(frozen=True)
class ContinueOptions:
    """The command's options as given."""

    text: str
    asked: MoreAsked
    out: Path | None
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool


def run_continue(options: ContinueOptions) -> None:
    """Carry the command out and leave with its exit code.

    Raises:
        RequestError: the text is neither a file that can be read nor a document.
    """
    if options.out is not None:
        check_writable(options.out)
    report = asyncio.run(_continue(options))
    if report.exit_code:
        raise SystemExit(report.exit_code)


async def document_of(built: Services, text: str) -> str:
    """The id of a document; a file becomes one first.

    Raises:
        RequestError: the file cannot be read.
    """
    if not text.lower().endswith(SUFFIXES):
        return text
    file = Path(text)
    if not file.is_file():
        raise RequestError(f"there is no file {text}", "Check its name.")
    return await built.imports.read(file.name, content_of(file))


async def _continue(options: ContinueOptions) -> RunReport:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        models = await built.endpoints.models()
        document = await document_of(built, options.text)
        limits = RunOptions(Caps(**built.settings.caps.model_dump()))
        run_id, _ = await built.continuations.begin(document, options.asked, models, limits)
        report = await carry_on(built, run_id, console, models)
        await deliver(built, options.out, options.as_json, report, console)
        return report


async def deliver(
    built: Services, out: Path | None, as_json: bool, report: RunReport, console: Console
) -> None:
    """Save or print what a run has written, with its figures, or say how it goes on."""
    document = await built.documents.get(report.document_id)
    if not report.done:
        say(f"The run {report.status}: {report.why}", console)
        say(f"Go on:   python app.py write --resume {report.run_id}", console)
    else:
        if out:
            save(out, export(document, "md"))
            say(f"Saved to {out}", console)
        elif not as_json:
            sys.stdout.write(export(document, "md"))
            sys.stdout.flush()
        print_scorecard(report, document.request.unit, console)
    if as_json:
        put_json(report.to_dict())
