"""What `write` was asked to do, checked before anything slow is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.strategies.registry import check_name
from cli.files import check_writable
from core.errors import RequestError
from domain.constraints.demand import demand
from domain.request import WritingRequest, make_request
from domain.run_options import Caps
from services.requests.file import read_request

_OF_REQUEST = (
    "words", "strategy", "language", "seed", "calibrate", "rounds", "memory", "style",
    "only_sources", "reading",
)  # fmt: skip
"""Options that say what is to be written, and so belong to a run's beginning."""


@dataclass(frozen=True)
class WriteOptions:
    """The command's options as given."""

    prompt: str | None
    file: Path | None
    words: str | None
    strategy: str | None
    language: str | None
    approve: str | None
    seed: int | None
    out: Path | None
    resume: str | None
    as_json: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    calibrate: bool | None = None
    rounds: int | None = None
    estimate: bool = False
    memory: str | None = None
    style: str | None = None
    must: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    read_prompt: bool | None = None
    source: list[str] | None = None
    only_sources: bool | None = None
    reading: str | None = None
    embeddings: str | None = None

    @property
    def caps(self) -> Caps:
        """What the run may spend; raises RequestError for a cap of nothing."""
        return Caps(self.max_calls, self.max_tokens, self.max_cost)


def request_from(options: WriteOptions) -> WritingRequest | None:
    """The request that options and file make together, options winning; None to resume a run.

    Raises:
        RequestError: the options contradict each other, or ask for what cannot be done.
    """
    options.caps  # noqa: B018 - a cap of nothing is told before anything is done
    if options.out:
        check_writable(options.out)
    if options.resume is not None:
        _check_resumed(options)
        return None
    request = make_request(_fields(options))
    check_name(request.strategy)
    return request


def _check_resumed(options: WriteOptions) -> None:
    """Refuse what is part of a request: a run has been given its own when it began."""
    if options.estimate:
        raise RequestError("--resume takes no --estimate", "Estimates are for runs not begun.")
    of_run = ("prompt", "file", "source", *_OF_REQUEST, "must", "avoid", "read_prompt")
    for name in (*of_run, "embeddings"):
        if getattr(options, name) not in (None, ()):
            taken = "prompt" if name == "prompt" else f"--{name.replace('_', '-')}"
            raise RequestError(
                f"--resume takes no {taken}",
                "The stored request is gone on with; leave it out, or begin a new run.",
            )


def _fields(options: WriteOptions) -> dict[str, Any]:
    if options.prompt is not None and options.file:
        raise RequestError("both a prompt and --file are given", "Give one of them.")
    fields: dict[str, Any] = read_request(options.file) if options.file else {}
    if options.source:
        fields["sources"] = options.source
    if options.prompt is not None:
        fields["prompt"] = options.prompt
    elif not options.file:
        raise RequestError("nothing to write", 'Give a prompt: python app.py write "…"')
    given = {
        name: getattr(options, name)
        for name in (*_OF_REQUEST, "approve")
        if getattr(options, name) is not None
    }
    if options.read_prompt is not None:
        given["read_constraints"] = options.read_prompt
    demands = [*map(demand, options.must), *(demand(f"avoid: {line}") for line in options.avoid)]
    if demands:
        stated = fields.get("constraints") or ()
        given["constraints"] = (*(stated if isinstance(stated, list | tuple) else ()), *demands)
    if "words" in given:
        fields.pop("length", None)
    return {**fields, **given}
