"""`evaluate`: what the evaluators, and a judge if one is named, say of a text."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.connect import services
from cli.judge import JudgeOptions, open_judge
from cli.output import put_json
from core.errors import RequestError
from core.settings import load_settings
from domain.request import read_length
from domain.score import Score, Severity
from services.evaluation.texts import MAX_TEXT, Evaluation, evaluate_text
from services.judging.quality import Quality, judge_quality
from services.requests.file import read_text
from services.settings.policies import thresholds_of

_SHOWN = 12
_COLOURS = {Severity.FAIL: "red", Severity.WARN: "yellow", Severity.NOTE: "dim"}


def run_evaluate(
    file: Path | None,
    prompt: str,
    words: str | None,
    language: str,
    as_json: bool,
    judge: JudgeOptions | None = None,
    embeddings: str | None = None,
) -> None:
    """Judge the text of a file; without `judge` and `embeddings` nothing is sent anywhere."""
    if file is None:
        raise RequestError("nothing to evaluate", "Name a file, or a --benchmark.")
    text = read_text(file, 4 * MAX_TEXT, "Divide it.")
    found = evaluate_text(
        text,
        prompt=prompt,
        length=read_length(words) if words is not None else None,
        language=language,
        thresholds=thresholds_of(load_settings()),
    )
    if judge:
        found = replace(found, quality=asyncio.run(_judged(judge, text, prompt)))
    if embeddings:
        found = found.with_score(asyncio.run(_cohesion(embeddings, text)))
    if as_json:
        return put_json({"file": str(file), **found.to_dict()})
    console = Console()
    console.print(_length(found), highlight=False, soft_wrap=True)
    if found.quality:
        console.print(_quality(found.quality), highlight=False, markup=False, soft_wrap=True)
    console.print(_gates(found))
    for place in found.places[:_SHOWN]:
        where = f"line {place.line}: " if place.line else ""
        line = Text(f"  {where}{place.finding.message}", style=_COLOURS[place.finding.severity])
        line.append(f"  “{place.excerpt}”" if place.excerpt else "", style="dim")
        console.print(line, soft_wrap=True)
    if len(found.places) > _SHOWN:
        console.print(f"  and {len(found.places) - _SHOWN} more; --json has them all")


async def _judged(options: JudgeOptions, text: str, prompt: str) -> Quality:
    async with services() as built:
        return await judge_quality(await open_judge(built, options), text, prompt)


async def _cohesion(where: str, text: str) -> Score:
    from services.evaluation.embedding import VECTORS, embedded_cohesion

    async with services() as built:
        endpoint = await built.endpoints.at(where, VECTORS)
        return await embedded_cohesion(endpoint, built.lines.tokens, text)


def _quality(found: Quality) -> str:
    by = f"judged by {found.judge}" + (f" in {found.parts} parts" if found.parts > 1 else "")
    if found.s_q is None:
        return f"quality unscored: {found.reason} · {by}"
    grades = (f"{name.replace('_', ' ')} {grade:g}" for name, grade in found.dimensions.items())
    return f"quality {found.s_q:.1f} · {' · '.join(grades)} · {by}"


def _length(found: Evaluation) -> str:
    counts = found.counts
    text = f"{counts['words']:,} words · {counts['characters']:,} characters"
    if found.language:
        text += f" · {found.language}"
    if found.s_l is not None:
        missed = " · length contract missed" if found.missed else ""
        text += f" · asked for {found.required:,} · length score {found.s_l:.1f}{missed}"
    return f"{text} · {'accepted' if found.accepted else 'not accepted'}"


def _gates(found: Evaluation) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for score in found.scores:
        value = "–" if score.value is None else f"{score.value:.0f}"
        style = "red" if score.failed else "yellow" if score.findings else ""
        table.add_row(score.name, Text(value, style=style), score.reason)
    return table
