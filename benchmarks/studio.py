"""The application as it is set up for pictures: what is written in it, with a fake for a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.fakes.endpoint import FakeEndpoint

PROMPTS = {
    "A report on street trees and how they keep cities cool in summer": "Trees for Cooler Streets",
    "A history of lighthouses on the North Sea coast": "Lights of the North Sea",
    "A handbook for volunteers who repair bicycles": "The Saturday Workshop",
}
TREES, LIGHTS, _ = PROMPTS
PLAN = {
    "Why Streets Overheat": "Asphalt and brick store the day's heat and give it back at night.",
    "What a Tree Does": "Shade and evaporation cool the air beneath a crown by several degrees.",
    "Choosing the Species": "A street tree must stand drought, salt and narrow soil.",
    "Planting and the First Summers": "Water in the first three summers decides whether it lives.",
    "What It Costs and Saves": "Planting is cheap; care is not; both cost less than heat.",
    "A Plan for Ten Years": "Begin with the hottest streets and report every year.",
}
"""Headings and what is said below them, for the outline that the fake has no ideas for."""
CHINESE = "写一篇关于城市树木如何让夏天变凉的文章"
NOTES = """# Notes on a Walk along the Dyke

The path begins behind the church and follows the dyke for an hour.

## The first hour

Sheep stand on the slope and do not move. The tide is out, and the mud shines like slate.

## The second hour

Behind the lock the path divides. The lower one is shorter; the upper one has the view. The path \
begins behind the church and follows the dyke for an hour.
"""

SUBJECTS = ("harbours", "orchards", "night trains", "salt marshes", "lighthouses", "bakeries",
            "city parks", "mountain huts", "ferries", "libraries", "gardens", "hives")  # fmt: skip
LINES = "".join(
    json.dumps({"prompt": f"Write an essay for curious readers about {subject} and those who look "
                f"after them.", "length": 300 + 40 * n}) + "\n"
    for n, subject in enumerate(SUBJECTS)
) + '{"prompt": ""}\n{"prompt": "Essays, please", "length": "many"}\nnot JSON at all\n'  # fmt: skip
"""A dataset's prompts, some of which are none."""


BOOK_CALLS = 90
"""After which a book of 60,000 words has some chapters, and others are not planned yet."""


@dataclass(frozen=True)
class Studio:
    """The application, and the fake model behind it."""

    address: str
    home: Path
    fake: FakeEndpoint | None

    def write(self, page: Page, prompt: str, words: int = 900, **more: Any) -> dict[str, Any]:
        """Begin a run; its ids."""
        body = {"prompt": prompt, "words": words, "rounds": 0, **more}
        made: dict[str, Any] = page.request.post("/api/v1/runs", data=body).json()
        return made

    def wait(self, page: Page, run_id: str, *states: str) -> None:
        """Until the run is in one of these states."""
        for _ in range(600):
            if page.request.get(f"/api/v1/runs/{run_id}").json()["status"] in states:
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{run_id} never came to {states}")

    def planned(self, page: Page, words: int, **more: Any) -> dict[str, Any]:
        """Begin a report on trees that waits with an outline of ours; its ids."""
        made = self.write(page, TREES, words, approve="ask", **more)
        self.wait(page, made["run_id"], "awaiting_approval")
        path = f"/api/v1/runs/{made['run_id']}/outline"
        outline = page.request.get(path)
        sections = [
            {"heading": heading, "point": point, "target": words // len(PLAN)}
            for heading, point in PLAN.items()
        ]
        parts = [{"heading": each["heading"], "sections": [each]} for each in sections]
        changed = page.request.put(
            path, data={"title": PROMPTS[TREES], "parts": parts},
            headers={"if-match": outline.headers["etag"]},
        )  # fmt: skip
        assert changed.ok, changed.text()
        page.request.patch(
            f"/api/v1/documents/{made['document_id']}", data={"title": PROMPTS[TREES]}
        )
        return made

    def book(self, page: Page) -> dict[str, Any]:
        """Begin a book, which is held where its first division is written; its ids."""
        assert self.fake is not None
        calls = len(self.fake.calls) + BOOK_CALLS
        self.fake.pause(calls)
        made = self.write(page, LIGHTS, 60_000, strategy="book")
        while len(self.fake.calls) < calls:
            page.wait_for_timeout(100)
        page.request.patch(
            f"/api/v1/documents/{made['document_id']}", data={"title": PROMPTS[LIGHTS]}
        )
        return made

    def approved(self, page: Page, words: int, **more: Any) -> dict[str, Any]:
        """As `planned`, and it is being written."""
        made = self.planned(page, words, **more)
        page.request.post(f"/api/v1/runs/{made['run_id']}/approve", data={})
        return made

    def written(self, page: Page, prompt: str, words: int = 900, **more: Any) -> str:
        """A finished document's id."""
        made = self.write(page, prompt, words, **more)
        self.wait(page, made["run_id"], "done")
        return str(made["document_id"])

    def imported(self, page: Page, title: str, text: str = NOTES) -> str:
        """A document of a person's own; its id."""
        answer = page.request.post("/api/v1/documents", data={"title": title, "markdown": text})
        return str(answer.json()["id"])

    def spoil(self, page: Page, document: str) -> None:
        """Give its first section something to find: a paragraph that stands twice."""
        path = f"/api/v1/documents/{document}/sections"
        key = page.request.get(path).json()["sections"][0]["key"]
        answer = page.request.get(f"{path}/{key}")
        first = answer.json()["text"].split("\n\n")[0]
        page.request.put(
            f"{path}/{key}", data={"text": f"{answer.json()['text']}\n\n{first}"},
            headers={"if-match": answer.headers["etag"]},
        )  # fmt: skip
