"""An order carried out whole: an answer that may stand, then its length in bounded rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.editor.asking import Editor
from agents.editor.order import STEERED, Draft, Order
from agents.run.calls import UNREPAIRED, UNUSABLE, complaint
from agents.run.together import together
from agents.writer.edits import Spot, cut_back, spots, unbroken
from agents.writer.extender import PASSAGE, SAID_ALREADY
from agents.writer.job import SENTENCE, broke_off, learnt
from core.errors import FormatError, LLMError
from domain.text.counter import cjk_share, count, paragraphs
from domain.text.ngrams import containment, shingles
from domain.text.sentences import ends_finished
from evaluators.trimming import drop_repeats, head_to, trim_to
from llm.types import Completion

TRIES = 3
"""Answers that are asked for until one may stand."""
ROUNDS = 3
"""Repairs of a length at most."""
MORE = 150
"""Counted units that a text goes on for where nothing is said."""


def asked_for(order: Order) -> int:
    """Counted units to ask for: the target, or as fits the operation; 0: none is named."""
    if order.words:
        return order.words
    known = {"continue": MORE, "custom": 0}
    return known.get(order.operation, max(1, count(order.passage)))


async def carry_out(editor: Editor, order: Order, problems: Sequence[str] = ()) -> Draft:
    """The best text for the order.

    Args:
        editor: whom to ask.
        order: what is to be done.
        problems: what was wrong with an earlier attempt.

    Raises:
        RequestError: passage and answer do not fit the model's window.
        LLMError: no answer came, or none that may stand.
    """
    best = await _deliverable(editor, order, asked_for(order), tuple(problems))
    if order.operation in STEERED:
        return await _steered(editor, order, best)
    return best


async def _deliverable(
    editor: Editor, order: Order, asked: int, problems: tuple[str, ...]
) -> Draft:
    best: Draft | None = None
    last: LLMError | None = None
    for _ in range(TRIES):
        try:
            draft = judged(editor, order, await editor.ask(order, asked, problems=problems))
        except UNUSABLE as error:
            problems, last = (complaint(error),), error
            continue
        if best is None or draft.badness(order) < best.badness(order):
            best = draft
        if draft.sound:
            break
        problems = draft.problems
    if best is not None and best.deliverable:
        return best
    why = "; ".join(best.problems) if best else getattr(last, "message", "")
    raise FormatError(
        f"none of {TRIES} answers can stand in the text: {why}",
        "Try again, select more or less, or use a larger model.",
    ) from last


def most(editor: Editor, order: Order) -> int:
    """Counted units at which a text that goes on is cut, at a sentence end."""
    return order.words + order.slack if order.words else round(MORE * editor.policy.length.overrun)


def judged(editor: Editor, order: Order, done: Completion) -> Draft:
    """An answer, cleaned and measured; one that goes on may end where its last sentence does."""
    text, broke = order.clean(done.text), broke_off(done.finish)
    if order.follows:
        text = unbroken(text) if broke else cut_back(text)
        text = head_to(text, most(editor, order)) or text
        broke = False
    elif order.operation != "custom":
        broke = broke or not ends_finished(text)
    return order.draft(text, editor.fence, editor.policy.thresholds, broke=broke)


@dataclass
class _Course:
    """Where the repairs of a length stand."""

    best: Draft
    ratio: float
    """Counted units that come for one that is asked for."""
    stuck: bool = False
    """Whether putting something in has brought nothing."""


async def _steered(editor: Editor, order: Order, first: Draft) -> Draft:
    """Bring a text to its length; the best version counts, not the last."""
    assert order.words
    course = _Course(_trimmed(editor, order, first), learnt(1.0, order.words, first.units))
    for _ in range(min(ROUNDS, editor.policy.length.rounds)):
        if not order.off(course.best.units) and course.best.sound:
            break
        try:
            new = await _repaired(editor, order, course)
        except UNREPAIRED:
            continue
        new = _trimmed(editor, order, new)
        if new.badness(order) < course.best.badness(order):
            course.best = new
        else:
            course.stuck = True
    return course.best


async def _repaired(editor: Editor, order: Order, course: _Course) -> Draft:
    goal, best = order.words or 0, course.best
    grows = order.operation == "extend" and best.units < goal and not course.stuck
    if grows and goal - best.units >= SENTENCE and spots(best.text):
        return await _filled(editor, order, course)
    asked = max(1, round(goal / course.ratio))
    draft = judged(editor, order, await editor.ask(order, asked, problems=best.problems))
    course.ratio = learnt(course.ratio, asked, draft.units)
    return draft


def _trimmed(editor: Editor, order: Order, draft: Draft) -> Draft:
    """What is a little too long without some sentences, where it loses nothing by that."""
    limit = (order.words or 0) + order.slack
    text = trim_to(draft.text, limit)
    if draft.units <= limit or text == draft.text:
        return draft
    return order.draft(text, editor.fence, editor.policy.thresholds, broke=draft.broke)


async def _filled(editor: Editor, order: Order, course: _Course) -> Draft:
    """The text with new sentences at its thinnest places, in the room that there is."""
    text, goal = course.best.text, order.words or 0
    missing = goal - course.best.units
    places = spots(text)[: -(-missing // PASSAGE)]
    share = -(-missing // len(places))
    asked = max(2 * SENTENCE, round(share / course.ratio))
    found = await together(_between(editor, order, spot, text, asked) for spot in places)
    for spot, piece in sorted(zip(places, found, strict=True), key=lambda one: len(one[0].head)):
        room = goal + order.slack - count(text)
        fitting = head_to(piece, room)
        at = text.rfind(spot.tail)
        if (
            not fitting
            or at <= 0
            or containment(shingles(piece, 4), shingles(text, 4)) > SAID_ALREADY
        ):
            continue
        text = drop_repeats(_put(text, at, fitting, order))
    return order.draft(text, editor.fence, editor.policy.thresholds, broke=False)


def _put(text: str, at: int, piece: str, order: Order) -> str:
    """The text with a piece at an offset: a paragraph of its own only among others."""
    if len(paragraphs(order.passage)) > 1:
        return Spot(text[:at], text[at:]).filled(piece)
    gap = "" if cjk_share(piece) > 0.5 else " "
    inside = gap.join(paragraphs(piece))
    return gap.join((text[:at].rstrip(), inside, text[at:].lstrip()))


async def _between(editor: Editor, order: Order, spot: Spot, text: str, asked: int) -> str:
    prompt = editor.prompts.render(
        "editor/insert", editor.fence, language=order.language_name, text=text,
        before=spot.before, after=spot.after, instruction=order.instruction, problems=[],
        length=order.phrase(asked),
    )  # fmt: skip
    done = await editor.send(prompt, editor.room(order, asked))
    piece = order.clean(done.text)
    return unbroken(piece) if broke_off(done.finish) else piece
