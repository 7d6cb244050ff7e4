"""Versions of a whole document: as it was drafted, before its critic's revisions, as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import fmean

from batch.records import Pair, Sample
from domain.outline.assembly import document_markdown
from domain.outline.sketch import Sketch, read_sketch
from services.editing.drafts import drafts
from services.runs.histories import History
from storage.revisions import Revision

_REVISED = re.compile(r"review/(?:document@|[^/@]+@\d+/revise/)")


def document_pair(sample: Sample, history: History) -> Pair | None:
    """The document before its critic's revisions and as it was delivered; a candidate. Pure.

    Its scores are the means of what the critic said of the sections and of the whole, before and
    after; a verdict that is missing leaves them unscored.

    Returns:
        None where no revision was kept, or a person wrote one of the texts.
    """
    texts = [text for each in history.revisions.values() for text in each]
    revised = [text.id for text in texts if _by_critic(history, text)]
    if not revised or any(text.author != "model" for text in texts):
        return None
    before = {
        key: [text.text for text in each if text.id < min(revised)][-1:]
        for key, each in history.revisions.items()
    }
    rejected = assembled(history, {key: found[0] for key, found in before.items() if found})
    reviews = history.reviews.values()
    return Pair(
        f"{sample.id}-pair", sample.turns, sample.answer, rejected, sample.language, "document",
        _mean([each.after for each in reviews]), _mean([each.before for each in reviews]),
        "the critic's grades", sum(each.kept for each in reviews), provenance=sample.provenance,
    )  # fmt: skip


def assembled(history: History, texts: Mapping[str, str]) -> str:
    """The document with these texts of its sections; empty where one is missing."""
    outline = history.document.outline
    if outline is None or not all(texts.get(section.key) for section in outline.sections):
        return ""
    return document_markdown(outline, texts).strip()


def sketched(history: History) -> Sketch | None:
    """The short draft of the whole; None where there is none, or a section is missing in it."""
    call, outline = history.sketch, history.document.outline
    if call is None or outline is None:
        return None
    sketch = read_sketch(call.text or "", [section.key for section in outline.sections])
    return sketch if assembled(history, sketch.pieces) else None


def first_answers(history: History) -> str:
    """The document as its sections' writers first answered; empty where one did not end."""
    made = {key: drafts(history, key) for key in history.revisions}
    whole = {key: each.accepted.text for key, each in made.items() if each and each.accepted.whole}
    return assembled(history, whole)


def _by_critic(history: History, text: Revision) -> bool:
    return any(_REVISED.match(step) for step in history.steps(text)[:1])


def _mean(grades: list[float | None]) -> float | None:
    known = [grade for grade in grades if grade is not None]
    return fmean(known) if known and len(known) == len(grades) else None
