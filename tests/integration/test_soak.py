"""A bad day: faults in 7 % of all calls while many documents are written at once."""

from __future__ import annotations

import asyncio
import random
import re
from pathlib import Path
from typing import Any

import pytest

from domain.request import make_request
from services.documents.lookup import Document
from tests.fakes.behaviour import Habits, answer
from tests.fakes.calls import Call
from tests.support import TOPICS, check_document, desk

IN_FLIGHT = 16
RATE = 0.07
PASSING = (
    "rate_limit", "server_error", "proxy_page", "loading", "empty", "no_content_204", "login_page",
    "cut_json", "no_choices", "null_content", "clean_early_end", "done_without_finish", "reset",
    "accept_close", "cut_chunk", "cut_event", "error_event", "error_event_named", "length", "stub",
    "reasoning_only", "reasoning_unclosed", "header_flood",
)  # fmt: skip
"""Faults that another try can help against."""

SUBJECTS = ("cheese", "tides", "bees", "harbours", "glass", "railways", "orchards", "salt")
_SPACE = re.compile(r"\s+")


def said(calls: list[Call], seed: int) -> str:
    """All prose and edits that the model would have answered, had there been no faults."""
    contents = [(call.kind, answer(call.request, Habits(), seed).content) for call in calls]
    return "\n".join(
        _SPACE.sub(" ", content)
        for kind, content in contents
        if kind == "text" or content.startswith('{"edits"')
    )


def check_unaltered(document: Document, model: str) -> None:
    """Every sentence of the document stands, whole, in an answer of the model's."""
    for section in document.sections:
        for paragraph in section.text.split("\n\n"):
            for sentence in re.split(r"(?<=[.!?])\s+", paragraph.strip()):
                assert _SPACE.sub(" ", sentence) in model, sentence


def _fields(rng: random.Random, n: int) -> dict[str, Any]:
    return {
        "prompt": f"{TOPICS['en']}, and about {SUBJECTS[n % len(SUBJECTS)]} {n}",
        "words": rng.choice((500, 800, 1200)),
        "strategy": rng.choice(("parallel", "agentwrite")),
        "seed": n,
    }


class Crowd:
    """An `on_call` hook that holds the first calls until so many are there at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._full = asyncio.Event()

    async def __call__(self, call: Call) -> None:
        if call.in_flight >= self._size:
            self._full.set()
        await self._full.wait()


@pytest.mark.parametrize(
    ("documents", "seed"), [(4, 5), pytest.param(40, 6, marks=pytest.mark.verify)]
)
async def test_a_bad_day_delays_and_alters_nothing(
    tmp_path: Path, documents: int, seed: int
) -> None:
    rng = random.Random(seed)
    crowd = Crowd(min(documents, IN_FLIGHT))
    async with desk(
        tmp_path, on_call=crowd, fault_rate=RATE, fault_names=PASSING, seed=seed,
        first_token_seconds=0.05,
        endpoint={"concurrency": IN_FLIGHT},
    ) as at:  # fmt: skip
        models = await at.services.endpoints.models()
        runs = [
            await at.services.runs.start(make_request(_fields(rng, n)), models)
            for n in range(documents)
        ]
        reports = await asyncio.gather(*(at.services.runs.carry_out(run, models) for run in runs))
        model = said(at.fake.calls, seed)
        for report in reports:
            assert (report.status, report.reason) == ("done", "")
            assert report.length_score >= 95
            document = await at.document(report)
            check_document(document, report)
            check_unaltered(document, model)
        spoilt = [call.fault for call in at.fake.calls if call.fault]
        assert sum(report.calls for report in reports) >= len(at.fake.calls)
    assert len({report.document_id for report in reports}) == documents
    most = max(call.in_flight for call in at.fake.calls)
    assert min(documents, IN_FLIGHT) <= most <= IN_FLIGHT
    assert len(spoilt) >= documents * RATE


async def test_the_first_word_of_a_sentence_that_broke_off_is_joined_to_nothing(
    tmp_path: Path,
) -> None:
    """Of a first text, of its continuation, and of what is written after such ones."""
    faults = {2: "length", **dict.fromkeys((3, 5, 7), "stub")}
    async with desk(tmp_path, faults=faults, seed=5) as at:
        report = await at.write(words=900, strategy="agentwrite")
        assert report.status == "done"
        check_unaltered(await at.document(report), said(at.fake.calls, 5))
        steps = {call.step for call in await at.journal(report.run_id)}
    assert {"section/1/write/1/continue/1", "section/2/write/2"} <= steps
