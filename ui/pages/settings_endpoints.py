"""The tab of endpoints: a table, and a form to add, change, test and delete one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gradio as gr

from ui.handlers import settings as handlers
from ui.pages.admin import PRIVATE, attempt
from ui.pages.settings_shape import Loaded
from ui.render import settings as render
from ui.render.text import plain
from ui.site import Site

FIELDS = (
    "base_url", "model", "window", "concurrency", "requests_per_minute", "price_prompt",
    "price_completion", "thinking", "compact",
)  # fmt: skip
_FRESH: dict[str, Any] = {
    "base_url": "", "model": "", "window": None, "concurrency": 8, "requests_per_minute": None,
    "price_prompt": 0, "price_completion": 0, "thinking": True, "compact": False,
}  # fmt: skip


class Endpoints:
    """The tab's parts and what happens between them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.words = site.words
        self._lay_out()
        self.form = [self.name, self.key, self.forget, *self.fields]
        self._wire()

    def _lay_out(self) -> None:
        words = self.words
        gr.Markdown(words["settings.endpoints_what"])
        self.table = gr.Markdown(elem_id="endpoints", elem_classes="table")
        with gr.Row():
            self.look = gr.Button(words["settings.look"], elem_id="look", scale=0, min_width=320)
        self.found = gr.Markdown(elem_id="neighbours")
        self.neighbours = gr.State({})
        self.chosen = gr.Dropdown(
            [(words["settings.new"], "")], value="", label=words["settings.choose"],
            info=words["settings.choose_what"], elem_id="endpoint",
        )  # fmt: skip
        with gr.Row():
            self.name = gr.Textbox(label=words["settings.name"], max_length=64, min_width=260)
            address = gr.Textbox(
                label=words["settings.address"], placeholder="http://127.0.0.1:8000/v1",
                max_length=2000, min_width=260,
            )  # fmt: skip
            model = gr.Textbox(
                label=words["settings.model"],
                info=words["settings.model_what"],
                max_length=500,
                min_width=260,
            )
        self.key = gr.Textbox(
            label=words["settings.key"], info=words["settings.key_what"], type="password",
            max_length=4096, html_attributes=gr.InputHTMLAttributes(autocomplete="new-password"),
        )  # fmt: skip
        self.forget = gr.Checkbox(label=words["settings.forget_key"])
        self.fields = [address, model, *self._further()]
        self._buttons()
        self.said = gr.Markdown(elem_id="endpoint-said")

    def _further(self) -> list[gr.components.Component]:
        words = self.words
        with gr.Accordion(words["settings.more"], open=False):
            with gr.Row():
                window = gr.Number(
                    label=words["settings.window"], info=words["settings.window_what"],
                    precision=0, value=None,
                )  # fmt: skip
                at_once = gr.Number(label=words["settings.concurrency"], precision=0, value=8)
                calls = gr.Number(
                    label=words["settings.requests"], info=words["settings.requests_what"],
                    precision=0, value=None,
                )  # fmt: skip
            with gr.Row():
                prompt = gr.Number(label=words["settings.price_prompt"], value=0)
                answer = gr.Number(label=words["settings.price_completion"], value=0)
            with gr.Row():
                thinking = gr.Checkbox(label=words["settings.thinking"], value=True)
                compact = gr.Checkbox(label=words["settings.compact"])
        return [window, at_once, calls, prompt, answer, thinking, compact]

    def _buttons(self) -> None:
        words = self.words
        with gr.Row(elem_classes="settings-buttons"):
            self.save = gr.Button(
                words["settings.save_endpoint"], variant="primary", elem_id="save-endpoint"
            )
            self.test = gr.Button(words["settings.test"], elem_id="test-endpoint")
            self.default = gr.Button(words["settings.make_default"])
            self.delete = gr.Button(words["settings.delete"], elem_id="delete-endpoint")
        with gr.Column(visible=False, elem_id="delete-sure") as self.sure:
            gr.Markdown(words["settings.delete_sure"])
            with gr.Row(elem_classes="settings-buttons"):
                self.yes = gr.Button(words["settings.delete_yes"], variant="stop")
                self.no = gr.Button(words["settings.keep"])

    def _wire(self) -> None:
        shown = [self.table, self.chosen]
        self.chosen.input(self.fill, [self.chosen, self.neighbours], self.form, **PRIVATE)
        self.look.click(
            self.look_around, None, [self.found, self.neighbours, self.chosen], **PRIVATE
        )
        self.save.click(
            self.store, self.form, [self.said, self.key, self.forget, *shown], **PRIVATE
        )
        told: dict[str, Any] = {"api_visibility": "private", "show_progress_on": self.said}
        self.test.click(self.examine, self.chosen, [self.said, *shown], **told)
        self.default.click(self.make_default, self.chosen, [self.said, *shown], **PRIVATE)
        self.delete.click(lambda: gr.Column(visible=True), None, self.sure, **PRIVATE)
        self.no.click(lambda: gr.Column(visible=False), None, self.sure, **PRIVATE)
        self.yes.click(
            self.remove, self.chosen, [self.said, self.sure, *shown, *self.form], **PRIVATE
        )

    async def load(self, request: gr.Request) -> list[Any]:
        """The table, and whom there is to choose from."""
        return await self._shown(request, None)

    async def _shown(self, request: gr.Request, chosen: str | None) -> list[Any]:
        entries, _ = await attempt(self.site, request, handlers.entries)
        default, _ = await attempt(self.site, request, handlers.default)
        known = gr.update(choices=await self._choices(request))
        if chosen is not None:
            known["value"] = chosen
        return [render.endpoints(entries or (), default or "", self.words), known]

    async def _choices(self, request: gr.Request, found: Iterable[str] = ()) -> list[Any]:
        names, _ = await attempt(self.site, request, handlers.names)
        fresh = [(self.words["settings.new_one"].format(name=name), name) for name in found]
        return [(self.words["settings.new"], ""), *fresh, *((name, name) for name in names or ())]

    async def fill(self, name: str, found: dict[str, Any], request: gr.Request) -> list[Any]:
        """The form for the chosen one, or for a server that was found; a key is never shown."""
        entry, _ = await attempt(self.site, request, lambda s: handlers.entry(s, name))
        known = {f: getattr(entry.endpoint, f) for f in FIELDS} if entry else _FRESH
        known = {**known, **({} if entry else found.get(name, {}))}
        return [name, "", False, *(known[field] for field in FIELDS)]

    async def look_around(self, request: gr.Request) -> list[Any]:
        """Who else is there, and can be chosen to fill the form in."""
        told, why = await attempt(self.site, request, lambda _: handlers.look_around())
        if told is None:
            return [why, {}, gr.skip()]
        found = {each.name: {"base_url": each.base_url, "model": each.model} for each in told[0]}
        choices = await self._choices(request, found)
        return [render.neighbours(*told, self.words), found, gr.update(choices=choices)]

    async def store(
        self, request: gr.Request, name: str, key: str, forget: bool, *fields: Any
    ) -> list[Any]:
        """Keep what the form says."""
        given = dict(zip(FIELDS, fields, strict=True))
        dropped, why = await attempt(
            self.site,
            request,
            lambda s: handlers.save_endpoint(s, name, given, key, forget_key=forget),
        )
        if dropped is None:
            return [why, gr.skip(), gr.skip(), gr.skip(), gr.skip()]
        said = self.words["settings.stored"].format(name=plain(name))
        more = f" {self.words['settings.key_dropped']}" if dropped and not forget else ""
        return [said + more, "", False, *await self._shown(request, name.strip())]

    async def examine(self, name: str, request: gr.Request) -> list[Any]:
        """Test the chosen one."""
        if not name:
            return [self.words["settings.choose_first"], gr.skip(), gr.skip()]
        found, why = await attempt(self.site, request, lambda s: handlers.test_endpoint(s, name))
        said = render.tested(found, self.words, self.site.language) if found else why
        return [said, *await self._shown(request, None)]

    async def make_default(self, name: str, request: gr.Request) -> list[Any]:
        """Let the chosen one serve what nothing else is named for."""
        if not name:
            return [self.words["settings.choose_first"], gr.skip(), gr.skip()]
        _, why = await attempt(self.site, request, lambda s: handlers.make_default(s, name))
        said = why or self.words["settings.is_default"].format(name=plain(name))
        return [said, *await self._shown(request, None)]

    async def remove(self, name: str, request: gr.Request) -> list[Any]:
        """Forget the chosen one."""
        _, why = await attempt(self.site, request, lambda s: handlers.delete_endpoint(s, name))
        hidden = gr.Column(visible=False)
        if why:
            return [why, hidden, gr.skip(), gr.skip(), *(gr.skip() for _ in self.form)]
        fresh = await self.fill("", {}, request)
        return [self.words["settings.deleted"], hidden, *await self._shown(request, ""), *fresh]


def build(site: Site) -> Loaded:
    """Lay the tab out."""
    tab = Endpoints(site)
    return tab.load, [tab.table, tab.chosen]
