"""The strategy that drafts the whole document before its sections are written out."""

import os.path
from pathlib import Path

import pytest

from tests.fakes.calls import Call
from tests.support import TOPICS, check_document, desk, section_calls, user_text


def _is_sketch(call: Call) -> bool:
    return "short draft of the whole text now" in user_text(call)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_section_sees_the_whole_draft_and_its_own_piece(
    tmp_path: Path, language: str
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(language, 4000, strategy="self_lengthen")
        document = await at.document(report)
        sketch = next(c for c in await at.journal(report.run_id) if c.step == "sketch")
        prompts = {user_text(call) for call in section_calls(at.fake)}
    assert report.length_score >= 98
    check_document(document, report)
    assert sketch.text
    assert len(prompts) == len(document.sections)
    assert all(sketch.text in prompt for prompt in prompts)
    shared = len(os.path.commonprefix(sorted(prompts)))
    assert shared >= 0.6 * max(map(len, prompts))
    for section in document.sections:
        start = sketch.text.index(f"[{section.key}]") + len(section.key) + 2
        piece = sketch.text[start:].split("\n[")[0].strip()
        assert sum(prompt.count(piece) == 2 for prompt in prompts) == 1


@pytest.mark.parametrize("fault", ["filter", "empty", "cut_event"])
async def test_without_a_usable_draft_the_sections_are_written_all_the_same(
    tmp_path: Path, fault: str
) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if _is_sketch(call):
            faults[call.n] = fault

    async with desk(tmp_path, faults=faults, on_call=spoil) as at:
        report = await at.write(words=2000, strategy="self_lengthen")
        check_document(await at.document(report), report)
    assert faults
    assert report.status == "done"
    assert report.length_score >= 98


async def test_an_endpoint_that_is_out_pauses_the_run_which_then_drafts(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if _is_sketch(call) and not faults:
            faults[call.n] = "quota"

    async with desk(tmp_path, faults=faults, on_call=spoil) as at:
        paused = await at.write(words=2000, strategy="self_lengthen")
        assert (paused.status, paused.sections_written) == ("paused", 0)
        report = await at.carry_out(paused.run_id)
        sketches = [call for call in at.fake.calls if _is_sketch(call)]
    assert report.status == "done"
    assert len(sketches) == 2


async def test_in_a_small_window_the_draft_gives_way(tmp_path: Path) -> None:
    async with desk(tmp_path, window=4096, endpoint={"window": 4096}) as at:
        report = await at.write(words=6000, strategy="self_lengthen")
        check_document(await at.document(report), report)
        assert all(call.status == 200 for call in at.fake.calls)
    assert report.status == "done"
    assert report.length_score >= 98


async def test_a_very_small_model_gets_no_draft(tmp_path: Path) -> None:
    async with desk(tmp_path, endpoint={"compact": True}) as at:
        report = await at.write(words=1200, strategy="self_lengthen")
        assert not any(_is_sketch(call) for call in at.fake.calls)
        assert TOPICS["en"] in user_text(at.fake.calls[0])
    assert report.length_score >= 98


async def test_auto_is_decided_once_and_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(words=3000, strategy="auto", approve="ask")
        waiting = await at.carry_out(run_id)
        await at.services.runs.approve(run_id)
        report = await at.carry_out(run_id)
    assert waiting.strategy == report.strategy == "self_lengthen"
    assert "3,000 words" in report.strategy_why
    assert report.length_score >= 98
