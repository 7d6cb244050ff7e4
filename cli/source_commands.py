"""The group of commands under `sources`: options and help; the work is in `cli.sources`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import AsJson

group = typer.Typer(
    name="sources",
    help="Add, list, show and delete texts of yours that documents draw on.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Id = Annotated[str, typer.Argument(metavar="ID", help="A source's id, as `list` shows it.")]


@group.command()
@guarded
def add(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help=".md, .txt, .html, .pdf or .docx; `-`: standard input."
        ),
    ],
    title: Annotated[str, typer.Option(help="What a text from standard input is called.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take in texts of yours; the same text again is the source there is."""
    from cli.sources import run_add

    run_add(files, title, as_json)


@group.command("list")
@guarded
def list_(as_json: AsJson = False) -> None:
    """List them, newest first."""
    from cli.sources import run_list

    run_list(as_json)


@group.command()
@guarded
def show(
    source: Id,
    text: Annotated[bool, typer.Option("--text", help="Print what was read from it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one, and which documents draw on it."""
    from cli.sources import run_show

    run_show(source, text, as_json)


@group.command()
@guarded
def delete(source: Id) -> None:
    """Delete one that no document draws on."""
    from cli.sources import run_delete

    run_delete(source)
