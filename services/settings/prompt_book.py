"""The prompts and a person's own copies of them: shown, tried, kept, taken back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.errors import NotFoundError, RequestError, StorageError
from core.files import replace_text
from domain.request import WritingRequest, make_request
from llm.tokens import Tokens
from llm.types import Message
from prompts import own
from prompts.library import Prompt, PromptFaultError, PromptLibrary, new_fence
from prompts.library import PromptInfo as PromptInfo
from prompts.own import LONGEST as LONGEST
from services.documents.lookup import Documents
from services.settings.prompt_samples import Material, material, samples
from storage import documents
from storage.base import LOCAL_OWNER
from storage.database import Database

ROLES = {
    "planner": "planner", "writer": "writer", "extender": "writer", "fixer": "writer",
    "fixer/paragraph": "editor", "editor": "editor", "critic": "critic", "reviser": "editor",
    "summariser": "reader", "judge": "", "stylist": "editor", "reader": "reader",
    "keeper": "reader",
}  # fmt: skip
"""Name of a template, or of its folder → the role that is told it; empty: whoever judges."""
EXAMPLE = {"prompt": "A report on tidal power in Europe", "words": 3000}
_SECTION = 4_000
"""Characters of a section that are shown in a preview."""


@dataclass(frozen=True)
class PromptView:
    """A template as a person sees it."""

    info: PromptInfo
    role: str
    original: str
    """The built-in template without what is locked."""
    own: str
    """The person's copy; empty: there is none."""
    locked: str
    """What no copy can change: the form of the answer, which is read by a program."""
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A prompt as a model would get it."""

    system: str
    user: str
    tokens: int
    about: str
    """The request or the document that it is filled in with."""


@dataclass
class PromptBook:
    """The templates of an installation.

    Args:
        library: where they are.
        folder: of the person's copies; may not exist yet.
        db: whose documents previews are about.
        tokens: counts them.
        owner: whose documents.
    """

    library: PromptLibrary
    folder: Path
    db: Database
    tokens: Tokens
    owner: str = LOCAL_OWNER

    def all(self) -> list[tuple[PromptInfo, str]]:
        """Every template with the role that is told it."""
        return [(self.library.info(name), role_of(name)) for name in self.library.names()]

    def view(self, name: str) -> PromptView:
        """One template; raises NotFoundError."""
        self._known(name)
        source = self.library.source(name)
        copy = self.library.own_source(name) or ""
        return PromptView(
            self.library.info(name), role_of(name), own.editable(source), copy,
            own.locked(source), tuple(own.variables(source)),
        )  # fmt: skip

    def put(self, name: str, text: str) -> PromptView:
        """Keep a copy, which takes the template's place from the next call on.

        Raises:
            NotFoundError: no such template.
            RequestError: it cannot be filled in; with the line.
            StorageError: the disk refused.
        """
        self._known(name)
        source = text.replace("\r\n", "\n").strip() + "\n"
        self._check(name, source)
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(path, source)
        except OSError as error:
            raise StorageError(f"{path} cannot be written: {error.strerror}") from error
        return self.view(name)

    def restore(self, name: str) -> PromptView:
        """Go back to the built-in template; raises NotFoundError, StorageError."""
        self._known(name)
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"the copy cannot be deleted: {error.strerror}") from error
        return self.view(name)

    async def preview(
        self, name: str, text: str | None = None, request: dict[str, Any] | None = None
    ) -> Preview:
        """Fill a template in; nothing is kept and no model is called.

        Args:
            name: the template.
            text: a copy that is not kept yet; None: what holds now.
            request: fields of a request; None: the last document's, else an example.

        Raises:
            NotFoundError: no such template.
            RequestError: it cannot be filled in, or the request is none.
        """
        self._known(name)
        about = material(make_request(request)) if request else await self._last()
        prompt = await asyncio.to_thread(self._tried, name, text, about)
        await self.tokens.warm()
        told = (Message("system", prompt.system), Message("user", prompt.user))
        count = await asyncio.to_thread(self.tokens.of_messages, told)
        return Preview(prompt.system, prompt.user, count, about.outline.title)

    def _tried(self, name: str, text: str | None, about: Material) -> Prompt:
        copy = text if text is not None else self.library.own_source(name)
        if copy is None:
            return self.library.render(name, new_fence(), **samples(about)[0])
        self._check(name, copy)
        return self._trial(name, copy, samples(about)[0])

    def _check(self, name: str, text: str) -> None:
        try:
            own.check(self.library.source(name), text)
        except PromptFaultError as error:
            raise _refused(error) from error
        for fields in (EXAMPLE, {"prompt": "写一篇关于潮汐的短文", "words": 500}):
            for sample in samples(material(make_request(fields))):
                self._trial(name, text, sample)

    def _trial(self, name: str, text: str, sample: dict[str, Any]) -> Prompt:
        try:
            return self.library.trial(name, text, new_fence(), **sample)
        except PromptFaultError as error:
            raise _refused(error) from error

    async def _last(self) -> Material:
        def work(s: Session) -> str:
            row = documents.newest(s, self.owner)
            return row.id if row else ""

        document_id = await self.db.run(work, write=False)
        if not document_id:
            return material(make_request(dict(EXAMPLE)))
        found = await Documents(self.db, self.owner).get(document_id)
        text = next((section.text for section in found.sections if section.text), "")
        return material(_request(found.request), found.outline, text[:_SECTION])

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.md.j2"

    def _known(self, name: str) -> None:
        if name not in self.library.names():
            raise NotFoundError(f"there is no prompt {name[:80]!r}", "Look which there are.")


def role_of(name: str) -> str:
    """The role that is told a template; empty: whoever is asked to judge."""
    return ROLES.get(name, ROLES.get(name.partition("/")[0], ""))


def _request(request: WritingRequest) -> WritingRequest:
    return request.model_copy(update={"prompt": request.prompt[:_SECTION]})


def _refused(error: PromptFaultError) -> RequestError:
    where = f"line {error.line}: " if error.line else ""
    return RequestError(f"{where}{error}", "Correct it; what holds now has not changed.")
