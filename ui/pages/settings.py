"""The settings: endpoints, roles, limits and prompts for admins, the interface for everybody."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.island import island
from ui.pages import settings_endpoints, settings_limits, settings_prompts, settings_roles
from ui.pages.admin import PRIVATE
from ui.site import Site

TABS = {
    "endpoints": settings_endpoints.build,
    "roles": settings_roles.build,
    "limits": settings_limits.build,
    "prompts": settings_prompts.build,
}


def build(site: Site) -> None:
    """Lay the page out; what it shows is looked up when somebody goes there."""
    words = site.words
    gr.Markdown(f"# {words['settings.title']}", elem_classes="settings-title")
    notice = gr.Markdown(elem_id="settings-notice")
    shown = gr.Button("shown", elem_id="settings-shown")  # `settings.js` presses it, nobody sees it
    loads, outputs = [], []
    with gr.Tabs(elem_id="settings-tabs") as tabs:
        for name, lay_out in TABS.items():
            with gr.Tab(words[f"settings.tab_{name}"], id=name):
                load, parts = lay_out(site)
                loads.append(load)
                outputs += parts
        with gr.Tab(words["settings.tab_interface"], id="interface"):
            island("interface")
    island("settings")

    async def look_up(request: gr.Request) -> list[Any]:
        if not site.may(request, "admin"):
            rest = [gr.skip() for _ in outputs]
            return [words["settings.admin_only"], gr.Tabs(selected="interface"), *rest]
        found = [value for load in loads for value in await load(request)]
        return ["", gr.skip(), *found]

    shown.click(look_up, None, [notice, tabs, *outputs], **PRIVATE)
