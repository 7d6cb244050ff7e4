"""The whole API under requests made at random by its own schema, sound ones and broken ones.

Each is sent twice: as it was made, and with the names of things that are there.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from structlog.testing import capture_logs

from api.application import create_api
from batch.commission import Commission
from batch.desk import BatchDesk
from core.errors import DegenerateError, EmptyAnswerError, FormatError, LLMError
from domain.dataset import Terms
from tests import support
from tests.fuzzing import Exchange, prepared

CHECKS = [
    status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
SECONDS = 5.0
"""Of computing that a case may take; others on the machine do not count."""
UNUSABLE = {cls("").kind for cls in (FormatError, EmptyAnswerError, DegenerateError, LLMError)}
"""What the fake's answers to nonsense may be: then it is right to say 502."""
SETTINGS = {
    "caps": {"calls": 8},
    "api": {"pick_up": False, "requests_per_minute": None, "on_disconnect": "cancel"},
}
LINES = b'{"prompt": "On tides.", "length": 100}\n{"prompt": 7}\n'
"""Of a dataset."""
LONGEST = 300
"""Words."""
NUMBER = 3_432_708_283
"""Of the cases that are drawn."""
MANY = 5_000
RENEW = 200
"""After so many cases there is another run that waits for approval."""


class Scene:
    """The application in this thread, what is there to be found, and what was found out."""

    def __init__(self, runner: asyncio.Runner, home: Path) -> None:
        self.runner = runner
        self.rng = random.Random(0)
        self.cases = 0
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.wrong: dict[tuple[str, str], str] = {}
        """Operation and kind of error → the first case that showed it."""
        self._stack = AsyncExitStack()
        runner.run(self._open(home))
        schema = schemathesis.openapi.from_dict(self.app.openapi())
        self.operations = [found.ok() for found in schema.get_all_operations()]

    async def _open(self, home: Path) -> None:
        self.place = await self._stack.enter_async_context(support.desk(home, settings=SETTINGS))
        self.app: FastAPI = create_api(self.place.services)
        self.done = await self.place.write(words=100)
        sections = await self.place.services.sections.all_of(self.done.document_id)
        self.revisions = [section.revision_id for section in sections]
        self.calls = [call.id for call in await self.place.journal(self.done.run_id)]
        self.batches: BatchDesk = self.app.state.batches
        self.dataset = await self.new_dataset()
        await self.renew()

    async def new_dataset(self) -> str:
        """One that is not begun."""
        dataset, _ = await self.batches.add(LINES, Commission("Tides", Terms(rounds=0)))
        return dataset

    async def renew(self) -> None:
        """Have another run wait for approval."""
        self.waiting = await self.place.carry_out(await self.place.start(words=100, approve="ask"))
        assert self.waiting.status == "awaiting_approval"

    def close(self) -> None:
        """Stop what still writes."""
        self.runner.run(self.app.state.batches.close())
        self.runner.run(self.app.state.desk.close())
        self.runner.run(self._stack.aclose())

    @property
    def named(self) -> dict[str, list[Any]]:
        """What a parameter, or a field of a body, may name."""
        both = self.done, self.waiting
        return {
            "document_id": [run.document_id for run in both],
            "run_id": [run.run_id for run in both],
            "key": ["1", "2", "1.1"], "revision_id": self.revisions, "old": self.revisions,
            "new": self.revisions, "name": ["essay", "command-line", "tides.md", "tides.txt"],
            "model": ["longleaf-auto", "longleaf-edit"], "document": [self.done.document_id],
            "section": ["1"], "words": [100, "about 100 words"], "If-Match": ["*", '"1"', '"99"'],
            "language": ["en", "auto", "zh-CN"], "text": ["The tide rises. It falls again."],
            "format": ["md", "html", "txt", "json", "latex"], "prompt": ["On tides, 100 words."],
            "messages": [[{"role": "user", "content": "Write 100 words about tides."}]],
            "dataset_id": [self.dataset], "line": [1, 2], "call_id": self.calls,
            "after": ["", *self.calls],
            "input": ["Write 100 words about tides."], "values": [{"topic": "tides"}],
        }  # fmt: skip

    def lead(self, case: Case[Any]) -> None:
        """Let a case name things that are there, most of them."""
        named = self.named
        if case.path.endswith("/purge"):  # else nothing would soon be left
            reading = self.place.services.imports.read("tides.md", b"# Tides\n\nThey rise.\n")
            named["document_id"] = [self.runner.run(reading)]
        if case.path.endswith("/{dataset_id}") and case.method == "DELETE":
            named["dataset_id"] = [self.runner.run(self.new_dataset())]
        operation = case.operation
        for kind in ("path_parameters", "query", "headers"):
            given = getattr(case, kind)
            for parameter in getattr(operation, kind):
                if given is not None and parameter.name in named and self.rng.random() < 0.9:
                    given[parameter.name] = self.rng.choice(named[parameter.name])
        self.lead_body(case, named)

    def lead_body(self, case: Case[Any], named: dict[str, list[Any]]) -> None:
        """Let a case's body do so."""
        if isinstance(case.body, dict):
            for name in named.keys() & case.body.keys():
                if self.rng.random() < 0.9:
                    case.body[name] = self.rng.choice(named[name])
        elif case.path.endswith("/import"):
            case.body = b"# Tides\n\nThey rise and fall twice a day.\n"
        elif case.path.startswith("/api/v1/datasets") and case.media_type:
            case.body = LINES

    def try_out(self, case: Case[Any]) -> None:
        """Send a case as it is, and about things that are there."""
        if self.cases % RENEW == 0:
            self.runner.run(self.renew())
        tame(case.body)
        self.send(case)
        self.lead(case)
        self.send(case)

    def send(self, case: Case[Any]) -> None:
        """Send a case, and note what is wrong with its answer."""
        exchange = Exchange(prepared(case))
        self.runner.run(exchange.run(self.app))
        self.cases += 1
        label = f"{case.method} {case.path}"
        if exchange.failure:
            self.note(case, label, "crash", exchange.failure)
            return
        answer = exchange.response
        self.statuses[label, answer.status_code] += 1
        if answer.status_code >= 500 and not excused(answer):
            self.note(case, label, str(answer.status_code), answer.text)
        if exchange.cpu > SECONDS:
            self.note(case, label, "slow", f"{exchange.cpu:.1f} s")
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                self.note(case, label, type(failure).__name__, str(failure))

    def note(self, case: Case[Any], label: str, kind: str, said: str) -> None:
        """Keep the first case of each operation that shows this kind of error."""
        self.wrong.setdefault((label, kind), f"{said[-2000:]}\n{case.as_curl_command()[:2000]}")


def tame(body: object) -> None:
    """Ask for short documents and sections only, and of no server elsewhere: that is no part."""
    if isinstance(body, dict):
        if isinstance(body.get("base_url"), str):
            body["base_url"] = "http://127.0.0.1:9/v1"
        for name in ("words", "target"):
            length = body.get(name)
            if isinstance(length, int | float) and length > LONGEST:
                body[name] = LONGEST
        for inner in (body.get("longleaf"), *listed(body, "parts"), *listed(body, "sections")):
            tame(inner)


def listed(body: dict[str, Any], name: str) -> list[Any]:
    """What stands in a list, if it is one."""
    found = body.get(name)
    return found if isinstance(found, list) else []


def excused(answer: Response) -> bool:
    """Whether the model is to blame."""
    said = json.loads(answer.content)
    kind = said["error"]["code"] if "error" in said else said["kind"]
    return answer.status_code == 502 and kind in UNUSABLE


def fuzz(home: Path, cases: int, number: int, *, each: bool = False) -> Scene:
    """Send at least so many cases; if wanted, one of each operation before those at random.

    Hypothesis draws no case twice, and so takes up an operation with few of them but seldom.
    """
    with asyncio.Runner() as runner, capture_logs() as logs:
        scene = Scene(runner, home)
        strategies = [
            operation.as_strategy(generation_mode=mode)
            for operation in scene.operations
            for mode in GenerationMode
        ]

        def draw(examples: int, cases: st.SearchStrategy[Case[Any]]) -> None:
            drawing = settings(
                max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            seed(number)(drawing(given(cases)(scene.try_out)))()

        for operation in scene.operations if each else ():
            draw(1, operation.as_strategy())
        draw((cases + 1) // 2, st.sampled_from(strategies).flatmap(lambda chosen: chosen))
        scene.close()
    broken = [event for event in logs if event["log_level"] in ("error", "critical")]
    assert broken == []
    return scene


def check(scene: Scene, cases: int, number: int) -> None:
    """Nothing is wrong, and so many cases were sent."""
    said = "\n\n".join(f"{where}: {what}" for where, what in scene.wrong.items())
    assert not scene.wrong, f"seed {number}\n{said}"
    assert scene.cases >= cases


def test_what_is_sent_at_random_breaks_nothing(tmp_path: Path) -> None:
    check(fuzz(tmp_path, 80, 0), 80, 0)


@pytest.mark.verify
def test_much_that_is_sent_at_random_breaks_nothing(tmp_path: Path) -> None:
    """Takes a minute and a half to two. Another number looks elsewhere."""
    scene = fuzz(tmp_path, MANY, NUMBER, each=True)
    check(scene, MANY, NUMBER)
    assert {label for label, _ in scene.statuses} == {each.label for each in scene.operations}
