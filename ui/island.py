"""Islands: parts of the page that JavaScript modules of ours draw, over the API."""

from __future__ import annotations

import gradio as gr

from ui.assets import address


def island(name: str, elem_id: str = "") -> gr.HTML:
    """Where `static/js/<name>.js` draws; its `mount(element, tell)` is called once.

    `tell(value)` gives the component a value, which reaches Python with its event `change`. It is
    never drawn: what a model wrote never goes through Gradio's HTML.
    """
    start = f"""
const root = element.querySelector('.island');
const tell = (value) => {{ props.value = value; }};
import('{address(f"js/{name}.js")}').then((module) => module.mount(root, tell));
"""
    return gr.HTML(
        html_template='<div class="island"></div>', js_on_load=start, apply_default_css=False,
        elem_id=elem_id or f"island-{name}", padding=False,
    )  # fmt: skip


def entry(name: str, value: object, elem_id: str) -> gr.HTML:
    """Where `static/js/<name>.js` draws a field of a form, whose value is plain JSON.

    Its `mount(element, tell)` is called once; what it returns is called with every value that
    the form is given, the first one too, and those it tells. `tell(value)` is what is chosen.
    """
    start = f"""
const root = element.querySelector('.island');
import('{address(f"js/{name}.js")}').then((module) => {{
  const show = module.mount(root, (value) => {{ props.value = value; show(value); }});
  show(props.value);
  watch('value', () => show(props.value));
}});
"""
    return gr.HTML(
        value, html_template='<div class="island"></div>', js_on_load=start,
        apply_default_css=False, elem_id=elem_id, padding=False,
    )  # fmt: skip


def picture(name: str, elem_id: str) -> gr.HTML:
    """Where `static/js/<name>.js` draws the component's value, which is plain JSON or None.

    Its `show(element, value)` is called for every value.
    """
    start = f"""
const root = element.querySelector('.island');
import('{address(f"js/{name}.js")}').then((module) => {{
  const draw = () => module.show(root, props.value);
  draw();
  watch('value', draw);
}});
"""
    return gr.HTML(
        html_template='<div class="island"></div>', js_on_load=start, apply_default_css=False,
        elem_id=elem_id, padding=False,
    )  # fmt: skip
