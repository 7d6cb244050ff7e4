"""`runs` and `export`: what there is, and getting it out."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.connect import services
from cli.files import check_writable, save
from domain.run import RunStatus
from services.exports import export
from services.reports import RunReport


def run_runs(limit: int, as_json: bool) -> None:
    """List the latest runs: a table, or one JSON array on one line."""
    reports = asyncio.run(_reports(limit))
    if as_json:
        rows = [report.to_dict() for report in reports]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
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


def run_stop(run_id: str, *, goes_on_later: bool, as_json: bool) -> None:
    """Pause or cancel a run, whichever process works on it."""
    status = RunStatus.PAUSED if goes_on_later else RunStatus.CANCELLED
    report = asyncio.run(_stopped(run_id, status))
    if as_json:
        sys.stdout.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")
    elif report.status == status:
        sys.stdout.write(f"Stopped. Go on: python app.py write --resume {report.run_id}\n")
    else:
        sys.stdout.write(f"Run {report.run_id} is told to stop; it will within seconds.\n")


async def _stopped(run_id: str, status: RunStatus) -> RunReport:
    async with services() as built:
        pauses = status is RunStatus.PAUSED
        return await (built.runs.pause(run_id) if pauses else built.runs.cancel(run_id))


async def _reports(limit: int) -> list[RunReport]:
    async with services() as built:
        return await built.runs.newest(limit)


def run_export(document: str, format: str, out: Path | None) -> None:
    """Print or save a document."""
    if out:
        check_writable(out)
    text = asyncio.run(_exported(document, format))
    if out:
        save(out, text)
        Console(stderr=True).print(f"Saved to {out}", highlight=False, markup=False, soft_wrap=True)
    else:
        sys.stdout.write(text)


async def _exported(document: str, format: str) -> str:
    async with services() as built:
        return export(await built.documents.get(document), format)
