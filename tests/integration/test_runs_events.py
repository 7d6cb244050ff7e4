"""What a run tells: stored events without gaps, passing ones in order; runs side by side."""

import asyncio
from pathlib import Path

import pytest

from agents.run.feed import Event, Feed
from core.errors import NotFoundError, RequestError
from domain.request import make_request
from tests.fakes.calls import Call
from tests.support import Desk, check_document, desk, user_text


async def heard(at: Desk, run_id: str) -> tuple[list[Event], str]:
    """Everything that a run told one listener, and how it ended."""
    events: list[Event] = []

    async def listen() -> None:
        async for event in at.services.runs.follow(run_id):
            events.append(event)

    listener = asyncio.create_task(listen())
    await asyncio.sleep(0)
    report = await at.carry_out(run_id)
    await listener
    return events, report.status


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_events_are_stored_without_gaps_and_delivered(tmp_path: Path, strategy: str) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(strategy=strategy)
        events, status = await heard(at, run_id)
        stored = await at.services.runs.events(run_id)
        late = await at.services.runs.events(run_id, after=4)
    assert status == "done"
    assert [event.seq for event in stored] == list(range(1, len(stored) + 1))
    assert late == stored[4:]
    assert [event for event in events if event.seq is not None] == stored
    kinds = [event.type for event in stored]
    assert kinds[0] == "status"
    assert kinds[-1] == "finished"
    assert (kinds.count("outline"), kinds.count("draft"), kinds.count("call")) == (1, 4, 5)
    statuses = [event.data["status"] for event in stored if event.type == "status"]
    assert statuses == ["planning", "writing", "checking"]


async def test_the_deltas_of_a_section_are_its_text(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start()
        events, _ = await heard(at, run_id)
        document = await at.services.documents.get(run_id)
    shown: dict[str, str] = {}
    for event in events:
        if event.type == "restart":
            shown[event.data["section"]] = ""
        if event.type == "delta":
            key = event.data["section"]
            shown[key] = shown.get(key, "") + event.data["text"]
    assert shown == {section.key: section.text for section in document.sections}


async def test_runs_side_by_side_do_not_mix(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        first = await at.start("en", prompt="Write a report about cheese and its caves")
        second = await at.start("zh", strategy="agentwrite")
        (one, ended), (two, ended_too) = await asyncio.gather(heard(at, first), heard(at, second))
        for run_id in (first, second):
            report = await at.services.runs.report(run_id)
            document = await at.document(report)
            check_document(document, report)
            assert report.accepted
            prompts = [user_text(call) for call in await at.journal(run_id)]
            assert all(("cheese" in text) == (run_id == first) for text in prompts)
            stored = await at.services.runs.events(run_id)
            assert [event.seq for event in stored] == list(range(1, len(stored) + 1))
            told = one if run_id == first else two
            assert [event for event in told if event.seq is not None] == stored
        newest = await at.services.runs.newest()
    assert (ended, ended_too) == ("done", "done")
    assert {report.run_id for report in newest} == {first, second}


async def test_a_late_listener_hears_nothing_of_a_run_that_is_over(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(words=300)
        events, _ = await heard(at, run_id)
        assert events
        stored = await at.services.runs.events(run_id, after=len(events) + 100)
        assert stored == []


async def test_unknown_names_are_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        with pytest.raises(RequestError, match="nonsense") as caught:
            await at.services.runs.start(
                make_request({"prompt": "Write.", "strategy": "nonsense"}), models
            )
        assert "parallel" in caught.value.remedy
        with pytest.raises(NotFoundError):
            await at.services.runs.report("run_nothing")
        assert await at.services.runs.newest() == []


async def test_a_feed_ends_for_every_reader_when_it_closes() -> None:
    feed = Feed()

    async def listen() -> list[Event]:
        return [event async for event in feed.read()]

    readers = [asyncio.create_task(listen()) for _ in range(3)]
    await asyncio.sleep(0)
    feed.emit("delta", text="a")
    feed.publish(Event("draft", {"key": "1"}, 7))
    feed.close()
    assert (
        await asyncio.gather(*readers)
        == [[Event("delta", {"text": "a"}), Event("draft", {"key": "1"}, 7)]] * 3
    )
    assert [event async for event in feed.read()] == []


async def test_a_slow_reader_misses_passing_events_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.run.feed.BACKLOG", 2)
    feed = Feed()

    async def listen() -> list[Event]:
        return [event async for event in feed.read()]

    reader = asyncio.create_task(listen())
    await asyncio.sleep(0)
    for number in range(4):
        feed.emit("delta", text=str(number))
    feed.publish(Event("draft", {}, 1))
    feed.close()
    assert [event.type for event in await reader] == ["delta", "delta", "draft"]


async def test_the_sections_of_a_parallel_run_are_asked_for_together(tmp_path: Path) -> None:
    together = asyncio.Event()

    async def hold(call: Call) -> None:
        if call.n == 6:
            together.set()
        if call.n > 1:  # none of the five is answered before all are asked
            async with asyncio.timeout(120):  # only so that a failure ends
                await together.wait()

    async with desk(tmp_path, on_call=hold) as at:
        report = await at.write(words=2000)
    assert (report.status, report.sections) == ("done", 5)
    assert together.is_set()
