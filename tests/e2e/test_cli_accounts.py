"""A network that is served, as a shell sees it; `users` and `token` on the way there."""

from __future__ import annotations

import base64
import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.support_cli import assert_refused, run, start

PASSWORD = "correct horse battery"
NOWHERE = ("--base-url", "http://127.0.0.1:9/v1")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextlib.contextmanager
def serving(home: Path, *options: str) -> Iterator[int]:
    """`serve` for a network; its port."""
    process = start(home, "serve", "--port", "0", *options, *NOWHERE)
    try:
        assert process.stderr
        lines = [process.stderr.readline(), process.stderr.readline()]
        assert "TLS" in lines[0], lines
        assert lines[1].startswith("Longleaf is at http://"), lines
        yield int(lines[1].split()[3].rpartition(":")[2])
    finally:
        process.kill()
        process.communicate()


def status(port: int, path: str, login: str = "", host: str = "") -> int:
    headers = (
        {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}
    )
    if host:
        headers["Host"] = host
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.verify
def test_a_network_is_served_to_those_who_log_in(home: Path) -> None:
    """About twenty seconds."""
    refused = run(home, "serve", "--host", "0.0.0.0", *NOWHERE)
    assert_refused(refused, 5, "nobody could log in", "users password local")
    assert_refused(run(home, "serve", "--allow-host", "books.example.org", *NOWHERE), 5, "log in")
    assert run(home, "users", "password", "local", input=PASSWORD).code == 0
    with serving(home, "--host", "0.0.0.0", "--allow-host", "books.example.org") as port:
        for path in ("/", "/config", "/api/v1/runs", "/gradio_api/file=/etc/passwd", "/docs"):
            assert status(port, path) == 401, path
        assert status(port, "/api/v1/health") == 200
        for path in ("/", "/config", "/api/v1/runs"):
            assert status(port, path, f"local:{PASSWORD}") == 200, path
        for host, code in (("books.example.org", 200), ("192.0.2.7", 200), ("evil.example", 400)):
            assert status(port, "/api/v1/health", host=host) == code
        secret = json.loads(run(home, "token", "create", "x", "--json").out)["token"]
        assert status(port, "/v1/models", f"x:{secret}") == 200
