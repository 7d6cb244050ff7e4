"""`runs`: what there is, and stopping it."""

from __future__ import annotations

import asyncio
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.connect import services
from cli.output import put_json
from core.errors import RequestError
from domain.run import RunStatus
from services.runs.reports import RunReport


def run_runs(limit: int, as_json: bool) -> None:
    """List the latest runs: a table, or one JSON array on one line."""
    reports = asyncio.run(_reports(limit))
    if as_json:
        return put_json([report.to_dict() for report in reports])
    if not reports:
        sys.stdout.write('No runs yet. Start one: python app.py write "…"\n')
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("run", "document", "status", "length", "title"):
        table.add_column(name, justify="right" if name == "length" else "left")
    for report in reports:
        length = f"{report.words:,}/{report.target_words:,}"
        table.add_row(report.run_id, report.document_id, report.status, length, Text(report.title))
    Console().print(table)


def run_stop(pause: str | None, cancel: str | None, as_json: bool) -> None:
    """Pause or cancel the run that is named, whichever process works on it.

    Raises:
        RequestError: both are named.
    """
    if pause is not None and cancel is not None:
        raise RequestError("both --pause and --cancel are given", "Give one of them.")
    report = asyncio.run(_stopped(pause, cancel))
    if as_json:
        put_json(report.to_dict())
    elif RunStatus(report.status).stopped:
        resume = f"python app.py write --resume {report.run_id}"
        sys.stdout.write(f"The run is {report.status}. Go on: {resume}\n")
    else:
        sys.stdout.write(f"Run {report.run_id} is told to stop; it will within seconds.\n")


async def _stopped(pause: str | None, cancel: str | None) -> RunReport:
    async with services() as built:
        if pause is not None:
            return await built.runs.pause(pause)
        return await built.runs.cancel(cancel or "")


async def _reports(limit: int) -> list[RunReport]:
    async with services() as built:
        return await built.runs.newest(limit)
