"""`users` and `token`: what they do and print."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from cli.accounts import (
    run_add,
    run_create,
    run_password,
    run_remove,
    run_revoke,
    run_tokens,
    run_users,
)
from core.errors import ConflictError, NotFoundError, RequestError

PASSWORD = "correct horse battery"


class Typed(io.StringIO):
    """Standard input, piped or typed."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


class Shell:
    """What a command prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
        self._capsys, self._monkeypatch = capsys, monkeypatch
        self.err = ""

    def out(self, run: Any, *arguments: object, given: str = "") -> str:
        self._monkeypatch.setattr("sys.stdin", Typed(given))
        run(*arguments)
        printed = self._capsys.readouterr()
        self.err = printed.err
        return printed.out


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


def test_users_come_and_go(shell: Shell) -> None:
    added = json.loads(shell.out(run_add, "Ann", True, True))
    assert (added["name"], added["admin"], added["password"]) == ("ann", True, False)
    assert shell.out(run_add, "bob", False, False) == "Added bob.\n"
    assert "users password bob" in shell.err
    said = shell.out(run_password, "ann", given=f"{PASSWORD}\nmore\n")
    assert said == "ann has a new password.\n"
    listed = json.loads(shell.out(run_users, True))
    assert [(user["name"], user["password"]) for user in listed] == [
        ("ann", True), ("bob", False), ("local", False),
    ]  # fmt: skip
    assert "ann" in shell.out(run_users, False)
    shell.out(run_remove, "ann", False)
    assert not json.loads(shell.out(run_users, True))[0]["password"]
    assert shell.out(run_remove, "ann", True) == "Deleted ann and 0 documents.\n"
    for wrong, arguments, kind in (
        (run_remove, ("ann", False), NotFoundError),
        (run_remove, ("local", True), ConflictError),
        (run_add, ("bob", False, False), ConflictError),
        (run_password, ("local",), RequestError),  # nothing is piped in
    ):
        with pytest.raises(kind):
            shell.out(wrong, *arguments)


def test_a_password_is_typed_twice(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = [PASSWORD, "correct horse batter"]
    monkeypatch.setattr("getpass.getpass", lambda _: typed.pop(0))
    monkeypatch.setattr(Typed, "terminal", True)
    with pytest.raises(RequestError, match="two different"):
        shell.out(run_password, "local")


def test_tokens_are_shown_once(shell: Shell, own_home: Path) -> None:
    secret = shell.out(run_create, "editor", "local", [], None, False)
    assert secret.startswith("ll_")
    assert len(secret.split()) == 1
    assert secret.strip() not in shell.err
    told = json.loads(shell.out(run_create, "x", "local", ["read"], 3, True))
    assert told["scopes"] == ["read"]
    assert told["expires_at"]
    listed, table = shell.out(run_tokens, None, True), shell.out(run_tokens, "local", False)
    assert [(each["name"], each["scopes"]) for each in json.loads(listed)] == [
        ("x", ["read"]), ("editor", ["read", "write", "openai"]),
    ]  # fmt: skip
    assert told["id"] in table
    stored = b"".join(path.read_bytes() for path in own_home.glob("longleaf.db*"))
    assert told["id"].encode() in stored
    for hidden in (secret.strip(), told["token"]):
        assert hidden not in listed + table
        assert hidden.split("_", 2)[2].encode() not in stored
    shell.out(run_revoke, told["id"])
    states = {each["name"]: each["state"] for each in json.loads(shell.out(run_tokens, None, True))}
    assert states == {"x": "revoked", "editor": "holds"}
    for wrong, arguments in (
        (run_revoke, ("tok_nosuchone",)),
        (run_create, ("x", "bob", [], None, False)),
        (run_tokens, ("bob", False)),
    ):
        with pytest.raises(NotFoundError):
            shell.out(wrong, *arguments)
