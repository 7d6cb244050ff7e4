"""Summaries at shares of a text: their lengths, what they keep, what a stop costs."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from core.errors import ConflictError, RequestError
from services.derived.summaries import Summaries
from tests.fakes import prose
from tests.fakes.calls import Call
from tests.fakes.tokens import count_tokens
from tests.support import Desk, desk, user_text


def facts(number: int, chinese: bool) -> list[str]:
    """As many statements, each of which can be found again."""
    made = "第{}号船在{}年入港。" if chinese else "Ship number {} came in the year {}."
    return [made.format(7000 + n, 1500 + n) for n in range(number)]


def source(sections: int, words: int, *, chinese: bool = False, planted: int = 20) -> str:
    """A text with planted facts, evenly over its sections."""
    rng = random.Random(5)
    write = prose.chinese if chinese else prose.english
    said = facts(planted, chinese)
    blocks = ["# 港口" if chinese else "# The Harbour"]
    for number in range(sections):
        own = said[number::sections]
        body = write(rng, words, ())
        name = f"{'部分' if chinese else 'Part'} {'ABCDEFGHIJ'[number]}"
        blocks += [f"## {name}", body, " ".join(own)]
    return "\n\n".join(blocks) + "\n"


async def summed_up(at: Desk, text: str, shares: tuple[float, ...] = (20, 10, 5)) -> Summaries:
    document = await at.services.imports.read("harbour.md", text.encode())
    models = await at.services.endpoints.models()
    run_id, _ = await at.services.summaries.begin(document, models, shares)
    report = await at.carry_out(run_id)
    assert report.done, report.why
    (found,) = await at.services.summaries.of(document)
    assert found == await at.services.summaries.of_run(run_id)
    return found


@pytest.mark.parametrize("mode", ["obey", "short", "long", "noisy"])
async def test_each_summary_has_its_share_and_keeps_what_fits(tmp_path: Path, mode: str) -> None:
    async with desk(tmp_path, mode=mode) as at:
        found = await summed_up(at, source(6, 700))
    assert [one.share for one in found.summaries] == [20, 10, 5]
    for one in found.summaries:
        assert abs(one.words - one.target) <= max(0.1 * one.target, 24), (mode, one)
        assert one.length_score > 80
    kept = [sum(fact in one.text for fact in facts(20, False)) for one in found.summaries]
    assert kept[0] >= kept[1] >= kept[2]
    assert kept[0] >= 15 if mode == "obey" else kept[0] > 0
    assert not found.stale


async def test_summaries_in_chinese(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        found = await summed_up(at, source(4, 900, chinese=True), (20, 10))
    for one in found.summaries:
        assert abs(one.words - one.target) <= max(0.1 * one.target, 24), one


async def test_no_prompt_is_longer_than_a_small_window(tmp_path: Path) -> None:
    async with desk(tmp_path, window=2048, endpoint={"window": 2048}) as at:
        found = await summed_up(at, source(2, 3_000), (20, 10))
        most = max(sum(count_tokens(str(m["content"])) for m in c.messages) for c in at.fake.calls)
    assert most < 2048
    for one in found.summaries:
        assert abs(one.words - one.target) <= max(0.1 * one.target, 24), one


async def test_a_stopped_run_goes_on_and_a_changed_text_makes_its_summaries_stale(
    tmp_path: Path,
) -> None:
    reached = asyncio.Event()

    async def watch(call: Call) -> None:
        if at.fake.paused and "Summarise" in user_text(call):
            reached.set()

    async with desk(tmp_path, on_call=watch) as at:
        services = at.services
        document = await services.imports.read("harbour.md", source(4, 400).encode())
        models = await services.endpoints.models()
        run_id, _ = await services.summaries.begin(document, models)
        at.fake.pause(3)
        work = asyncio.create_task(at.carry_out(run_id))
        await reached.wait()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        at.fake.resume()
        report = await at.carry_out(run_id)
        steps = [call.step for call in await at.journal(run_id)]
        assert report.done
        assert len(steps) == len(set(steps))
        await services.revisions.write(document, "1", "Nothing of it is left.", -1)
        (found,) = await services.summaries.of(document)
        assert found.stale


async def test_what_cannot_be_summed_up_says_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        with pytest.raises(ConflictError, match="no text"):
            await at.services.summaries.begin(await at.start(), models)
        short = await at.services.imports.read("a.md", b"Only a few words stand here.")
        with pytest.raises(RequestError, match="too few"):
            await at.services.summaries.begin(short, models)
        for shares in ((), (0.5,), (90,), (1, 2, 3, 4, 5, 6, 7)):
            with pytest.raises(RequestError):
                await at.services.summaries.begin(short, models, shares)


@pytest.mark.verify  # about 15 s
@pytest.mark.parametrize("mode", ["obey", "short"])
async def test_twenty_thousand_words_are_summed_up_in_a_window_of_two_thousand_tokens(
    tmp_path: Path, mode: str
) -> None:
    async with desk(tmp_path, mode=mode, window=2048, endpoint={"window": 2048}) as at:
        found = await summed_up(at, source(10, 2_000))
        most = max(sum(count_tokens(str(m["content"])) for m in c.messages) for c in at.fake.calls)
    assert most < 2048
    for one in found.summaries:
        assert abs(one.words - one.target) <= 0.1 * one.target, one
