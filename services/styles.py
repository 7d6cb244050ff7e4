"""Style profiles: made once from a person's own texts, looked at, compared with, removed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.material.style import lines_of
from agents.stylist import describe
from core.errors import LongleafError, RequestError, TooLargeError
from domain.manner import Manner
from domain.manner_words import described
from domain.request import MAX_STYLE
from domain.text.language import detect, parse_language
from evaluators.manner import LEAST, measure
from llm.cleaning import clean_text
from prompts.library import PromptLibrary
from services.editing.editor import editor_of
from services.endpoints.directory import Endpoints
from services.settings.policies import Policies
from sources.reading import read
from storage import styles
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import StyleRow

MOST_TEXTS = 10
MAX_TEXT = 1_000_000
"""Characters of all texts of one style together: a long novel."""
MAX_BYTES = 20 << 20
"""Of a file."""
AT_ONCE = 2
"""Files that are read, or profiles that are counted, at the same time."""


@dataclass(frozen=True)
class Style:
    """A style profile, as may be shown."""

    id: str
    name: str
    manner: Manner
    description: tuple[str, ...]
    """A model's lines."""
    texts: int
    """How many it was made from."""
    created_at: dt.datetime
    note: str = ""
    """Why no model has described it, where it was made without one just now."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What a writer in its own language is told."""
        return lines_of(self.manner, self.description, self.manner.language)

    def lines_in(self, language: str) -> tuple[str, ...]:
        """The same for people who read this language; a model's lines are as it wrote them."""
        return (*described(self.manner, language), *self.description)


@dataclass
class Styles:
    """The styles of one owner."""

    db: Database
    endpoints: Endpoints
    prompts: PromptLibrary
    policies: Policies
    owner: str = LOCAL_OWNER
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def make(
        self, name: str, texts: Sequence[str], language: str = "", *, ask: bool = True
    ) -> Style:
        """Make a style and keep it; the texts are not kept.

        Args:
            name: what it is to be called.
            texts: 1 to 10 of somebody's, Markdown or plain.
            language: what they are written in; empty: as they look.
            ask: whether a model may describe them, in one call, beside the figures.

        Raises:
            RequestError: the name cannot be one, or the texts are too few to tell from.
            TooLargeError: they are too many or too long.
            ConflictError: the name is taken.
        """
        named = _name(name)
        cleaned = _checked(texts)
        code = parse_language(language).code if language.strip() else ""
        await self.db.run(lambda s: styles.refuse_taken(s, self.owner, named), write=False)
        async with self._room:
            manner = await asyncio.to_thread(_measured, cleaned, code)
        lines, note = await self._described(cleaned, manner.language) if ask else ((), "")
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in cleaned]
        row = await self.db.run(
            lambda s: styles.add(
                s, self.owner, named, manner.language, manner.to_dict(), lines, hashes
            )
        )
        return _style(row, note)

    async def read_file(self, name: str, data: bytes) -> str:
        """The text of a file (md, txt, html, pdf, docx), which is not stored.

        Raises:
            MediaTypeError: it is of a kind that is not read, or not what its name says.
            TooLargeError: it has, or takes, more than is read.
            RequestError: it is damaged, locked, or has no text.
        """
        async with self._room:
            found = await asyncio.to_thread(read, name, data)
        return "\n\n".join(block.text for block in found.blocks if block.kind != "code")

    async def all(self) -> list[Style]:
        """Every one, by name."""
        found = await self.db.run(lambda s: styles.all_of(s, self.owner), write=False)
        return [_style(row) for row in found]

    async def get(self, id_or_name: str) -> Style:
        """One of them; raises NotFoundError."""
        return _style(
            await self.db.run(lambda s: styles.get(s, self.owner, id_or_name), write=False)
        )

    async def delete(self, id_or_name: str) -> None:
        """Forget a style; what was written in it stays. Raises NotFoundError."""
        await self.db.run(lambda s: styles.delete(s, self.owner, id_or_name))

    async def likeness(self, id_or_name: str, text: str) -> tuple[Manner, float]:
        """The figures of a text, and how far they lie from a style's, 0 to 1.

        Raises:
            NotFoundError: there is no such style.
            RequestError: the text is too short to tell.
        """
        style = await self.get(id_or_name)
        async with self._room:
            manner = await asyncio.to_thread(_measured, _checked([text]), style.manner.language)
        return manner, style.manner.distance(manner)

    async def _described(self, texts: list[str], language: str) -> tuple[tuple[str, ...], str]:
        """A model's lines, or why there are none: figures are worth having without them."""
        info = parse_language(language)
        try:
            editor = await editor_of(self.endpoints, self.prompts, self.policies.now())
            lines = await describe(editor, texts, info.name)
        except LongleafError as error:
            return (), f"no model has described it: {error.message}"
        return lines, "" if lines else "the model's description could not be used"


def _style(row: StyleRow, note: str = "") -> Style:
    return Style(
        row.id, row.name, Manner.from_dict(row.measures), tuple(row.description),
        len(row.samples), row.created_at, note,
    )  # fmt: skip


def _name(name: str) -> str:
    found = " ".join(clean_text(name).split())
    if not 0 < len(found) <= MAX_STYLE:
        raise RequestError(
            f"a style's name has 1 to {MAX_STYLE} characters", "Call it by another name."
        )
    return found


def _checked(texts: Sequence[str]) -> list[str]:
    if len(texts) > MOST_TEXTS:
        raise TooLargeError(f"{len(texts)} texts are too many", f"Choose at most {MOST_TEXTS}.")
    if sum(map(len, texts)) > MAX_TEXT:
        raise TooLargeError(
            f"the texts have more than {MAX_TEXT:,} characters", "Choose fewer or shorter ones."
        )
    found = [clean_text(text) for text in texts]
    return [text for text in found if text.strip()]


def _measured(texts: list[str], language: str) -> Manner:
    code = language or detect("\n\n".join(text[:5_000] for text in texts)) or "en"
    found = measure(texts, code)
    if not found.figures:
        raise RequestError(
            f"the texts have {found.words:,} words of running prose, and a style needs {LEAST}",
            "Add longer ones; lists, tables and verse do not count.",
        )
    return found
