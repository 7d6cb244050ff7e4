"""`summarise` and `expand`: a text made shorter in steps, and one written out from a summary."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial

from rich.console import Console

from bootstrap import Services
from cli.documents import content_of
from cli.files import save
from cli.output import put_json, say
from cli.texts import Task, TextOptions, deliver, document_of, file_of, run_text, say_how_to_go_on
from core.errors import RequestError
from domain.run_options import RunOptions
from llm.roles import Models
from services.derived.expansions import FullAsked
from services.derived.summaries import Summaries
from services.forecast.estimates import Estimate
from services.runs.reports import RunReport


@dataclass(frozen=True)
class FullOptions:
    """How a summary is to be written out."""

    words: int
    strategy: str
    rounds: int


def run_summarise(options: TextOptions, given: str) -> None:
    """Carry `summarise` out and leave with its exit code.

    Raises:
        RequestError: shares that are none, or as `run_text`.
    """
    shares = read_shares(given)

    @asynccontextmanager
    async def prepared(built: Services) -> AsyncIterator[Task]:
        made = built.summaries

        async def told(report: RunReport, console: Console) -> None:
            _tell(await made.of_run(report.run_id), options, console)
            if not report.done:
                say_how_to_go_on(report, console)

        async with document_of(built, options) as document:

            async def estimate(models: Models) -> Estimate:
                return await made.estimate(document, models, shares)

            async def begin(models: Models, limits: RunOptions) -> tuple[str, bool]:
                return await made.begin(document, models, shares, limits)

            yield Task(estimate, begin, told)

    run_text(options, prepared)


def run_expand(options: TextOptions, wanted: FullOptions) -> None:
    """Carry `expand` out and leave with its exit code.

    Raises:
        RequestError: the length is no greater than the summary's own, or as `run_text`.
    """

    @asynccontextmanager
    async def prepared(built: Services) -> AsyncIterator[Task]:
        title, text = await _summary(built, options.text)
        asked = FullAsked(title, text, wanted.words, wanted.strategy, wanted.rounds)
        yield Task(
            partial(built.expansions.estimate, asked),
            partial(built.expansions.begin, asked),
            partial(deliver, built, options),
        )

    run_text(options, prepared)


def read_shares(given: str) -> list[float]:
    """The per cent in a list such as `20,10,5`; raises RequestError."""
    try:
        return [float(item.strip().rstrip("%")) for item in given[:200].split(",") if item.strip()]
    except ValueError:
        raise RequestError(f"{given[:40]!r} are no shares", "For example 20,10,5.") from None


def _tell(made: Summaries, options: TextOptions, console: Console) -> None:
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


async def _summary(built: Services, text: str) -> tuple[str, str]:
    """Title and Markdown of a file, or of a document."""
    file = file_of(text)
    if file is None:
        document = await built.documents.get(text)
        return document.title, document.markdown
    markdown = await built.imports.markdown(file.name, content_of(file))
    first = markdown.lstrip().partition("\n")[0]
    return first[2:].strip() if first.startswith("# ") else file.stem, markdown
