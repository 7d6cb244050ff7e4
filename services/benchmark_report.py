"""A benchmark's figures for people: Markdown, JSON, and a picture of asked against written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.files import replace_text
from services.benchmark import Result

PICTURE = "lengths.png"


def save_report(folder: Path, figures: Mapping[str, Any], results: Sequence[Result]) -> Path:
    """Write `report.md`, `report.json` and the picture; returns the first."""
    told = json.dumps(figures, ensure_ascii=False, indent=1)
    replace_text(folder / "report.json", told + "\n")
    _draw(folder / PICTURE, results, f"{figures['benchmark']}, {figures['strategy']}")
    page = folder / "report.md"
    replace_text(page, _markdown(figures))
    return page


def _markdown(figures: Mapping[str, Any]) -> str:
    lines = [
        f"# {figures['benchmark']}, {figures['strategy']}",
        "",
        f"{figures['n']} prompts, mean S_l **{figures['s_l']:.1f}**, {figures['below_95']} below "
        f"95, {figures['missed']} not delivered (they count with what there is). Words by "
        "LongWriter's counter. Quality: unscored.",
        "",
        f"![asked and written]({PICTURE})",
    ]
    for name, title in (("by_length", "asked for"), ("by_language", "language")):
        lines += ["", f"| {title} | prompts | S_l |", "|---|---|---|"]
        lines += [
            f"| {key} | {row['n']} | {row['s_l']:.1f} |" for key, row in figures[name].items()
        ]
    lines += ["", "| line | asked for | written | S_l | |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['number']} | {row['required']:,} | {row['words']:,} | {row['s_l']:.1f} "
        f"| {'' if row['delivered'] else 'not delivered'} |"
        for row in figures["rows"]
    ]
    return "\n".join(lines) + "\n"


def _draw(file: Path, results: Sequence[Result], title: str) -> None:
    """Asked against written, both logarithmic; the band is where S_l is at least 95."""
    from matplotlib.figure import Figure  # slow, and wanted only here

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    low, high = min(r.required for r in results) / 2, max(r.required for r in results) * 2
    axes.fill_between([low, high], [low / 1.1, high / 1.1], [low * 1.15, high * 1.15], alpha=0.2,
                      label="S_l at least 95")  # fmt: skip
    for language in sorted({r.language for r in results}):
        mine = [r for r in results if r.language == language]
        axes.scatter([r.required for r in mine], [max(r.words, 1) for r in mine], s=18,
                     label=language)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="asked for", ylabel="written", title=title,
             xlim=(low, high))  # fmt: skip
    axes.legend()
    figure.savefig(file, dpi=120)
