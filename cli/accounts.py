"""`users` and `token`: what these commands do and print."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.checks import printable
from cli.connect import services
from cli.output import put_json, say
from core.errors import RequestError
from services.users.accounts import Accounts, Token, User

T = TypeVar("T")
USUAL_SCOPES = ("read", "write", "openai")
_LONGEST_LINE = 4096


def _do(work: Callable[[Accounts], Awaitable[T]]) -> T:
    async def done() -> T:
        async with services() as built:
            return await work(built.accounts)

    return asyncio.run(done())


def run_add(name: str, admin: bool, as_json: bool) -> None:
    """Add a user."""
    user = _do(lambda accounts: accounts.add(name, admin=admin))
    if as_json:
        return put_json(_user(user))
    sys.stdout.write(f"Added {user.name}.\n")
    say(f"Let them in: python app.py users password {user.name}")
    say("Everybody logs in from now on; you are `local`: python app.py users password local")


def run_users(as_json: bool) -> None:
    """Print the users: a table, or one JSON array on one line."""
    rows = [_user(user) for user in _do(lambda accounts: accounts.users())]
    if as_json:
        return put_json(rows)
    _print(("name", "admin", "password", "tokens", "created_at"), rows)


def run_remove(name: str, purge: bool) -> None:
    """Shut a user out, or delete them with everything they have."""
    if not purge:
        _do(lambda accounts: accounts.shut_out(name))
        sys.stdout.write(f"{name} has no password and no token any more.\n")
        return
    count = _do(lambda accounts: accounts.purge(name))
    sys.stdout.write(f"Deleted {name} and {count} document{'' if count == 1 else 's'}.\n")


def run_password(name: str) -> None:
    """Set a password; raises RequestError where none comes, or two different ones."""
    given = _read_password()
    _do(lambda accounts: accounts.set_password(name, given))
    sys.stdout.write(f"{name} has a new password.\n")


def _read_password() -> str:
    """From the terminal, unseen and twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise RequestError("these were two different passwords", "Type the same one twice.")
    return first


def run_create(name: str, user: str, scopes: list[str], days: int | None, as_json: bool) -> None:
    """Create a token; nothing but the token goes to standard output, so that it can be piped."""
    wanted = scopes or list(USUAL_SCOPES)
    token, secret = _do(lambda accounts: accounts.issue(user, name, wanted, days))
    if as_json:
        return put_json({**_token(token), "token": secret})
    sys.stdout.write(f"{secret}\n")
    say(f"This is {token.id} for {', '.join(token.scopes)}. It is shown this once.")


def run_tokens(user: str | None, as_json: bool) -> None:
    """Print the tokens: a table, or one JSON array on one line."""
    rows = [_token(token) for token in _do(lambda accounts: accounts.tokens(user))]
    if as_json:
        return put_json(rows)
    _print(("id", "name", "user", "scopes", "state", "expires_at", "last_used_at"), rows)


def run_revoke(token_id: str) -> None:
    """Revoke a token."""
    _do(lambda accounts: accounts.revoke(token_id))
    sys.stdout.write(f"{token_id} counts no longer.\n")


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id, "name": user.name, "admin": user.admin, "password": user.password,
        "tokens": user.tokens, "created_at": user.created_at.isoformat(),
    }  # fmt: skip


def _token(token: Token) -> dict[str, Any]:
    ends, used = token.expires_at, token.last_used_at
    return {
        "id": token.id, "name": token.name, "user": token.user, "scopes": list(token.scopes),
        "state": token.state, "created_at": token.created_at.isoformat(),
        "expires_at": ends.isoformat() if ends else None,
        "last_used_at": used.isoformat() if used else None,
    }  # fmt: skip


def _print(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        heading = column.removesuffix("_at").replace("_", " ")
        table.add_column(heading, overflow="fold", no_wrap=column == "id")
    for row in rows:
        table.add_row(*(Text(printable(_cell(column, row[column]))) for column in columns))
    Console().print(table)


def _cell(column: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    return text[:10] if column.endswith("_at") else text
