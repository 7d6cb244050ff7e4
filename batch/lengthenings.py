"""What a text that grew teaches: a generator to write long, an extender to make longer.

Source: Self-Lengthen (Quan et al. 2024, arXiv 2410.23933), whose generator learns to answer a
prompt with the text that its extender has made of a shorter answer, round by round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from batch.asks import turns_of
from batch.filters import objections, scored
from batch.limits import Limits
from batch.records import Sample
from batch.versions import assembled, first_answers, sketched
from domain.outline.sketch import Sketch
from domain.text.counter import count
from services.editing.drafts import drafts
from services.requests.conversations import Turn
from services.runs.histories import History

GROWTH = 1.2
"""A lengthening makes a text longer than so many times what it was."""
_SOUND = Limits(min_length_score=None)
_ASK = """\
{prompt}

This is a short answer:

{text}

Make it richer from within, about {length} long: keep what it says and its order, and add to \
every thought the reasons, details and examples that belong to it. Do not go on beyond its end."""


def lengthenings(sample: Sample, history: History) -> Iterator[Sample]:
    """What a document that began as a short draft teaches; nothing of any other. Pure.

    A generator learns to draft from prompt and plan (round 0), and to answer the prompt with the
    document (the last round); an extender, to make each round's text that of the next, and a
    section's piece of the draft that section.

    Args:
        sample: the document.
        history: how it came about.
    """
    call, sketch = history.sketch, sketched(history)
    if call is None or sketch is None:
        return
    short = assembled(history, sketch.pieces)
    if objections(scored(replace(sample, answer=short, length=None)), _SOUND):
        return
    rounds = grown(sample, [short, first_answers(history)])
    if len(rounds) < 2:
        return
    request = history.document.request
    asked = turns_of(call, request, count(sketch.text, request.length.counter))
    if asked:
        yield replace(
            sample, id=f"{sample.id}-generator-0", kind="generator", turns=asked,
            answer=sketch.text, length=None,
        )  # fmt: skip
    last = len(rounds) - 1
    yield replace(sample, id=f"{sample.id}-generator-{last}", kind="generator", round=last)
    yield from _extended(sample, history, rounds)
    yield from _sections(sample, history, sketch)


def grown(sample: Sample, texts: Sequence[str]) -> list[str]:
    """The texts that grew into the document's, the first one first and the document's last.

    Each is longer than 1.2 times the one before; what grew less is left out.
    """
    rounds = [sample.answer]
    for text in reversed(texts):
        if 0 < GROWTH * _size(sample, text) < _size(sample, rounds[0]):
            rounds.insert(0, text)
    return rounds


def _extended(sample: Sample, history: History, rounds: Sequence[str]) -> Iterator[Sample]:
    request = history.document.request
    for number, (short, long) in enumerate(zip(rounds, rounds[1:], strict=False), start=1):
        length = request.phrase(_size(sample, long))
        ask = _ASK.format(prompt=sample.prompt, text=short, length=length)
        yield replace(
            sample, id=f"{sample.id}-extender-{number}", kind="extender", round=number,
            turns=(*sample.turns[:-1], Turn("user", ask)), answer=long, length=None,
        )  # fmt: skip


def _sections(sample: Sample, history: History, sketch: Sketch) -> Iterator[Sample]:
    """Each section as the answer to the call that had it made of its piece of the draft."""
    request = history.document.request
    for section in history.document.sections:
        made, piece = drafts(history, section.key), sketch.pieces.get(section.key, "")
        size = _size(sample, section.text)
        turns = turns_of(made.asked, request, size) if made else ()
        if turns and piece and piece in turns[-1].text and size > GROWTH * _size(sample, piece):
            yield replace(
                sample, id=f"{sample.id}-extender-{section.key}-1", kind="extender", round=1,
                section=section.key, turns=turns, answer=section.text.strip(), length=None,
            )  # fmt: skip


def _size(sample: Sample, text: str) -> int:
    return count(text, sample.length.counter if sample.length else "words")
