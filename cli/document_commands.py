"""The commands that get documents out and in: options and help; work is in `cli.documents`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import AsJson

group = typer.Typer()


@group.command()
@guarded
def export(
    document: Annotated[str, typer.Argument(metavar="ID", help="A document's or a run's id.")],
    format: Annotated[
        str, typer.Option(help="md, json, txt, html, latex; docx, epub and pdf need --out.")
    ] = "md",
    numbered: Annotated[bool, typer.Option("--numbered", help="Number the headings.")] = False,
    out: Annotated[Path | None, typer.Option(help="Save it here instead of printing it.")] = None,
) -> None:
    """Print or save a document, as far as it is written."""
    from cli.documents import run_export

    run_export(document, format, out, numbered=numbered)


@group.command("import")
@guarded
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .md, .txt or .docx file.")],
    as_json: AsJson = False,
) -> None:
    """Take in a text of yours as a document; its sections are locked."""
    from cli.documents import run_import

    run_import(file, as_json)
