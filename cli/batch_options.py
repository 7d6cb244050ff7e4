"""Options that several commands under `batch` have."""

from __future__ import annotations

from typing import Annotated

import typer

Formats = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="F,…",
        help="messages (default), prompt-completion, sharegpt, alpaca, longwriter; of pairs "
        "trl-dpo, llamafactory-dpo, axolotl-dpo, kto. Left out: as it was.",
    ),
]
Parquet = Annotated[
    bool,
    typer.Option("--parquet", help="Parquet in place of lines of JSON; needs pyarrow."),
]
