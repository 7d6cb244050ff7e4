"""What is estimated of a text that comes from a text is what its run then takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError, LongleafError, RequestError
from services.derived.continuations import MoreAsked
from services.derived.expansions import FullAsked
from services.runs.reports import RunReport
from tests.integration.test_estimates import check
from tests.integration.test_summaries import source
from tests.support import Desk, desk

CONTINUED = [
    ("obey", {"words": 300, "rounds": 0}),
    ("noisy", {"words": 900, "strategy": "agentwrite"}),
    ("noisy", {"words": 2500, "strategy": "parallel", "apart": True}),
]


async def taken_in(at: Desk, sections: int = 4, words: int = 400) -> str:
    text = source(sections, words)
    return await at.services.imports.read("harbour.md", text.encode())


async def carried_out(at: Desk, begun: tuple[str, bool]) -> RunReport:
    return await at.carry_out(begun[0])


@pytest.mark.parametrize(("mode", "more"), CONTINUED)
async def test_going_on(tmp_path: Path, mode: str, more: dict[str, Any]) -> None:
    async with desk(tmp_path, mode=mode, seed=3) as at:
        document, asked = await taken_in(at), MoreAsked(**more)
        service, models = at.services.continuations, await at.services.endpoints.models()
        found = await service.estimate(document, asked, models)
        assert not at.fake.calls
        assert found.target == asked.words
        report = await carried_out(at, await service.begin(document, asked, models))
    there = 0 if asked.apart else 4
    assert found.sections.holds(report.sections - there)
    assert found.calls.holds(report.calls)
    assert found.prompt_tokens.holds(report.prompt_tokens)
    assert found.completion_tokens.holds(report.completion_tokens)


@pytest.mark.parametrize("mode", ["obey", "noisy", "unfinished"])
async def test_summaries(tmp_path: Path, mode: str) -> None:
    async with desk(tmp_path, mode=mode, seed=3) as at:
        document = await taken_in(at, 6, 500)
        service, models = at.services.summaries, await at.services.endpoints.models()
        found = await service.estimate(document, models)
        assert not at.fake.calls
        assert [stage.name for stage in found.stages] == ["20 %", "10 %", "5 %"]
        report = await carried_out(at, await service.begin(document, models))
    check(found, report)


@pytest.mark.parametrize(("mode", "words"), [("obey", 800), ("noisy", 4000)])
async def test_writing_out(tmp_path: Path, mode: str, words: int) -> None:
    async with desk(tmp_path, mode=mode, seed=3) as at:
        service, models = at.services.expansions, await at.services.endpoints.models()
        asked = FullAsked("The harbour", source(1, 300), words, rounds=1)
        found = await service.estimate(asked, models)
        assert not at.fake.calls
        report = await carried_out(at, await service.begin(asked, models))
    check(found, report)


async def test_what_would_be_refused_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        document, models = await taken_in(at), await at.services.endpoints.models()
        run = await at.start(words=300)
        open_one = (await at.services.runs.report(run)).document_id
        further = at.services
        wrong: list[tuple[type[LongleafError], Any]] = [
            (RequestError, further.continuations.estimate(document, MoreAsked(3), models)),
            (ConflictError, further.continuations.estimate(open_one, MoreAsked(300), models)),
            (RequestError, further.summaries.estimate(document, models, [0.1])),
            (ConflictError, further.summaries.estimate(open_one, models)),
            (RequestError, further.expansions.estimate(FullAsked("x", "Short.", 1), models)),
        ]
        for error, work in wrong:
            with pytest.raises(error):
                await work
