"""The commands that make texts of texts: options and help; work is in `cli.continuing` and more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Estimated, Model

group = typer.Typer()

Text = Annotated[
    str, typer.Argument(metavar="TEXT", help="A .md, .txt or .docx file, or a document's id.")
]
Out = Annotated[Path | None, typer.Option(help="Save it here as Markdown.")]
Strategy = Annotated[
    str, typer.Option(help="parallel, agentwrite, self_lengthen, or auto (default).")
]
Rounds = Annotated[int, typer.Option(min=0, max=5, help="Times a critic may have it revised.")]


@group.command("continue")
@guarded
def continue_text(
    text: Text,
    words: Annotated[int, typer.Option(help="How many to add to what is there.")],
    instruction: Annotated[str, typer.Option(help="What is to come.")] = "",
    strategy: Strategy = "auto",
    rounds: Rounds = 1,
    reference: Annotated[
        bool,
        typer.Option("--reference", help="The text stays apart: what comes is a new document."),
    ] = False,
    out: Out = None,
    estimate: Estimated = False,
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
    from cli.continuing import run_continue
    from cli.texts import TextOptions
    from services.derived.continuations import MoreAsked

    options = TextOptions(text, out, estimate, endpoint, base_url, model, api_key, as_json)
    run_continue(options, MoreAsked(words, instruction, strategy, rounds, reference))


@group.command()
@guarded
def summarise(
    text: Text,
    share: Annotated[
        str, typer.Option(help="Per cent of its length: one, or several with commas.")
    ] = "20,10,5",
    out: Out = None,
    estimate: Estimated = False,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Make a text shorter in steps, each summary from the one before.

    Examples:
      python app.py summarise report.docx

      python app.py summarise doc_7mqx --share 10 --out short.md
    """
    from cli.summaries import run_summarise
    from cli.texts import TextOptions

    options = TextOptions(text, out, estimate, endpoint, base_url, model, api_key, as_json)
    run_summarise(options, share)


@group.command()
@guarded
def expand(
    text: Text,
    words: Annotated[int, typer.Option(help="How long the whole is to be.")],
    strategy: Strategy = "auto",
    rounds: Rounds = 1,
    out: Out = None,
    estimate: Estimated = False,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Write a summary out in full: its order stays, and every statement of it is made.

    Example:
      python app.py expand summary.md --words 3000
    """
    from cli.summaries import FullOptions, run_expand
    from cli.texts import TextOptions

    options = TextOptions(text, out, estimate, endpoint, base_url, model, api_key, as_json)
    run_expand(options, FullOptions(words, strategy, rounds))
