"""`ledger`: what a document has said, and what a person corrects of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import get_args

from bootstrap import Services
from cli.checks import printable
from cli.connect import services
from cli.output import put_json, say
from core.errors import RequestError
from domain.ledger.entries import Kind
from services.documents.ledger import Kept, Wish

_MARKS = {"stands": "", "open": "open", "kept": "kept", "closed": "closed", "hidden": "hidden"}
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class LedgerOptions:
    """The command's options as given."""

    document: str
    section: str | None
    edit: str | None
    value: str | None
    hide: str | None
    show: str | None
    note: str | None
    remove: str | None
    renew: bool
    as_json: bool


def run_ledger(options: LedgerOptions) -> None:
    """Carry the command out.

    Raises:
        RequestError: more than one thing is asked for, or one only by half.
    """
    given = (options.edit, options.hide, options.show, options.note, options.remove)
    if sum(each is not None for each in given) + options.renew > 1:
        raise RequestError(
            "one thing at a time",
            "Give one of --edit, --hide, --show, --note, --remove, --renew.",
        )
    if (options.edit is None) != (options.value is None):
        raise RequestError(
            "--edit and --value belong together", "Such as: --edit e3f9a61c20d8 --value 1987"
        )
    _print(options, asyncio.run(_ledger(options)))


async def _ledger(options: LedgerOptions) -> list[Kept]:
    async with services() as built:
        await _change(built, options)
        found = await built.ledgers.all_of(options.document)
        return [each for each in found if options.section in (None, each.entry.section)]


async def _change(built: Services, options: LedgerOptions) -> None:
    ledgers, document = built.ledgers, options.document
    if options.edit is not None:
        await ledgers.edit(document, options.edit, Wish(value=options.value))
    elif options.hide is not None:
        await ledgers.edit(document, options.hide, Wish(status="hidden"))
    elif options.show is not None:
        await ledgers.show(document, options.show)
    elif options.note is not None:
        await ledgers.note(document, *_noted(options.note), options.section or "")
    elif options.remove is not None:
        await ledgers.remove(document, options.remove)
    elif options.renew:
        await ledgers.renew(document)


def _noted(text: str) -> tuple[Kind, str, str, str]:
    """Kind, subject, attribute, value; raises RequestError."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) == 3:
        parts = ["fact", *parts]
    kind = next((kind for kind in KINDS if kind == parts[0]), None)
    if len(parts) != 4 or kind is None:
        raise RequestError(
            f"{text[:80]!r} is no note",
            'Such as "The mayor | name | Ada Pike", or "date | The mill | opened | 1901"; '
            f"kinds: {', '.join(KINDS)}.",
        )
    return kind, parts[1], parts[2], parts[3]


def _print(options: LedgerOptions, found: Sequence[Kept]) -> None:
    if options.as_json:
        return put_json([{**asdict(each.entry), "revision": each.version} for each in found])
    for each in found:
        entry = each.entry
        marks = [_MARKS[entry.status], "yours" if entry.held and entry.shown else ""]
        told = ", ".join(filter(None, marks))
        said = f"{entry.subject} · {entry.attribute}: {entry.value}"
        where = f"[{entry.section}] " if entry.section else ""
        line = f"{entry.id}  {entry.kind:<10}  {where}{said}{f' ({told})' if told else ''}"
        sys.stdout.write(printable(line) + "\n")
    if not found:
        say("Nothing is known of what it says.")
