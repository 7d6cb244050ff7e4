"""Makes samples of rows that were written: texts from the journal, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batch.records import Provenance, Sample
from services.batches.datasets import Item
from services.documents.lookup import Document, Documents
from services.evaluation.verdicts import JUDGE
from services.requests.conversations import Turn
from services.runs.calls import Calls
from services.runs.histories import Histories, History


@dataclass(frozen=True)
class Samples:
    """The samples of a journal."""

    documents: Documents
    calls: Calls

    async def of(self, item: Item) -> Sample:
        """The sample of a row that has a document; raises NotFoundError where it is gone."""
        document = await self.documents.get(item.result["document_id"])
        return sample_of(item, document, await self.calls.templates(item.result["run_id"]))

    async def history(self, item: Item) -> History:
        """How a row's document came about; raises NotFoundError where it is gone."""
        histories = Histories(self.documents.db, self.documents.owner)
        return await histories.get(item.result["run_id"])


def sample_of(item: Item, document: Document, templates: Mapping[str, str]) -> Sample:
    """The document as the answer to what its row asked. Pure.

    Args:
        item: a row with the figures of its document.
        document: what was written.
        templates: name of each prompt used → its version and hash.
    """
    told, request = item.result, document.request
    scores = tuple(score for section, score in document.scores if not section)
    judge = next((score for score in scores if score.name == JUDGE), None)
    return Sample(
        id=item.prompt["id"],
        turns=tuple(Turn(role, text) for role, text in item.prompt["messages"]),
        answer=document.markdown.strip(),
        language=request.language,
        length=request.length,
        scores=scores,
        judged=judge.value if judge else None,
        unjudged=(judge.reason or "no score") if judge and judge.value is None else "",
        provenance=Provenance(
            run_id=told["run_id"], row=item.key, line=item.position, strategy=told["strategy"],
            seed=request.seed, models=tuple(dict.fromkeys(told["models"].values())),
            prompts=templates, prompt_tokens=told["prompt_tokens"],
            completion_tokens=told["completion_tokens"], cost=told["cost"] or None,
            meta=item.prompt["meta"],
        ),
    )  # fmt: skip
