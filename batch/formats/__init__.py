"""Which formats of training data there are. Adding one is one class and its line here."""

from __future__ import annotations

from typing import Any

from batch.formats.base import Column, Data, Format, line_of
from batch.formats.preferences import AxolotlDpo, Kto, LlamaFactoryDpo, TrlDpo
from batch.formats.supervised import Alpaca, LongWriter, Messages, PromptCompletion, ShareGPT
from core.errors import RequestError

__all__ = ["FORMATS", "Column", "Data", "Format", "format_named", "line_of", "parse_formats"]

FORMATS: tuple[Format[Any], ...] = (
    Messages(),
    PromptCompletion(),
    ShareGPT(),
    Alpaca(),
    LongWriter(),
    TrlDpo(),
    LlamaFactoryDpo(),
    AxolotlDpo(),
    Kto(),
)


def format_named(name: str) -> Format[Any]:
    """The format of this name; raises RequestError if there is none."""
    for known in FORMATS:
        if known.name == name:
            return known
    listed = ", ".join(known.name for known in FORMATS)
    raise RequestError(f"there is no format {name[:40]!r} here", f"Use of these: {listed}.")


def parse_formats(text: str) -> tuple[Format[Any], ...]:
    """The formats of a list such as `messages,trl-dpo`, each once.

    Raises:
        RequestError: one of them is not known, or there is none.
    """
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise RequestError("no format is named", "For example messages,trl-dpo.")
    return tuple(map(format_named, names))
