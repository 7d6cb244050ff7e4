"""The tab of prompts: choose one, change it, see it with a real request, go back."""

from __future__ import annotations

from typing import Any

import gradio as gr

from services.settings.prompt_book import LONGEST, PromptView
from ui.handlers import settings as handlers
from ui.pages.admin import PRIVATE, attempt
from ui.pages.settings_shape import Loaded
from ui.render import settings as render
from ui.render.text import plain
from ui.site import Site

FIRST = "writer/section"


class Prompts:
    """The tab's parts and what happens between them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.words = words = site.words
        names = [info.name for info, _ in site.services.prompt_book.all()]
        gr.Markdown(words["settings.prompts_what"])
        self.name = gr.Dropdown(names, value=FIRST, label=words["settings.prompt"],
                                elem_id="prompt")  # fmt: skip
        self.about = gr.Markdown(elem_id="prompt-about")
        self.text = gr.Textbox(
            label=words["settings.prompt_text"], lines=14, max_lines=30, max_length=LONGEST,
            elem_id="prompt-text", elem_classes="mono",
        )  # fmt: skip
        self.locked = gr.Textbox(
            label=words["settings.prompt_locked"], info=words["settings.prompt_locked_what"],
            interactive=False, lines=3, elem_classes="mono",
        )  # fmt: skip
        self.request = gr.Textbox(
            label=words["settings.preview_request"], info=words["settings.preview_request_what"],
            max_length=20_000, elem_id="preview-request",
        )  # fmt: skip
        with gr.Row(elem_classes="settings-buttons"):
            self.save = gr.Button(words["settings.save"], variant="primary", elem_id="save-prompt")
            self.preview = gr.Button(words["settings.preview"], elem_id="preview-prompt")
            self.restore = gr.Button(words["settings.restore"], elem_id="restore-prompt")
        self.said = gr.Markdown(elem_id="prompt-said")
        self.shown = [
            gr.Textbox(
                label=words[f"settings.preview_{part}"], interactive=False, visible=False, lines=3,
                max_lines=30, elem_classes="mono", elem_id=f"preview-{part}",
            )
            for part in ("system", "user")
        ]  # fmt: skip
        self.view = [self.about, self.text, self.locked]
        self._wire()

    def _wire(self) -> None:
        self.name.input(self.choose, self.name, [*self.view, self.said, *self.shown], **PRIVATE)
        self.save.click(self.store, [self.name, self.text], [self.said, *self.view], **PRIVATE)
        self.restore.click(self.go_back, self.name, [self.said, *self.view], **PRIVATE)
        self.preview.click(
            self.show, [self.name, self.text, self.request], [self.said, *self.shown], **PRIVATE
        )

    async def load(self, name: str, request: gr.Request) -> list[Any]:
        """The chosen prompt."""
        view, why = await attempt(self.site, request, lambda s: handlers.prompt(s, name))
        return self._view(view) if view else [why, gr.skip(), gr.skip()]

    async def choose(self, name: str, request: gr.Request) -> list[Any]:
        """Another one; what was said of the last one goes."""
        hidden = [gr.Textbox(visible=False) for _ in self.shown]
        return [*await self.load(name, request), "", *hidden]

    async def store(self, name: str, text: str, request: gr.Request) -> list[Any]:
        """Keep a text, unless it could break a run."""
        view, why = await attempt(self.site, request, lambda s: handlers.save_prompt(s, name, text))
        if view is None:
            return [why, gr.skip(), gr.skip(), gr.skip()]
        return [self.words["settings.saved"], *self._view(view)]

    async def go_back(self, name: str, request: gr.Request) -> list[Any]:
        """The built-in text again."""
        view, why = await attempt(self.site, request, lambda s: handlers.restore_prompt(s, name))
        if view is None:
            return [why, gr.skip(), gr.skip(), gr.skip()]
        return [self.words["settings.restored"], *self._view(view)]

    async def show(self, name: str, text: str, wanted: str, request: gr.Request) -> list[Any]:
        """As a model would get it."""
        made, why = await attempt(
            self.site, request, lambda s: handlers.preview(s, name, text, wanted)
        )
        if made is None:
            return [why, gr.skip(), gr.skip()]
        said = self.words["settings.preview_of"].format(
            tokens=f"{made.tokens:,}", about=plain(made.about)
        )
        texts = (made.system, made.user)
        return [said, *(gr.Textbox(value=text, visible=True) for text in texts)]

    def _view(self, view: PromptView) -> list[Any]:
        return [render.about_prompt(view, self.words), view.own or view.original, view.locked]


def build(site: Site) -> Loaded:
    """Lay the tab out."""
    tab = Prompts(site)

    async def load(request: gr.Request) -> list[Any]:
        return [FIRST, *await tab.load(FIRST, request)]

    return load, [tab.name, *tab.view]
