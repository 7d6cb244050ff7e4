"""The settings: endpoints, roles, limits and prompts for admins, the interface for everybody."""

from __future__ import annotations

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
    shown = gr.Button("shown", elem_id="settings-shown")  # `settings.js` presses it, nobody sees it
    with gr.Tabs(elem_id="settings-tabs"):
        for name, lay_out in TABS.items():
            with gr.Tab(words[f"settings.tab_{name}"], id=name):
                load, outputs = lay_out(site)
                shown.click(load, None, outputs, **PRIVATE)
        with gr.Tab(words["settings.tab_interface"], id="interface"):
            island("interface")
    island("settings")
