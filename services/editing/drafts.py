"""The drafts of a section: what its writer was asked and answered, and what gates say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.planner.contracts import contract
from agents.strategies.registry import strategy
from agents.writer.gates import section_subject
from agents.writer.job import clean_answer
from domain.score import Score
from domain.text.counter import count
from evaluators.length import LengthGate
from evaluators.suite import broken, evaluate, gates
from services.runs.histories import History
from storage.journal import StoredCall

_ATTEMPT = re.compile(r"(section/[^/]+)/write/(\d+)(?:/fit)?")


@dataclass(frozen=True)
class Drafted:
    """A writer's answer, cleaned as a run cleans it."""

    attempt: int
    """From 1."""
    text: str
    whole: bool
    """Whether it ended by itself, and nobody had to go on with it."""
    accepted: bool
    """Whether the section's text was made from it."""


@dataclass(frozen=True)
class Drafts:
    """The attempts at a section of which one was accepted."""

    asked: StoredCall
    """The first attempt's call: its prompt complains of no earlier one."""
    tried: tuple[Drafted, ...]

    @property
    def accepted(self) -> Drafted:
        """The attempt that the section's text was made from."""
        return next(each for each in self.tried if each.accepted)

    @property
    def refused(self) -> tuple[Drafted, ...]:
        """Whole answers that another attempt was preferred to."""
        return tuple(each for each in self.tried if each.whole and not each.accepted)


def drafts(history: History, key: str) -> Drafts | None:
    """How a section was first written; None where the journal does not tell."""
    texts, outline = history.revisions.get(key), history.document.outline
    steps = history.steps(texts[0]) if texts else []
    used = _ATTEMPT.fullmatch(steps[0]) if steps else None
    if used is None or outline is None or key not in (each.key for each in outline.sections):
        return None
    prefix, heading = used[1], outline.section(key).heading
    asked, tried = None, []
    for call in history.calls:
        found = _ATTEMPT.fullmatch(call.step)
        if found is None or found[1] != prefix:
            continue
        asked = call if int(found[2]) == 1 else asked
        if call.text:
            shown = tuple(call.context.get("numbers", ()))
            text = clean_answer(call.text, heading, outline.title, shown).strip()
            whole = call.finish == "stop" and not _continued(history, call.step)
            tried.append(Drafted(int(found[2]), text, whole, call.step == used[0]))
    return Drafts(asked, tuple(tried)) if asked and tried else None


def section_scores(history: History, key: str, text: str) -> tuple[Score, ...]:
    """What the gates say of a text as this section, its length apart. Milliseconds; no model."""
    document, outline = history.document, history.document.outline
    assert outline is not None
    texts = {section.key: section.text for section in document.sections}
    seen = strategy(history.strategy).visible(outline, key, texts)
    subject = section_subject(
        document.request, outline, contract(outline, key, document.request.demands), text,
        max(1, count(text, document.request.length.counter)),
        tuple((other, texts[other]) for other in seen), (history.fence,),
    )  # fmt: skip
    return evaluate(subject, [gate for gate in gates() if not isinstance(gate, LengthGate)])


def worst(scores: Iterable[Score]) -> float | None:
    """The lowest of the scores, 0 to 100; None where a gate broke, or none has looked."""
    kept = tuple(scores)
    values = [score.value for score in kept if score.value is not None]
    return min(values) if values and not broken(kept) else None


def _continued(history: History, step: str) -> bool:
    return any(call.step.startswith(f"{step}/continue/") for call in history.calls)
