"""A document from a summary: it follows the summary's order and makes all of its statements."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.errors import RequestError
from core.setting_groups import BookSettings
from domain.expansion import Expansion, divided, statements
from domain.length.contract import Length
from domain.request import WritingRequest
from domain.run_options import RunOptions
from domain.text.counter import count
from domain.text.language import detect, parse_language
from llm.roles import Models
from services.forecast.estimates import Estimate, Estimates
from services.runs.beginning import begun, settled
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.idempotency import Once, run_once

LEAST_GROWTH = 1.2
"""Times its own length that a summary is written out to at least."""
_ASKED = {
    "en": "Write the text “{}” out in full from its summary. Each section says every one of its "
    "key points, in their order, and adds the reasons, details and examples that belong to them.",
    "zh": "根据摘要把《{}》写成完整的文章。每一节都按顺序说出它的每个要点，"
    "并补充相应的理由、细节和例子。",
}


@dataclass(frozen=True)
class FullAsked:
    """What is to be written out."""

    title: str
    text: str
    """The summary, as Markdown."""
    words: int
    """Counted units of the whole text."""
    strategy: str = "parallel"
    rounds: int = 1
    language: str = ""
    """Empty: the summary's own."""


@dataclass
class Expansions:
    """Has summaries of the owner's written out."""

    db: Database
    estimates: Estimates
    owner: str = LOCAL_OWNER
    book: BookSettings = BookSettings()

    async def begin(
        self,
        asked: FullAsked,
        models: Models,
        options: RunOptions | None = None,
        once: Once | None = None,
    ) -> tuple[str, bool]:
        """Store a new document and its run; returns the run's id, and whether it was made now.

        Raises:
            RequestError: the summary says nothing, the text would be no longer than it, or the
                strategy is unknown.
        """
        request, said = await asyncio.to_thread(_written, asked)
        name, settled_options = settled(request, models, options or RunOptions(), self.book)
        kept = replace(settled_options, expansion=Expansion(tuple(said)))

        def work(s: Session) -> str:
            return begun(s, self.owner, request, models, kept, name).id

        return await run_once(self.db, self.owner, once, work)

    async def estimate(self, asked: FullAsked, models: Models) -> Estimate:
        """What it would take; no model is called and nothing is stored. Raises as `begin`."""
        request, said = await asyncio.to_thread(_written, asked)
        groups = divided(said, request.length.aim)
        return await self.estimates.expansion(request, groups, models)


def _written(asked: FullAsked) -> tuple[WritingRequest, list[str]]:
    """The request for the text, and the statements of its summary; raises RequestError."""
    said = statements(asked.text)
    if not said:
        raise RequestError("there is no statement in the summary", "Give whole sentences.")
    least = round(LEAST_GROWTH * count(asked.text))
    if asked.words < least:
        raise RequestError(
            f"{asked.words:,} words are no longer than the summary",
            f"Ask for {least:,} or more.",
        )
    code = asked.language and parse_language(asked.language).code
    language = code or detect(asked.text) or "en"
    prompt = _ASKED.get(language, _ASKED["en"]).format(asked.title.strip()[:200])
    request = WritingRequest(
        prompt=prompt, length=Length(asked.words), language=language,
        strategy=asked.strategy, rounds=asked.rounds,
    )  # fmt: skip
    return request, said
