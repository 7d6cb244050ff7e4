"""The page: its frame, and the pages in it, of which the address shows one."""

from __future__ import annotations

import os

os.environ.update(  # all of them before Gradio is imported: it looks at them only then
    GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1",
    DO_NOT_TRACK="1",
)  # fmt: skip

from collections.abc import Callable

import gradio as gr

from ui.island import island
from ui.pages import brief, evaluate, settings
from ui.site import Site

Build = Callable[[Site], None]


def of_island(name: str) -> Build:
    """A page that is nothing but an island."""

    def build(_: Site) -> None:
        island(name)

    return build


PAGES: dict[str, Build] = {
    "library": of_island("library"),
    "write": brief.build,
    "document": of_island("document"),
    "datasets": of_island("datasets"),
    "evaluate": evaluate.build,
    "settings": settings.build,
}
"""Name in the address → what lays the page out. `static/js/route.js` knows the addresses."""


def build_page(site: Site) -> gr.Blocks:
    """The page in one language."""
    page = gr.Blocks(title=site.words["shared.title"], analytics_enabled=False, fill_width=True)
    with page:
        island("frame")
        for name, build in PAGES.items():
            with gr.Column(elem_id=f"page-{name}", elem_classes="page"):
                build(site)
    page.queue(default_concurrency_limit=8, max_size=100)
    return page
