"""The commands that keep the database in order: options and help; work is in `cli.housekeeping`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import AsJson

group = typer.Typer()


@group.command()
@guarded
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Copy the database to a file, also while something is being written."""
    from cli.housekeeping import run_backup

    run_backup(file, force)


@group.command()
@guarded
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` has made.")],
) -> None:
    """Put a copy in the place of the database, which is kept beside it."""
    from cli.housekeeping import run_restore

    run_restore(file)


@group.command()
@guarded
def prune(
    answers_older_than: Annotated[
        str | None,
        typer.Option(metavar="AGE", help="Such as 30d, 12h, 2w; else as the settings say."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove prompts and answers of finished runs; documents and figures stay."""
    from cli.housekeeping import run_prune

    run_prune(answers_older_than, dry_run, as_json)


@group.command()
@guarded
def delete(
    document: Annotated[str, typer.Argument(metavar="ID", help="A document's or a run's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a document for good, with its runs, calls and history."""
    from cli.housekeeping import run_delete

    run_delete(document, yes)
