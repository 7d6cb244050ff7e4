"""Makes a sample of a row that is done: the text from the journal, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from batch.records import Provenance, Sample
from services.conversations import Turn
from services.datasets import Item
from services.documents import Document


def sample_of(item: Item, document: Document, templates: Mapping[str, str]) -> Sample:
    """The document as the answer to what its row asked. Pure.

    Args:
        item: a row that is done, with its figures.
        document: what was written.
        templates: name of each prompt used → its version and hash.
    """
    told, request = item.result, document.request
    models = tuple(dict.fromkeys(told["models"].values()))
    return Sample(
        id=item.prompt["id"],
        turns=tuple(Turn(role, text) for role, text in item.prompt["messages"]),
        answer=document.markdown.strip(),
        language=request.language,
        length=request.length,
        scores=tuple(score for section, score in document.scores if not section),
        provenance=Provenance(
            run_id=told["run_id"], row=item.key, line=item.position, strategy=told["strategy"],
            seed=request.seed, models=models, prompts=templates,
            prompt_tokens=told["prompt_tokens"], completion_tokens=told["completion_tokens"],
            cost=told["cost"] or None, meta=item.prompt["meta"],
        ),
    )  # fmt: skip
