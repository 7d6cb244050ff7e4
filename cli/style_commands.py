"""The group `styles`: options and help; the work is in `cli.styles`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Model

styles = typer.Typer(
    name="styles", no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make a style profile from texts of yours, list, show and delete them.",
)  # fmt: skip

Named = Annotated[str, typer.Argument(metavar="NAME", help="Its name or id.")]


@styles.command()
@guarded
def make(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="1 to 10 texts: .md, .txt, .html, .pdf, .docx."),
    ],
    language: Annotated[str, typer.Option(help="Such as en, zh; else as they look.")] = "",
    figures_only: Annotated[
        bool, typer.Option("--figures-only", help="Count, and ask no model.")
    ] = False,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Make a style profile; of the texts themselves nothing is kept."""
    from cli.styles import MakeOptions, run_make

    run_make(
        MakeOptions(name, tuple(files), language, figures_only, endpoint, base_url, model, api_key),
        as_json,
    )


@styles.command("list")
@guarded
def list_styles(as_json: AsJson = False) -> None:
    """List the style profiles."""
    from cli.styles import run_list

    run_list(as_json)


@styles.command()
@guarded
def show(name: Named, as_json: AsJson = False) -> None:
    """Show a style profile: its figures, and what a writer is told of it."""
    from cli.styles import run_show

    run_show(name, as_json)


@styles.command()
@guarded
def delete(name: Named) -> None:
    """Delete a style profile; what was written in it stays."""
    from cli.styles import run_delete

    run_delete(name)
