"""The evaluation page: one text with its scorecard, or two texts compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from services.evaluation.samples import Source
from ui.handlers.evaluate import Evaluations
from ui.island import picture
from ui.site import Site

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
SEEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
AT_ONCE = 4
"""Texts that are examined at the same time."""


@dataclass(frozen=True)
class Picker:
    """Where a text comes from."""

    where: gr.Radio
    text: gr.Textbox
    file: gr.File
    document: gr.Dropdown
    section: gr.Dropdown
    revision: gr.Dropdown

    @property
    def inputs(self) -> list[Any]:
        """What `source` takes."""
        return [self.where, self.text, self.file, self.document, self.section, self.revision]


def source(
    where: str, text: str | None, file: str | None, document: str | None, section: str | None,
    revision: int | None,
) -> Source:  # fmt: skip
    """What a picker's values name."""
    if where == "library":
        return Source(document=document or "", section=section or "", revision=revision or 0)
    return Source(file=file or "") if where == "file" else Source(text=text or "")


def build(site: Site) -> None:
    """Lay the page out."""
    words = site.words
    with gr.Column(elem_classes="evaluate"):
        gr.Markdown(f"# {words['evaluate.title']}\n\n{words['evaluate.tagline']}")
        with gr.Tabs():
            with gr.Tab(words["evaluate.one"], id="one"):
                _one(site)
            with gr.Tab(words["evaluate.two"], id="two"):
                _two(site)


def _one(site: Site) -> None:
    words = site.words
    with gr.Row(elem_classes="evaluate-one"):
        with gr.Column(elem_classes="asked", min_width=320):
            picker = _picker(site, "one")
            length, language = _asked(site, "one")
            check = gr.Button(words["evaluate.check"], variant="primary", elem_id="evaluate-check")
        with gr.Column(elem_classes="answered", min_width=320):
            card = picture("scorecard", "evaluate-card")
            ask = gr.Button(words["evaluate.ask"], visible=False, elem_id="evaluate-ask")
            bill = picture("scorecard", "evaluate-bill")
            with gr.Row(visible=False, elem_classes="consent") as consent:
                go = gr.Button(
                    words["evaluate.ask_now"], variant="primary", elem_id="evaluate-ask-now"
                )
                leave = gr.Button(words["evaluate.leave"], elem_id="evaluate-leave")

    async def checked(request: gr.Request, *values: Any) -> list[Any]:
        found = await _of(site, request).check(source(*values[:6]), values[6], values[7])
        return [found, gr.update(visible="card" in found), None, gr.update(visible=False)]

    async def billed(request: gr.Request, *values: Any) -> list[Any]:
        found = await _of(site, request).bill(source(*values))
        return [found, gr.update(visible=bool(found.get("possible")))]

    async def judged(request: gr.Request, *values: Any) -> Any:
        return await _of(site, request).judge(source(*values))

    shown = [card, ask, bill, consent]
    check.click(
        checked, [*picker.inputs, length, language], shown, concurrency_limit=AT_ONCE, **SEEN
    )
    ask.click(billed, picker.inputs, [bill, consent], concurrency_limit=AT_ONCE, **SEEN)
    go.click(lambda: gr.update(visible=False), None, consent, **QUIET).then(
        judged, picker.inputs, bill, concurrency_limit=AT_ONCE, **SEEN
    )
    leave.click(lambda: [None, gr.update(visible=False)], None, [bill, consent], **QUIET)


def _two(site: Site) -> None:
    words = site.words
    with gr.Row(elem_classes="evaluate-two"):
        pickers = []
        for side in ("first", "second"):
            with gr.Column(elem_classes="asked", min_width=320):
                gr.Markdown(f"## {words[f'evaluate.{side}']}")
                pickers.append(_picker(site, side))
    length, language = _asked(site, "two")
    compare = gr.Button(words["evaluate.compare"], variant="primary", elem_id="evaluate-compare")
    result = picture("compare", "evaluate-comparison")

    async def compared(request: gr.Request, *values: Any) -> Any:
        old, new = source(*values[:6]), source(*values[6:12])
        return await _of(site, request).compare(old, new, values[12], values[13])

    inputs = [*pickers[0].inputs, *pickers[1].inputs, length, language]
    compare.click(compared, inputs, result, concurrency_limit=AT_ONCE, **SEEN)


def _asked(site: Site, name: str) -> tuple[gr.Textbox, gr.Textbox]:
    with gr.Row(elem_classes="wishes"):
        return (
            _line(site, "length", f"evaluate-{name}-length"),
            _line(site, "language", f"evaluate-{name}-language"),
        )


def _line(site: Site, name: str, elem_id: str) -> gr.Textbox:
    return gr.Textbox(
        label=site.words[f"evaluate.{name}"], placeholder=site.words[f"evaluate.{name}_hint"],
        max_lines=1, max_length=100, elem_id=elem_id, min_width=140,
    )  # fmt: skip


def _picker(site: Site, name: str) -> Picker:
    words = site.words
    ways = [(words[f"evaluate.{way}"], way) for way in ("paste", "file", "library")]
    where = words["evaluate.where"]
    picker = Picker(
        gr.Radio(ways, value="paste", label=where, elem_id=f"evaluate-{name}-where"),
        gr.Textbox(
            label=words["evaluate.text"], placeholder=words["evaluate.text_hint"], lines=8,
            max_lines=16, elem_id=f"evaluate-{name}-text",
        ),
        gr.File(
            label=words["evaluate.upload"], file_types=[".md", ".markdown", ".txt", ".docx"],
            visible=False, height=140, elem_id=f"evaluate-{name}-file",
        ),
        _list(words["evaluate.document"], f"evaluate-{name}-document"),
        _list(words["evaluate.section"], f"evaluate-{name}-section"),
        _list(words["evaluate.version"], f"evaluate-{name}-version"),
    )  # fmt: skip
    _connect(site, picker)
    return picker


def _list(label: str, elem_id: str) -> gr.Dropdown:
    return gr.Dropdown([], label=label, visible=False, elem_id=elem_id)


def _connect(site: Site, picker: Picker) -> None:
    """What is shown depends on what was chosen before."""

    async def placed(request: gr.Request, where: str) -> list[Any]:
        stored = where == "library"
        known = await _of(site, request).documents() if stored else []
        first = known[0][1] if known else None
        return [
            gr.update(visible=where == "paste"), gr.update(visible=where == "file"),
            gr.update(visible=stored, choices=known, value=first), gr.update(visible=stored),
            gr.update(visible=stored),
        ]  # fmt: skip

    async def opened(request: gr.Request, document: str | None) -> Any:
        return gr.update(choices=await _of(site, request).sections(document or ""), value="")

    async def narrowed(request: gr.Request, document: str | None, section: str | None) -> Any:
        known = await _of(site, request).revisions(document or "", section or "")
        return gr.update(choices=known, value=0, interactive=len(known) > 1)

    lists = [picker.document, picker.section, picker.revision]
    picker.where.change(placed, picker.where, [picker.text, picker.file, *lists], **QUIET)
    picker.document.change(opened, picker.document, picker.section, **QUIET)
    for each in (picker.document, picker.section):
        each.change(narrowed, [picker.document, picker.section], picker.revision, **QUIET)


def _of(site: Site, request: gr.Request) -> Evaluations:
    return Evaluations(site.services_of(request), site.words)
