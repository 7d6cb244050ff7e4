"""The page of a new document: one form, its estimate, and two ways to begin."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from gradio.context import Context

from core.errors import LongleafError
from domain.request import Approval
from services.briefs import RELATIONS, UNITS, Brief
from ui.handlers.brief import FIELDS, ROLES, BriefHandlers, brief_from, values_of
from ui.island import island
from ui.pages.brief_demands import adder
from ui.render.brief import LANGUAGES, language_name
from ui.render.text import problem
from ui.site import Site

STORAGE_KEY = "longleaf_brief"
PRIVATE: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None,
}  # fmt: skip
NAMES = json.dumps(FIELDS)
KEEP = f"""(...values) => {{
  dispatchEvent(new Event('brief-typed'));
  return {{ kept: Object.fromEntries({NAMES}.map((name, at) => [name, values[at]])) }};
}}"""
"""What is typed, as the browser keeps it; the server hears of it when the typing pauses."""
RESTORE = f"""(draft, ...values) => {NAMES}.map(
  (name, at) => draft?.kept && name in draft.kept ? draft.kept[name] : values[at])"""
GO = "(address) => { if (address) location.hash = address; }"


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
    must = gr.Textbox(
        label=words["brief.must_include"], placeholder=words["brief.must_include_hint"],
        lines=2, max_lines=8, elem_id="brief-must_include",
    )  # fmt: skip
    with gr.Accordion(words["brief.precisely"], open=False, elem_id="brief-precisely"):
        adder(site, must)
    left_out = gr.Dropdown(
        [], value=[], multiselect=True, allow_custom_value=True, visible="hidden",
        label=words["brief.left_out"], info=words["brief.left_out_info"],
        elem_id="brief-left_out",
    )  # fmt: skip
    return {"prompt": prompt, "must_include": must, "left_out": left_out}, reading


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
    return found


def _advanced(site: Site) -> dict[str, Any]:
    words = site.words
    found: dict[str, Any] = {}
    found["strategy"] = gr.Radio(
        _strategies(site), value=Brief.strategy, label=words["brief.strategy"],
        elem_id="brief-strategy",
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


class Form:
    """The form's events.

    Args:
        site: whose services.
        fields: the components, in the order of `FIELDS`.
        trouble: where it says what is wrong.
    """

    def __init__(self, site: Site, fields: list[Any], trouble: gr.Markdown) -> None:
        self.site, self.fields, self.trouble = site, fields, trouble
        self.draft = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=site.secret)
        self.address = gr.Textbox(visible=False)

    def _of(self, request: gr.Request) -> BriefHandlers:
        site = self.site
        scopes = frozenset(each for each in ("read", "write") if site.may(request, each))
        services, desk = site.services_of(request), site.desk_of(request)
        return BriefHandlers(services, desk, site.words, site.language, scopes)

    def keep(self) -> None:
        """Let the browser keep what is typed, and bring it back."""
        page = Context.root_block
        assert page is not None
        # `change`, since `input` misses what is pasted, deleted, or composed by an input method.
        gr.on([x.change for x in self.fields], None, self.fields, self.draft, js=KEEP, **PRIVATE)
        kept = [self.draft, *self.fields]
        page.load(None, kept, self.fields, js=RESTORE, **PRIVATE)

    def listen(self, island: gr.HTML, reading: gr.Markdown, estimate: gr.Markdown) -> None:
        """Fill in what the island tells; read along and estimate when it tells of a pause."""

        async def fill(request: gr.Request, told: Any, before: Any, *values: Any) -> list[Any]:
            given = told if isinstance(told, dict) else {}
            if "typed" in given:
                return [*[gr.skip()] * (len(FIELDS) + 1), gr.Markdown(visible="hidden")]
            if "undo" in given and before:
                return [None, *before, gr.Markdown(visible="hidden")]
            try:
                brief = await self._of(request).filled(brief_from(values), given)
            except LongleafError as error:
                return [*[gr.skip()] * (len(FIELDS) + 1), self._trouble(error)]
            return [list(values), *values_of(brief), gr.Markdown(visible="hidden")]

        def read(request: gr.Request, *values: Any) -> list[Any]:
            handlers, brief = self._of(request), brief_from(values)
            found = handlers.found(brief)
            choice = gr.Dropdown(choices=found, visible=True if found else "hidden")
            return [handlers.reading(brief), choice]

        async def estimated(request: gr.Request, *values: Any) -> str:
            return await self._of(request).estimate(brief_from(values))

        before = gr.State(None)
        outputs = [before, *self.fields, self.trouble]
        filled = island.change(fill, [island, before, *self.fields], outputs, **PRIVATE)
        left_out = self.fields[FIELDS.index("left_out")]
        filled.then(read, self.fields, [reading, left_out], **PRIVATE)
        filled.then(estimated, self.fields, estimate, **PRIVATE)

    def begin_with(self, button: gr.Button, approve: Approval) -> None:
        """Let a button begin the document; the form is emptied once it is begun."""

        async def begin(request: gr.Request, *values: Any) -> AsyncIterator[list[Any]]:
            same = [gr.skip()] * len(FIELDS)
            waiting = gr.Markdown(self.site.words["brief.starting"], visible=True)
            yield [*same, gr.skip(), waiting, ""]
            try:
                address = await self._of(request).begin(brief_from(values), approve)
            except LongleafError as error:
                yield [*same, gr.skip(), self._trouble(error), ""]
                return
            yield [*values_of(Brief()), None, gr.Markdown(visible="hidden"), address]

        outputs = [*self.fields, self.draft, self.trouble, self.address]
        begun = button.click(begin, self.fields, outputs, **PRIVATE)
        begun.then(None, self.address, None, js=GO, **PRIVATE)

    def _trouble(self, error: LongleafError) -> gr.Markdown:
        return gr.Markdown(problem(error), visible=True)
