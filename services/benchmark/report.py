"""A benchmark's figures for people: Markdown, JSON and a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.files import replace_text
from services.benchmark.picture import draw
from services.benchmark.result import Result

PICTURE = "lengths.png"
_SHARED = frozenset(
    (
        "benchmark", "strategy", "n", "s_l", "s_q", "overall", "judge", "n_unscored", "missed",
        "below_95", "words", "by_length", "by_language", "rows",
    )
)  # fmt: skip
"""Figures that every benchmark has; all others are its own."""


def save_report(folder: Path, figures: Mapping[str, Any], results: Sequence[Result]) -> Path:
    """Write `report.md`, `report.json` and, where lengths are stated, the picture; the first."""
    told = json.dumps(figures, ensure_ascii=False, indent=1)
    replace_text(folder / "report.json", told + "\n")
    stated = [r for r in results if r.required]
    if stated:
        draw(folder / PICTURE, stated, figures)
    page = folder / "report.md"
    replace_text(page, "\n".join(_markdown(figures, bool(stated))) + "\n")
    return page


def _markdown(figures: Mapping[str, Any], pictured: bool) -> Iterator[str]:
    yield from (f"# {figures['benchmark']}, {figures['strategy']}", "", _opening(figures))
    if pictured:
        yield from ("", f"![asked for and written, and S_l by length and language]({PICTURE})")
    own = {key: value for key, value in figures.items() if key not in _SHARED}
    if own:
        yield from ("", "| its own figures | |", "|---|---|")
        yield from (f"| {key} | {value} |" for key, value in _flat(own))
    for name, title in (("by_length", "asked for"), ("by_language", "language")):
        yield from ("", f"| {title} | prompts | S_l | S_q |", "|---|---|---|---|")
        for key, row in figures[name].items():
            yield f"| {key} | {row['n']} | {_shown(row['s_l'])} | {_shown(row['s_q'])} |"
    yield from ("", "| line | asked for | written | S_l | S_q | its own | |", "|---" * 7 + "|")
    for row in figures["rows"]:
        yield _line(row)


def _opening(figures: Mapping[str, Any]) -> str:
    s_l = figures["s_l"]
    lengths = f"mean S_l **{s_l:.1f}**, {figures['below_95']} below 95, " if s_l is not None else ""
    text = (
        f"{figures['n']} prompts, {lengths}{figures['missed']} not delivered (they count with "
        f"what there is). {figures['words']:,.0f} words on average, by the benchmark's counter."
    )
    if not figures["judge"]:
        return f"{text} Quality: unscored, nobody judged."
    quality = "" if figures["s_q"] is None else f"mean S_q **{figures['s_q']:.1f}**, "
    return f"{text} Judged by {figures['judge']}: {quality}{figures['n_unscored']} unscored."


def _flat(own: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in own.items():
        name = f"{before} {key}".strip()
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, _shown(value)


def _line(row: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in row["figures"].items() if key != "dimensions"}
    own = ", ".join(f"{key} {value}" for key, value in _flat(plain))
    missed = "" if row["delivered"] else "not delivered"
    notes = "; ".join(note for note in (missed, _cell(row["unscored"])) if note)
    asked = f"{row['required']:,}" if row["required"] else "–"
    return (
        f"| {row['number']} | {asked} | {row['words']:,} | {_shown(row['s_l'])} "
        f"| {_shown(row['s_q'])} | {_cell(own)} | {notes} |"
    )


def _cell(text: str) -> str:
    """Text that cannot leave its cell."""
    return " ".join(text.replace("|", "/").split())[:200]


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
