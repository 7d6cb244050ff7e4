"""`section`: look at one section, lock it, or have it written anew."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict, dataclass

from rich.console import Console

from bootstrap import Services
from cli.connect import services
from cli.output import put_json, say
from cli.write import carry_on
from core.errors import RequestError
from services.runs.reports import RunReport
from storage.sections import StoredSection


@dataclass(frozen=True)
class SectionOptions:
    """The command's options as given."""

    document: str
    key: str
    redo: str | None
    lock: bool
    unlock: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool


def run_section(options: SectionOptions) -> None:
    """Carry the command out.

    Raises:
        RequestError: more than one thing is asked for.
    """
    if (options.redo is not None) + options.lock + options.unlock > 1:
        raise RequestError("one thing at a time", "Give one of --redo, --lock, --unlock.")
    code = asyncio.run(_section(options))
    if code:
        raise SystemExit(code)


async def _section(options: SectionOptions) -> int:
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        report = await _redone(built, options) if options.redo is not None else None
        if options.lock:
            section = await built.sections.lock(options.document, options.key)
        elif options.unlock:
            section = await built.sections.unlock(options.document, options.key)
        else:
            section = await built.sections.get(options.document, options.key)
        _print(section, options.as_json, report)
        return report.exit_code if report else 0


async def _redone(built: Services, options: SectionOptions) -> RunReport:
    known = await built.sections.models_of(options.document)
    models = await (built.endpoints.frozen(known) if known else built.endpoints.models())
    wish = options.redo or ""
    run_id = await built.sections.redo(options.document, options.key, wish, models)
    return await carry_on(built, run_id, Console(stderr=True), models)


def _print(section: StoredSection, as_json: bool, report: RunReport | None) -> None:
    if as_json:
        data = {**asdict(section), "status": section.status.value}
        if report:
            data = {**data, "run_id": report.run_id, "run_status": report.status}
        return put_json(data)
    if section.text:
        sys.stdout.write(f"{section.text}\n")
    say(
        f"{section.key} {section.heading}: {section.status.value}, "
        f"{section.words:,} of {section.target:,}"
    )
