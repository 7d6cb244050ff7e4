"""The page of a new document: one form, its estimate, and two ways to begin."""

from __future__ import annotations

from typing import Any, get_args

import gradio as gr

from core.errors import LongleafError
from domain.request import Memory, Reading
from services.requests.briefs import RELATIONS, UNITS, Brief
from ui.handlers.brief import FIELDS, ROLES
from ui.island import entry, island
from ui.pages.brief_form import Form
from ui.render.brief import LANGUAGES, language_name
from ui.site import Site

READINGS: tuple[Reading, ...] = get_args(Reading)
MEMORIES: tuple[Memory, ...] = ("text", "model", "off")


def build(site: Site) -> None:
    """Lay the page out."""
    words = site.words
    gr.Markdown(f"# {words['brief.heading']}", elem_id="brief-heading")
    island("firstrun")
    templates = island("brief")
    with gr.Row(elem_id="brief-form"):
        with gr.Column(scale=3, min_width=320):
            asked, reading = _request(site)
        with gr.Column(scale=2, min_width=280):
            told = _about(site)
    with gr.Accordion(words["brief.advanced"], open=False, elem_id="brief-advanced"):
        more = _advanced(site)
    estimate = gr.Markdown(words["brief.estimate_none"], elem_id="brief-estimate")
    trouble = gr.Markdown(visible="hidden", elem_id="brief-trouble")
    gr.Markdown(words["brief.plan_or_all"], elem_id="brief-choice")
    with gr.Row(elem_id="brief-actions"):
        plan = gr.Button(words["brief.plan"], variant="primary", elem_id="brief-plan")
        every = gr.Button(words["brief.all"], elem_id="brief-all")
    by_name = {**asked, **told, **more}
    form = Form(site, [by_name[name] for name in FIELDS], trouble)
    form.keep()
    form.listen(templates, reading, estimate)
    form.begin_with(plan, "ask")
    form.begin_with(every, "auto")


def _request(site: Site) -> tuple[dict[str, Any], gr.Markdown]:
    words = site.words
    prompt = gr.Textbox(
        label=words["brief.prompt"], placeholder=words["brief.prompt_hint"],
        info=words["brief.prompt_info"], lines=9, max_lines=24, elem_id="brief-prompt",
    )  # fmt: skip
    reading = gr.Markdown(elem_id="brief-reading")
    must = entry("demands", "", "brief-must_include")
    left_out = gr.Dropdown(
        [], value=[], multiselect=True, allow_custom_value=True, visible="hidden",
        label=words["brief.left_out"], info=words["brief.left_out_info"],
        elem_id="brief-left_out",
    )  # fmt: skip
    sources = entry("sources", "", "brief-sources")
    only = gr.Checkbox(
        False, label=words["brief.only_sources"], info=words["brief.only_sources_info"],
        elem_id="brief-only_sources",
    )  # fmt: skip
    found = {"prompt": prompt, "must_include": must, "left_out": left_out, "sources": sources,
             "only_sources": only}  # fmt: skip
    return found, reading


def _about(site: Site) -> dict[str, Any]:
    words = site.words
    found: dict[str, Any] = {}
    with gr.Row(elem_id="brief-size"):
        found["relation"] = _choice(site, "relation", RELATIONS)
        found["length"] = _line(site, "length")
        found["unit"] = _choice(site, "unit", UNITS)
    spoken = [(language_name(code, site.language), code) for code in LANGUAGES]
    found["language"] = gr.Dropdown(
        [(words["brief.language_hint"], ""), *spoken], value="", allow_custom_value=True,
        label=words["brief.language"], elem_id="brief-language",
    )  # fmt: skip
    found["kind"] = gr.Dropdown(
        [(words["brief.kind_hint"], ""), *_kinds(site)], value="", allow_custom_value=True,
        label=words["brief.kind"], elem_id="brief-kind",
    )  # fmt: skip
    found["audience"] = _line(site, "audience")
    found["tone"] = _line(site, "tone")
    found["style"] = entry("style", "", "brief-style")
    return found


def _advanced(site: Site) -> dict[str, Any]:
    words = site.words
    found: dict[str, Any] = {}
    found["strategy"] = gr.Radio(
        _strategies(site), value=Brief.strategy, label=words["brief.strategy"],
        elem_id="brief-strategy",
    )  # fmt: skip
    ways = [(words[f"brief.reading_{each}"], each) for each in READINGS]
    found["reading"] = gr.Radio(
        ways, value=Brief.reading, label=words["brief.reading"], elem_id="brief-reading_way",
    )  # fmt: skip
    kept = [(words[f"brief.memory_{each}"], each) for each in MEMORIES]
    found["memory"] = gr.Radio(
        kept, value=Brief.memory, label=words["brief.memory"], info=words["brief.memory_info"],
        elem_id="brief-memory",
    )  # fmt: skip
    with gr.Row():
        found["rounds"] = gr.Slider(
            0, 5, Brief.rounds, step=1, label=words["brief.rounds"],
            info=words["brief.rounds_info"], elem_id="brief-rounds",
        )  # fmt: skip
        found["seed"] = gr.Number(
            None, label=words["brief.seed"], info=words["brief.seed_info"], precision=0,
            minimum=0, elem_id="brief-seed",
        )  # fmt: skip
    gr.Markdown(words["brief.caps"], elem_id="brief-caps")
    with gr.Row():
        for name, precision in (("calls", 0), ("tokens", 0), ("cost", None)):
            found[name] = gr.Number(
                None, label=words[f"brief.{name}"], precision=precision, minimum=0,
                min_width=120, elem_id=f"brief-{name}",
            )  # fmt: skip
    gr.Markdown(f"{words['brief.models']}. {words['brief.models_info']}", elem_id="brief-models")
    with gr.Row():
        for role in ROLES:
            found[f"model_{role}"] = gr.Textbox(
                label=words[f"brief.role_{role}"], max_lines=1, min_width=120,
                elem_id=f"brief-model_{role}",
            )  # fmt: skip
    return found


def _line(site: Site, name: str) -> gr.Textbox:
    return gr.Textbox(
        label=site.words[f"brief.{name}"], placeholder=site.words[f"brief.{name}_hint"],
        max_lines=1, min_width=100, elem_id=f"brief-{name}",
    )  # fmt: skip


def _choice(site: Site, name: str, options: tuple[str, ...]) -> gr.Dropdown:
    return gr.Dropdown(
        [(site.words[f"brief.{name}_{each}"], each) for each in options], value=options[0],
        label=site.words[f"brief.{name}"], filterable=False, min_width=100,
        elem_id=f"brief-{name}",
    )  # fmt: skip


def _kinds(site: Site) -> list[tuple[str, str]]:
    try:
        kinds = site.services.catalogue.kinds()
    except LongleafError:  # a broken file of the user's: any kind can still be typed
        return []
    return [(site.words.get(f"brief.kind_{each.name}", each.title), each.name) for each in kinds]


def _strategies(site: Site) -> list[tuple[str, str]]:
    found = []
    for each in site.services.catalogue.strategies():
        name = each["name"]
        title = site.words.get(f"brief.strategy_{name}", name)
        told = site.words.get(f"brief.told_{name}", each["summary"])
        found.append((f"{title} — {told}", name))
    return found
