"""The group of commands under `endpoints`: options and help; the work is in `cli.endpoints`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import AsJson

group = typer.Typer(
    name="endpoints",
    help="Add, list, test and remove endpoints, or look for some on this machine.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(help="What the endpoint is called.")]


@group.command()
@guarded
def add(
    name: Annotated[str, typer.Argument(help="Letters, digits, `.`, `_` and `-`.")],
    base_url: Annotated[str, typer.Option(help="Its address, such as http://host:8000/v1.")],
    model: Annotated[str, typer.Option(help="May be left out where there is only one.")] = "",
    api_key: Annotated[
        str | None,
        typer.Option(help="Its key; `-` reads it from standard input, or asks for it."),
    ] = None,
    window: Annotated[int | None, typer.Option(min=512, help="Its context, in tokens.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=4096, help="Calls at once.")] = 8,
    compact: Annotated[
        bool, typer.Option("--compact", help="For models under a billion parameters.")
    ] = False,
    no_thinking: Annotated[
        bool, typer.Option("--no-thinking", help="Turn its thinking off, where that is possible.")
    ] = False,
    default: Annotated[
        bool, typer.Option("--default", help="Use it where nothing else is named.")
    ] = False,
) -> None:
    """Store an endpoint, its key encrypted; one of the same name is replaced.

    The key is kept when none is given and the server stays the same.
    """
    from cli.endpoints import AddOptions, run_add

    run_add(
        AddOptions(name, base_url, model, api_key, window, concurrency, compact, not no_thinking,
                   default)
    )  # fmt: skip


@group.command("list")
@guarded
def list_(as_json: AsJson = False) -> None:
    """List the endpoints of the settings and the stored ones, without their keys."""
    from cli.endpoints import run_list

    run_list(as_json)


@group.command("test")
@guarded
def try_out(name: Name, as_json: AsJson = False) -> None:
    """Find out what an endpoint can do, with at most eight small calls, and remember it."""
    from cli.endpoints import run_test

    run_test(name, as_json)


@group.command()
@guarded
def remove(name: Name) -> None:
    """Forget a stored endpoint and its key."""
    from cli.endpoints import run_remove

    run_remove(name)


@group.command()
@guarded
def discover(
    port: Annotated[
        list[int] | None,
        typer.Option(min=1, max=65535, help="A further port to look at; may be repeated."),
    ] = None,
) -> None:
    """Look for Ollama, llama.cpp, vLLM and LM Studio on this machine."""
    from cli.endpoints import run_discover

    run_discover(port or [])
