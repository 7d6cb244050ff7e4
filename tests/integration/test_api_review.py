"""The review over HTTP: findings of the present text, proposals, what is stale, what is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.evaluation.verdicts import CHANGED
from tests.door import PROMPT, Door, door
from tests.fakes.judge import SLIP

LEAK = "As an AI language model, I cannot say more about 𝄞 tides."
NAMES = ("Ponds", "Wheels")
FIRST = "The tide fills the pond behind the dam.\n\nAt ebb the gate is opened, and the wheel turns."
SECOND = "A wheel of oak lasts a century.\n\nIts shaft is of iron, which rusts before oak rots."
OPENING = "Nobody knows who built the first of these mills, and nobody has ever asked."


@dataclass
class Written:
    """A finished document, as a client sees it."""

    door: Door
    http: httpx2.AsyncClient
    path: str

    async def get(self, path: str, **query: Any) -> Any:
        """The value of an answer that must be one."""
        reply = await self.http.get(f"{self.path}{path}", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def post(self, path: str, body: Any = None) -> httpx2.Response:
        """Whatever is answered."""
        return await self.http.post(f"{self.path}/sections/{path}", json=body)

    async def section(self, key: str) -> Any:
        """A section with its text."""
        return await self.get(f"/sections/{key}")

    async def put(self, key: str, text: str, **more: Any) -> Any:
        """Write over a section; `match` is the ETag to name."""
        match = more.pop("match", "*")
        path = f"{self.path}/sections/{key}"
        return await self.http.put(path, json={"text": text, **more}, headers={"if-match": match})

    async def review(self) -> dict[str, Any]:
        """Key → what the review says of the section; the empty key: of the document."""
        found = await self.get("/review")
        return {"": found, **{each["key"]: each for each in found["sections"]}}

    async def finding(self, key: str, gate: str) -> Any:
        """The one finding of a gate at some words of a section."""
        found = (await self.review())[key]["findings"]
        (one,) = [each for each in found if each["gate"] == gate and each["start"] is not None]
        return one


@asynccontextmanager
async def written(home: Path, rounds: int = 0, **fake: Any) -> AsyncIterator[Written]:
    """A served application with one finished document of two sections."""
    async with door(home, **fake) as made, made.raw() as http:
        report = await made.place.write(words=600, prompt=PROMPT.format(600), rounds=rounds)
        yield Written(made, http, f"/api/v1/documents/{report.document_id}")


@asynccontextmanager
async def imported(home: Path, *texts: str, **fake: Any) -> AsyncIterator[Written]:
    """A served application with a document of a person's own, section by section."""
    async with door(home, **fake) as made, made.raw() as http:
        text = "\n\n".join(f"## {name}\n\n{text}" for name, text in zip(NAMES, texts, strict=False))
        reply = await http.post("/api/v1/documents", json={"title": "Mills", "markdown": text})
        yield Written(made, http, f"/api/v1/documents/{reply.json()['id']}")


async def test_a_finding_stands_at_words_of_the_present_text(tmp_path: Path) -> None:
    async with imported(tmp_path, FIRST, SECOND) as it:
        before = (await it.review())["1"]["scores"]
        changed = f"Tides 𝄞 turn. {LEAK} {FIRST}"
        assert (await it.put("1", changed)).json()["status"] == "locked"
        found = await it.finding("1", "scaffolding")
        assert changed[found["start"] : found["end"]] == found["quote"]
        wide = changed.encode("utf-16-le")[2 * found["start16"] : 2 * found["end16"]]
        assert wide.decode("utf-16-le") == found["quote"]
        assert (found["severity"], found["section"], found["fixable"]) == ("fail", "1", True)
        assert found["start16"] == found["start"] + 1
        after = (await it.review())["1"]["scores"]
        assert {each["name"] for each in after} == {each["name"] for each in before}
        assert next(each["value"] for each in after if each["name"] == "scaffolding") == 0
        await it.put("1", f"More of it. {changed}")
        assert (await it.finding("1", "scaffolding"))["id"] == found["id"]
        await it.put("1", FIRST)
        assert not [x for x in (await it.review())["1"]["findings"] if x["gate"] == "scaffolding"]


async def test_a_repeat_cites_both_places(tmp_path: Path) -> None:
    said = f"{OPENING} {SECOND.split()[0]} stranger asked once, and was told to mind the gate."
    async with imported(tmp_path, f"{said}\n\n{FIRST}", f"{SECOND}\n\n{said}") as it:
        found = await it.finding("2", "repetition")
        assert found["quote"] == said
        (other,) = found["others"]
        assert (other["section"], other["start"], other["quote"]) == ("1", 0, said)
        await it.put("1", FIRST)
        assert not [x for x in (await it.review())["2"]["findings"] if x["gate"] == "repetition"]


async def test_the_critics_words_hold_as_long_as_the_text_does(tmp_path: Path) -> None:
    async with written(tmp_path, rounds=1, mode="slips", judge="complains") as it:
        seen = await it.review()
        assert (seen[""]["quality"], seen[""]["rounds"]["judged"]) == (25, 2)
        assert seen[""]["why"]
        said = [each for each in seen["1"]["findings"] if each["gate"] == "judge"]
        placed = next(each for each in said if each["start"] is not None)
        text = (await it.section("1"))["text"]
        assert text[placed["start"] : placed["end"]] == placed["quote"]
        await it.put("1", f"{OPENING}\n\n{text}")
        now = (await it.review())["1"]
        (judge,) = [each for each in now["scores"] if each["name"] == "judge"]
        assert (judge["value"], judge["reason"]) == (None, CHANGED)
        moved = next(each for each in now["findings"] if each["id"] == placed["id"])
        assert moved["start"] == placed["start"] + len(OPENING) + 2
        assert all(each["start"] is not None for each in now["findings"] if each["gate"] == "judge")
        await it.put("1", text.replace(placed["quote"], OPENING))
        assert placed["id"] not in [each["id"] for each in (await it.review())["1"]["findings"]]


@pytest.mark.parametrize("mode", ["obey", pytest.param("no_schema", marks=pytest.mark.verify)])
async def test_a_fix_is_proposed_and_nothing_is_stored(tmp_path: Path, mode: str) -> None:
    async with written(tmp_path, mode=mode) as it:
        text = (await it.section("2"))["text"]
        await it.put("2", f"{text}\n\n{LEAK} The mill went on.")
        await it.post("2/unlock")
        stored = await it.section("2")
        found = await it.finding("2", "scaffolding")
        calls = len(it.door.place.fake.calls)
        body = {"finding": found["id"], "instruction": "Be brief."}
        made = (await it.post("2/fix", body)).json()
        told = "".join(x["text"] for x in made["pieces"] if x["op"] != "insert")
        come = "".join(x["text"] for x in made["pieces"] if x["op"] != "delete")
        assert (told, come) == (stored["text"], made["text"])
        assert found["quote"] not in made["text"]
        assert (made["accepted"], made["revision"]) == (True, stored["revision"])
        assert made["usage"]["calls"] == len(it.door.place.fake.calls) - calls
        assert await it.section("2") == stored
        taken = await it.put("2", made["text"], kind="accepted", match=f'"{made["revision"]}"')
        assert (taken.json()["status"], taken.json()["author"]) == ("sealed", "user")
        assert (await it.post("2/fix", body)).status_code == 409
        late = await it.put("2", made["text"], kind="accepted", match=f'"{made["revision"]}"')
        assert late.status_code == 412


@pytest.mark.verify  # 2 s
async def test_what_is_about_a_whole_section_is_written_anew(tmp_path: Path) -> None:
    async with written(tmp_path) as it:
        text = (await it.section("2"))["text"]
        await it.put("2", text.split("\n\n")[0])
        found = (await it.review())["2"]["findings"]
        (short,) = [each for each in found if each["gate"] == "length"]
        assert (short["start"], short["quote"]) == (None, "")
        made = (await it.post("2/fix", {"finding": short["id"]})).json()
        assert made["accepted"]
        assert made["words"] > 150
        assert (await it.section("2"))["status"] == "locked"  # which forbids no proposal


@pytest.mark.parametrize(
    ("fake", "status", "kind"),
    [
        ({"mode": "broken_json", "hopeless_json": True}, 502, "format"),
        ({"judge": "idle", "mode": "obey"}, 200, ""),
    ],
)
async def test_what_comes_of_an_unruly_reviser(
    tmp_path: Path, fake: dict[str, Any], status: int, kind: str
) -> None:
    async with imported(tmp_path, f"{OPENING}\n\n{LEAK}", SECOND, **fake) as it:
        found = await it.finding("1", "scaffolding")
        reply = await it.post("1/fix", {"finding": found["id"]})
        assert reply.status_code == status, reply.text
        if kind:
            assert reply.json()["kind"] == kind
            assert reply.json()["remedy"]
        else:
            assert not reply.json()["accepted"]
        assert (await it.post("9/fix", {"finding": "x"})).status_code == 404
        assert (await it.post("1/fix", {"finding": "gone"})).status_code == 409
        assert (await it.post("1/align")).status_code == 409


@pytest.mark.parametrize("compact", [False, True])
async def test_words_that_recur_or_a_small_model_are_rewritten_in_place(
    tmp_path: Path, compact: bool
) -> None:
    said = f"{OPENING} A stranger asked once, and was told to mind the gate and the pond."
    first = f"{LEAK}\n\n{FIRST}" if compact else f"{said}\n\n{FIRST}\n\n{said}"
    async with imported(tmp_path, first, SECOND, endpoint={"compact": compact}) as it:
        found = await it.finding("1", "scaffolding" if compact else "repetition")
        made = (await it.post("1/fix", {"finding": found["id"]})).json()
        assert made["accepted"]
        assert made["text"][: found["start"]] == first[: found["start"]]
        assert made["text"].endswith(first[found["end"] :])
        assert made["text"][found["start"] :] != first[found["start"] :]


async def test_a_neighbours_change_makes_a_section_stale_until_it_is_kept(tmp_path: Path) -> None:
    async with written(tmp_path) as it:
        first = (await it.section("1"))["text"]
        second = await it.section("2")
        await it.put("1", first.replace(first.split()[3], "kind", 1))
        assert not (await it.review())["2"]["stale"]
        ended = "\n\n".join([*first.split("\n\n")[:-1], OPENING])
        await it.put("1", ended)
        seen = await it.review()
        assert [key for key in "12" if seen[key]["stale"]] == ["2"]
        assert "was changed" in seen["2"]["stale_why"]
        (reason,) = seen["2"]["stale_reasons"]
        assert (reason["kind"], reason["section"]) == ("before", "1")
        made = (await it.post("2/align", {"instruction": "Mention mills."})).json()
        asked = str(it.door.place.fake.calls[-1].messages[-1]["content"])
        assert f"Put in: {OPENING}" in asked
        assert "Mention mills." in asked
        assert made["revision"] == second["revision"]
        assert await it.section("2") == second
        kept = (await it.post("2/keep")).json()
        assert (kept["text"], kept["status"]) == (second["text"], "sealed")
        assert not (await it.review())["2"]["stale"]
        await it.put("1", f"{ended}\n\n{first}")
        assert (await it.review())["2"]["stale"]
        new = second["text"] + " The mills are there still."
        taken = await it.put("2", new, kind="accepted", match=f'"{kept["revision"]}"')
        assert taken.json()["status"] == "sealed"
        assert not (await it.review())["2"]["stale"]


async def test_a_variant_is_kept_beside_the_text(tmp_path: Path) -> None:
    async with imported(tmp_path, FIRST, SECOND) as it:
        present = await it.section("2")
        made = (await it.post("2/variants", {"text": OPENING, "note": " dry "})).json()
        assert (made["kind"], made["note"], made["text"]) == ("variant", "dry", OPENING)
        assert await it.section("2") == present
        assert not any(each["stale"] for each in (await it.get("/review"))["sections"])
        light = (await it.get("/sections/2/revisions", texts=False))["revisions"]
        assert [each["text"] for each in light] == [None] * len(light)
        assert light[-1]["id"] == made["id"]
        full = (await it.get("/sections/2/revisions"))["revisions"]
        assert [{**each, "text": None} for each in full] == light
        pieces = (await it.get("/sections/2/diff", old=present["revision"], new=made["id"]))[
            "pieces"
        ]
        assert "".join(each["text"] for each in pieces if each["op"] != "delete") == OPENING
        back = await it.http.post(
            f"{it.path}/sections/2/revisions/{made['id']}/restore", headers={"if-match": "*"}
        )
        assert (back.json()["text"], back.json()["status"]) == (OPENING, "locked")
        assert (await it.post("2/variants", {"text": "  "})).status_code == 422


async def test_an_imported_text_is_looked_at_too(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        text = f"## One\n\n{OPENING}\n\n{OPENING}\n\n## Two\n\nIt is {SLIP[False]}"
        body = {"markdown": text}
        document = (await http.post("/api/v1/documents", json=body)).json()["id"]
        found = (await http.get(f"/api/v1/documents/{document}/review")).json()
        assert (found["quality"], found["why"]) == (None, "")
        assert found["findings"] == []
        assert [each["stale"] for each in found["sections"]] == [False, False]
        (twice,) = [x for x in found["sections"][0]["findings"] if x["gate"] == "repetition"]
        assert (twice["others"][0]["section"], twice["others"][0]["start"]) == ("1", 0)
