"""The commands that get documents out and in: options and help; work is in `cli.documents`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Model

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


@group.command("continue")
@guarded
def continue_text(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="A .md, .txt or .docx file, or a document's id.")
    ],
    words: Annotated[int, typer.Option(help="How many to add to what is there.")],
    instruction: Annotated[str, typer.Option(help="What is to come.")] = "",
    strategy: Annotated[
        str, typer.Option(help="parallel, agentwrite, self_lengthen, or auto (default).")
    ] = "auto",
    rounds: Annotated[
        int, typer.Option(min=0, max=5, help="Times a critic may have it revised.")
    ] = 1,
    reference: Annotated[
        bool,
        typer.Option("--reference", help="The text stays apart: what comes is a new document."),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Save the whole here as Markdown.")] = None,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a text that is there, which stays as it is word for word.

    Examples:
      python app.py continue novel.docx --words 3000

      python app.py continue doc_7mqx --words 800 --instruction "How it ends."
    """
    from cli.continuing import ContinueOptions, run_continue
    from services.continuations import MoreAsked

    asked = MoreAsked(words, instruction, strategy, rounds, reference)
    run_continue(ContinueOptions(text, asked, out, endpoint, base_url, model, api_key, as_json))
