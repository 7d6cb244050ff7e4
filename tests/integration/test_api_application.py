"""The application as HTTP sees it, and `serve` as the shell does."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.application import browser_secret, create_application
from api.files import file_name
from api.guard import Names
from bootstrap import Services
from cli.serve import listen, place_of
from core.errors import ConflictError, RequestError, StorageError
from domain.request import make_request
from domain.run import RunStatus
from services.runs.desk import Desk
from tests.e2e import support_cli
from tests.e2e.support_cli import assert_refused, finish
from tests.fakes.endpoint import run_in_thread
from tests.program import ROOT, Program
from tests.support import desk as writing_place
from tests.support import open_services

BASE = "http://127.0.0.1:7860"
NOWHERE = "http://127.0.0.1:9/v1"


def application(services: Services) -> FastAPI:
    """Made where a loop runs, as `serve` does: Gradio leaves one open otherwise."""

    async def make() -> FastAPI:
        return create_application(services)

    return asyncio.run(make())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def written(home: Path) -> str:
    """The id of a document that is written."""

    async def write() -> str:
        async with writing_place(home) as place:
            return (await place.write(words=400)).document_id

    return asyncio.run(write())


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    app = application(open_services(home, NOWHERE))
    with TestClient(app, base_url=BASE) as made:
        yield made


def test_health_and_guards(client: TestClient) -> None:
    answer = client.get("/api/v1/health")
    assert answer.json() == {"status": "ok"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "img-src 'self' data: blob:;" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "code"),
    [("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:7860", 200), ("evil.example", 400),
     ("127.0.0.1.evil.example", 400), ("192.0.2.1:7860", 400)],
)  # fmt: skip
def test_only_this_machines_names_are_answered(client: TestClient, host: str, code: int) -> None:
    for path in ("/api/v1/health", "/", "/config"):
        assert client.get(path, headers={"host": host}).status_code == code


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}],
)  # fmt: skip
def test_another_sites_page_may_not_act(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/gradio_api/queue/join", headers=headers, json={})
    assert answer.status_code == 403
    assert client.get("/api/v1/health", headers=headers).status_code == 200


def test_the_own_page_may_act(client: TestClient) -> None:
    own = {"sec-fetch-site": "same-origin", "origin": BASE}
    assert client.post("/gradio_api/queue/join", headers=own, json={}).status_code != 403


def test_the_pages_of_the_api_load_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert re.findall(r"https?://[^\"' ]+", page) == []
    files = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert len(files) == 3
    for path in files:
        assert client.get(path).status_code == 200
    assert client.get("/redoc").status_code == 404
    schema = client.get("/openapi.json").json()
    assert schema["info"]["title"] == "Longleaf"
    chapters: set[str] = set()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert " " in operation["summary"], (method, path)
            assert operation["summary"][-1] not in ".;:", (method, path)
            chapters.update(operation["tags"])
    assert chapters == {tag["name"] for tag in schema["tags"]}
    assert all(tag["description"] for tag in schema["tags"])
    assert schema["security"] == [{"token": []}, {}]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert schema["paths"]["/api/v1/health"]["get"]["security"] == []


def test_the_page_is_served_without_telemetry(client: TestClient) -> None:
    assert "<gradio-app" in client.get("/").text or "gradio_config" in client.get("/").text
    config = client.get("/config").json()
    assert not config["analytics_enabled"]
    assert not config.get("run_history")
    assert not config["show_error"]


def test_the_page_serves_no_other_files(client: TestClient) -> None:
    for path in ("/etc/passwd", str(ROOT / "pyproject.toml")):
        answer = client.get(f"/gradio_api/file={path}")
        assert answer.status_code in (403, 404)


def test_a_document_is_downloaded(written: str, client: TestClient) -> None:
    answer = client.get(f"/api/v1/documents/{written}/export")
    assert answer.status_code == 200
    assert answer.text.startswith("# ")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    data = client.get(f"/api/v1/documents/{written}/export?format=json")
    assert data.json()["markdown"] == answer.text


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [("doc_none/export", 404, "not_found"), ("{written}/export?format=exe", 422, "request")],
)
def test_what_cannot_be_downloaded(
    written: str, client: TestClient, query: str, status: int, kind: str
) -> None:
    answer = client.get(f"/api/v1/documents/{query.format(written=written)}")
    assert answer.status_code == status
    assert answer.json()["kind"] == kind
    assert answer.json()["remedy"]


def test_a_document_without_text_is_a_conflict(own_home: Path) -> None:
    async def begin() -> str:
        async with writing_place(own_home) as place:
            return await place.start()

    run_id = asyncio.run(begin())
    app = application(open_services(own_home, NOWHERE))
    with TestClient(app, base_url=BASE) as client:
        answer = client.get(f"/api/v1/documents/{run_id}/export")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("City trees: a guide", ('"City-trees-a-guide.md"', "City-trees-a-guide.md")),
        ("城市树木", ('"document.md"', "%E5%9F%8E%E5%B8%82%E6%A0%91%E6%9C%A8.md")),
        ('../../x"; y\r\nSet-Cookie: z', ('"x-y-Set-Cookie-z.md"', "x-y-Set-Cookie-z.md")),
        ("", ('"document.md"', "document.md")),
    ],
)
def test_a_file_name_is_safe_in_any_script(title: str, names: tuple[str, str]) -> None:
    plain, encoded = names
    assert file_name(title, "md") == f"attachment; filename={plain}; filename*=UTF-8''{encoded}"


def test_the_browsers_secret_stays(tmp_path: Path) -> None:
    first = browser_secret(tmp_path / "home")
    assert len(first) == 32
    assert browser_secret(tmp_path / "home") == first
    assert browser_secret(tmp_path / "other") != first
    assert (tmp_path / "home" / "browser.secret").stat().st_mode & 0o077 == 0


def test_a_data_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        browser_secret(tmp_path / "home")


# Where it listens


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_is_served(host: str) -> None:
    place = place_of(host)
    assert place.address in ("127.0.0.1", "127.9.9.9", "::1")
    assert not place.exposed
    assert place_of(host, ["books.example.org"]).exposed  # whoever comes through a proxy


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "fe80::1"]
)
def test_others_reach_the_network(host: str) -> None:
    assert place_of(host).exposed


@pytest.mark.parametrize("host", ["", "no such host", "x" * 300])
def test_what_is_no_address_is_refused(host: str, network_attempts: list[str]) -> None:
    with pytest.raises(RequestError) as caught:
        place_of(host)
    assert "--host 127.0.0.1" in caught.value.remedy
    network_attempts.clear()


@pytest.mark.parametrize(
    ("header", "local", "network"),
    [("127.0.0.1:7860", True, True), ("localhost", True, True), ("[::1]:1", True, True),
     ("LOCALHOST.", True, True), ("192.0.2.1:80", False, True), ("[2001:db8::1]:80", False, True),
     ("books.example.org", False, False), ("192.0.2.1.example.org:80", False, False),
     ("", False, False), ("localhost:80:80", False, False), ("::1", False, True)],
)  # fmt: skip
def test_which_names_are_known(header: str, local: bool, network: bool) -> None:
    assert Names().know(header) == local
    assert Names(addresses=True).know(header) == network


def test_a_port_in_use_is_said() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ConflictError, match="is in use") as caught,
    ):
        listen("127.0.0.1", taken.getsockname()[1])
    assert "--port" in caught.value.remedy


def command(*options: str) -> list[str]:
    return support_cli.command("serve", *options)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", *(pytest.param(host, marks=pytest.mark.verify) for host in ("0", "::"))]
)
def test_the_command_refuses_the_network_before_it_listens(host: str) -> None:
    done = finish(Program(
        command("--host", host, "--port", "0"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ))  # fmt: skip
    assert_refused(done, 5, "nobody could log in", "users password local")


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`serve` as a process of its own, and its address."""
    process = Program(
        command("--port", "0", *options), stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    try:
        assert process.stderr
        line = process.stderr.readline()
        assert line.startswith("Longleaf is at http://127.0.0.1:"), line + process.stderr.read()
        yield process, line.split()[3]
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.verify)]
)
def test_a_signal_ends_it_in_peace(number: signal.Signals) -> None:
    with serving() as (process, _):
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0
        assert said == ""


@pytest.mark.verify
def test_the_end_stops_what_is_written_and_keeps_it(own_home: Path) -> None:
    """The lifespan's part: no run is lost, each can be gone on with."""
    with run_in_thread() as fake:
        fake.pause()
        services = open_services(own_home, fake.url)
        app = application(services)
        with TestClient(app, base_url=BASE) as client:
            assert client.portal is not None
            desk: Desk = app.state.desk
            request = make_request({"prompt": "Trees", "words": 500})
            run_id, _ = client.portal.call(desk.begin, request)
            assert desk.live(run_id)
    (run,) = support_cli.run(own_home, "runs", "--json").json
    assert run["run_id"] == run_id
    assert RunStatus(run["status"]).active
    assert run["reason"] == ""  # the next one who serves goes on with it
