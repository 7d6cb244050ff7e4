"""Lengths that models which do not keep them end up with: every vice, both languages, all sizes.

python -m benchmarks.unruly --words 300 2000 --seeds 1
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

from agents.strategies.registry import NAMES
from tests.support import desk

MODES = {
    "short": "0.4 times what is asked",
    "long": "2.5 times what is asked",
    "ceiling": "never more than 700 words",
    "noisy": "what is asked, 30 % more or less",
    "deaf": "350 words, whatever is asked",
}
LANGUAGES = ("en", "zh")
WORDS = (300, 800, 2000, 5000, 20_000)
WANTED = 95.0
"""No document may score less."""


@dataclass(frozen=True)
class Row:
    """What one document scored: 0 if there is none."""

    strategy: str
    language: str
    mode: str
    words: int
    seed: int
    score: float
    calls: int

    @property
    def which(self) -> tuple[str, str, str, int, int]:
        """What tells it from all other documents."""
        return self.strategy, self.language, self.mode, self.words, self.seed


async def run(strategy: str, language: str, mode: str, words: int, seed: int) -> Row:
    """Write one document in a folder of its own: nothing has been learnt before."""
    with tempfile.TemporaryDirectory() as home:
        async with desk(Path(home), mode=mode, seed=seed, window=131_072) as at:
            report = await at.write(language, words, strategy=strategy)
            score = report.length_score if report.done else 0.0
            return Row(strategy, language, mode, words, seed, score, len(at.fake.calls))


def table(rows: Sequence[Row], first: str, columns: Sequence[str | int], by: str) -> str:
    """Mean and lowest S_l: a line a strategy and language, a column for each of `columns`."""
    names = list(dict.fromkeys((row.strategy, row.language) for row in rows))
    lines = [
        f"| strategy | | {' | '.join(f'{c:,}' if isinstance(c, int) else c for c in columns)} |",
        "|---|---|" + "---|" * len(columns),
    ]
    for strategy, language in names:
        own = [row for row in rows if (row.strategy, row.language) == (strategy, language)]
        cells = (_cell([row for row in own if getattr(row, by) == c]) for c in columns)
        lines.append(f"| {strategy} | {language} | {' | '.join(cells)} |")
    return f"{first}\n\n" + "\n".join(lines)


def summary(rows: Sequence[Row]) -> str:
    """A line for each strategy."""
    lines = [
        f"| strategy | documents | mean S_l | lowest | under {WANTED:g} | not delivered "
        "| calls a document |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(row.strategy for row in rows):
        own = [row for row in rows if row.strategy == name]
        scores = [row.score for row in own]
        lines.append(
            f"| {name} | {len(own)} | {fmean(scores):.2f} | {min(scores):.1f} "
            f"| {sum(score < WANTED for score in scores)} | {scores.count(0.0)} "
            f"| {fmean(row.calls for row in own):.1f} |"
        )
    return "\n".join(lines)


def page(rows: Sequence[Row], command: str) -> str:
    """All tables as Markdown."""
    modes = [mode for mode in MODES if any(row.mode == mode for row in rows)]
    sizes = sorted({row.words for row in rows})
    legend = "\n".join(f"- `{mode}`: {MODES[mode]}" for mode in modes)
    low = sorted((row for row in rows if row.score < WANTED), key=lambda row: row.score)
    missed = "\n".join(
        f"- {row.strategy}, {row.language}, {row.mode}, {row.words:,}: {row.score:.1f}"
        for row in low
    )
    return (
        f"# Unruly models\n\nS_l of documents by fake models that do not keep to a length, with "
        f"nothing learnt about them beforehand. What is not delivered counts 0.\n\n{legend}\n\n"
        f"    {command}\n\n{summary(rows)}\n\n"
        f"{table(rows, 'By vice, mean and (lowest):', modes, 'mode')}\n\n"
        f"{table(rows, 'By words or characters asked for:', sizes, 'words')}\n\n"
        f"Under {WANTED:g}: {missed and f'{chr(10)}{chr(10)}{missed}' or 'none.'}\n"
    )


def _cell(rows: Sequence[Row]) -> str:
    scores = [row.score for row in rows]
    return f"{fmean(scores):.1f} ({min(scores):.1f})" if scores else ""


async def measure(given: argparse.Namespace, tell: Callable[[str], None]) -> list[Row]:
    """Write all documents that are not in `--rows`, one after the other, small ones first."""
    rows = _kept(given.rows)
    known = {row.which for row in rows}
    seeds = range(1, given.seeds + 1)
    for words, strategy, language, mode, seed in product(
        sorted(given.words), given.strategies, given.languages, given.modes, seeds
    ):
        if (strategy, language, mode, words, seed) in known:
            continue
        started = time.perf_counter()
        row = await run(strategy, language, mode, words, seed)
        rows.append(row)
        if given.rows:
            with given.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row)) + "\n")
        mark = "  <<<" if row.score < WANTED else ""
        tell(f"{row}, {time.perf_counter() - started:.1f} s{mark}")
    return rows


def _kept(file: Path | None) -> list[Row]:
    """The rows of an earlier run that was interrupted."""
    if file is None or not file.exists():
        return []
    return [Row(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Measure, print, and keep the tables where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.unruly", description=__doc__)
    parser.add_argument("--words", type=int, nargs="+", default=WORDS)
    parser.add_argument("--strategies", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--modes", nargs="+", choices=list(MODES), default=list(MODES))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--rows", type=Path, help="keep each document's row here; go on from it")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows = asyncio.run(measure(given, lambda line: print(line, flush=True)))
    sizes = " ".join(map(str, given.words))
    text = page(rows, f"python -m benchmarks.unruly --words {sizes} --seeds {given.seeds}")
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
