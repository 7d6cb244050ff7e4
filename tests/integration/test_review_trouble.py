"""A review that is disturbed: by endpoints, by caps, by the death of a process; and its seams."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.review.rounds import STUCK
from bootstrap import build
from core.settings import load_settings
from domain.request import make_request
from domain.run_options import Caps, RunOptions
from llm.lines import Lines
from llm.types import ROLES
from services.endpoints.directory import Endpoints
from storage import events
from tests.fakes.endpoint import FakeEndpoint
from tests.integration.test_journal_replay import Stopper
from tests.integration.test_review import SAID, check_review, judged, reviews, scores
from tests.support import TOKENS, Desk, at_once, check_document, desk, user_text


@asynccontextmanager
async def with_critic(
    home: Path, faults: dict[int, str], judge: str = "fair", *, compact: bool = False
) -> AsyncIterator[tuple[Desk, Any]]:
    """A desk whose critic is served by an endpoint of its own, which has these faults.

    All other roles are another model's, a very small one where it is `compact`.
    """
    async with (
        FakeEndpoint(mode="slips") as writer,
        FakeEndpoint(faults=faults, judge=judge) as critic,
    ):
        small = {"base_url": writer.url, "model": "fake", "compact": compact}
        endpoints = {"writer": small, "critic": {"base_url": critic.url, "model": "fake"}}
        roles = dict.fromkeys(ROLES, "writer") | {"critic": "critic"}
        settings = load_settings(home=home, endpoint="writer", endpoints=endpoints, roles=roles)
        services = build(settings)
        services.lines = Lines(TOKENS, sleep=at_once)
        services.endpoints = Endpoints(settings, services.lines)
        services.runs.tokens = TOKENS
        try:
            yield Desk(services, writer), critic
        finally:
            await services.close()


async def test_a_critic_that_is_down_pauses_the_run_and_costs_no_text(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(1, 900), "server_error")
    async with with_critic(tmp_path, faults) as (at, critic):
        paused = await at.write(words=500, rounds=1)
        kept = [section.text for section in (await at.document(paused)).sections]
        written = len(at.fake.calls)
        faults.clear()
        report = await at.carry_out(paused.run_id)
        await check_review(at, report, 1)
        again = [call for call in at.fake.calls[written:] if "Write section" in user_text(call)]
    assert (paused.status, paused.reason_kind, paused.review.why) == ("paused", "unavailable", "")
    assert paused.sections_written == paused.sections == len(kept)
    assert all(kept)
    assert again == []
    assert {call.kind for call in critic.calls} == {"json"}
    assert report.review.revised == report.sections


@pytest.mark.parametrize("judge", ["fair", "complains"])
async def test_a_very_small_model_is_judged_and_told_nothing(tmp_path: Path, judge: str) -> None:
    """Its prompts have no room for a judge's words, nor fences around them."""
    async with with_critic(tmp_path, {}, judge, compact=True) as (at, critic):
        report = await at.write(words=500, rounds=1)
        told = await reviews(at, report.run_id)
        said = [user_text(call) for call in at.fake.calls]
    assert report.status == "done"
    assert {data["why"] for data in told.values()} == {STUCK}
    assert len(critic.calls) == report.sections + 1
    assert not any(SAID in text for text in said)


async def test_a_cap_that_is_reached_in_the_review_pauses_it(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="slips") as at:
        models = await at.services.endpoints.models()
        request = make_request({"prompt": "A report on tides", "words": 500, "rounds": 1})
        run_id = await at.services.runs.start(request, models, RunOptions(Caps(calls=5)))
        paused = await at.carry_out(run_id)
        assert len(at.fake.calls) == 5
        assert sum((await judged(at, run_id)).values()) > 0
        await at.services.runs.set_caps(run_id, Caps(calls=90))
        report = await at.carry_out(run_id)
        await check_review(at, report, 1)
        assert len(at.fake.calls) == report.calls
    assert (paused.status, paused.reason_kind) == ("paused", "limit_exceeded")
    assert paused.sections_written == paused.sections


STOPS = [*(pytest.param(n, "parallel", id=f"{n}") for n in (5,)),
         pytest.param(7, "parallel", id="7", marks=pytest.mark.verify),
         *(pytest.param(n, "agentwrite", id=f"{n}-agentwrite", marks=pytest.mark.verify)
           for n in range(4, 12))]  # fmt: skip


@pytest.mark.parametrize(("n", "strategy"), STOPS)
async def test_a_review_that_dies_goes_on_and_judges_nothing_twice(
    tmp_path: Path, n: int, strategy: str
) -> None:
    """The nine long ones: about 14 s."""
    stop = Stopper(n)
    async with desk(tmp_path, on_call=stop, mode="slips") as at:
        run_id = await at.start(words=500, rounds=1, strategy=strategy)
        if not await stop.run(at, run_id):
            assert len(at.fake.calls) < n
            return
        before = await at.journal(run_id)
        answered = {call.step: call.text for call in before if call.answered}
        report = await at.carry_out(run_id)
        await check_review(at, report, 1)
        journal, verdicts = await at.journal(run_id), await scores(at, run_id)
        asked = await judged(at, run_id)
        calls = Counter(map(user_text, at.fake.calls))
    assert {call.step: call.text for call in journal if call.step in answered} == answered
    twice = calls - Counter(map(user_text, journal))
    assert twice <= Counter(user_text(call) for call in before if not call.answered)
    assert {len(found) for found in verdicts.values()} == {1}
    assert all(asked[key or "document"] <= 2 for key in verdicts)


async def test_a_document_that_does_not_fit_the_judge_is_judged_by_a_map(tmp_path: Path) -> None:
    window = 3200
    async with desk(tmp_path, endpoint={"window": window}, window=window, mode="slips") as at:
        report = await at.write(words=1000, rounds=1)
        await check_review(at, report, 1)
        (call,) = [x for x in at.fake.calls if "This is a map of it" in user_text(x)]
        document = await at.document(report)
    shown = user_text(call)
    assert report.review.quality == 75
    for section in document.sections:
        assert f"[{section.key}] {section.heading}" in shown
        assert section.text not in shown
    assert not any("a key in brackets stands before" in user_text(x) for x in at.fake.calls)


@pytest.mark.parametrize(("judge", "helped"), [("fair", True), ("idle", False)])
async def test_seams_are_mended_where_an_edit_helps(
    tmp_path: Path, judge: str, helped: bool
) -> None:
    async with desk(tmp_path, mode="resumes", judge=judge) as at:
        report = await at.write(words=800, strategy="agentwrite")
        document = await at.document(report)
        journal = await at.journal(report.run_id)
        ended = await at.services.db.run(lambda s: seams(s, report.run_id), write=False)
    assert report.status == "done"
    check_document(document, report)
    assert ended["found"] >= report.sections - 1
    assert sum("/seam/edits" in call.step for call in journal) >= report.sections - 1
    assert (ended["left"] == 0) == helped
    assert (ended["left"] == ended["found"]) == (not helped)


def seams(s: Any, run_id: str) -> dict[str, Any]:
    """How the mending of the seams ended."""
    (told,) = events.of_type(s, run_id, "seams")
    return dict(told.data)
