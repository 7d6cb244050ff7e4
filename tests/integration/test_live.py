"""A run as a page watches it: what it shows is what is stored, and it costs little more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.door import PROMPT, Door, Gate, door
from tests.readers import Watcher

RUNS = "/api/v1/runs"
SMALL = 600
"""Bytes a section may cost beside its text: headings, states, its place in the plan."""


async def begun(made: Door, words: int = 900, **more: Any) -> str:
    async with made.raw() as http:
        body = {"prompt": PROMPT.format(words), "rounds": 0, **more}
        return str((await http.post(RUNS, json=body)).json()["run_id"])


async def stored(made: Door, run_id: str) -> dict[str, str]:
    document = await made.place.services.documents.get(run_id)
    return {section.key: section.text for section in document.sections if section.text}


async def watched(made: Door, words: int, **more: Any) -> Watcher:
    """A page that has watched a run from its beginning to its end; all that holds of any."""
    watcher = Watcher(made.address, await begun(made, words, **more))
    await watcher.follow()
    texts = await stored(made, watcher.run_id)
    report = await made.place.services.runs.report(watcher.run_id)
    assert watcher.end == {"status": "done"}
    assert watcher.texts_by_key == texts
    assert sum(each["words"] for each in watcher.sections.values()) == report.words
    figures = ("words", "calls", "accepted")
    assert [watcher.view[name] for name in figures] == [getattr(report, name) for name in figures]
    assert watcher.view["spend"]["completion_tokens"] == report.completion_tokens
    assert watcher.kinds.count("view") == 1
    size = sum(len(text.encode()) for text in texts.values())
    assert watcher.bytes <= 2 * size + SMALL * (len(texts) + 1), (watcher.bytes, size)
    return watcher


async def test_a_page_is_told_of_each_word_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runs.live.PULSE", 0.01)
    async with door(tmp_path, mode="long+noisy", tokens_per_second=500) as made:
        watcher = await watched(made, 1_200)
        assert "text" in watcher.kinds
        assert {"writing", "sealed"} <= {state for _, state in watcher.states}


@pytest.mark.verify
@pytest.mark.parametrize(
    ("mode", "more"),
    [
        ("obey", {}), ("long", {}), ("short+noisy", {"strategy": "self_lengthen"}),
        ("long+noisy", {"rounds": 1}), ("repeats+unfinished", {"strategy": "agentwrite"}),
    ],
)  # fmt: skip
async def test_whatever_the_model_does_the_bytes_stay_below_twice_the_text(
    tmp_path: Path, mode: str, more: dict[str, Any]
) -> None:  # 2 seconds each
    async with door(tmp_path, mode=mode, tries=1) as made:
        await watched(made, 5_000, **more)


@pytest.mark.verify
async def test_a_long_document_costs_no_more(tmp_path: Path) -> None:  # 8 seconds
    async with door(tmp_path, mode="long+noisy") as made:
        await watched(made, 30_000)


async def test_a_page_that_comes_back_is_told_all_there_is(tmp_path: Path) -> None:
    gate = Gate(4)
    async with door(tmp_path, on_call=gate) as made:
        run_id = await begun(made, strategy="agentwrite")
        await gate.reached.wait()
        late = Watcher(made.address, run_id, stop_at=lambda page: "view" in page.kinds)
        await late.follow()
        assert late.view["phase"] == "writing"
        assert late.view["live"]
        assert {"eta", "seconds", "tokens_per_second"} <= set(late.view)
        assert late.texts_by_key == await stored(made, run_id) != {}
        gate.open.set()
        late.stop_at = lambda page: False
        await late.follow()
        assert late.end == {"status": "done"}
        assert late.texts_by_key == await stored(made, run_id)
        over = Watcher(made.address, run_id)
        await over.follow()
        assert over.kinds == ["view", "end"]
        assert over.texts_by_key == late.texts_by_key
        assert (over.view["eta"], over.view["live"]) == (None, False)


async def test_figures_alone_have_no_text(tmp_path: Path) -> None:
    async with door(tmp_path) as made:
        run_id = await begun(made, 600)
        watcher = Watcher(made.address, run_id, texts=False)
        await watcher.follow()
        assert "text" not in watcher.kinds
        assert watcher.texts_by_key == {}
        report = await made.place.services.runs.report(run_id)
        assert sum(each["words"] for each in watcher.sections.values()) == report.words


async def test_a_run_that_stops_and_goes_on_keeps_its_text(tmp_path: Path) -> None:
    gate = Gate(4)
    async with door(tmp_path, on_call=gate) as made, made.raw() as http:
        run_id = await begun(made, strategy="agentwrite")
        watcher = Watcher(made.address, run_id)
        watching = asyncio.create_task(watcher.follow())
        await gate.reached.wait()
        await http.post(f"{RUNS}/{run_id}/cancel")
        await watching
        assert watcher.end == {"status": "cancelled"}
        assert watcher.view["phase"] == "cancelled"
        kept = await stored(made, run_id)
        assert watcher.texts_by_key == kept != {}
        gate.open.set()
        await http.post(f"{RUNS}/{run_id}/resume")
        await watcher.follow()
        assert watcher.end == {"status": "done"}
        assert kept.items() <= watcher.texts_by_key.items()


async def test_a_run_that_another_process_works_on_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runs.watch.LOOK_EVERY", 0.01)
    gate = Gate(3)
    async with door(tmp_path, on_call=gate) as made:
        run_id = await made.place.start(words=600)  # of this process, but not of the server's desk
        watcher = Watcher(made.address, run_id)
        watching = asyncio.create_task(watcher.follow())
        working = asyncio.create_task(made.place.carry_out(run_id))
        await gate.reached.wait()
        gate.open.set()
        await asyncio.gather(watching, working)
        assert watcher.end == {"status": "done"}
        assert watcher.texts_by_key == await stored(made, run_id)
        assert not watcher.view["live"]


async def test_a_run_that_is_deleted_or_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runs.watch.LOOK_EVERY", 0.01)
    async with door(tmp_path) as made, made.raw() as http:
        run_id = await begun(made, approve="ask")
        waiting = Watcher(made.address, run_id)
        await waiting.follow()
        assert waiting.end == {"status": "awaiting_approval"}
        assert len(waiting.sections) > 1
        services = made.place.services
        other = await made.place.start(words=600)
        gone = Watcher(made.address, other)
        watching = asyncio.create_task(gone.follow())
        while "view" not in gone.kinds:
            await asyncio.sleep(0)
        assert gone.view["phase"] == "interrupted"
        report = await services.runs.report(other)
        await services.library.purge(report.document_id)
        await watching
        assert gone.end["status"] == "deleted"
        assert (await http.get(f"{RUNS}/run_nothing/live")).status_code == 404


async def test_the_end_of_the_server_ends_the_stream_without_an_end(tmp_path: Path) -> None:
    gate = Gate(2)
    async with door(tmp_path, on_call=gate) as made:
        watcher = Watcher(made.address, await begun(made))
        watching = asyncio.create_task(watcher.follow())
        await gate.reached.wait()
        await made.desk.close()
        await watching
        assert watcher.end is None
