"""The plan of a finished document is changed: texts stay with their keys, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.door import PROMPT, Door, door

DOCUMENTS = "/api/v1/documents"


async def finished(made: Door, http: httpx2.AsyncClient) -> tuple[str, str, dict[str, Any]]:
    """A run, its document, and its outline."""
    report = await made.place.write(words=900, prompt=PROMPT.format(900))
    outline = (await http.get(f"/api/v1/runs/{report.run_id}/outline")).json()
    return report.run_id, report.document_id, outline


async def texts(http: httpx2.AsyncClient, document: str) -> list[tuple[str, str, str, str]]:
    """Key, heading, status and text of every section."""
    found = (await http.get(f"{DOCUMENTS}/{document}/sections")).json()["sections"]
    return [(x["key"], x["heading"], x["status"], x["text"]) for x in found]


async def stale(http: httpx2.AsyncClient, document: str) -> dict[str, str]:
    """Key → why, of the sections that are stale."""
    found = (await http.get(f"{DOCUMENTS}/{document}/review")).json()["sections"]
    return {x["key"]: x["stale_why"] for x in found if x["stale"]}


async def test_headings_order_and_new_sections_leave_every_text_where_it_belongs(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run, document, plan = await finished(made, http)
        before = {key: text for key, _, _, text in await texts(http, document)}
        one, two, three, four = plan["parts"]
        one["sections"][0]["heading"] = one["heading"] = "A new name"
        new = {"heading": "What it costs", "sections": [{"heading": "What it costs", "target": 90}]}
        body = {"title": plan["title"], "parts": [one, three, two, new, four]}
        told = await http.put(f"/api/v1/runs/{run}/outline", json=body, headers={"if-match": '"1"'})
        assert told.status_code == 200, told.text
        assert told.headers["etag"] == '"2"'
        keys = [part["sections"][0]["key"] for part in told.json()["parts"]]
        assert keys == ["1", "3", "2", "5", "4"]
        now = await texts(http, document)
        assert [(key, status) for key, _, status, _ in now] == [
            ("1", "sealed"), ("3", "sealed"), ("2", "sealed"), ("5", "planned"), ("4", "sealed"),
        ]  # fmt: skip
        assert now[0][1] == "A new name"
        assert {key: text for key, _, _, text in now if text} == before
        why = await stale(http, document)
        assert why["1"].startswith("its plan was changed: heading")
        assert {"2", "3"} <= set(why)
        wish = {"instruction": "Name prices."}
        again = await http.post(f"{DOCUMENTS}/{document}/sections/5/redo", json=wish)
        assert again.status_code == 202, again.text
        await made.desk.job(again.json()["run_id"]).end()  # type: ignore[union-attr]
        written = await texts(http, document)
        assert written[3][2] == "sealed"
        assert len(written[3][3].split()) > 30
        assert [x for x in written if x[0] != "5"] == [x for x in now if x[0] != "5"]
        exported = (await http.get(f"{DOCUMENTS}/{document}/export?format=md")).text
        assert exported.index(before["3"]) < exported.index(before["2"])
        late = await http.put(f"/api/v1/runs/{run}/outline", json=body, headers={"if-match": '"2"'})
        assert (late.status_code, late.json()["kind"]) == (409, "conflict")


async def test_a_section_that_was_taken_out_comes_back_with_its_text(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run, document, plan = await finished(made, http)
        before = await texts(http, document)
        body = {"title": plan["title"], "parts": plan["parts"][:2]}
        await http.put(f"/api/v1/runs/{run}/outline", json=body, headers={"if-match": '"1"'})
        assert await texts(http, document) == before[:2]
        assert before[3][3] not in (await http.get(f"{DOCUMENTS}/{document}/export?format=md")).text
        card = (await http.get(f"{DOCUMENTS}/{document}")).json()
        assert card["words"] < 600
        assert "no section stands after it" in (await stale(http, document))["2"]
        again = {"title": plan["title"], "parts": plan["parts"]}
        path, match = f"/api/v1/runs/{run}/outline", {"if-match": '"2"'}
        assert (await http.put(path, json=again, headers=match)).status_code == 200
        assert await texts(http, document) == before
        assert await stale(http, document) == {}
        assert (await http.put(path, json=again, headers=match)).status_code == 412


@pytest.mark.verify  # 3 s
async def test_targets_stay_as_they_are_given(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run, document, plan = await finished(made, http)
        plan["parts"][1]["sections"][0]["target"] = 500
        body = {"title": plan["title"], "parts": plan["parts"]}
        told = await http.put(f"/api/v1/runs/{run}/outline", json=body, headers={"if-match": '"1"'})
        targets = [x["sections"][0]["target"] for x in told.json()["parts"]]
        assert targets[1] == 500
        assert told.json()["target"] == sum(targets)
        assert await stale(http, document) == {"2": "its plan was changed: target"}
        made_of = (await http.post(f"{DOCUMENTS}/{document}/sections/2/align")).json()
        assert abs(made_of["words"] - 500) < 50


async def test_a_document_has_one_title_whoever_changes_it(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run, document, plan = await finished(made, http)

        async def everywhere() -> set[str]:
            """The title in the library, the plan and the files."""
            card = (await http.get(f"{DOCUMENTS}/{document}")).json()
            outline = (await http.get(f"/api/v1/runs/{run}/outline")).json()
            text = (await http.get(f"{DOCUMENTS}/{document}/export?format=md")).text
            return {card["title"], outline["title"], text.splitlines()[0].removeprefix("# ")}

        assert await everywhere() == {plan["title"]}
        await http.patch(f"{DOCUMENTS}/{document}", json={"title": "Tides, Renamed"})
        assert await everywhere() == {"Tides, Renamed"}
        for title, kept in ((plan["title"], "Tides, Renamed"), ("A Third One", "A Third One")):
            etag = (await http.get(f"/api/v1/runs/{run}/outline")).headers["etag"]
            body = {"title": title, "parts": plan["parts"]}
            told = await http.put(
                f"/api/v1/runs/{run}/outline", json=body, headers={"if-match": etag}
            )
            assert told.status_code == 200, told.text
            assert await everywhere() == {kept}
