"""`doctor`: what works here, what does not, and the remedy for each."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable

from bootstrap import Services, database_file
from cli.checks import show
from cli.connect import services
from cli.housekeeping import described
from core.errors import LongleafError, SettingsError, StorageError
from llm.discovery import on_offer
from llm.endpoint import EMBEDDED, Endpoint
from services.endpoints.directory import COMMAND_LINE
from services.endpoints.habits import Check, habits
from storage.migrate import current

SAFE_SQLITE = (3, 51, 3)
"""Earlier ones can corrupt a database in WAL mode (sqlite.org, WAL-reset bug)."""
LITTLE_DISK = 200_000_000
"""Bytes."""


def run_doctor(
    endpoint: str | None, base_url: str | None, model: str | None, api_key: str | None,
    thorough: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print every check; exit code 1 if one needs a remedy."""
    checks = asyncio.run(_checks(endpoint, base_url, model, api_key, thorough))
    show(checks, as_json=as_json)
    if not all(check.ok for check in checks):
        raise SystemExit(1)


async def _checks(
    endpoint: str | None, base_url: str | None, model: str | None, api_key: str | None,
    thorough: bool,
) -> list[Check]:  # fmt: skip
    try:
        async with services(endpoint, base_url, model, api_key) as built:
            return [
                *await _guarded("endpoint", lambda: _endpoint(built)),
                *await _guarded("database", lambda: _database(built, thorough)),
                _disk(built),
                _fonts(),
            ]
    except StorageError as error:
        return [Check("database", False, error.message, error.remedy), _fonts()]
    except SettingsError as error:
        return [Check("settings", False, error.message, error.remedy), _fonts()]


async def _guarded(name: str, look: Callable[[], Awaitable[list[Check]]]) -> list[Check]:
    try:
        return await look()
    except LongleafError as error:
        return [Check(name, False, error.message, error.remedy)]


async def _endpoint(built: Services) -> list[Check]:
    name = built.endpoints.default
    endpoint = await built.endpoints.endpoint(name)
    facts = await built.endpoints.facts(name)
    where = f"{name} at {endpoint.base_url}"
    if facts.error is not None and not endpoint.model:
        return [Check("endpoint", False, f"{where}: {facts.error.message}", facts.error.remedy)]
    if not facts.reachable:
        said = facts.error.message if facts.error else "no answer"
        return [Check("endpoint", False, f"{where}: {said}", "Start the server.")]
    models = await built.endpoints.models()
    window = models.window("writer") or models.endpoint("writer").window
    chosen = models.model("writer")
    known = not facts.models or chosen in facts.models
    return [
        Check("endpoint", True, where + (f" ({facts.server})" if facts.server else "")),
        Check("model", known, chosen + _demonstration(models.endpoint("writer").compact),
              "" if known else f"It offers: {on_offer(facts, endpoint)}."),
        Check("window", True, f"{window:,} tokens" if window else "unknown: 8,192 assumed",
              "" if window else "Set `window` for this endpoint in longleaf.toml."),
        *_tested(endpoint),
    ]  # fmt: skip


def _tested(endpoint: Endpoint) -> list[Check]:
    """What the last test of the endpoint found; none is kept of those that have no name."""
    if endpoint.profile is not None:
        return habits(endpoint, endpoint.profile)
    if endpoint.name in (EMBEDDED, COMMAND_LINE):
        return []
    remedy = f"Find out what it can do: python app.py endpoints test {endpoint.name}"
    return [Check("test", True, "not tested as it is now", remedy)]


def _demonstration(compact: bool) -> str:
    return " (a demonstration model: it shows the workings, not good prose)" if compact else ""


async def _database(built: Services, thorough: bool) -> list[Check]:
    taken = await built.housekeeping.space()
    where = built.settings.database_url or str(database_file(built.settings))
    shown = (
        built.db.url.render_as_string(hide_password=True) if built.settings.database_url else where
    )
    sizes = f"{taken.database / 1e6:.1f} MB"
    if built.db.is_sqlite:
        sizes += f" and {taken.log / 1e6:.1f} MB of log"
    checks = [Check("database", True, f"{shown} ({sizes}, schema {current(built.db)})")]
    if version := built.db.sqlite_version():
        safe = tuple(int(part) for part in version.split(".")) >= SAFE_SQLITE
        remedy = "" if safe else "Run `make install`: it brings a SQLite without the WAL-reset bug."
        checks.append(Check("SQLite", safe, version, remedy))
    if thorough and built.db.is_sqlite:
        checks.append(await _soundness(built))
    if (found := await built.housekeeping.prunable()).calls:
        said = f"{described(found)} are kept; python app.py prune removes them"
        checks.append(Check("journal", True, said))
    return checks


async def _soundness(built: Services) -> Check:
    problems = await built.housekeeping.problems()
    remedy = "Put a backup back: python app.py restore FILE" if problems else ""
    return Check("soundness", not problems, "; ".join(problems) or "no damage found", remedy)


def _disk(built: Services) -> Check:
    home = (built.db.path or built.settings.home).absolute()
    folder = next(place for place in (home, *home.parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    remedy = "" if free > LITTLE_DISK else "Free some space before you write."
    return Check("disk", free > LITTLE_DISK, f"{free / 1e9:.1f} GB free", remedy)


def _fonts() -> Check:
    """Fonts matter for charts only: PDFs have their own."""
    tool = shutil.which("fc-list")
    if tool is None:
        return Check("fonts", True, "not looked at (no fontconfig)")
    listed = subprocess.run(
        [tool, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    if listed.stdout.strip():
        return Check("fonts", True, "Chinese text can be drawn")
    return Check("fonts", True, "no font for Chinese text",
                 "For charts of Chinese texts: apt-get install fonts-noto-cjk")  # fmt: skip
