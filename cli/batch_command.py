"""The commands under `batch`: options and help; the work is in `cli.batch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import batch_data_commands
from cli.batch_config import Config
from cli.batch_options import Engine, Formats, Parquet, RayAddress, Scratch, Shards
from cli.border import guarded
from cli.option_types import ApiKey, AsJson, BaseUrl, EndpointName, Estimated, Model

_RUN = "run"


class _RunByDefault(TyperGroup):
    """What is no command's name is the input of `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name before an input or its options."""
        own = {*self.commands, *ctx.help_option_names}
        if args and args[0] not in own:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)


group = typer.Typer(
    name="batch",
    cls=_RunByDefault,
    help="Write a document for each line of a file, as training data: "
    "python app.py batch IN.jsonl --out DIR. All its options: python app.py batch run --help",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@group.command(_RUN)
@guarded
def run(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN.jsonl", help="A prompt a line, in JSON, also packed by gzip; - is a pipe."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The batch's folder: its journal, data, rejects.")],
    strategy: Annotated[
        str, typer.Option(help="parallel, agentwrite, self_lengthen, or auto to choose.")
    ] = "parallel",
    rounds: Annotated[
        int, typer.Option(min=0, max=5, help="Times a critic may have a text revised.")
    ] = 1,
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help="Calls at once; else as the endpoint's settings say."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Only one of N shares, I from 0, by rows' contents.")
    ] = "0/1",
    similar_prompts: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Do not write a prompt this similar to an earlier one, 0 to 1; 0.8 is usual.",
        ),
    ] = None,
    benchmark: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="A test set whose prompts are not to be written; repeatable."
        ),
    ] = None,
    formats: Formats = "",
    parquet: Parquet = False,
    seed: Annotated[
        int | None, typer.Option(help="Each row gets its own from it, for endpoints that take one.")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(help="Pause before the batch takes more tokens.", rich_help_panel="Caps"),
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            help="Pause before it costs more, by the endpoints' prices.", rich_help_panel="Caps"
        ),
    ] = None,
    estimate: Estimated = False,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="Try rows again that failed; no call is paid twice."),
    ] = False,
    only_ids: Annotated[
        str | None,
        typer.Option(metavar="A,B|@FILE", help="Work on these rows only; others stay queued."),
    ] = None,
    config: Config = None,
    engine: Engine = "local",
    shards: Shards = None,
    ray_address: RayAddress = "",
    scratch: Scratch = "",
    endpoint: EndpointName = None,
    base_url: BaseUrl = None,
    model: Model = None,
    api_key: ApiKey = None,
    as_json: AsJson = False,
) -> None:
    """Write what is not written yet; the same command goes on where it stopped.

    Ctrl-C begins nothing more and finishes what is under way; once more stops at once.

    Examples:
      python app.py batch prompts.jsonl --out data --estimate

      python app.py batch prompts.jsonl --out data --concurrency 64 --max-cost 20

      python app.py batch --config examples/datasets/batch.toml
    """
    from cli.batch import BatchOptions, run_batch
    from cli.batch_engine import ClusterOptions

    run_batch(
        BatchOptions(
            source, out, strategy, rounds, concurrency, limit, shard, formats, seed, max_tokens,
            max_cost, estimate, endpoint, base_url, model, api_key, as_json, parquet, config,
            similar_prompts, tuple(benchmark or ()), retry_failed, only_ids, engine,
            ClusterOptions(shards, ray_address, scratch),
        )
    )  # fmt: skip


@group.command()
@guarded
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The batch's folder.")],
    formats: Formats = "",
    records: Annotated[
        str,
        typer.Option(
            metavar="R,S",
            help="documents (default), traces, generator, extender. Left out: as it was.",
        ),
    ] = "",
    state_length: Annotated[
        bool | None,
        typer.Option(help="Whether a prompt says the length that was asked for beside it."),
    ] = None,
    parquet: Parquet = False,
    as_json: AsJson = False,
) -> None:
    """Write data, rejects and card anew from the journal; no model is asked."""
    from cli.batch_files import run_export

    run_export(folder, formats, parquet, as_json, records=records, state_length=state_length)


@group.command()
@guarded
def pairs(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The batch's folder.")],
    kind: Annotated[
        str, typer.Option(metavar="K,L", help="all in one, or some of document, section, draft.")
    ] = "all",
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="F,G",
            help="trl-dpo (default), llamafactory-dpo, axolotl-dpo, kto. Left out: as it was.",
        ),
    ] = "",
    parquet: Parquet = False,
    as_json: AsJson = False,
) -> None:
    """Add preference pairs from the journal: what was revised or refused beside what was kept.

    No model is asked. All other files are written anew as they were.
    """
    from cli.batch_files import run_export

    run_export(folder, formats, parquet, as_json, kinds=kind)


@group.command()
@guarded
def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The batch's folder.")],
    as_json: AsJson = False,
) -> None:
    """Say how far a batch has come, who works on it, why it stopped, and what to do next."""
    from cli.batch_status import run_status

    run_status(folder, as_json)


group.command("filter")(batch_data_commands.filter_)
group.command("merge")(batch_data_commands.merge)
