"""Pairs of one section: before and after its critic's revisions, refused and written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batch.asks import turns_of
from batch.records import Pair, Sample
from domain.text.counter import count
from services.editing.drafts import Drafted, Drafts, drafts, section_scores, worst
from services.requests.conversations import Turn
from services.runs.histories import History
from storage.revisions import Revision

_REVISED = re.compile(r"review/[^/@]+@(\d+)/revise/")


def section_pairs(sample: Sample, history: History) -> Iterator[Pair]:
    """Candidates for pairs, with what the section's writer was asked as their prompt. Pure.

    The critic's grades speak for its revisions, the gates for what was written anew; a text that
    fails a gate itself, or that a person wrote, is preferred to none.

    Args:
        sample: the document.
        history: how it came about.
    """
    for section in history.document.sections:
        key, texts = section.key, history.revisions.get(section.key, ())
        made = drafts(history, key)
        if made is not None and all(text.author == "model" for text in texts):
            yield from _revised(sample, history, key, made)
            yield from _anew(sample, history, key, made)


def _revised(sample: Sample, history: History, key: str, made: Drafts) -> Iterator[Pair]:
    """The section as its critic first read it, and as it left it."""
    texts, judged = history.revisions[key], history.reviews.get(key)
    by_id = {text.id: text for text in texts}
    for text in texts:
        before = _before(history, text)
        if before in by_id and judged is not None and _sound(history, key, text.text):
            yield Pair(
                f"{sample.id}-section-{key}", _turns(history, made, text.text),
                text.text, by_id[before].text, sample.language, "section", judged.after,
                judged.before, "the critic's grades", judged.kept, key, sample.provenance,
            )  # fmt: skip


def _anew(sample: Sample, history: History, key: str, made: Drafts) -> Iterator[Pair]:
    """Answers that failed a gate beside the text that was made of another one."""
    chosen = history.revisions[key][0].text
    turns = _turns(history, made, chosen)
    for draft in made.refused:
        scores = section_scores(history, key, draft.text)
        failed = [score.name for score in scores if score.failed]
        if failed and _sound(history, key, chosen):
            yield Pair(
                _id(sample, key, draft), turns, chosen, draft.text, sample.language, "draft",
                worst(section_scores(history, key, chosen)), worst(scores),
                f"failed: {', '.join(failed)}", draft.attempt, key, sample.provenance,
            )  # fmt: skip


def _id(sample: Sample, key: str, draft: Drafted) -> str:
    return f"{sample.id}-draft-{key}-{draft.attempt}"


def _before(history: History, text: Revision) -> int | None:
    """The revision that a review of the section began with; None: the text is of no such one."""
    found = [_REVISED.match(step) for step in history.steps(text)]
    return int(found[0][1]) if found and found[0] else None


def _turns(history: History, made: Drafts, chosen: str) -> tuple[Turn, ...]:
    request = history.document.request
    return turns_of(made.asked, request, count(chosen, request.length.counter))


def _sound(history: History, key: str, text: str) -> bool:
    return not any(score.failed for score in section_scores(history, key, text))
