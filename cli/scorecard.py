"""A finished run as a person reads it: length by section, gates, cost."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.score import Severity
from services.runs.reports import RunReport

_IF_WARNING = {"cohesion", "readability", "judge"}
"""Told only where they warn: measures on scales of their own, and what the verdict has told."""
_MARKS = {"sealed": "", "locked": "locked", "failed": "failed", "planned": "not written"}


def scorecard(report: RunReport, unit: str) -> RenderableType:
    """The scorecard: verdict, sections, gates, cost."""
    return Group(_verdict(report, unit), _sections(report, unit), _gates(report), _cost(report))


def print_scorecard(report: RunReport, unit: str, console: Console) -> None:
    """Print it."""
    console.print(scorecard(report, unit))


def _verdict(report: RunReport, unit: str) -> Text:
    off = report.words / report.target_words - 1 if report.target_words else 0.0
    text = Text(f"\n{report.title}\n", style="bold")
    text.append(f"{report.words:,} of {report.target_words:,} {unit} ({off:+.1%})", style="")
    text.append(f" · length score {report.length_score:.1f}")
    if not report.accepted:
        text.append(" · length contract missed", style="yellow")
    if report.review.why:
        quality = report.review.quality
        text.append(f" · quality {'unscored' if quality is None else f'{quality:.0f}'}")
        text.append(f"\nreview: {report.review}", style="dim")
    return text


def _sections(report: RunReport, unit: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, side in (("", "left"), ("section", "left"), (unit, "right"), ("target", "right"),
                       ("", "right"), ("", "left")):  # fmt: skip
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for item in report.section_reports:
        off = f"{item.words / item.target - 1:+.0%}" if item.words else ""
        mark = _MARKS.get(item.status, item.status)
        words = f"{item.words:,}" if item.words else "–"
        table.add_row(item.key, Text(item.heading), words, f"{item.target:,}", off, mark)
    return table


def _gates(report: RunReport) -> Text:
    text = Text()
    for score in report.scores:
        found = [finding for finding in score.findings if finding.severity > Severity.NOTE]
        if score.name in _IF_WARNING and not found:
            continue
        value = "unscored" if score.value is None else f"{score.value:.0f}"
        text.append(f"{score.name} {value}", style="red" if score.failed else "")
        text.append(f" ({score.reason})" if score.reason else "")
        text.append("  ")
        for finding in found[:3]:
            text.append(f"\n  {finding.message}", style="yellow")
        text.append("\n" if found else "")
    return text


def _cost(report: RunReport) -> Text:
    models = ", ".join(dict.fromkeys(report.models.values()))
    why = f" ({report.strategy_why})" if report.strategy_why else ""
    read = f" · sources read {report.reading_why}" if report.reading_why else ""
    read += f" · found by {report.found_by}" if report.found_by else ""
    return Text(
        f"{report.calls} calls · {report.prompt_tokens:,} + {report.completion_tokens:,} tokens · "
        f"{report.seconds:.1f} s · outline from {report.outline_from or '–'} · "
        f"{report.strategy}{why}{read} · {models}",
        style="dim",
    )
