"""Endpoints over HTTP: stored, made the default, tested, looked for; keys never come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm import neighbours
from tests.door import door
from tests.fakes.endpoint import FakeEndpoint

ENDPOINTS = "/api/v1/endpoints"
KEY = "sk-a-canary-of-a-key"


async def test_an_endpoint_is_stored_tested_made_the_default_and_forgotten(tmp_path: Path) -> None:
    async with (
        FakeEndpoint(api_key=KEY, models=("one",)) as other,
        door(tmp_path) as made,
        made.raw() as http,
    ):
        body = {"base_url": other.url, "model": "one", "key": KEY, "price_prompt": 1.5}
        stored = await http.put(f"{ENDPOINTS}/lab", json=body)
        assert stored.status_code == 200
        told = stored.json()
        assert (told["key"], told["stored"], told["price_prompt"]) == (True, True, 1.5)
        tested = (await http.post(f"{ENDPOINTS}/lab/test")).json()
        assert (tested["ok"], tested["model"]) == (True, "one")
        names = [each["name"] for each in tested["findings"]]
        assert names[:3] == ["endpoint", "model", "window"]
        assert all(each["found"] for each in tested["findings"])
        again = await http.put(f"{ENDPOINTS}/lab", json={"base_url": other.url, "window": 4096})
        assert (again.json()["key"], again.json()["key_dropped"]) == (True, False)
        book = made.place.services.book
        assert book.default() == "embedded"
        await http.post(f"{ENDPOINTS}/lab/default")
        assert book.default() == "lab"
        await http.post(f"{ENDPOINTS}/embedded/default")
        assert book.default() == "embedded"
        moved = await http.put(f"{ENDPOINTS}/lab", json={"base_url": "http://127.0.0.1:9/v1"})
        assert (moved.json()["key"], moved.json()["key_dropped"]) == (False, True)
        everything = await http.get(ENDPOINTS)
        for answer in (stored, again, moved, everything):
            assert KEY not in answer.text
        assert (await http.delete(f"{ENDPOINTS}/lab")).status_code == 204
        assert (await http.delete(f"{ENDPOINTS}/lab")).status_code == 404
        assert (await http.post(f"{ENDPOINTS}/lab/default")).status_code == 404


NONE = (
    ("lab", {"base_url": "ftp://models"}),
    ("lab", {"base_url": "http://me:pass@models/v1"}),
    ("lab", {"base_url": "http://models/v1", "key": "ключ"}),
    ("lab", {"base_url": "http://models/v1", "api_key": "x"}),
    ("lab", {"base_url": "http://models/v1", "window": 1}),
    ("embedded", {"base_url": "http://models/v1"}),
    ("a b", {"base_url": "http://models/v1"}),
)


async def test_what_is_no_endpoint_is_refused(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        for name, body in NONE:
            refused = await http.put(f"{ENDPOINTS}/{name}", json=body)
            assert refused.status_code == 422, name
            assert "ключ" not in refused.text


async def test_servers_of_this_machine_are_found_at_their_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeEndpoint(models=("a", "b")) as server, FakeEndpoint(api_key="k") as locked:
        ports = [int(each.address.rpartition(":")[2]) for each in (server, locked)]
        monkeypatch.setattr(neighbours, "PORTS", {ports[0]: "", ports[1]: "vllm", 9: "none"})
        async with door(tmp_path) as made, made.raw() as http:
            found = (await http.post(f"{ENDPOINTS}/discover")).json()["found"]
        by_port = {each["port"]: each for each in found}
        assert set(by_port) == set(ports)
        assert by_port[ports[0]]["models"] == ["a", "b"]
        assert (by_port[ports[0]]["model"], by_port[ports[0]]["name"]) == ("a", f"local-{ports[0]}")
        assert by_port[ports[1]]["wants_key"] is True


async def test_settings_and_roles_are_changed_over_http(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        put = await http.put(f"{ENDPOINTS}/lab", json={"base_url": "http://127.0.0.1:9/v1"})
        assert put.status_code == 200
        body = {"limits": {"caps.cost": 2.5}, "roles": {"critic": "lab/large"}}
        told = (await http.patch("/api/v1/settings", json=body)).json()
        by_name = {each["name"]: each for each in told["settings"]}
        assert (by_name["caps.cost"]["value"], by_name["caps.cost"]["origin"]) == (2.5, "page")
        assert {each["role"]: each["serves"] for each in told["roles"]}["critic"] == "lab/large"
        assert told == (await http.get("/api/v1/settings")).json()
        await http.delete(f"{ENDPOINTS}/lab")
        told = (await http.get("/api/v1/settings")).json()
        assert {each["serves"] for each in told["roles"]} == {""}
        for wrong in (
            {"limits": {"caps.cost": -1}}, {"limits": {"home": "/tmp"}}, {"roles": {"poet": "lab"}},
            {"roles": {"critic": "nobody"}}, {"critic": "lab"},
        ):  # fmt: skip
            assert (await http.patch("/api/v1/settings", json=wrong)).status_code == 422
