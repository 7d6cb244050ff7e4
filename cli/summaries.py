"""`summarise` and `expand`: a text made shorter in steps, and one written out from a summary."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from bootstrap import Services
from cli.connect import services
from cli.continuing import deliver, document_of
from cli.documents import content_of
from cli.files import check_writable, save
from cli.output import put_json, say
from cli.write import carry_on
from core.errors import RequestError
from domain.run_options import Caps, RunOptions
from services.expansions import FullAsked
from services.imports import SUFFIXES
from services.reports import RunReport
from services.summaries import Summaries


@dataclass(frozen=True)
class ShorterOptions:
    """The options of `summarise` as given."""

    text: str
    shares: str
    out: Path | None
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool


@dataclass(frozen=True)
class LongerOptions:
    """The options of `expand` as given."""

    text: str
    words: int
    strategy: str
    rounds: int
    out: Path | None
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool


def run_summarise(options: ShorterOptions) -> None:
    """Carry `summarise` out and leave with its exit code.

    Raises:
        RequestError: shares that are none, or a file that cannot be read.
    """
    shares = read_shares(options.shares)
    if options.out is not None:
        check_writable(options.out)
    report = asyncio.run(_summarise(options, shares))
    if report.exit_code:
        raise SystemExit(report.exit_code)


def run_expand(options: LongerOptions) -> None:
    """Carry `expand` out and leave with its exit code.

    Raises:
        RequestError: the summary cannot be read, or the length is no greater than its own.
    """
    if options.out is not None:
        check_writable(options.out)
    report = asyncio.run(_expand(options))
    if report.exit_code:
        raise SystemExit(report.exit_code)


def read_shares(given: str) -> list[float]:
    """The per cent in a list such as `20,10,5`; raises RequestError."""
    try:
        return [float(item.strip().rstrip("%")) for item in given[:200].split(",") if item.strip()]
    except ValueError:
        raise RequestError(f"{given[:40]!r} are no shares", "For example 20,10,5.") from None


async def _summarise(options: ShorterOptions, shares: list[float]) -> RunReport:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        models = await built.endpoints.models()
        document = await document_of(built, options.text)
        limits = RunOptions(Caps(**built.settings.caps.model_dump()))
        run_id, _ = await built.summaries.begin(document, models, shares, limits)
        report = await carry_on(built, run_id, console, models)
        _tell(await built.summaries.of_run(run_id), options, console)
        if not report.done:
            say(f"The run {report.status}: {report.why}", console)
            say(f"Go on:   python app.py write --resume {report.run_id}", console)
        return report


def _tell(made: Summaries, options: ShorterOptions, console: Console) -> None:
    """The summaries themselves, longest first, and how long each has become."""
    there = [summary for summary in made.summaries if summary.text]
    text = "\n".join(f"## {x.share:g} %\n\n{x.text}\n" for x in there)
    if options.as_json:
        put_json(asdict(made))
    elif options.out:
        save(options.out, text)
    else:
        sys.stdout.write(text)
        sys.stdout.flush()
    for x in there:
        figures = f"{x.words:,} of {x.target:,}, S_l {x.length_score:.1f}"
        say(f"{x.share:g} %: {figures}", console)
    if options.out and not options.as_json:
        say(f"Saved to {options.out}", console)


async def _expand(options: LongerOptions) -> RunReport:
    console = Console(stderr=True)
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        title, text = await _summary(built, options.text)
        models = await built.endpoints.models()
        asked = FullAsked(title, text, options.words, options.strategy, options.rounds)
        limits = RunOptions(Caps(**built.settings.caps.model_dump()))
        run_id, _ = await built.expansions.begin(asked, models, limits)
        report = await carry_on(built, run_id, console, models)
        await deliver(built, options.out, options.as_json, report, console)
        return report


async def _summary(built: Services, text: str) -> tuple[str, str]:
    """Title and Markdown of a file, or of a document."""
    if not text.lower().endswith(SUFFIXES):
        document = await built.documents.get(text)
        return document.title, document.markdown
    file = Path(text)
    if not file.is_file():
        raise RequestError(f"there is no file {text}", "Check its name.")
    markdown = await built.imports.markdown(file.name, content_of(file))
    first = markdown.lstrip().partition("\n")[0]
    return first[2:].strip() if first.startswith("# ") else file.stem, markdown
