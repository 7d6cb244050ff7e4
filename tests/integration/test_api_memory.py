"""A document's memory over HTTP and at the command line: seen, corrected, added to, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.door import door
from tests.e2e.support_cli import assert_refused, run

TEXT = b"""# The Valley

## The bridge

Harrow Bridge is 400 m long.

## The press

Harrow Bridge is 900 m long. Acme Press was founded in 1987.
"""


async def test_what_a_document_says_is_corrected_and_contradicts_its_text(tmp_path: Path) -> None:
    async with door(tmp_path) as place, place.raw() as http:
        document = await place.place.services.imports.read("valley.md", TEXT)
        path = f"/api/v1/documents/{document}"
        listed = (await http.get(f"{path}/ledger")).json()["entries"]
        assert [(each["section"], each["value"]) for each in listed] == [
            ("1", "400 m"), ("2", "900 m"), ("2", "1987"),
        ]  # fmt: skip
        found = await _contradictions(http, path)
        assert [(each["quote"], each["others"][0]["quote"]) for each in found] == [
            ("Harrow Bridge is 900 m long.", "Harrow Bridge is 400 m long.")
        ]
        entry = f"{path}/ledger/{listed[2]['id']}"
        got = await http.get(entry)
        bare = await http.patch(entry, json={"value": "1962"})
        kept = await http.patch(
            entry, json={"value": "1962"}, headers={"if-match": got.headers["etag"]}
        )
        stale = await http.patch(
            entry, json={"value": "1900"}, headers={"if-match": got.headers["etag"]}
        )
        assert (bare.status_code, kept.status_code, stale.status_code) == (428, 200, 412)
        assert (kept.json()["value"], kept.json()["edited"]) == ("1962", True)
        assert stale.json()["current"]["value"] == "1962"
        assert len(await _contradictions(http, path)) == 2  # its text says 1987 still
        for each in listed[1:]:
            hidden = await http.patch(
                f"{path}/ledger/{each['id']}", json={"status": "hidden"},
                headers={"if-match": "*"},
            )  # fmt: skip
            assert hidden.json()["status"] == "hidden"
        assert await _contradictions(http, path) == []


async def test_notes_are_added_and_taken_away(tmp_path: Path) -> None:
    note = {"kind": "name", "subject": "The mayor", "attribute": "name", "value": "Ada Pike"}
    async with door(tmp_path) as place, place.raw() as http:
        document = await place.place.services.imports.read("valley.md", TEXT)
        path = f"/api/v1/documents/{document}/ledger"
        added = await http.post(path, json=note)
        assert added.status_code == 201
        assert added.json()["origin"] == "user"
        assert (await http.post(path, json={**note, "value": " "})).status_code == 422
        assert (await http.post(path, json={**note, "kind": "x"})).status_code == 422
        any_version = {"if-match": "*"}
        gone = await http.delete(f"{path}/{added.json()['id']}", headers=any_version)
        said = (await http.get(path)).json()["entries"][0]["id"]
        refused = await http.delete(f"{path}/{said}", headers=any_version)
        assert (gone.status_code, refused.status_code) == (204, 409)
        assert "Hide" in refused.json()["remedy"]
        again = await http.post(f"{path}/renew")
        assert len(again.json()["entries"]) == 3


async def _contradictions(http: Any, path: str) -> list[dict[str, Any]]:
    seen = (await http.get(f"{path}/review")).json()
    every = [*seen["findings"], *(f for section in seen["sections"] for f in section["findings"])]
    return [finding for finding in every if finding["gate"] == "continuity"]


def test_the_command_lists_corrects_and_refuses(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "valley.md"
    file.write_bytes(TEXT)
    document = run(home, "import", file).out.strip()
    listed = run(home, "ledger", document).out.splitlines()
    assert [line.split("  ", 1)[1].split(maxsplit=1) for line in listed] == [
        ["number", "[1] Harrow Bridge · length: 400 m"],
        ["number", "[2] Harrow Bridge · length: 900 m"],
        ["date", "[2] Acme Press · founded: 1987"],
    ]
    press = listed[2].split()[0]
    run(home, "ledger", document, "--edit", press, "--value", "1962")
    run(home, "ledger", document, "--hide", listed[1].split()[0])
    run(home, "ledger", document, "--note", "name | The mayor | name | Ada Pike")
    told = run(home, "ledger", document).out
    assert "1962 (yours)" in told
    assert "900 m (hidden)" in told
    assert "The mayor · name: Ada Pike (yours)" in told
    assert len(run(home, "ledger", document, "--section", "2", "--json").json) == 2
    assert_refused(run(home, "ledger", document, "--note", "x"), 2, "is no note")
    assert_refused(run(home, "ledger", document, "--edit", press), 2, "--value")
    assert_refused(run(home, "ledger", document, "--hide", "a", "--show", "b"), 2, "one thing")
    assert_refused(run(home, "ledger", document, "--remove", press), 4, "found again")
