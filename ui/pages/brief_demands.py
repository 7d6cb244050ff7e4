"""The part of the form that says where and how often something must be in the text."""

from __future__ import annotations

from typing import Any

import gradio as gr

from core.errors import LongleafError
from ui.handlers.brief import OFTEN, WHERE, with_line
from ui.render.text import problem
from ui.site import Site

_PRIVATE: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None,
}  # fmt: skip


def adder(site: Site, lines: gr.Textbox) -> None:
    """Says where and how often, and adds a line that says the same."""
    words = site.words
    with gr.Row():
        often = gr.Dropdown(
            [(words[f"brief.often_{name}"], name) for name in OFTEN], value=OFTEN[0],
            label=words["brief.often"], filterable=False, min_width=110,
            elem_id="brief-often",
        )  # fmt: skip
        what = gr.Textbox(
            label=words["brief.what"], max_lines=1, min_width=140, elem_id="brief-what"
        )
        where = gr.Dropdown(
            [(words[f"brief.where_{name}"], place) for name, place in WHERE], value="anywhere",
            label=words["brief.where"], allow_custom_value=True, min_width=110,
            elem_id="brief-where",
        )  # fmt: skip
        add = gr.Button(words["brief.add"], min_width=80, scale=0, elem_id="brief-add")
    told = gr.Markdown(visible="hidden", elem_id="brief-add-trouble")

    def put(kept: Any, times: Any, thing: Any, place: Any) -> list[Any]:
        try:
            more = with_line(kept, times, thing, place)
        except LongleafError as error:
            return [gr.skip(), gr.skip(), gr.Markdown(problem(error, site.language), visible=True)]
        return [more, "", gr.Markdown(visible="hidden")]

    gr.on([add.click, what.submit], put, [lines, often, what, where], [lines, what, told],
          **_PRIVATE)  # fmt: skip


def leaving_out(site: Site) -> gr.Dropdown:
    """What was found in the request, to be left out; hidden while nothing is found."""
    words = site.words
    return gr.Dropdown(
        [], value=[], multiselect=True, allow_custom_value=True, visible="hidden",
        label=words["brief.left_out"], info=words["brief.left_out_info"],
        elem_id="brief-left_out",
    )  # fmt: skip
