"""A file with a batch's options: read as TOML, held against the command's own, and put behind them.

Keys are the options' names, `input` is the file of prompts, and a table `limits` says what is asked
of texts. What stands on the command line, or in a variable of the environment, goes before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from batch.limits import DEFAULT
from cli.border import guarded
from core.errors import RequestError
from core.nearest import nearest

LIMITS = "limits"
_INPUT = "input"
_OWN = {"config", "help"}
_LONGEST = 1_000_000
"""Bytes."""


def read_config(path: Path) -> dict[str, Any]:
    """What a file says; raises RequestError where it cannot be read or is no TOML."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_LONGEST + 1)
        if len(text) > _LONGEST:
            raise RequestError(f"{path} has more than {_LONGEST:,} bytes", "It is no --config.")
        return tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}", "Check --config.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(
            f"{path} is no TOML: {error}",
            "Compare examples/datasets/batch.toml, which has every key.",
        ) from error


def limits_of(config: Path | None) -> dict[str, Any]:
    """The limits that a file names; none without a file.

    Raises:
        RequestError: one is not known or out of range, or the file cannot be read.
    """
    given = read_config(config).get(LIMITS, {}) if config else {}
    if not isinstance(given, dict):
        raise RequestError(f"{LIMITS} in {config} is no table", f"Write [{LIMITS}] above them.")
    if "similar-prompts" in given or "similar_prompts" in given:
        raise RequestError(
            f"similar-prompts in {config} is no limit of texts, but decides which rows are written",
            f"Write it above [{LIMITS}].",
        )
    DEFAULT.but(given)
    return {name.replace("-", "_"): value for name, value in given.items()}


def limits_given(config: Path | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """The limits that a file and options name; options that are None are not given."""
    named = {name: value for name, value in options.items() if value is not None}
    return {**limits_of(config), **named}


def names_of(params: Sequence[Any]) -> dict[str, Any]:
    """The keys that a file may have for a command's parameters, and whose each is."""
    found = {}
    for param in params:
        flags = [name for name in param.opts if name.startswith("--")]
        name = flags[0].removeprefix("--") if flags else _INPUT
        if name not in _OWN:
            found[name] = param
    return found


def defaults_of(config: Path, params: Sequence[Any]) -> dict[str, Any]:
    """What a file says, by the names that a command's parameters have within.

    Raises:
        RequestError: a key is not known, or a value is none.
    """
    known = names_of(params)
    found = {}
    for key, value in read_config(config).items():
        name = key.replace("_", "-")
        if name == LIMITS:
            continue
        if name not in known:
            raise RequestError(
                f"there is no option {key!r} in {config}", nearest(name, [*known, LIMITS])
            )
        found[known[name].name] = _value(name, value, known[name])
    limits_of(config)
    return found


def _value(name: str, value: Any, param: Any) -> Any:
    """A value as the command line would give it, so that it is read and refused in the same way."""
    items = value if isinstance(value, list) else [value]
    if not items or any(isinstance(item, list | dict) for item in items):
        raise RequestError(f"{name} is {value!r}, which is no value", "Leave it out.")
    if isinstance(value, bool) and param.is_flag:
        return value
    words = [str(item) for item in items]
    if param.multiple:
        return words
    return ",".join(words)


def _configured(ctx: typer.Context, path: Path | None) -> Path | None:
    @guarded
    def put() -> None:
        if path is not None:
            ctx.default_map = {**(ctx.default_map or {}), **defaults_of(path, ctx.command.params)}

    put()
    return path


Config = Annotated[
    Path | None,
    typer.Option(
        metavar="C.toml",
        is_eager=True,
        callback=_configured,
        help="Options from a file, see docs/cli.md; those given here go first.",
    ),
]
LimitsFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="C.toml", help="Limits from a file's table `limits`."),
]
