"""How a person approves an outline in a terminal: look, edit in $EDITOR, go on or stop."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.outline_text import dump, parse
from cli.question import Question
from core.errors import RequestError
from domain.outline.plan import Outline
from domain.request import WritingRequest
from services.documents.demands import NO_DUTIES, Duties, duties

EDITORS = ("sensible-editor", "nano", "vi")
"""Tried in this order where neither $VISUAL nor $EDITOR is set."""


@dataclass(frozen=True)
class Decision:
    """What the person wants."""

    approved: bool
    outline: Outline | None = None
    """The edited outline; None for the one shown."""


def ask_approval(outline: Outline, request: WritingRequest, console: Console) -> Decision:
    """Show the outline and ask; not approved where nobody can be asked."""
    edited: Outline | None = None
    while True:
        show(edited or outline, request.unit, console, duties(request, edited or outline))
        if not sys.stdin.isatty():
            return Decision(False)
        try:
            answer = Question.ask(
                Text("[a]pprove, [e]dit or [q]uit"), choices=["a", "e", "q"], default="a",
                console=console, show_choices=False,
            )  # fmt: skip
            if answer == "a":
                return Decision(True, edited)
            changed = _edited(edited or outline, console) if answer == "e" else None
        except (EOFError, KeyboardInterrupt):
            return Decision(False)
        if changed is None:
            return Decision(False)
        edited = changed


def show(outline: Outline, unit: str, console: Console, given: Duties = NO_DUTIES) -> None:
    """Print the outline with its lengths, and what its sections are given to do."""
    table = Table(title=Text(outline.title), box=None, title_style="bold", padding=(0, 2, 0, 0))
    for name in ("", unit, "section", "main point"):
        table.add_column(name, justify="right" if name == unit else "left", header_style="dim")
    above = ""
    for part in outline.parts:
        if part.division != above and not part.is_division:
            each = outline.division(part.division)
            table.add_row(
                each.key, f"{each.target:,}", Text(each.heading), Text(each.point), style="bold"
            )
        above = part.division
        table.add_row(part.key, f"{part.target:,}", Text(part.heading), Text(part.point))
        if len(part.sections) == 1:
            _add_duties(table, given, part.sections[0].key)
        if len(part.sections) > 1:
            for section in part.sections:
                table.add_row(
                    f"  {section.key}", f"{section.target:,}", Text(f"  {section.heading}"),
                    Text(section.point), style="dim",
                )  # fmt: skip
                _add_duties(table, given, section.key)
    table.add_row("", f"{outline.target:,}", "in all", "", style="bold")
    console.print(table)
    for line in given.unplaced:
        console.print(Text(f"The outline has no place for: {line}", style="yellow"))


def _add_duties(table: Table, given: Duties, key: str) -> None:
    if lines := given.of.get(key):
        table.add_row("", "", Text(f"  must have: {'; '.join(lines)}"), "", style="cyan")


def _edited(outline: Outline, console: Console) -> Outline | None:
    """The outline after a visit to the editor; asks again where it cannot be read."""
    text = dump(outline)
    while True:
        try:
            text = edit(text)
            return parse(text, outline)
        except RequestError as error:
            console.print(f"{error.message}. {error.remedy}", style="red", markup=False)
            if Question.ask("Edit again?", choices=["y", "n"], default="y", console=console) == "n":
                return outline


def edit(text: str) -> str:
    """Let the person change a text in $VISUAL, $EDITOR or a usual one.

    Raises:
        RequestError: there is no editor, or it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "outline.txt")
        path.write_text(text, encoding="utf-8")
        for command in _commands():
            if shutil.which(command[0]) is None:
                continue
            try:
                subprocess.run([*command, str(path)], check=True)
                return path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError, subprocess.CalledProcessError) as error:
                raise RequestError(
                    f"the editor {command[0]!r} left nothing to read: {error}",
                    "The outline is unchanged.",
                ) from error
    raise RequestError("no editor was found", "Set EDITOR, for example EDITOR=nano.")


def _commands() -> list[list[str]]:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        words = shlex.split(chosen or "")
    except ValueError as error:
        raise RequestError(f"EDITOR cannot be read: {error}", "Correct it.") from error
    return [words] if words else [[name] for name in EDITORS]
