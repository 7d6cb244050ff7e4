"""The tab of limits: those that can be changed here, and all settings in force."""

from __future__ import annotations

from typing import Any

import gradio as gr

from core.preferences import CHANGEABLE
from ui.handlers import settings as handlers
from ui.pages.admin import PRIVATE, attempt
from ui.pages.settings_shape import Loaded
from ui.render import settings as render
from ui.site import Site

LEVELS = ("minor", "major", "critical")
_FRACTIONS = ("caps.cost", "length.section_tolerance")


def build(site: Site) -> Loaded:
    """Lay the tab out."""
    words = site.words
    gr.Markdown(words["settings.limits_what"])
    with gr.Row(elem_classes="settings-limits"):
        fields = [_field(site, name) for name in CHANGEABLE]
    save = gr.Button(words["settings.save"], variant="primary", elem_id="save-limits", scale=0)
    said = gr.Markdown(elem_id="limits-said")
    with gr.Accordion(words["settings.in_force"], open=False):
        table = gr.Markdown(elem_id="in-force", elem_classes="table")

    async def load(request: gr.Request) -> list[Any]:
        found, _ = await attempt(site, request, handlers.limits)
        if found is None:
            return [gr.skip() for _ in (*fields, table)]
        held = {each.name: each for each in found}
        shown = [
            gr.update(value=held[name].value, interactive=held[name].changeable)
            for name in CHANGEABLE
        ]
        return [*shown, render.settings(found, words)]

    async def store(request: gr.Request, *values: Any) -> list[Any]:
        chosen = dict(zip(CHANGEABLE, values, strict=True))
        found, why = await attempt(site, request, lambda s: handlers.save_limits(s, chosen))
        if found is None:
            return [why, gr.skip()]
        return [words["settings.saved"], render.settings(found, words)]

    save.click(store, fields, [said, table], **PRIVATE)
    return load, [*fields, table]


def _field(site: Site, name: str) -> gr.Number | gr.Dropdown:
    words = site.words
    label, known = words[f"settings.limit_{name}"], "limit-" + name.replace(".", "-")
    if name == "critic.level":
        levels = [(words[f"settings.level_{level}"], level) for level in LEVELS]
        return gr.Dropdown(levels, label=label, elem_id=known)
    precision = None if name in _FRACTIONS else 0
    return gr.Number(label=label, precision=precision, value=None, elem_id=known, min_width=220)
