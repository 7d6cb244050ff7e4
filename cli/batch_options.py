"""Options that several commands under `batch` have."""

from __future__ import annotations

from typing import Annotated

import typer

Formats = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="F,G",
        help="messages (default), prompt-completion, sharegpt, alpaca, longwriter; of pairs "
        "trl-dpo, llamafactory-dpo, axolotl-dpo, kto. Left out: as it was.",
    ),
]
Parquet = Annotated[
    bool,
    typer.Option("--parquet", help="Parquet in place of lines of JSON; needs pyarrow."),
]
_CLUSTER = "Cluster"
Engine = Annotated[
    str,
    typer.Option(help="local, or ray: shards on many machines.", rich_help_panel=_CLUSTER),
]
Shards = Annotated[
    int | None,
    typer.Option(min=1, max=100_000, help="How many, with ray; else as many as keep it busy.",
                 rich_help_panel=_CLUSTER),
]  # fmt: skip
RayAddress = Annotated[
    str,
    typer.Option(metavar="HOST:PORT|auto", help="Ray's cluster; else one on this machine alone.",
                 envvar="RAY_ADDRESS", rich_help_panel=_CLUSTER),
]  # fmt: skip
Scratch = Annotated[
    str,
    typer.Option(metavar="DIR", help="On each worker's own disk; else its temporary folder.",
                 rich_help_panel=_CLUSTER),
]  # fmt: skip
