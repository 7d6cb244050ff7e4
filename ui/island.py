"""Islands: parts of the page that JavaScript modules of ours draw, over the API."""

from __future__ import annotations

import gradio as gr

from ui.assets import address


def island(name: str, elem_id: str = "") -> gr.HTML:
    """Where `static/js/<name>.js` draws; its `mount(element)` is called once.

    The component has no value: what a model wrote never goes through Gradio's HTML.
    """
    start = f"""
const root = element.querySelector('.island');
import('{address(f"js/{name}.js")}').then((module) => module.mount(root));
"""
    return gr.HTML(
        html_template='<div class="island"></div>', js_on_load=start, apply_default_css=False,
        elem_id=elem_id or f"island-{name}", padding=False,
    )  # fmt: skip
