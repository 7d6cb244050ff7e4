"""An order carried out while it is read: no piece is shown that will not stand in the end.

Shown are whole sentences of which all that the gates and the cleaning would say is known already.
What is not yet safe waits, and with it everything after.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from agents.editor.asking import Editor
from agents.editor.order import STEERED, Draft, Order
from agents.editor.whole import TRIES, asked_for, carry_out, judged, most
from agents.run.calls import UNUSABLE, complaint
from agents.writer.job import SENTENCE
from core.errors import FormatError, LLMError, TruncatedError
from domain.text.counter import cjk_share, count
from domain.text.sentences import ends_sentence, spans
from evaluators.replacement import may_repeat, without_opening_of
from evaluators.trimming import head_to
from llm.types import Completion

HELD = 25
"""Counted units (CJK: twice as many) before which neither language nor refusal can be told."""
_STEP = 60
"""Characters that must have come before the text is looked at anew; a tenth of a long one."""
_MARKS = ("`", "~", '"', "“", "「", "『")
"""What may stand around a whole answer."""


class Shown:
    """A sink for streamed text that hands on what is safe to show."""

    def __init__(self, editor: Editor, order: Order) -> None:
        self._editor = editor
        self._order = order
        self._pieces: list[str] = []
        self._size = 0
        self._next = _STEP
        self._limit = most(editor, order)
        self.text = ""
        """What has been shown."""
        self.void = False
        """Whether the text began again after some of it had been shown."""
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()

    def __call__(self, delta: str) -> None:
        """Take one piece of the stream."""
        self._pieces.append(delta)
        self._size += len(delta)
        if self._size >= self._next and not self.void:
            self._next = self._size + max(_STEP, self._size // 10)
            self._show(self._safe("".join(self._pieces)))

    def restart(self) -> None:
        """The text begins again."""
        self._pieces, self._size, self._next = [], 0, _STEP
        self.void = bool(self.text)

    def full(self, text: str) -> bool:
        """Whether the stream may end: it is void, or far longer than was asked for."""
        far = self._limit * self._editor.policy.length.overrun + SENTENCE
        return self.void or (self._order.follows and count(text) > far)

    def end(self, _: object) -> None:
        """No piece comes any more."""
        self.queue.put_nowait(None)

    def _show(self, safe: str) -> None:
        if safe.startswith(self.text) and len(safe) > len(self.text):
            self.queue.put_nowait(safe[len(self.text) :])
            self.text = safe

    def _safe(self, text: str) -> str:
        """As much of a beginning as will stand; at times less than before."""
        order, settled = self._order, _settled(text)
        ahead = order.before + order.passage if order.follows else order.before
        least = HELD * (2 if cjk_share(settled) > 0.5 else 1)
        if count(settled) < least or settled.startswith(_MARKS) or may_repeat(settled, ahead):
            return ""
        clean = without_opening_of(order.after, order.clean(settled))
        if order.follows:
            clean = head_to(clean, self._limit)
        faults = order.finds(clean, self._editor.fence, self._editor.policy.thresholds)
        return "" if faults else clean


def _settled(text: str) -> str:
    """The whole sentences of a beginning, the last of them left out: it may have a successor."""
    for start, _ in reversed(spans(text)):
        kept = text[:start].rstrip()
        if ends_sentence(kept.rpartition("\n")[2]):
            return kept
    return ""


async def stream(editor: Editor, order: Order) -> AsyncGenerator[str | Draft, None]:
    """Pieces of text, then the draft whose text they are, joined.

    An order whose length is brought to a target shows its text at the end, in one piece. Closing
    the generator ends the call.

    Raises:
        RequestError: passage and answer do not fit the model's window.
        LLMError: no answer came, or none that may stand; what was shown is all there is.
    """
    if order.operation in STEERED:
        draft = await carry_out(editor, order)
        yield draft.text
        yield draft
        return
    problems: tuple[str, ...] = ()
    for left in reversed(range(TRIES)):
        shown = Shown(editor, order)
        call = asyncio.create_task(_call(editor, order, problems, shown))
        call.add_done_callback(shown.end)
        try:
            while (piece := await shown.queue.get()) is not None:
                yield piece
            draft = _ended(editor, order, shown, call.result())
        except UNUSABLE as error:
            if shown.text or not left:
                raise
            problems = (complaint(error),)
            continue
        finally:
            call.cancel()
            with suppress(asyncio.CancelledError, LLMError):
                await call
        if shown.text or draft.sound or (draft.deliverable and not left):
            if rest := draft.text[len(shown.text) :]:
                yield rest
            yield draft
            return
        problems = draft.problems
    raise FormatError(
        f"none of {TRIES} answers can stand in the text: {'; '.join(problems)}",
        "Try again, select more or less, or use a larger model.",
    )


async def _call(
    editor: Editor, order: Order, problems: tuple[str, ...], shown: Shown
) -> Completion:
    return await editor.ask(
        order, asked_for(order), problems=problems, on_text=shown, stop_when=shown.full
    )


def _ended(editor: Editor, order: Order, shown: Shown, done: Completion) -> Draft:
    """The draft in the end; where that does not begin with what was shown, what was shown."""
    if shown.void:
        raise TruncatedError(
            "the answer began again after some of it had been sent",
            "What was sent is whole sentences; take it as it is, or ask again.",
            partial=shown.text,
        )
    draft = judged(editor, order, done)
    if draft.text.startswith(shown.text) and (draft.deliverable or not shown.text):
        return draft
    return order.draft(shown.text, editor.fence, editor.policy.thresholds, broke=True)
