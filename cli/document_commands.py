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


@group.command()
@guarded
def ledger(
    document: Annotated[str, typer.Argument(metavar="ID", help="A document's or a run's id.")],
    section: Annotated[
        str | None, typer.Option(metavar="KEY", help="Of this section only.")
    ] = None,
    edit: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="Correct it: --value says to what.")
    ] = None,
    value: Annotated[str | None, typer.Option(help="What holds instead.")] = None,
    hide: Annotated[
        str | None,
        typer.Option(metavar="ENTRY", help="Neither shown to writers nor compared."),
    ] = None,
    show: Annotated[str | None, typer.Option(metavar="ENTRY", help="No longer hide it.")] = None,
    note: Annotated[
        str | None, typer.Option(help='Add one: "The mayor | name | Ada Pike".')
    ] = None,
    remove: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="Take a note of yours away.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Read all sections anew, by rules.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what a document has said, or correct it."""
    from cli.ledger import LedgerOptions, run_ledger

    run_ledger(
        LedgerOptions(document, section, edit, value, hide, show, note, remove, renew, as_json)
    )
