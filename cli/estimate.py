"""`write --estimate`: what a document would take, without asking a model for anything."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.table import Table

from cli.connect import services
from cli.options import WriteOptions
from cli.output import put_json, say
from cli.sources import with_sources
from domain.length.spread import Spread
from domain.request import WritingRequest
from services.documents.demands import demanded
from services.forecast.estimates import Estimate


def run_estimate(options: WriteOptions, request: WritingRequest) -> None:
    """Print the estimate: a table, or JSON."""
    estimate = asyncio.run(_estimate(options, request))
    if options.as_json:
        told = [{"line": one.line, "origin": one.origin} for one in demanded(request)]
        put_json({**estimate.to_dict(), "demands": told})
        return
    print_estimate(estimate, request.unit)
    for line in demand_lines(request):
        say(line)


async def _estimate(options: WriteOptions, request: WritingRequest) -> Estimate:
    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        request = await with_sources(built, request)
        chosen = built.endpoints.embedder(options.embeddings)
        models = await built.endpoints.models(chosen=chosen)
        return await built.estimates.estimate(request, models)


def print_estimate(estimate: Estimate, unit: str) -> None:
    """A table for people: likely, at least, at most."""
    console = Console()
    table = Table(box=None, pad_edge=False)
    for column in ("", "likely", "at least", "at most"):
        table.add_column(column, justify="left" if not column else "right")
    rows = {
        "sections": estimate.sections, "calls": estimate.calls,
        "prompt tokens": estimate.prompt_tokens, "completion tokens": estimate.completion_tokens,
    }  # fmt: skip
    for name, spread in rows.items():
        table.add_row(name, *(f"{value:,.0f}" for value in _three(spread)))
    table.add_row("time", *map(_time, _three(estimate.seconds)))
    if estimate.cost.high:
        table.add_row("cost", *(f"{value:,.4f}" for value in _three(estimate.cost)))
    say(f"{estimate.target:,} {unit} with {estimate.strategy}", console)
    console.print(table)
    if estimate.strategy_why:
        say(f"Strategy: {estimate.strategy_why}.", console)
    say(f"Based on {estimate.basis}.", console)


def demand_lines(request: WritingRequest) -> list[str]:
    """What the text will be held to, one line each, and where that was found."""
    found = demanded(request)
    read = any(one.origin == "prompt" for one in found)
    lines = [
        f"  {one.line}{' (found in the prompt)' if one.origin == 'prompt' else ''}" for one in found
    ]
    told = ["Demanded of its contents:", *lines] if lines else []
    return [*told, "  --no-read-prompt leaves out what was found in the prompt."] if read else told


def _three(spread: Spread) -> tuple[float, float, float]:
    return spread.likely, spread.low, spread.high


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
