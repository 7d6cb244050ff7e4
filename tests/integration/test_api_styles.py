"""Styles over HTTP: made, shown in figures, compared with, named in runs, deleted."""

from __future__ import annotations

from pathlib import Path

from tests.corpora import english
from tests.door import door
from tests.support import section_calls, user_text

STYLES = "/api/v1/styles"
TEXT = "\n\n".join(english.LIGHTHOUSE.paragraphs)


async def test_a_style_is_made_shown_used_and_deleted(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        read = await http.post(f"{STYLES}/texts", params={"name": "a.md"}, content=TEXT.encode())
        assert read.status_code == 200
        body = {"name": "My essays", "texts": [read.json()["text"]]}
        answer = await http.post(STYLES, json=body)
        style = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"{STYLES}/{style['id']}"
        assert style["lines"]
        figures = {each["name"]: each for each in style["figures"]}
        assert figures["sentence"]["low"] < figures["sentence"]["high"]
        assert all(0 <= each["place"] <= 1 for each in style["figures"])
        assert (await http.get(STYLES)).json() == {"styles": [{**style, "note": ""}]}
        assert (await http.get(f"{STYLES}/My essays")).json()["id"] == style["id"]
        near = await http.post(f"{STYLES}/{style['id']}/compare", json={"text": TEXT})
        assert near.json()["distance"] == 0

        run = {"prompt": "A report on rain", "words": 300, "rounds": 0, "style": "My essays"}
        begun = await http.post("/api/v1/runs", json=run)
        assert begun.status_code in (201, 202)
        async with http.stream("GET", f"/api/v1/runs/{begun.json()['run_id']}/events") as events:
            await events.aread()
        assert style["lines"][0] in user_text(section_calls(made.place.fake)[0])
        assert (await http.delete(f"{STYLES}/{style['id']}")).status_code == 204
        assert (await http.get(f"{STYLES}/{style['id']}")).status_code == 404
        refused = await http.post("/api/v1/runs", json=run)
        assert refused.status_code == 404
        assert "My essays" in refused.json()["detail"]


async def test_what_is_wrong_is_said_plainly(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        short = await http.post(STYLES, json={"name": "x", "texts": ["Too short."]})
        assert short.status_code == 422
        assert "a style needs 200" in short.json()["detail"]
        body = {"name": "x", "texts": [TEXT], "ask": False}
        assert (await http.post(STYLES, json=body)).status_code == 201
        assert (await http.post(STYLES, json=body)).status_code == 409
        file = await http.post(f"{STYLES}/texts", params={"name": "a.pdf"}, content=b"no pdf")
        assert file.status_code in (415, 422)
