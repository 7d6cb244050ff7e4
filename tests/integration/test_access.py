"""Who is let in and how: open and closed, every kind of credentials, origins, limits, headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access import network
from api.application import create_api
from api.credentials import credentials
from core.logging import configure
from services.users.accounts import SCOPES
from tests.support import open_services

BASE = "http://127.0.0.1:7860"
RUNS = "/api/v1/runs"
PASSWORD = "correct horse battery"
OBSIDIAN = "app://obsidian.md"
Make = Callable[..., TestClient]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Make]:
    """Serves the API over one data folder; `api` are its settings."""
    with ExitStack() as stack:

        def made(*, exposed: bool = False, **api: Any) -> TestClient:
            settings = {"api": {"pick_up": False, **api}}
            services = open_services(tmp_path / "home", "http://127.0.0.1:9/v1", settings=settings)
            app = create_api(services, exposed=exposed)

            @app.get("/api/crash")
            async def crash() -> None:
                raise RuntimeError("a detail from inside")

            @app.post("/api/size")
            async def size(body: dict[str, str]) -> int:
                return len(body)

            return stack.enter_context(
                TestClient(app, base_url=BASE, raise_server_exceptions=False)
            )

        yield made


def app_of(client: TestClient) -> FastAPI:
    app = client.app
    assert isinstance(app, FastAPI)
    return app


def call(client: TestClient, name: str, *args: Any, **more: Any) -> Any:
    """Call a method of the accounts, in the application's loop."""
    method = getattr(app_of(client).state.services.accounts, name)

    async def work() -> Any:
        return await method(*args, **more)

    assert client.portal is not None
    return client.portal.call(work)


def token(client: TestClient, user: str = "local", *scopes: str) -> str:
    secret: str = call(client, "issue", user, "x", scopes or SCOPES)[1]
    return secret


PLACEHOLDERS = [
    {}, {"authorization": "Bearer none"}, {"authorization": "Bearer sk-proj-123"},
    {"authorization": "bearer"}, {"x-api-key": "anything"}, {"authorization": "Basic Og=="},
    {"authorization": "Basic !!"}, {"authorization": "Digest x"}, {"authorization": ""},
]  # fmt: skip
"""What programs send that need some key, or none."""


def test_alone_on_this_machine_nobody_logs_in(serve: Make) -> None:
    client = serve()
    for headers in PLACEHOLDERS:
        assert client.get(RUNS, headers=headers).status_code == 200, headers
    for headers in ({"authorization": "Bearer ll_wrong"}, {"x-api-key": "ll_wrong"}):
        assert client.get(RUNS, headers=headers).status_code == 401
    for name in ("x-forwarded-for", "forwarded", "x-real-ip"):  # through a proxy anybody may come
        assert client.get(RUNS, headers={name: "192.0.2.1"}).status_code == 401


def test_it_closes_with_the_first_other_user_and_with_a_password(serve: Make) -> None:
    client = serve()
    call(client, "add", "ann")
    for headers in PLACEHOLDERS:
        assert client.get(RUNS, headers=headers).status_code == 401, headers
    call(client, "purge", "ann")
    assert client.get(RUNS).status_code == 200
    call(client, "set_password", "local", PASSWORD)
    assert client.get(RUNS).status_code == 401
    assert client.get(RUNS, auth=("local", PASSWORD)).status_code == 200
    assert client.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("how", [{"auth": "required"}, {"exposed": True}])
def test_it_can_be_closed_from_the_beginning(serve: Make, how: dict[str, Any]) -> None:
    client = serve(**how)
    assert client.get(RUNS).status_code == 401
    assert client.get(RUNS, headers={"x-api-key": token(client)}).status_code == 200


def test_credentials_come_in_any_of_three_ways(serve: Make) -> None:
    client = serve(auth="required")
    call(client, "add", "ann")
    call(client, "set_password", "ann", PASSWORD)
    secret = token(client, "ann")
    for headers in ({"authorization": f"Bearer {secret}"}, {"authorization": f"bearer  {secret} "},
                    {"x-api-key": secret}, {"authorization": "", "x-api-key": secret}):  # fmt: skip
        assert client.get(RUNS, headers=headers).status_code == 200, headers
    for login in (("ann", PASSWORD), ("Ann", PASSWORD), ("whoever", secret)):
        assert client.get(RUNS, auth=login).status_code == 200
    assert client.get(RUNS, auth=("local", PASSWORD)).status_code == 401
    assert client.get(RUNS, params={"token": secret, "api_key": secret}).status_code == 401


def test_what_was_shown_is_not_shown_again() -> None:
    from starlette.datastructures import Headers

    for value in ("Bearer ll_abc_secretsecret", "Basic bG9jYWw6c2VjcmV0c2VjcmV0"):
        shown = credentials(Headers({"authorization": value}))
        assert shown is not None
        assert "secret" not in repr(shown)


@pytest.mark.parametrize(
    ("address", "home"),
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "::/64"),
     ("2001:db8::1:2", "2001:db8::/64"), ("fe80::1%eth0", "fe80::/64"), ("client", "client")],
)  # fmt: skip
def test_one_home_is_one_address(address: str, home: str) -> None:
    assert network({"client": (address, 1)}) == home


def test_tries_are_limited_and_a_token_gets_in_all_the_same(serve: Make) -> None:
    client = serve(auth="required")
    secret = token(client)
    codes = [client.get(RUNS, auth=("local", "wrong password")).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    refused = client.get(RUNS, auth=("local", "wrong password"))
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert client.get(RUNS, auth=("local", secret)).status_code == 200


# Other origins


def test_an_editor_that_is_a_web_page_may_come(serve: Make) -> None:
    client = serve()
    asked = "authorization,content-type,x-stainless-os,dangerously-allow-browser"
    before = {"origin": OBSIDIAN, "access-control-request-method": "POST",
              "access-control-request-headers": asked, "sec-fetch-site": "cross-site"}  # fmt: skip
    for path in (RUNS, "/v1/chat/completions", "/v1/models"):
        answer = client.options(path, headers=before)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == OBSIDIAN
        assert answer.headers["access-control-allow-headers"] == asked
        assert "POST" in answer.headers["access-control-allow-methods"]
    came = {"origin": OBSIDIAN, "sec-fetch-site": "cross-site"}
    answer = client.post("/api/size", json={"a": "b"}, headers=came)
    assert (answer.json(), answer.headers["access-control-allow-origin"]) == (1, OBSIDIAN)
    refused = client.post("/api/size", json={}, headers={**came, "x-api-key": "ll_wrong"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == OBSIDIAN
    assert "access-control-allow-credentials" not in refused.headers


def test_preflights_need_no_login_and_nothing_else_goes_without(serve: Make) -> None:
    client = serve(auth="required")
    before = {"origin": OBSIDIAN, "access-control-request-method": "GET"}
    assert client.options(RUNS, headers=before).status_code == 200
    assert client.get(RUNS, headers={"origin": OBSIDIAN}).status_code == 401


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:3000", "app://obsidian.md.evil.example",
     "http://127.0.0.1:7861"],
)  # fmt: skip
def test_another_origin_may_not_even_with_a_token(serve: Make, origin: str) -> None:
    client = serve()
    shown = {"origin": origin, "authorization": f"Bearer {token(client)}"}
    answer = client.post("/api/size", json={}, headers=shown)
    assert answer.status_code == 403
    assert answer.json()["kind"] == "foreign_origin"
    asked = client.options(RUNS, headers={"origin": origin, "access-control-request-method": "GET"})
    for each in (answer, asked, client.get(RUNS, headers=shown)):
        assert "access-control-allow-origin" not in each.headers


def test_origins_are_a_setting(serve: Make) -> None:
    client = serve(cors_origins=["http://localhost:3000"])
    for origin, code in (("http://localhost:3000", 200), (OBSIDIAN, 403)):
        assert client.post("/api/size", json={}, headers={"origin": origin}).status_code == code


@pytest.mark.parametrize("origin", ["*", "null", "localhost:3000", "http://x/path", "http://*.x"])
def test_what_is_no_origin_is_refused(serve: Make, origin: str) -> None:
    from core.errors import SettingsError

    with pytest.raises(SettingsError, match="is no origin"):
        serve(cors_origins=[origin])


# Limits


def test_what_comes_in_a_minute_is_limited_for_each_owner(serve: Make) -> None:
    client = serve(auth="required", requests_per_minute=3)
    call(client, "add", "ann")
    mine, hers = token(client), token(client, "ann")
    codes = [client.get(RUNS, headers={"x-api-key": mine}).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = client.get("/v1/models", headers={"x-api-key": mine})
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert client.get(RUNS, headers={"x-api-key": hers}).status_code == 200
    codes = [client.get(RUNS, headers={"x-api-key": "ll_wrong"}).status_code for _ in range(4)]
    assert codes == [401, 401, 401, 429]


async def sent(app: Any, path: str, headers: dict[str, str], chunks: AsyncIterator[bytes]) -> Any:
    """What the application answers to a body that comes bit by bit, and how much it has taken."""
    taken, answer = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        body = await anext(chunks, b"")
        taken += len(body)
        return {"type": "http.request", "body": body, "more_body": bool(body)}

    async def send(message: Any) -> None:
        answer.append(message)

    raw = [(k.encode(), v.encode()) for k, v in {"host": "localhost", **headers}.items()]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
             "query_string": b"", "root_path": "", "headers": raw, "http_version": "1.1",
             "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1)}  # fmt: skip
    await app(scope, receive, send)
    return answer[0]["status"], dict(answer[0]["headers"]), taken


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b'{"a": "' + b"x" * 10_000


@pytest.mark.parametrize("said", ["", "content-length", "transfer-encoding"])
@pytest.mark.parametrize("path", ["/api/size", "/v1/chat/completions", "/nowhere"])
def test_what_is_too_large_is_refused_before_it_is_read(serve: Make, path: str, said: str) -> None:
    client = serve(max_body_mb=0.1)
    value = {"content-length": "5000000", "transfer-encoding": "chunked"}.get(said)
    headers = {"content-type": "application/json", **({said: value} if value else {})}

    async def work() -> Any:
        return await sent(app_of(client), path, headers, endless())

    assert client.portal is not None
    status, answered, taken = client.portal.call(work)
    if path == "/nowhere":
        assert status in (404, 413)
        return
    assert status == 413
    assert answered[b"connection"] == b"close"
    assert answered[b"x-content-type-options"] == b"nosniff"
    assert taken <= (0 if said == "content-length" else 110_000)


def test_what_is_just_not_too_large_is_taken(serve: Make) -> None:
    client = serve(max_body_mb=0.1)
    for extra, code in ((0, 200), (1, 413)):
        body = '{"a": "' + "x" * (100_000 - 9 + extra) + '"}'
        told = {"content-type": "application/json"}
        assert client.post("/api/size", content=body, headers=told).status_code == code


# What stands on every answer, and what on none


def test_every_answer_tells_browsers_to_be_careful(serve: Make) -> None:
    client = serve(max_body_mb=0.1)
    answers = {
        200: client.get(RUNS),
        400: client.get(RUNS, headers={"host": "evil.example"}),
        401: client.get(RUNS, headers={"x-api-key": "ll_x"}),
        403: client.post(RUNS, headers={"origin": "https://evil.example"}),
        404: client.get("/api/nowhere"),
        413: client.post(RUNS, content=b"x" * 100_001),
        500: client.get("/api/crash"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
    assert answers[500].json()["kind"] == "crash"
    assert "a detail" not in answers[500].text


def test_no_secret_is_logged_or_answered(serve: Make, capfd: pytest.CaptureFixture[str]) -> None:
    client = serve(auth="required")
    configure("debug")
    secret = token(client)
    said = []
    for shown in ({"x-api-key": secret}, {"x-api-key": secret + "x"},
                  {"authorization": f"Bearer {secret[:-1]}"}):  # fmt: skip
        for path in (RUNS, "/api/crash", f"/api/{secret}", "/v1/models/x"):
            answer = client.get(path, headers=shown)
            said += [answer.text.replace(path, ""), str(answer.headers)]
    said += [*capfd.readouterr(), repr(app_of(client).state.services.settings)]
    assert not [text for text in said if secret[20:-6] in text]
