"""`backup`, `restore`, `prune` and `delete`: what keeps the database in order."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bootstrap import database_file
from cli.connect import services
from cli.output import put_json, say
from cli.question import Confirmation
from core.errors import RequestError
from core.logging import configure
from core.settings import load_settings
from services.housekeeping import BACKUP, Doomed, file_of, put_back
from storage.retention import Prunable

_AGE = re.compile(r"(\d{1,5}) ?(h|d|w)?")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def run_backup(file: Path, force: bool) -> None:
    """Copy the database to a file."""
    size = asyncio.run(_backed_up(file, force))
    say(f"Copied to {file} ({size / 1e6:.1f} MB). Put it back: python app.py restore {file}")


async def _backed_up(file: Path, force: bool) -> int:
    settings = load_settings()  # a server is refused before it is asked anything
    file_of(settings.database_url or database_file(settings), file, BACKUP)
    async with services() as built:
        return await built.housekeeping.back_up(file, force=force)


def run_restore(file: Path) -> None:
    """Put a copy where the database is; builds no services, since that may be damaged."""
    settings = load_settings()
    configure(settings.log)
    restored = put_back(file, settings.database_url or database_file(settings))
    kept = f" The one before is kept: {restored.kept}" if restored.kept else ""
    say(f"Restored from {file}.{kept}")


def run_prune(older: str | None, dry_run: bool, as_json: bool) -> None:
    """Remove prompts and answers of finished runs, or say what that would be."""
    pruned = asyncio.run(_pruned(older, dry_run))
    if as_json:
        put_json({**asdict(pruned), "dry_run": dry_run})
        return
    verb = "Would remove" if dry_run else "Removed"
    sys.stdout.write(f"{verb} {described(pruned)}.\n")


def described(found: Prunable) -> str:
    """`1.2 MB of prompts and answers (84 calls of 3 finished runs)`."""
    return (
        f"{found.characters / 1e6:.1f} MB of prompts and answers "
        f"({found.calls:,} calls of {found.runs:,} finished runs)"
    )


async def _pruned(older: str | None, dry_run: bool) -> Prunable:
    age = parse_age(older) if older is not None else None
    async with services() as built:
        days = built.housekeeping.answers_days
        if age is None and days is None:
            raise RequestError(
                "how old must answers be to be removed?",
                "Give --answers-older-than 30d, or set retention.answers_days.",
            )
        age = dt.timedelta(days=days or 0) if age is None else age
        keep = built.housekeeping
        return await (keep.prunable(age) if dry_run else keep.prune(age))


def parse_age(text: str) -> dt.timedelta:
    """An age such as `30d`, `12h`, `2w`; without a unit, days. Raises RequestError."""
    found = _AGE.fullmatch(text.strip().lower())
    if not found:
        raise RequestError(f"{text!r} is no age", "Write 30d, 12h or 2w.")
    return dt.timedelta(**{_UNITS[found[2] or "d"]: int(found[1])})


def run_delete(document: str, sure: bool) -> None:
    """Delete a document for good, after asking."""
    asyncio.run(_delete(document, sure))


async def _delete(document: str, sure: bool) -> None:
    async with services() as built:
        keep = built.housekeeping
        doomed = await keep.to_be_deleted(document.strip().lower(), whole=sure)
        if not (sure or _confirmed(doomed)):
            return say("Nothing was deleted.")
        clean, former = await keep.delete(doomed.id), keep.former()
    if not clean:
        say("Another process uses the database: its log may hold some of it until that ends.")
    say(f"Deleted {doomed.id} with everything that belongs to it. Copies that you made keep it.")
    if former:
        names = " ".join(shlex.quote(str(file)) for file in former)
        say(f"So may these, kept by a restore or an update, until you remove them: {names}")


def _confirmed(doomed: Doomed) -> bool:
    if not sys.stdin.isatty():
        raise RequestError(
            "nothing was deleted: there is no terminal to ask on",
            f"To delete it for good: python app.py delete {doomed.id} --yes",
        )
    question = f'Delete "{doomed.title}" ({doomed.words:,} words, {doomed.runs} runs) for good?'
    return Confirmation.ask(Text(question), default=False, console=Console(stderr=True))
