"""The command `write`: options and help; the work is in `cli.write`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Estimated, Model


@guarded
def write(
    prompt: Annotated[
        str | None, typer.Argument(help="What to write. A length or a language in it counts.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="Read the request from a .json, .toml, .md or .txt file instead."),
    ] = None,
    words: Annotated[
        str | None, typer.Option(help='A length: 2000, or "at least 3,000 words".')
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(help="parallel (default), agentwrite, self_lengthen, or auto to choose."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Such as en, zh, French; else the prompt's own.")
    ] = None,
    must: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LINE",
            help='Must be in it: "a ferry", "at least 3 examples", "a recipe @ every 3".',
            rich_help_panel="Contents",
        ),
    ] = None,
    avoid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LINE",
            help='Must not be in it: "delve", "tables @ 2-4".',
            rich_help_panel="Contents",
        ),
    ] = None,
    read_prompt: Annotated[
        bool | None,
        typer.Option(
            "--read-prompt/--no-read-prompt",
            help="Hold it to what the prompt itself demands (default), or not.",
            rich_help_panel="Contents",
        ),
    ] = None,
    style: Annotated[
        str | None, typer.Option(help="A style profile of yours: see `styles`.")
    ] = None,
    approve: Annotated[
        Literal["ask", "auto"] | None,
        typer.Option(help="ask: show the outline first, to edit and approve it."),
    ] = None,
    calibrate: Annotated[
        bool | None,
        typer.Option(
            "--calibrate/--no-calibrate",
            help="Ask for lengths by what came for earlier ones (default), or exactly.",
        ),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(
            min=0, max=5, help="Times a critic may have the text revised (default 1); 0: no critic."
        ),
    ] = None,
    memory: Annotated[
        Literal["off", "text", "model"] | None,
        typer.Option(help="What is kept of what it says: by rules (default), or by a model too."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="A text to draw on: a file, a source's id, or `-`; may be repeated.",
            rich_help_panel="Sources",
        ),
    ] = None,
    only_sources: Annotated[
        bool | None,
        typer.Option(
            "--only-sources",
            help="Claim nothing that does not stand in them.",
            rich_help_panel="Sources",
        ),
    ] = None,
    reading: Annotated[
        Literal["auto", "chain", "hierarchical"] | None,
        typer.Option(help="How they are read; auto: by length.", rich_help_panel="Sources"),
    ] = None,
    embeddings: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Find passages by meaning too: endpoint/model, or a model at --base-url.",
            rich_help_panel="Sources",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="For endpoints that take one.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Save the Markdown here instead of printing it.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that stopped.")
    ] = None,
    max_calls: Annotated[
        int | None, typer.Option(help="Pause the run after so many calls.", rich_help_panel="Caps")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(help="Pause it after so many tokens.", rich_help_panel="Caps")
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            help="Pause it at this cost, by the endpoint's prices.", rich_help_panel="Caps"
        ),
    ] = None,
    estimate: Estimated = False,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Write a document.

    Examples:
      python app.py write "A 2,000-word guide to city trees" --out trees.md

      python app.py write --file examples/article.toml --base-url http://127.0.0.1:8000/v1

      python app.py write --resume run_k3v9
    """
    from cli.options import WriteOptions, request_from

    options = WriteOptions(
        prompt, file, words, strategy, language, approve, seed, out, resume, as_json,
        endpoint, base_url, model, api_key, max_calls, max_tokens, max_cost,
        calibrate, rounds, estimate, memory, style, tuple(must or ()), tuple(avoid or ()),
        read_prompt, source=source, only_sources=only_sources, reading=reading,
        embeddings=embeddings,
    )  # fmt: skip
    request = request_from(options)  # before the next import, which takes seconds
    from cli.write import run_write

    run_write(options, request)
