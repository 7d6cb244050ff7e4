"""Knows how a test writes documents: all services on a folder of its own, a fake for a model."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap import Services, build
from core.settings import load_settings
from domain.request import make_request
from domain.text.counter import count
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.tokens import Tokens
from llm.types import ModelRequest
from services.documents.exports import export
from services.documents.lookup import Document
from services.endpoints.directory import COMMAND_LINE, Endpoints
from services.runs.reports import RunReport
from storage import journal
from storage.journal import StoredCall
from tests.fakes.calls import Call
from tests.fakes.chat import OnCall
from tests.fakes.endpoint import FakeEndpoint

TOPICS = {
    "en": "Write a report about tidal power on the coasts of Europe",
    "zh": "请写一篇关于欧洲沿海潮汐发电的报告",
}
FORBIDDEN = re.compile(
    r"```|^Length:|Word count|<think|</think|Let me think|Let me know|Sure! Here|Here is the"
    r"|language model|I'm sorry|很抱歉|人工智能语言模型|\"sections\"|I hope this helps"
    r"|Incorrect API key|does not exist or you do not have",
    re.MULTILINE,
)
"""What a fake says besides the text it is asked for, and what faults say."""

TOKENS = Tokens(Path(os.environ["LONGLEAF_HOME"], "tokens"))
"""Shared by all tests of a process: loading the vocabulary takes a second."""


async def at_once(_seconds: float) -> None:
    """Waits for nothing: between retries no time needs to pass."""


def open_services(home: Path, url: str, model: str = "fake", **more: Any) -> Services:
    """All services in `home`, every role served at `url`; retries follow at once.

    `more` are fields of `Endpoint`, or, as `settings`, overrides of the settings, or, as `lines`,
    what `Lines` is built with.
    """
    overrides: Mapping[str, Any] = more.pop("settings", {})
    patience: Mapping[str, Any] = more.pop("lines", {})
    given = Endpoint(COMMAND_LINE, url, model, **more)
    services = build(load_settings(home=home, **overrides), given)
    lines = Lines(TOKENS, **{"sleep": at_once, **patience})
    endpoints = Endpoints(services.settings, lines, given, services.book)
    services.runs.tokens = services.estimates.tokens = services.prompt_book.tokens = TOKENS
    passages = dataclasses.replace(services.passages, endpoints=endpoints)
    proposals = dataclasses.replace(services.proposals, endpoints=endpoints)
    styles = dataclasses.replace(services.styles, endpoints=endpoints)
    return dataclasses.replace(
        services, lines=lines, endpoints=endpoints, passages=passages, proposals=proposals,
        styles=styles,
    )  # fmt: skip


@dataclass
class Desk:
    """A writing place: services, and the fake that they call."""

    services: Services
    fake: FakeEndpoint

    async def start(self, language: str = "en", words: int = 1200, **request: Any) -> str:
        """Store a run of a report in this language; `request` are further fields.

        It is not judged unless `rounds` says so: most tests are about other things.
        """
        fields = {"prompt": TOPICS[language], "words": words, "rounds": 0, **request}
        models = await self.services.endpoints.models()
        return await self.services.runs.start(make_request(fields), models)

    async def carry_out(self, run_id: str) -> RunReport:
        """Work on a run until it stops."""
        models = await self.services.endpoints.models()
        return await self.services.runs.carry_out(run_id, models)

    async def write(self, language: str = "en", words: int = 1200, **request: Any) -> RunReport:
        """Store a run and carry it out."""
        return await self.carry_out(await self.start(language, words, **request))

    async def document(self, report: RunReport) -> Document:
        """What the run has written."""
        return await self.services.documents.get(report.document_id)

    async def journal(self, run_id: str) -> list[StoredCall]:
        """Every call that the run has written down."""
        found = await self.services.db.run(lambda s: journal.all_of(s, run_id), write=False)
        return list(found)


@asynccontextmanager
async def desk(
    home: Path,
    *,
    on_call: OnCall | None = None,
    endpoint: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    **fake: Any,
) -> AsyncIterator[Desk]:
    """Serve a fake with these options, and open services on `home` that use it."""
    async with FakeEndpoint(on_call=on_call, **fake) as server:
        services = open_services(home, server.url, settings=settings or {}, **(endpoint or {}))
        try:
            yield Desk(services, server)
        finally:
            await services.close()


def user_text(call: Call | StoredCall) -> str:
    """The last message of a call."""
    messages = call.messages if isinstance(call, Call) else call.request["messages"]
    return str(messages[-1]["content"])


def stored_hash(call: StoredCall) -> str:
    """The hash that the stored intent promises."""
    return ModelRequest.from_dict(call.request).sha256


def section_calls(fake: FakeEndpoint) -> list[Call]:
    """The calls that ask for a whole section."""
    return [call for call in fake.calls if "Write section " in user_text(call)]


def check_document(document: Document, report: RunReport) -> None:
    """Only the model's prose, every heading once and in order, numbers that agree.

    Raises:
        AssertionError: something is wrong with the document.
    """
    outline, text = document.outline, export(document, "md")
    assert outline is not None
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    headings = [line for line in text.splitlines() if re.match("#{1,4} ", line)]
    wanted = [f"# {outline.title}"]
    for section in outline.sections:
        wanted += [f"{'#' * level} {name}" for level, name in outline.headings_above(section.key)]
    assert headings == wanted
    assert len(set(headings)) == len(headings)
    assert sum(section.target for section in outline.sections) == document.request.length.aim
    assert report.words == count(text, document.request.length.counter)
    assert [section.key for section in document.sections] == [s.key for s in outline.sections]


async def cancelled(task: asyncio.Task[Any]) -> bool:
    """Wait for a task; whether it ended because it was cancelled."""
    await asyncio.wait([task])
    return task.cancelled()
