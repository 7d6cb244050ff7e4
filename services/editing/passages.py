"""Passages of any text, edited by a model on somebody's order; what is stored is never altered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from agents.editor.asking import Editor
from agents.editor.order import OPERATIONS, ORDERED, STEERED, Draft, Order
from agents.editor.order import Operation as Operation
from agents.editor.place import Place
from agents.editor.streamed import stream
from agents.editor.whole import carry_out
from core.errors import NotFoundError, RequestError
from domain.text.counter import count
from domain.text.language import detect, instructed_language, parse_language
from domain.text.selection import select, select_at
from prompts.library import PromptLibrary
from services.documents.lookup import Document, Documents
from services.editing.editor import editor_of
from services.endpoints.directory import Endpoints
from services.settings.policies import Policies
from storage.base import LOCAL_OWNER
from storage.database import Database

MAX_TEXT = 2_000_000
"""Characters of a text that is sent."""
MAX_INSTRUCTION = 10_000
"""Characters."""
MAX_WORDS = 20_000
"""Counted units of a passage at most."""


@dataclass(frozen=True)
class PassageRequest:
    """What is asked for: an operation, a passage of a text or of a stored section."""

    operation: str
    text: str = ""
    document: str = ""
    section: str = ""
    """Key of a section of that document, in place of a text."""
    quote: str = ""
    """The selected words; empty: all of it."""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    """Offset of the selected words in the text or section, in place of a quotation."""
    end: int | None = None
    words: int | None = None
    instruction: str = ""
    language: str = ""


@dataclass(frozen=True)
class Passage:
    """The words to put in place of the selected ones, or for `continue` behind them."""

    text: str
    words: int
    target: int | None
    accepted: bool
    """Whether nothing is wrong with it, and its length, if one was asked for, is near enough."""
    usage: dict[str, Any]
    """Tokens, calls and cost of all that was sent for it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"text": self.text, "words": self.words, "target": self.target,
                "accepted": self.accepted, "usage": self.usage}  # fmt: skip


@dataclass(frozen=True)
class PassageWork:
    """An order that is known to be sound, ready to be given to a model."""

    editor: Editor
    order: Order
    place: Place

    async def whole(self) -> Passage:
        """Have it carried out.

        Raises:
            RequestError: passage and answer do not fit the model's window.
            LLMError: no answer came, or none that may stand.
        """
        draft = await carry_out(self.editor, self.order)
        return self._passage(self._placed(draft.text), draft)

    async def pieces(self) -> AsyncGenerator[str | Passage, None]:
        """The text in pieces that will all stand, then the passage that they are, joined.

        Raises:
            RequestError: passage and answer do not fit the model's window.
            LLMError: no answer came, or none that may stand.
        """
        lead, _, trail = self._placed("\0").partition("\0")
        text = ""
        async for item in stream(self.editor, self.order):
            if isinstance(item, Draft):
                if trail:
                    yield trail
                yield self._passage(text + trail, item)
                return
            start = lead if not text else ""
            if not text and self.order.follows:
                start = self.place.gap(item)
            text += start + item
            yield start + item

    def _placed(self, text: str) -> str:
        if self.order.follows:
            return self.place.gap(text) + text if text != "\0" else text
        return self.place.replacing(text)

    def _passage(self, text: str, draft: Draft) -> Passage:
        accepted = draft.sound and not self.order.off(draft.units)
        return Passage(text, draft.units, self.order.words, accepted, self.editor.spent.to_dict())


@dataclass
class Passages:
    """Edits passages for one owner."""

    db: Database
    endpoints: Endpoints
    prompts: PromptLibrary
    policies: Policies
    owner: str = LOCAL_OWNER

    async def prepare(self, asked: PassageRequest) -> PassageWork:
        """Check an order and find whom to give it to; no model is called.

        Raises:
            RequestError: it cannot be done as asked; the quoted words are not there just once.
            NotFoundError: no such document or section.
            SettingsError, LLMError: nobody can serve the role `editor`.
        """
        operation = _checked(asked)
        text, before, after, language = await self._source(asked)
        order, whole = await asyncio.to_thread(
            _order, operation, asked, (before, text, after), language
        )
        editor = await editor_of(self.endpoints, self.prompts, self.policies.now())
        return PassageWork(editor, order, whole)

    async def _source(self, asked: PassageRequest) -> tuple[str, str, str, str]:
        """The text, what is stored before and after it, and the language that it was written in."""
        if not asked.document:
            return asked.text, "", "", ""
        document = await Documents(self.db, self.owner).get(asked.document)
        return (*_section(document, asked.section), document.request.language)


def _section(document: Document, key: str) -> tuple[str, str, str]:
    """A section's text, and those of the sections before and after it."""
    keys = [section.key for section in document.sections]
    if key not in keys:
        there = f"There are: {', '.join(keys)}." if keys else "It has no plan yet."
        raise NotFoundError(f"document {document.id} has no section {key!r}", there)
    at = keys.index(key)
    if not document.sections[at].text:
        raise RequestError(f"section {key} has no text yet", "Wait until it is written.")
    before = [f"{section.text}\n\n" for section in document.sections[:at] if section.text]
    after = [f"\n\n{section.text}" for section in document.sections[at + 1 :] if section.text]
    return document.sections[at].text, "".join(before), "".join(after)


def _checked(asked: PassageRequest) -> Operation:
    """The operation; raises RequestError where the order contradicts itself."""
    operation = next((name for name in OPERATIONS if name == asked.operation), None)
    if operation is None:
        raise RequestError(
            f"there is no operation {asked.operation[:40]!r}",
            f"Use one of: {', '.join(OPERATIONS)}.",
        )
    if bool(asked.document) == bool(asked.text) or bool(asked.document) != bool(asked.section):
        raise RequestError(
            "an order needs a text, or a document and one of its sections",
            "Send text, or document and section.",
        )
    if len(asked.text) > MAX_TEXT:
        raise RequestError(f"the text has more than {MAX_TEXT:,} characters", "Send less of it.")
    if len(asked.instruction) > MAX_INSTRUCTION:
        raise RequestError(f"the instruction has more than {MAX_INSTRUCTION:,} characters")
    if operation in ORDERED and not asked.instruction.strip():
        raise RequestError("no instruction", ORDERED[operation])
    if operation in STEERED and asked.words is None:
        raise RequestError(f"{operation} to how many words?", "Give words.")
    if asked.words is not None and not 1 <= asked.words <= MAX_WORDS:
        raise RequestError(f"{asked.words:,} words", f"Give a number from 1 to {MAX_WORDS:,}.")
    return operation


def _order(
    operation: Operation, asked: PassageRequest, texts: tuple[str, str, str], stored: str
) -> tuple[Order, Place]:
    """The order, and where its passage stands; long texts take a second."""
    ahead, text, _ = texts
    chosen = (
        select(text, asked.quote, asked.prefix, asked.suffix)
        if asked.start is None and asked.end is None
        else select_at(text, asked.start or 0, asked.end, asked.quote)
    )
    place = Place("".join(texts), len(ahead) + chosen.start, len(ahead) + chosen.end)
    selected, instruction = place.selected.strip(), asked.instruction.strip()
    if not selected:
        raise RequestError("nothing is selected", "Select some words, or send a text.")
    before, after = place.around
    if operation == "continue":  # what is far before it is no more than its surroundings
        start = place.last_block
        before = place.text[max(0, start - len(before) - 1) : start]
        selected = place.text[start : place.end]
    order = Order(
        operation, selected, before, after, _language(asked, place, stored), instruction,
        asked.words,
    )  # fmt: skip
    _check_length(order)
    return order, place


def _check_length(order: Order) -> None:
    """Refuse to extend what is longer already, and to shorten what is shorter."""
    if order.operation not in STEERED:
        return
    units, wanted = count(order.passage), order.words or 0
    if order.operation == "extend" and wanted <= units:
        raise RequestError(
            f"the passage has {units:,} words already", "Shorten it, or ask for more."
        )
    if order.operation == "shorten" and wanted >= units:
        raise RequestError(f"the passage has only {units:,} words", "Extend it, or ask for less.")


def _language(asked: PassageRequest, place: Place, stored: str) -> str:
    """A code: as given, as the instruction says, else the passage's own; empty if unknown."""
    if asked.language:
        return parse_language(asked.language).code
    told = instructed_language(asked.instruction) if asked.instruction else None
    found = told or detect(place.selected) or stored or detect("".join(place.around))
    return found or ""
