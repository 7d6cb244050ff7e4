"""All writing strategies and a bare loop on one endpoint: time, calls, tokens, length.

python -m benchmarks.strategies --words 2000 20000
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

from agents.strategies.registry import STRATEGIES
from benchmarks import bare
from benchmarks.measure import Cost, Server, cost
from domain.length.contract import length_score
from domain.text.counter import count
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOPICS, desk

BARE = "bare loop"
REFERENCE = "agentwrite"
JUDGED = " + critic"
"""After a strategy's name: one round of critic and reviser, who finds nothing to mend."""
WINDOW = 131_072
"""Tokens: all of the text so far can be shown."""
Row = tuple[str, int, float, Cost]
"""Strategy, words asked for, S_l, cost."""


async def run(name: str, words: int, server: Server, mode: str) -> Row:
    """Write one document on a server of its own, with nothing learnt before."""
    clock: dict[str, Any] = {
        "slots": server.slots, "tokens_per_second": server.tokens_per_second,
        "first_token_seconds": server.first_token_seconds, "speedup": server.speedup,
    }  # fmt: skip
    if name == BARE:
        async with FakeEndpoint(mode=mode, window=WINDOW, **clock) as fake:
            written = count(await bare.write(fake.url, TOPICS["en"], words))
            return name, words, length_score(words, written), cost(fake.calls, server)
    with tempfile.TemporaryDirectory() as home:
        endpoint = {"concurrency": server.slots, "window": WINDOW}
        async with desk(Path(home), mode=mode, window=WINDOW, endpoint=endpoint, **clock) as at:
            strategy, judged, _ = name.partition(JUDGED)
            report = await at.write(
                words=words, strategy=strategy, calibrate=False, rounds=int(bool(judged))
            )
            score = report.length_score if report.done else 0.0
            return name, words, score, cost(at.fake.calls, server)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, with ratios to `agentwrite` of the same length."""
    lines = [
        "| words | strategy | S_l | calls | span s | faster | span/bound | prompt tokens | ratio "
        "| cacheable | outside the prefix |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, words, score, found in rows:
        base = next((c for n, w, _, c in rows if (n, w) == (REFERENCE, words)), found)
        lines.append(
            f"| {words:,} | {name} | {score:.1f} | {found.calls} | {found.span:.0f} "
            f"| {base.span / found.span:.1f}× | {found.efficiency:.2f} "
            f"| {found.prompt_tokens:,} | {found.prompt_tokens / base.prompt_tokens:.2f}× "
            f"| {found.cacheable:.0%} | {found.fresh_tokens / base.fresh_tokens:.2f}× |"
        )
    return "\n".join(lines)


async def main() -> None:
    """Measure, print, and keep the table where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.strategies", description=__doc__)
    parser.add_argument("--words", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument(
        "--strategies", nargs="+", default=[BARE, REFERENCE, *STRATEGIES, f"parallel{JUDGED}"]
    )
    parser.add_argument("--mode", default="obey", help="how the fake model behaves")
    parser.add_argument("--slots", type=int, default=16)
    parser.add_argument("--tokens-per-second", type=float, default=50.0)
    parser.add_argument("--first-token-seconds", type=float, default=0.5)
    parser.add_argument("--speedup", type=float, default=5.0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    server = Server(given.slots, given.tokens_per_second, given.first_token_seconds, given.speedup)
    rows = []
    for words in given.words:
        for name in dict.fromkeys(given.strategies):
            rows.append(await run(name, words, server, given.mode))
            print(table(rows[-1:]).splitlines()[-1], flush=True)
    text = (
        f"# Strategies\n\nFake model ({given.mode}), {server.slots} slots, "
        f"{server.tokens_per_second:g} tokens/s each, {server.first_token_seconds:g} s to the "
        f"first token; times in seconds of that endpoint's clock, which ran {server.speedup:g} "
        f"times as fast as ours. {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}. Ratios are to `{REFERENCE}` of the same length; the bare "
        "loop asks once for a plan and then in order for each section, and checks nothing. "
        f"`{JUDGED.strip()}` is one round in which it finds nothing to mend but some seams. "
        "Cacheable is what stands at the beginning of an earlier prompt of the document too.\n\n"
        f"    python -m benchmarks.strategies --words {' '.join(map(str, given.words))}\n\n"
        f"{table(rows)}\n"
    )
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
