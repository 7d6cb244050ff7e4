"""What the form of a new document does: it is kept, filled in, read, estimated, and begun."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from gradio.context import Context

from core.errors import LongleafError
from domain.request import Approval
from services.requests.briefs import Brief
from ui.handlers.brief import FIELDS, BriefHandlers, brief_from, values_of
from ui.render.text import problem
from ui.site import Site

STORAGE_KEY = "longleaf_brief"
PRIVATE: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None,
}  # fmt: skip
NAMES = json.dumps(FIELDS)
KEEP = f"""(...values) => {{
  dispatchEvent(new Event('brief-typed'));
  return {{ kept: Object.fromEntries({NAMES}.map((name, at) => [name, values[at]])) }};
}}"""
"""What is typed, as the browser keeps it; the server hears of it when the typing pauses."""
RESTORE = f"""(draft, ...values) => {NAMES}.map(
  (name, at) => draft?.kept && name in draft.kept ? draft.kept[name] : values[at])"""
GO = "(address) => { if (address) location.hash = address; }"


class Form:
    """The form's events.

    Args:
        site: whose services.
        fields: the components, in the order of `FIELDS`.
        trouble: where it says what is wrong.
    """

    def __init__(self, site: Site, fields: list[Any], trouble: gr.Markdown) -> None:
        self.site, self.fields, self.trouble = site, fields, trouble
        self.draft = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=site.secret)
        self.address = gr.Textbox(visible=False)

    def _of(self, request: gr.Request) -> BriefHandlers:
        site = self.site
        scopes = frozenset(each for each in ("read", "write") if site.may(request, each))
        services, desk = site.services_of(request), site.desk_of(request)
        return BriefHandlers(services, desk, site.words, site.language, scopes)

    def keep(self) -> None:
        """Let the browser keep what is typed, and bring it back."""
        page = Context.root_block
        assert page is not None
        # `change`, since `input` misses what is pasted, deleted, or composed by an input method.
        gr.on([x.change for x in self.fields], None, self.fields, self.draft, js=KEEP, **PRIVATE)
        kept = [self.draft, *self.fields]
        page.load(None, kept, self.fields, js=RESTORE, **PRIVATE)

    def listen(self, island: gr.HTML, reading: gr.Markdown, estimate: gr.Markdown) -> None:
        """Fill in what the island tells; read along and estimate when it tells of a pause."""

        async def fill(request: gr.Request, told: Any, before: Any, *values: Any) -> list[Any]:
            given = told if isinstance(told, dict) else {}
            if "typed" in given:
                return [*[gr.skip()] * (len(FIELDS) + 1), gr.Markdown(visible="hidden")]
            if "undo" in given and before:
                return [None, *before, gr.Markdown(visible="hidden")]
            try:
                brief = await self._of(request).filled(brief_from(values), given)
            except LongleafError as error:
                return [*[gr.skip()] * (len(FIELDS) + 1), self._trouble(error)]
            return [list(values), *values_of(brief), gr.Markdown(visible="hidden")]

        def read(request: gr.Request, *values: Any) -> list[Any]:
            handlers, brief = self._of(request), brief_from(values)
            found = handlers.found(brief)
            choice = gr.Dropdown(choices=found, visible=True if found else "hidden")
            return [handlers.reading(brief), choice]

        async def estimated(request: gr.Request, *values: Any) -> str:
            return await self._of(request).estimate(brief_from(values))

        before = gr.State(None)
        outputs = [before, *self.fields, self.trouble]
        filled = island.change(fill, [island, before, *self.fields], outputs, **PRIVATE)
        left_out = self.fields[FIELDS.index("left_out")]
        filled.then(read, self.fields, [reading, left_out], **PRIVATE)
        filled.then(estimated, self.fields, estimate, **PRIVATE)

    def begin_with(self, button: gr.Button, approve: Approval) -> None:
        """Let a button begin the document; the form is emptied once it is begun."""

        async def begin(request: gr.Request, *values: Any) -> AsyncIterator[list[Any]]:
            same = [gr.skip()] * len(FIELDS)
            waiting = gr.Markdown(self.site.words["brief.starting"], visible=True)
            yield [*same, gr.skip(), waiting, ""]
            try:
                address = await self._of(request).begin(brief_from(values), approve)
            except LongleafError as error:
                yield [*same, gr.skip(), self._trouble(error), ""]
                return
            yield [*values_of(Brief()), None, gr.Markdown(visible="hidden"), address]

        outputs = [*self.fields, self.draft, self.trouble, self.address]
        begun = button.click(begin, self.fields, outputs, **PRIVATE)
        begun.then(None, self.address, None, js=GO, **PRIVATE)

    def _trouble(self, error: LongleafError) -> gr.Markdown:
        return gr.Markdown(problem(error, self.site.language), visible=True)
