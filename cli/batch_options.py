"""Options that several commands under `batch` have."""

from __future__ import annotations

from typing import Annotated

import typer

Formats = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="F,…",
        help="messages, prompt-completion, sharegpt, alpaca, longwriter.",
    ),
]
Parquet = Annotated[
    bool,
    typer.Option("--parquet", help="Parquet in place of lines of JSON; needs pyarrow."),
]
