"""The command `evaluate`: options and help; the work is in `cli.evaluate` and `cli.benchmark`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Model

group = typer.Typer()


@group.command()
@guarded
def evaluate(
    file: Annotated[
        Path | None, typer.Argument(help="A text: Markdown or plain, in UTF-8.")
    ] = None,
    prompt: Annotated[str, typer.Option(help="What it answers; a length in it counts.")] = "",
    words: Annotated[
        str | None, typer.Option(help='The length asked for: 2000, or "at least 3,000 words".')
    ] = None,
    language: Annotated[
        str, typer.Option(help="Such as en; else as the text shows. Chooses a benchmark's prompts.")
    ] = "",
    judge: Annotated[
        str | None,
        typer.Option(
            help="Who grades quality: an endpoint's name, `embedded`, or an address.",
            rich_help_panel="Judge",
        ),
    ] = None,
    judge_model: Annotated[
        str | None,
        typer.Option(
            help="Its model; may be left out where there is only one.", rich_help_panel="Judge"
        ),
    ] = None,
    judge_key: Annotated[
        str | None,
        typer.Option(
            help="The key of an address that needs one.",
            rich_help_panel="Judge",
            envvar="LONGLEAF_JUDGE_KEY",
            show_envvar=True,
        ),
    ] = None,
    embeddings: Annotated[
        str | None,
        typer.Option(
            help="Who makes vectors, for semantic cohesion: an endpoint's name or an address.",
            rich_help_panel="Judge",
        ),
    ] = None,
    benchmark: Annotated[
        str,
        typer.Option(
            help="longbench-write, longwrite-ruler, longen, ruler-tlg, sgt or hellobench.",
            rich_help_panel="Benchmark",
        ),
    ] = "",
    data: Annotated[
        Path | None,
        typer.Option(
            help="Its prompts: a file, or upstream's folder.", rich_help_panel="Benchmark"
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="A folder for answers and report.", rich_help_panel="Benchmark")
    ] = Path("out/benchmark"),
    limit: Annotated[
        int, typer.Option(min=0, help="So many prompts; 0: all.", rich_help_panel="Benchmark")
    ] = 0,
    sample: Annotated[
        Literal["first", "stratified"],
        typer.Option(help="Which: the first, or over all lengths.", rich_help_panel="Benchmark"),
    ] = "first",
    max_words: Annotated[
        int, typer.Option(min=0, help="Lengths up to this; 0: any.", rich_help_panel="Benchmark")
    ] = 0,
    strategy: Annotated[
        str, typer.Option(help="Who writes.", rich_help_panel="Benchmark")
    ] = "auto",
    baseline: Annotated[
        Literal["single-pass", "agentwrite"] | None,
        typer.Option(help="Write in this plain way instead.", rich_help_panel="Benchmark"),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=5,
            rich_help_panel="Benchmark",
            help="Of critic and reviser while writing; 1, and 0 with a --baseline.",
        ),
    ] = None,
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Judge any text, without a model or with one, or write and score a benchmark's documents.

    Examples:
      python app.py evaluate essay.md --words 2000

      python app.py evaluate essay.md --judge http://127.0.0.1:8000/v1

      python app.py evaluate --benchmark longbench-write --data prompts.jsonl --limit 12
    """
    from cli.judge import judge_options

    judged_by = judge_options(judge, judge_model, judge_key)
    if benchmark:
        from cli.benchmark import BenchmarkOptions, run_benchmark

        return run_benchmark(
            BenchmarkOptions(
                benchmark, data, out, limit, sample, language, max_words, baseline or strategy,
                as_json, endpoint, base_url, model, api_key, judged_by,
                rounds if rounds is not None else 0 if baseline else 1,
            )
        )  # fmt: skip
    from cli.evaluate import run_evaluate

    run_evaluate(file, prompt, words, language, as_json, judged_by, embeddings)
