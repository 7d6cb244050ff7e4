"""The one entry point: `python app.py <command>`. Commands import what they need when they run."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Annotated

ROOT = Path(__file__).resolve().parent
if sys.path[0] != str(ROOT):  # our `agents`, `storage`, … before any installed package of that name
    sys.path.insert(0, str(ROOT))

import typer  # noqa: E402

from cli.account_commands import tokens, users  # noqa: E402
from cli.batch_command import group as batch  # noqa: E402
from cli.border import guarded  # noqa: E402
from cli.database_commands import group as database  # noqa: E402
from cli.document_commands import group as documents  # noqa: E402
from cli.endpoint_commands import group as endpoints  # noqa: E402
from cli.evaluate_command import group as evaluation  # noqa: E402
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Model  # noqa: E402
from cli.source_commands import group as sources  # noqa: E402
from cli.style_commands import styles  # noqa: E402
from cli.text_commands import group as texts  # noqa: E402
from cli.write_command import write  # noqa: E402

app = typer.Typer(
    name="longleaf",
    help="Longleaf plans, writes and checks documents far longer than a model's single answer.",
    epilog="Exit codes: 0 done · 2 bad request · 3 not found · 4 conflict · 5 settings · "
    "6 storage · 7 a ceiling of ours · 8 access · "
    "10-14 endpoint (11 unreachable, 12 key, 13 model, "
    "14 limit) · 130 stopped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def print_version(asked: bool) -> None:
    """Print what `pyproject.toml` says, and end."""
    if asked:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        typer.echo(f"{project['name']} {project['version']}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=print_version, is_eager=True),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


app.command()(write)


@app.command()
@guarded
def serve(
    host: Annotated[
        str, typer.Option(help="Another than this machine alone needs users who log in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 7860,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A further name it is reached by, as a proxy's; may be repeated."),
    ] = None,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
) -> None:
    """Serve the application and its API, until Ctrl-C.

    Beside the page, /docs shows the API; /v1 is for programs that know OpenAI's, /v2 for
    LanguageTool's. What is being written at the end is gone on with at the next start.
    """
    from cli.serve import ServeOptions, run_serve

    names = tuple(allow_host or ())
    run_serve(ServeOptions(host, port, names, endpoint, base_url, model, api_key))


@app.command()
@guarded
def runs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    pause: Annotated[
        str | None, typer.Option(metavar="RUN", help="Pause a run instead; its text is kept.")
    ] = None,
    cancel: Annotated[
        str | None, typer.Option(metavar="RUN", help="Stop a run instead; its text is kept.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List runs, newest first, or pause or stop one."""
    from cli.runs import run_runs, run_stop

    if pause is None and cancel is None:
        run_runs(limit, as_json)
    else:
        run_stop(pause, cancel, as_json)


@app.command()
@guarded
def section(
    document: Annotated[str, typer.Argument(metavar="ID", help="A document's or a run's id.")],
    key: Annotated[str, typer.Argument(help="The section's key, such as 3 or 2.1.")],
    redo: Annotated[
        str | None,
        typer.Option(metavar="INSTRUCTION", help="Have it written anew, as this asks."),
    ] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Keep every model off it.")] = False,
    unlock: Annotated[bool, typer.Option("--unlock", help="Give it back to models.")] = False,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Print one section, lock it, or have it written anew.

    Its former texts are kept.

    Examples:
      python app.py section doc_7mqx 2

      python app.py section doc_7mqx 2 --redo "Less history, more on costs."
    """
    from cli.section import SectionOptions, run_section

    run_section(
        SectionOptions(document, key, redo, lock, unlock, endpoint, base_url, model, api_key,
                       as_json)
    )  # fmt: skip


@app.command()
@guarded
def doctor(
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read the whole database, looking for damage.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check endpoint, model, window, database and fonts, and say what to do about each."""
    from cli.doctor import run_doctor

    run_doctor(endpoint, base_url, model, api_key, check, as_json)


app.add_typer(batch)
app.add_typer(documents)
app.add_typer(sources)
app.add_typer(texts)
app.add_typer(evaluation)
app.add_typer(styles)
app.add_typer(endpoints)
app.add_typer(users)
app.add_typer(tokens)
app.add_typer(database)

if __name__ == "__main__":
    app()
