"""What the evaluation page does: texts to choose from, checks, a judge, two texts side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bootstrap import Services
from core.errors import LongleafError
from core.preferences import in_force
from services.evaluation.samples import Examiner, Source
from services.settings.policies import thresholds_of
from ui.render import evaluate as render
from ui.words import Words

Choices = list[tuple[str, Any]]
"""(label, value), as drop-down lists take them."""
MOST_DOCUMENTS = 200
"""That the list of documents shows; the newest."""


@dataclass(frozen=True)
class Evaluations:
    """One visitor's; every method answers with plain values, errors among them."""

    services: Services
    words: Words

    @property
    def _examiner(self) -> Examiner:
        own = self.services
        return Examiner(
            own.documents, own.revisions, own.imports, own.endpoints, own.lines, own.runs.prompts,
            thresholds_of(in_force(own.settings)),
        )  # fmt: skip

    async def documents(self) -> Choices:
        """The newest documents."""
        page = await self.services.library.page(limit=MOST_DOCUMENTS)
        return [(render.document(card, self.words), card.id) for card in page.cards]

    async def sections(self, document_id: str) -> Choices:
        """All of a document, then its sections."""
        whole = [(self.words["evaluate.whole"], "")]
        if not document_id:
            return whole
        found = await self.services.documents.get(document_id)
        plans = found.outline.sections if found.outline else ()
        return whole + [
            (render.section(number, plan.heading), plan.key) for number, plan in enumerate(plans, 1)
        ]

    async def revisions(self, document_id: str, key: str) -> Choices:
        """The present text of a section, then the earlier ones, the newest first."""
        present = [(self.words["evaluate.present"], 0)]
        if not (document_id and key):
            return present
        history = await self.services.revisions.history(document_id, key)
        unit = (await self.services.documents.get(document_id)).request.length.counter
        return present + [
            (render.revision(each, unit, self.words), each.id) for each in reversed(history[:-1])
        ]

    async def check(self, source: Source, length: str, language: str) -> dict[str, Any]:
        """A scorecard, made without a model; or a problem."""

        async def work() -> dict[str, Any]:
            sample = await self._examiner.sample(source)
            found = await self._examiner.examine(sample, length, language)
            return {"card": render.card(sample, found, self.words)}

        return await self._told(work)

    async def bill(self, source: Source) -> dict[str, Any]:
        """What asking a model would take; or a problem."""

        async def work() -> dict[str, Any]:
            sample = await self._examiner.sample(source)
            bill = await self._examiner.bill(sample)
            return {"bill": render.bill(bill, self.words), "possible": bill.calls > 0}

        return await self._told(work)

    async def judge(self, source: Source) -> dict[str, Any]:
        """What a model says of the text, unscored with its reason if need be; or a problem."""

        async def work() -> dict[str, Any]:
            sample = await self._examiner.sample(source)
            quality = await self._examiner.quality(sample)
            return {"verdict": render.verdict(quality, self.words)}

        return await self._told(work)

    async def compare(
        self, old: Source, new: Source, length: str, language: str
    ) -> dict[str, Any]:  # fmt: skip
        """Both scorecards, and how one text became the other; or a problem."""

        async def work() -> dict[str, Any]:
            samples = [await self._examiner.sample(each) for each in (old, new)]
            cards = [
                render.card(each, await self._examiner.examine(each, length, language), self.words)
                for each in samples
            ]
            for card, side in zip(cards, ("first", "second"), strict=True):
                card["side"] = self.words[f"evaluate.{side}"]
            pieces = await self._examiner.compare(*samples)
            return {"cards": cards, **render.differences(pieces, self.words)}

        return await self._told(work)

    async def _told(self, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        try:
            return await work()
        except LongleafError as error:
            return {"problem": {"detail": render.sentence(error.message), "remedy": error.remedy}}
