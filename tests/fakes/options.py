"""Knows what a fake endpoint is like, and how a command line says so."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SINGLE: dict[str, type] = {
    "host": str, "port": int, "mode": str, "seed": int, "window": int, "api_key": str,
    "tokens_per_second": float, "first_token_seconds": float, "slots": int, "speedup": float,
    "judge": str, "tries": int, "loop_tries": int, "delta_words": int, "fault_rate": float,
    "log": Path,
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What a fake endpoint is like. Defaults: obedient, immediate, without limits."""

    host: str = "127.0.0.1"
    port: int = 0
    mode: str = "obey"
    """Modes joined by "+"; a model name such as fake-short+noisy takes their place."""
    seed: int = 0
    window: int | None = None
    """Tokens of prompt and answer together."""
    publish: str | None = None
    """Tell the window as "vllm" or "llamacpp" does, errors included."""
    quirks: tuple[str, ...] = ()
    """What it refuses or leaves out: see `quirks.QUIRKS`."""
    truncates: int | None = None
    """Tokens of a prompt that it reads; the beginning of a longer one it drops without a word."""
    api_key: str | None = None
    models: Sequence[str] = ("fake",)
    strict_model: bool = False
    embeds: int | None = None
    """Calls for vectors that it answers; None: all."""
    plants: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Section's key → sentences that its first text says besides."""
    tokens_per_second: float | None = None
    """Of one call; None: no time passes."""
    first_token_seconds: float = 0.0
    slots: int | None = None
    """Calls answered at the same time; the others wait in order."""
    speedup: float = 1.0
    """Real waits are the virtual ones divided by this."""
    faults: Mapping[int, str] = field(default_factory=dict)
    """Fault of the n-th chat call, from 1."""
    fault_rate: float = 0.0
    """Share of the other calls that get one of `fault_names`, drawn by seed and number."""
    fault_names: Sequence[str] = ("rate_limit", "server_error", "reset", "clean_early_end")
    tries: int | None = None
    """See `Habits`; likewise the next two."""
    loop_tries: int | None = None
    hopeless_json: bool = False
    judge: str = "fair"
    """How it judges: see `judge.JUDGES`."""
    delta_words: int = 8
    """Most words of a streamed delta."""
    log: Path | str | None = None
    """File that gets one JSON line a call, when the call has ended."""

    @property
    def named_window(self) -> int:
        """The window that answers name; 8192 where there is none."""
        return self.window or 8192


def arguments(about: str | None, words: Sequence[str] | None = None) -> Options:
    """Read the options from a command line; ends the process where they are wrong.

    Args:
        about: What `--help` says before the options.
        words: The command line without the program's name; None: the process's own.
    """
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("tests.fakes.endpoint", None, about, formatter_class=raw)
    default = Options()
    for name, kind in _SINGLE.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=kind, default=getattr(default, name))
    parser.add_argument("--publish", choices=["vllm", "llamacpp"])
    parser.add_argument("--models", nargs="+", default=default.models)
    parser.add_argument("--fault-names", nargs="+", default=default.fault_names)
    parser.add_argument("--fault", dest="faults", action="append", default=[], metavar="N=NAME")
    parser.add_argument("--strict-model", action="store_true")
    parser.add_argument("--hopeless-json", action="store_true")
    values = vars(parser.parse_args(words))
    pairs = [fault.split("=", 1) for fault in values.pop("faults")]
    return Options(**values, faults={int(n): name for n, name in pairs})
