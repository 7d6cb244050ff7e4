"""How a document was planned and written, as one conversation: asked, answered, asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from batch.asks import parts, turns_of, unsaid
from batch.records import Sample
from batch.versions import sketched
from core.errors import FormatError
from domain.text.counter import count
from llm.structured import parse_json
from services.editing.drafts import drafts
from services.requests.conversations import Turn
from services.runs.histories import History
from storage.journal import StoredCall

_REPAIR, _LINES = "/repair", "/lines"


@dataclass(frozen=True)
class _Step:
    """What was asked, system first, and what was accepted in the end."""

    asked: tuple[Turn, ...]
    answer: str


def trace(sample: Sample, history: History) -> Sample | None:
    """The document as the turns in which it came about: its plan, then a section a turn. Pure.

    What was asked is what the journal holds, less what an earlier turn says; what was answered
    is the plan that was accepted and each section as it was delivered.

    Args:
        sample: the document.
        history: how it came about.

    Returns:
        A sample whose answer is the last section; None where a turn is missing, as where no
        model's plan was accepted.
    """
    steps = [*_planned(history), *_drafted(history), *_written(history)]
    if not all(step and step.asked and step.answer for step in steps):
        return None
    systems, turns, said = dict[str, None](), list[Turn](), set[str]()
    for step in filter(None, steps):
        *before, asked = step.asked
        systems |= dict.fromkeys(turn.text for turn in before)
        told = unsaid(asked.text, history.fence, said)
        turns += [Turn("user", told), Turn("assistant", step.answer)]
        said |= parts(asked.text, history.fence)
    system = [Turn("system", "\n\n".join(systems))] if systems else []
    return replace(
        sample, id=f"{sample.id}-trace", kind="trace", turns=(*system, *turns[:-1]),
        answer=turns[-1].text, length=None,
    )  # fmt: skip


def _planned(history: History) -> Iterator[_Step | None]:
    """The plan's stages; None for one that no model has planned."""
    outline = history.document.outline
    if outline is None:
        yield None
        return
    yield _plan(history, "plan/skeleton/") if outline.source in ("schema", "lines") else None
    for part in outline.parts:
        prefix = f"plan/part/{part.key}/"
        if any(call.step.startswith(prefix) for call in history.calls):
            yield _plan(history, prefix) if part.source in ("schema", "lines") else None


def _plan(history: History, prefix: str) -> _Step | None:
    """The last answer of a stage, which is the accepted one, to what was asked before repairs."""
    calls = {call.step: call for call in history.calls if call.step.startswith(prefix)}
    answered = [call for call in calls.values() if call.text]
    if not answered:
        return None
    last = answered[-1]
    asked = calls.get(last.step.removesuffix(_REPAIR), last)
    return _Step(turns_of(asked, history.document.request, 0), _structure(last))


def _structure(call: StoredCall) -> str:
    """A plan as it was answered; JSON without what models put around it."""
    text = (call.text or "").strip()
    if call.step.endswith(_LINES):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        try:
            return json.dumps(parse_json(text), ensure_ascii=False)
        except FormatError:
            return ""
    return text


def _drafted(history: History) -> Iterator[_Step]:
    """The short draft of the whole, where the strategy has one."""
    call, request, sketch = history.sketch, history.document.request, sketched(history)
    if call is not None and sketch is not None:
        size = count(sketch.text, request.length.counter)
        yield _Step(turns_of(call, request, size), sketch.text)


def _written(history: History) -> Iterator[_Step | None]:
    request = history.document.request
    for section in history.document.sections:
        made = drafts(history, section.key)
        size = count(section.text, request.length.counter)
        asked = turns_of(made.asked, request, size) if made else ()
        yield _Step(asked, section.text.strip())
