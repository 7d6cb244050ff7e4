"""The groups `users` and `token`: options and help; the work is in `cli.accounts`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.border import guarded
from cli.option_types import AsJson

_HELP = {"help_option_names": ["-h", "--help"]}
users = typer.Typer(
    name="users", no_args_is_help=True, context_settings=_HELP,
    help="Add, list and remove those who may log in, and set their passwords.",
)  # fmt: skip
tokens = typer.Typer(
    name="token", no_args_is_help=True, context_settings=_HELP,
    help="Create, list and revoke the keys that programs use instead of passwords.",
)  # fmt: skip

Name = Annotated[str, typer.Argument(help="The user's name; yours is `local`.")]


class ScopeName(StrEnum):
    """What a token may be for."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    OPENAI = "openai"


@users.command()
@guarded
def add(
    name: Annotated[str, typer.Argument(help="Letters, digits, `.`, `_`, `-` and `@`.")],
    admin: Annotated[bool, typer.Option("--admin", help="May administer too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a user, who then needs a password or a token.

    From then on everybody logs in, on this machine too.
    """
    from cli.accounts import run_add

    run_add(name, admin, as_json)


@users.command("list")
@guarded
def list_users(as_json: AsJson = False) -> None:
    """List the users."""
    from cli.accounts import run_users

    run_users(as_json)


@users.command()
@guarded
def remove(
    name: Name,
    purge: Annotated[
        bool, typer.Option("--purge", help="Delete the user and everything of theirs, for good.")
    ] = False,
) -> None:
    """Take a user's password and tokens away; what they have written stays."""
    from cli.accounts import run_remove

    run_remove(name, purge)


@users.command()
@guarded
def password(name: Name) -> None:
    """Set a user's password, which is asked for, or read from standard input."""
    from cli.accounts import run_password

    run_password(name)


@tokens.command()
@guarded
def create(
    name: Annotated[str, typer.Argument(help="What it is for, such as `editor`.")],
    user: Annotated[str, typer.Option(help="Whose it is.")] = "local",
    scope: Annotated[
        list[ScopeName] | None,
        typer.Option(help="What it may; may be repeated. Default: read, write and openai."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="After which it ends; else it does not.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a token and print it: it is shown this once and kept nowhere."""
    from cli.accounts import run_create

    run_create(name, user, [each.value for each in scope or []], days, as_json)


@tokens.command("list")
@guarded
def list_tokens(
    user: Annotated[str | None, typer.Option(help="Of this user only.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the tokens, never what they are."""
    from cli.accounts import run_tokens

    run_tokens(user, as_json)


@tokens.command()
@guarded
def revoke(token: Annotated[str, typer.Argument(metavar="ID", help="Such as tok_k3v9.")]) -> None:
    """Let a token count no longer, from the next request on."""
    from cli.accounts import run_revoke

    run_revoke(token)
