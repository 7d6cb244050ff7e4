"""The commands under `batch` that need no model: options and help of `filter` and `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.batch_config import LimitsFile
from cli.batch_options import Formats, Parquet
from cli.border import guarded
from cli.option_types import AsJson

_OFF = "X|off"
_PANEL = "Limits"
Number = str | None


def _limit(help: str, metavar: str | None = _OFF) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        metavar=metavar, help=help, rich_help_panel=_PANEL
    )
    return found


@guarded
def filter_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A batch's or a merged folder.")],
    min_length_score: Annotated[
        Number, _limit("The least S_l, 0 to 100, where a length was asked for.")
    ] = None,
    min_words: Annotated[
        Number, _limit("The least length; characters in Chinese, Japanese, Korean.")
    ] = None,
    max_words: Annotated[Number, _limit("The greatest length.")] = None,
    min_judge: Annotated[
        Number, _limit("The least score of the judge, 0 to 100, where one was asked.")
    ] = None,
    require_judge: Annotated[
        bool | None, _limit("Whether a text without a judge's score is refused.", None)
    ] = None,
    similar_answers: Annotated[
        Number, _limit("From which similarity on, 0 to 1, a later text is a copy.")
    ] = None,
    repetition: Annotated[
        bool | None, _limit("Whether texts that repeat themselves are refused.", None)
    ] = None,
    language: Annotated[
        bool | None, _limit("Whether texts in another language are refused.", None)
    ] = None,
    gates: Annotated[
        bool | None, _limit("Whether any other gate that fails refuses a text.", None)
    ] = None,
    benchmark: Annotated[
        list[str] | None,
        _limit("A test set that texts may not share 13 words in a row with.", "FILE|off"),
    ] = None,
    contamination: Annotated[Number, _limit("So many words in a row, in place of 13.", "N")] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="First take back all limits set before.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")
    ] = False,
    config: LimitsFile = None,
    formats: Formats = "",
    parquet: Parquet = False,
    as_json: AsJson = False,
) -> None:
    """Write data, rejects and card anew under other limits; no model is asked.

    What was refused before comes back where it passes now. The limits are kept: `batch export`
    and the batch itself use them from then on. Limits that are not named stay as they are.

    Examples:
      python app.py batch filter data --min-length-score 90 --dry-run

      python app.py batch filter data --benchmark test.jsonl --similar-answers off
    """
    from cli.batch_filter import FilterOptions, run_filter

    limits = {
        "min_length_score": min_length_score, "min_words": min_words, "max_words": max_words,
        "min_judge": min_judge, "require_judge": require_judge,
        "similar_answers": similar_answers, "repetition": repetition, "language": language,
        "gates": gates, "contamination": contamination,
    }  # fmt: skip
    run_filter(
        FilterOptions(
            folder, limits, tuple(benchmark or ()), config, reset, dry_run, formats, parquet,
            as_json,
        )
    )  # fmt: skip


@guarded
def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="The folders of a batch's shards.")
    ],
    out: Annotated[Path, typer.Option(help="Where the whole goes; a merged one is replaced.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Also where shards are missing or unfinished.")
    ] = False,
    config: LimitsFile = None,
    formats: Formats = "",
    parquet: Parquet = False,
    as_json: AsJson = False,
) -> None:
    """Make one dataset of the shards of a batch: every line once, copies across shards found.

    Example:
      python app.py batch merge part-0 part-1 part-2 --out whole
    """
    from cli.batch_merge import MergeOptions, run_merge

    run_merge(MergeOptions(folders, out, formats, parquet, partial, config, as_json))
