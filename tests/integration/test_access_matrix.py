"""Every route × every kind of caller: who is nobody, who may not, and whose it is not."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import PUBLIC
from api.application import create_application
from batch.commission import Commission
from batch.desk import BatchDesk
from services.users.accounts import SCOPES
from storage.base import Base, now
from storage.tables import RevisionRow, TokenRow
from tests.routes import HEADERS, OWNED, SHARED, Known, pages, routes
from tests.support import Desk, desk, open_services

BASE = "http://127.0.0.1:7860"
FOR_EVERYBODY_LOGGED_IN = ("/openapi.json", "/docs", "/v2/languages", "/web/messages",
                          "/web/words")  # fmt: skip
"""Paths that need a login and no scope: they are the same for all."""
CANARY = "kestrel-canary-71"
PASSWORD = "correct horse battery"
BASIC = base64.b64encode(b"anybody:ll_wrong").decode()


@dataclass
class Owner:
    """One user: what is theirs, and the tokens they have."""

    id: str
    things: dict[str, object]
    token: str
    without: dict[str, str]
    """Scope → a token with all scopes but this one."""


@dataclass
class Scene:
    """A served application with two owners, and tokens that are none."""

    client: TestClient
    routes: list[Known]
    pages: list[Known]
    ann: Owner
    bob: Owner
    refused: dict[str, str]
    """What kind of token → the token."""
    home: Path

    def ask(self, route: Known, token: str | None, things: Mapping[str, object]) -> Any:
        path, query = route.filled({**SHARED, **things})
        content = route.content(things)
        shown = {"authorization": f"Bearer {token}".encode("latin-1")} if token else {}
        said = {**HEADERS, **content.pop("headers", {})}
        headers = {**{name: value.encode() for name, value in said.items()}, **shown}
        return self.client.request(route.method, path, params=query, headers=headers, **content)


async def owner(place: Desk, name: str, prompt: str) -> Owner:
    user = await place.services.accounts.add(name, admin=True)
    own = dataclasses.replace(place, services=place.services.of(user.id))
    report = await own.write(words=300, prompt=prompt)
    await own.services.library.rename(report.document_id, prompt)

    def revision(s: Session) -> int:
        query = select(RevisionRow.id).where(RevisionRow.document_id == report.document_id)
        return s.scalars(query.order_by(RevisionRow.id)).all()[0]

    number = await place.services.db.run(revision, write=False)
    call = (await own.journal(report.run_id))[0].id
    entry = await own.services.ledgers.note(report.document_id, "fact", prompt, "is", "noted")
    source = await own.services.sources.paste(f"{prompt}: a text of mine.")
    style = await own.services.styles.make(prompt, [f"{prompt}. It rains. " * 60], ask=False)
    batches = BatchDesk(own.services)
    row = json.dumps({"prompt": prompt, "length": 300}).encode()
    dataset, _ = await batches.add(row, Commission(prompt))
    await batches.close()
    kinds = {
        "document": report.document_id, "run": report.run_id, "revision": number, "call": call,
        "dataset": dataset, "entry": entry.entry.id, "source": source.id, "style": style.id,
    }  # fmt: skip
    things = {parameter: kinds[kind] for parameter, kind in OWNED.items()}
    issue = place.services.accounts.issue
    without = {scope: (await issue(name, "x", set(SCOPES) - {scope}))[1] for scope in SCOPES}
    return Owner(user.id, things, (await issue(name, "all", SCOPES))[1], without)


async def prepared(home: Path) -> tuple[Owner, Owner, dict[str, str]]:
    async with desk(home) as place:
        ann = await owner(place, "ann", f"A report on tides, for {CANARY}")
        bob = await owner(place, "bob", "A report on trees")
        accounts = place.services.accounts
        revoked, first = await accounts.issue("ann", "revoked", SCOPES)
        await accounts.revoke(revoked.id)
        expired, second = await accounts.issue("ann", "expired", SCOPES, days=1)

        def end(s: Session) -> None:
            s.get_one(TokenRow, expired.id).expires_at = now() - dt.timedelta(seconds=1)

        await place.services.db.run(end)
        await accounts.set_password("ann", PASSWORD)
    wrong = ann.token[:-4] + "AAAA"
    odd = {"another program's": "sk-none", "not ASCII": "ll_ü"}
    return ann, bob, {"wrong": wrong, "revoked": first, "expired": second, **odd}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("home")
    ann, bob, refused = asyncio.run(prepared(home))
    services = open_services(home, "http://127.0.0.1:9/v1", settings={"api": {"pick_up": False}})

    async def make() -> Any:
        return create_application(services)

    app = asyncio.run(make())
    with TestClient(app, base_url=BASE) as client:
        yield Scene(client, list(routes(app)), list(pages(app)), ann, bob, refused, home)


def test_every_route_can_be_filled_in_and_says_what_it_needs(scene: Scene) -> None:
    assert len(scene.routes) > 20
    for route in scene.routes:
        unknown = set(route.parameters) - {*OWNED, *SHARED}
        assert not unknown, f"{route}: say in tests/routes.py what fills {unknown}"
        open_to = (*PUBLIC, *FOR_EVERYBODY_LOGGED_IN)
        assert route.scope or route.path.startswith(open_to), f"{route} asks for no scope"


def test_who_is_nobody_gets_nothing(scene: Scene) -> None:
    wrong = []
    for route in scene.routes:
        for kind, token in {"none": None, **scene.refused}.items():
            answer = scene.ask(route, token, scene.ann.things)
            free = route.path in PUBLIC and token is None
            if answer.status_code != (200 if free else 401):
                wrong.append((str(route), kind, answer.status_code))
            elif not free and "Longleaf" not in answer.headers["www-authenticate"]:
                wrong.append((str(route), kind, "no challenge"))
    assert wrong == []


def test_refusals_have_the_shape_that_their_clients_read(scene: Scene) -> None:
    openai = scene.client.get("/v1/models", headers={"authorization": "Bearer ll_x"})
    assert openai.json()["error"]["type"] == "authentication_error"
    ours = scene.client.get("/api/v1/runs", headers={"x-api-key": "ll_x"})
    assert ours.headers["content-type"] == "application/problem+json"
    assert ours.json()["status"] == 401
    assert ours.headers["www-authenticate"].startswith("Bearer ")
    assert scene.client.get("/").headers["www-authenticate"].startswith("Basic ")


def test_a_token_without_the_scope_is_forbidden(scene: Scene) -> None:
    wrong = []
    for route in scene.routes:
        if route.scope:
            answer = scene.ask(route, scene.ann.without[route.scope], scene.ann.things)
            if answer.status_code != 403:
                wrong.append((str(route), answer.status_code))
    assert wrong == []


def test_what_is_ones_own_is_found(scene: Scene) -> None:
    """Else the next test would show nothing."""
    wrong = []
    for route in scene.routes:
        if route.method == "GET" and route.owned:
            answer = scene.ask(route, scene.ann.token, scene.ann.things)
            if answer.status_code != 200:
                wrong.append((str(route), answer.status_code, answer.text[:200]))
    assert wrong == []


def missing(name: str) -> object:
    kind = OWNED[name]
    return 2**52 if kind == "revision" else f"{kind[:3]}_zzzzzzzzzzzz"


def of_ann(home: Path) -> dict[str, list[Any]]:
    """Everything that is hers, but for when her tokens were used."""
    services = open_services(home, "http://127.0.0.1:9/v1")
    ann = next(u for u in asyncio.run(services.accounts.users()) if u.name == "ann")

    def rows(s: Session) -> dict[str, list[Any]]:
        return {
            table.name: sorted(
                map(repr, s.execute(select(table).where(table.c.owner_id == ann.id)))
            )
            for table in Base.metadata.tables.values()
            if "owner_id" in table.c and table.name != "tokens"
        }

    found = services.db.run_sync(rows, write=False)
    asyncio.run(services.close())
    return found


def test_anothers_thing_is_like_one_that_is_not_there(scene: Scene) -> None:
    before = of_ann(scene.home)
    wrong = []
    for route in scene.routes:
        for name in route.owned:
            hers = scene.ask(
                route, scene.bob.token, {**scene.bob.things, name: scene.ann.things[name]}
            )
            none = scene.ask(route, scene.bob.token, {**scene.bob.things, name: missing(name)})
            told = hers.text.replace(str(scene.ann.things[name]), "*")
            same = none.text.replace(str(missing(name)), "*")
            if (hers.status_code, told) != (404, same) or none.status_code != 404:
                wrong.append((str(route), name, hers.status_code, hers.text[:300], same[:300]))
    assert wrong == []
    assert of_ann(scene.home) == before
    assert before["sections"]


def test_lists_hold_nothing_of_others(scene: Scene) -> None:
    hers = [str(value) for value in scene.ann.things.values() if isinstance(value, str)]
    for route in scene.routes:
        if route.method == "GET" and not route.owned:
            text = scene.ask(route, scene.bob.token, scene.bob.things).text
            assert CANARY not in text, route
            assert not [value for value in hers if value in text], route
    shelves = scene.client.get(
        "/api/v1/documents", headers={"authorization": f"Bearer {scene.ann.token}"}
    )
    assert CANARY in shelves.text  # it is a list that would hold it


# The page


def test_nothing_of_the_page_is_served_to_nobody(scene: Scene) -> None:
    assert len(scene.pages) > 60
    wrong = []
    for route in scene.pages:
        path = route.path.replace(":path", "").replace("{", "").replace("}", "")
        for shown in ("", "Bearer ll_wrong", "Bearer sk-none", f"Basic {BASIC}"):
            headers = {"authorization": shown} if shown else {}
            answer = scene.client.request(route.method, path, headers=headers)
            if answer.status_code != 401:
                wrong.append((str(route), shown, answer.status_code))
    assert wrong == []


def test_the_page_is_opened_by_a_password_or_a_token(scene: Scene) -> None:
    for login in (("ann", PASSWORD), ("anybody", scene.ann.token)):
        assert scene.client.get("/", auth=login).status_code == 200
        assert scene.client.get("/config", auth=login).json()["username"] == scene.ann.id
    assert scene.client.get("/", auth=("ann", "another one")).status_code == 401


def given(component: dict[str, Any]) -> Any:
    """What a part of the page holds at first; of what can be chosen, the last."""
    props = component["props"]
    return props["choices"][-1][1] if component["type"] == "radio" else props.get("value")


def told_by_page(scene: Scene, owner: Owner) -> str:
    """Everything that the page's events answer to this owner when a page sends them."""
    login = ("x", owner.token)
    page = scene.client.get("/config", auth=login).json()
    parts = {part["id"]: part for part in page["components"]}
    told = []
    for event in page["dependencies"]:
        if not event["backend_fn"]:
            continue
        session = f"session-{owner.id}-{event['id']}"
        values = [given(parts[each]) for each in event["inputs"]]
        data = {"data": values, "fn_index": event["id"], "session_hash": session}
        assert scene.client.post("/gradio_api/queue/join", json=data, auth=login).is_success
        answer = scene.client.get(
            "/gradio_api/queue/data", params={"session_hash": session}, auth=login
        )
        assert "process_completed" in answer.text
        told.append(answer.text)
    assert len(told) > 10
    return "\n".join(told)


@pytest.mark.verify
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what Gradio does with pandas
def test_the_page_shows_each_their_own(scene: Scene) -> None:
    """Every event of it: what is in the library, drafts, what is told of other runs."""
    assert str(scene.ann.things["document_id"]) in told_by_page(scene, scene.ann)
    text = told_by_page(scene, scene.bob)
    assert str(scene.bob.things["document_id"]) in text
    assert str(scene.ann.things["document_id"]) not in text
    assert CANARY not in text
