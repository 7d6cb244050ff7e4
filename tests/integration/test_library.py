"""The library over HTTP: copies that share nothing, runs that were interrupted, search."""

from __future__ import annotations

from pathlib import Path

from tests.door import PROMPT, door

DOCUMENTS = "/api/v1/documents"


async def test_a_copy_is_whole_and_stays_when_the_original_goes(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        report = await made.place.write(words=500, prompt=PROMPT.format(500), rounds=1)
        path = f"{DOCUMENTS}/{report.document_id}"
        original = (await http.get(path)).json()
        texts = (await http.get(f"{path}/sections")).json()["sections"]
        answer = await http.post(f"{path}/duplicate", headers={"idempotency-key": "once"})
        assert answer.status_code == 201
        copy = answer.json()
        assert answer.headers["location"] == f"{DOCUMENTS}/{copy['id']}"
        again = await http.post(f"{path}/duplicate", headers={"idempotency-key": "once"})
        assert again.json()["id"] == copy["id"]
        assert copy["title"] == f"{original['title']} (copy)"
        for field in ("kind", "words", "target", "status", "quality", "length_score"):
            assert copy[field] == original[field], field
        assert copy["id"] != original["id"]
        assert copy["run_id"] not in ("", original["run_id"])
        assert (await http.delete(f"{path}/purge")).status_code == 204
        copied = (await http.get(f"{DOCUMENTS}/{copy['id']}/sections")).json()["sections"]
        for old, new in zip(texts, copied, strict=True):
            assert (old["text"], old["status"]) == (new["text"], new["status"])
            assert old["revision"] != new["revision"]
        redone = await http.post(
            f"{DOCUMENTS}/{copy['id']}/sections/1/redo", json={"instruction": "Livelier."}
        )
        assert redone.status_code == 202


async def test_a_copy_of_what_stopped_can_be_gone_on_with(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        run_id = await made.place.start(words=500)
        report = await made.place.services.runs.report(run_id)
        await http.post(f"/api/v1/runs/{run_id}/pause")
        found = (await http.get(DOCUMENTS, params={"interrupted": True})).json()["documents"]
        assert [(each["id"], each["interrupted"], each["live"]) for each in found] == [
            (report.document_id, True, False)
        ]
        copy = (await http.post(f"{DOCUMENTS}/{report.document_id}/duplicate")).json()
        assert (copy["status"], copy["interrupted"]) == ("cancelled", False)
        done = await made.place.carry_out(copy["run_id"])
        assert done.status == "done"
        assert (await http.get(f"{DOCUMENTS}/{report.document_id}")).json()["words"] == 0
        await http.post(f"/api/v1/runs/{run_id}/cancel")
        left = await http.get(DOCUMENTS, params={"interrupted": True})
        assert left.json()["documents"] == []


async def test_interrupted_runs_are_found_page_by_page(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        wanted = []
        for number in range(5):
            run_id = await made.place.start(prompt=f"Tides number {number}")
            if number % 2 == 0:
                await made.place.services.runs.pause(run_id)
                report = await made.place.services.runs.report(run_id)
                wanted.insert(0, report.document_id)
        asked = {"interrupted": True, "limit": 2}
        first = (await http.get(DOCUMENTS, params=asked)).json()
        asked["cursor"] = first["next"]
        second = (await http.get(DOCUMENTS, params=asked)).json()
        assert [each["id"] for each in first["documents"] + second["documents"]] == wanted
        assert second["next"] == ""


async def test_a_search_knows_no_case_in_any_alphabet(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        for title in ("Élan Vital", "ПРИЛИВЫ и отливы", "潮汐 Report", "100% tides"):
            body = {"title": title, "markdown": "The tide rises twice a day."}
            assert (await http.post(DOCUMENTS, json=body)).status_code == 201
        for words, title in (
            ("élan", "Élan Vital"), ("приливы ОТЛИВЫ", "ПРИЛИВЫ и отливы"),
            ("REPORT 潮汐", "潮汐 Report"), ("100%", "100% tides"),
        ):  # fmt: skip
            found = (await http.get(DOCUMENTS, params={"search": words})).json()["documents"]
            assert [each["title"] for each in found] == [title]
        nothing = await http.get(DOCUMENTS, params={"search": "_"})
        assert nothing.json()["documents"] == []
