"""The handlers over real services and a fake model: what a page is told, event by event."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.request import make_request
from services.desk import Desk
from tests.fakes.endpoint import FakeEndpoint
from tests.support import desk as writing_place
from ui.handlers import Handlers, Screen, Viewer
from ui.words import ENGLISH as WORDS

PROMPT = "Write a report about street trees"


@asynccontextmanager
async def handlers(
    home: Path, hold_from: int = 10**6, **fake: Any
) -> AsyncIterator[tuple[Handlers, FakeEndpoint]]:
    """Handlers over a fake that holds every call from number `hold_from` on, until resumed."""
    async with writing_place(home, **fake) as place:
        place.fake.pause(hold_from)
        services = place.services
        desk = Desk(services.runs, services.documents, services.endpoints)
        yield Handlers(desk, WORDS), place.fake
        await desk.close()


async def all_of(screens: AsyncIterator[Screen], viewer: Viewer) -> list[Screen]:
    """Every screen, remembered by the viewer as the page does."""
    seen = []
    async for viewer.screen in screens:
        seen.append(viewer.screen)
    return seen


async def until(screens: AsyncIterator[Screen], viewer: Viewer, text: str) -> Screen:
    """The first screen that shows the text anywhere in status or sections."""
    async with asyncio.timeout(30), aclosing(screens) as shown:  # type: ignore[type-var]
        async for viewer.screen in shown:
            if text in "\n".join((viewer.screen.status, *viewer.screen.sections)):
                return viewer.screen
    raise AssertionError(f"never shown: {text}")


async def test_a_document_is_written_and_offered(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        seen = await all_of(page.write(Viewer(), PROMPT, "600 words", "", "parallel"), Viewer())
    assert seen[0].status == WORDS["starting"]
    assert seen[0].busy
    last = seen[-1]
    assert last.status.startswith("**Done**")
    assert last.title.startswith("# ")
    assert len(last.sections) >= 2
    assert "/export?format=md" in last.downloads
    assert not last.busy
    assert last.action == ""
    assert [row.run_id for row in last.recent] == [last.run_id]


async def test_a_request_that_cannot_be_read_keeps_what_is_shown(own_home: Path) -> None:
    shown = Screen(run_id="", status="old", sections=("text",))
    async with handlers(own_home) as (page, fake):
        viewer = Viewer(shown)
        empty = (await all_of(page.write(viewer, " ", "", "", "parallel"), Viewer()))[-1]
        length = (await all_of(page.write(viewer, PROMPT, "long", "", "parallel"), Viewer()))[-1]
        assert not fake.calls
    assert empty.status == "**The prompt is empty.** Say what to write."
    assert empty.sections == ("text",)
    assert not empty.busy
    assert length.status.startswith("**No length in 'long'.**")


async def test_an_endpoint_that_refuses_is_told_in_plain_words(own_home: Path) -> None:
    async with handlers(own_home, api_key="right", endpoint={"api_key": "wrong"}) as (page, _):
        last = (await all_of(page.write(Viewer(), PROMPT, "", "", "parallel"), Viewer()))[-1]
    assert last.status.startswith("**")
    assert "key" in last.status
    assert "Traceback" not in last.status
    assert not last.busy
    assert last.run_id == ""
    assert last.recent == ()


async def test_stopping_keeps_the_text_and_continuing_finishes(own_home: Path) -> None:
    async with handlers(own_home, hold_from=3) as (page, fake):
        viewer = Viewer()
        running = await until(
            page.write(viewer, PROMPT, "900 words", "", "agentwrite"), viewer, "section 2 of"
        )
        await all_of(page.stop(viewer), Viewer())
        fake.resume()
        stopped = (await all_of(page.attach(Viewer(), running.run_id), Viewer()))[-1]
        assert stopped.status.startswith("**Stopped**")
        assert "kept in 1 of" in stopped.status
        assert stopped.action == WORDS["continue"]
        assert stopped.sections[0] == running.sections[0]
        viewer.screen = stopped
        done = (await all_of(page.resume(viewer), viewer))[-1]
    assert done.status.startswith("**Done**")
    assert done.run_id == running.run_id
    assert done.sections[0].endswith(stopped.sections[0].partition("</small>")[2])


async def test_a_stream_that_was_stopped_stays_on_the_page_as_unfinished(own_home: Path) -> None:
    async with handlers(own_home, tokens_per_second=400) as (page, _):
        viewer = Viewer()
        await until(page.write(viewer, PROMPT, "3000 words", "", "parallel"), viewer, "· writing")
        run_id = viewer.screen.run_id
        shown = await until(page.attach(viewer, run_id), viewer, ". ")
        await all_of(page.stop(viewer), Viewer())
        stopped = (await all_of(page.attach(Viewer(), run_id), Viewer()))[-1]
    assert any(WORDS["state_unfinished"] in text for text in stopped.sections)
    kept = max(shown.sections, key=len).partition("</small>")[2].strip()
    assert any(kept and kept in text for text in stopped.sections)
    assert stopped.downloads == ""


async def test_a_second_page_sees_the_same_run(own_home: Path) -> None:
    async with handlers(own_home, hold_from=3) as (page, fake):
        first, second = Viewer(), Viewer()
        shown = await until(
            page.write(first, PROMPT, "900 words", "", "agentwrite"), first, "section 2 of"
        )
        again = await until(page.attach(second, shown.run_id), second, "section 2 of")
        assert again.busy
        assert again.sections[0] == shown.sections[0]
        fake.resume()
        last = (await all_of(page.attach(second, shown.run_id), second))[-1]
    assert last.status.startswith("**Done**")


async def test_what_is_opened_later_wins(own_home: Path) -> None:
    async with handlers(own_home, hold_from=3) as (page, fake):
        viewer = Viewer()
        older = page.write(viewer, PROMPT, "900 words", "", "agentwrite")
        async for viewer.screen in older:
            if "section 2 of" in viewer.screen.status:
                break
        await until(page.open(viewer, viewer.screen.run_id), viewer, "section 2 of")
        fake.resume()
        assert [screen async for screen in older] == []


async def test_a_run_that_is_gone_is_forgotten(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        (loaded,) = await all_of(page.attach(Viewer(), "run_gone"), Viewer())
        (opened,) = await all_of(page.open(Viewer(), "run_gone"), Viewer())
    assert loaded.status == WORDS["ready"]
    assert loaded.run_id == ""
    assert "no run" in opened.status


async def test_closing_the_desk_leaves_a_run_to_go_on_with(own_home: Path) -> None:
    async with handlers(own_home, hold_from=2) as (page, _):
        viewer = Viewer()
        await until(page.write(viewer, PROMPT, "900 words", "", "parallel"), viewer, "· writing")
        await page.desk.close()
        report = await page.desk.runs.report(viewer.screen.run_id)
        assert not page.desk.live(viewer.screen.run_id)
    assert report.status == "writing"
    assert not report.reason


async def test_a_run_nobody_works_on_is_interrupted(own_home: Path) -> None:
    async with writing_place(own_home) as place:
        run_id = await place.start()
        services = place.services
        page = Handlers(Desk(services.runs, services.documents, services.endpoints), WORDS)
        (shown,) = await all_of(page.attach(Viewer(), run_id), Viewer())
    assert shown.status.startswith("**Interrupted**")
    assert shown.action == WORDS["continue"]
    assert shown.recent[0].action == WORDS["continue"]


async def test_a_plan_that_waits_is_approved_by_going_on(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        desk, viewer = page.desk, Viewer()
        models = await desk.endpoints.models()
        run_id = await desk.runs.start(
            make_request({"prompt": PROMPT, "words": 600, "approve": "ask"}), models
        )
        report = await desk.runs.carry_out(run_id, models)
        assert report.status == "awaiting_approval"
        (shown,) = await all_of(page.attach(viewer, run_id), viewer)
        assert shown.action == WORDS["approve"]
        done = (await all_of(page.resume(viewer), viewer))[-1]
    assert done.status.startswith("**Done**")


async def test_two_runs_go_side_by_side(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        both = await asyncio.gather(
            all_of(page.write(Viewer(), PROMPT, "500 words", "", "parallel"), Viewer()),
            all_of(page.write(Viewer(), f"{PROMPT} too", "500 words", "", "agentwrite"), Viewer()),
        )
    assert all(seen[-1].status.startswith("**Done**") for seen in both)
    assert both[0][-1].run_id != both[1][-1].run_id


async def test_the_page_says_who_writes(own_home: Path) -> None:
    async with handlers(own_home) as (page, fake):
        assert await page.writer() == f"Writes with `fake at {fake.url}`."
        assert await replace(page, demonstration=True).writer() == WORDS["demonstration"]


def test_each_page_has_a_viewer_of_its_own() -> None:
    used = Viewer(Screen(run_id="run_1"), turn=3)
    assert copy.deepcopy(used) == Viewer()
