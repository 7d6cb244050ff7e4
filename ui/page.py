"""The page: its layout, and which handler answers which event."""

from __future__ import annotations

import os

os.environ.update(  # all of them before Gradio is imported: it looks at them only then
    GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1",
    DO_NOT_TRACK="1",
)  # fmt: skip

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request

from ui.handlers import ROWS, SLOTS, Handlers, Recent, Screen, Viewer

CSS = Path(__file__).parents[1] / "static" / "app.css"
STORAGE_KEY = "longleaf_run"
QUIET: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None,
    "trigger_mode": "multiple",
}  # fmt: skip
"""How every event behaves; private keeps it off Gradio's API page and is no access control."""

Show = Callable[..., AsyncIterator[Screen]]
Row = tuple[gr.Row, gr.Button, gr.Button]
"""A recent run: the line, the button that shows it, the button that goes on with it."""


def paint(viewer: Viewer, new: Screen) -> list[Any]:
    """Updates for all outputs, in their order; `gr.skip()` for what the page shows already."""
    old, viewer.screen = viewer.screen, new

    def told(before: object, after: object, update: Callable[[], Any]) -> Any:
        return gr.skip() if before == after else update()

    shown = bool(new.title or new.sections)
    slots = zip(_padded(old.sections, SLOTS, ""), _padded(new.sections, SLOTS, ""), strict=True)
    none = Recent("", "")
    rows = zip(_padded(old.recent, ROWS, none), _padded(new.recent, ROWS, none), strict=True)
    return [
        told(old.run_id, new.run_id, lambda: new.run_id or None),
        told(old.status, new.status, lambda: new.status),
        told(old.downloads, new.downloads, lambda: _text(new.downloads)),
        told(old.busy, new.busy, lambda: gr.Button(interactive=not new.busy)),
        told(old.busy, new.busy, lambda: gr.Button(interactive=new.busy)),
        told(old.action, new.action, lambda: _button(new.action)),
        told(bool(old.title or old.sections), shown, lambda: gr.Markdown(visible=not shown)),
        told(old.title, new.title, lambda: _text(new.title)),
        told(bool(old.recent), bool(new.recent), lambda: gr.Markdown(visible=not new.recent)),
        *(told(was, now, lambda now=now: _text(now)) for was, now in slots),  # type: ignore[misc]
        *(each for was, now in rows for each in _row(was, now)),
    ]


def _row(was: Recent, now: Recent) -> list[Any]:
    if was == now:
        return [gr.skip()] * 3
    return [gr.Row(visible=bool(now.run_id)), gr.Button(now.label), _button(now.action)]


def _text(value: str) -> Any:
    return gr.Markdown(value, visible=bool(value))


def _button(label: str) -> Any:
    return gr.Button(label, visible=bool(label))


def _padded(values: tuple[Any, ...], size: int, filler: Any) -> list[Any]:
    return [*values, *[filler] * (size - len(values))]


def build_page(handlers: Handlers, secret: str) -> gr.Blocks:
    """The page over its handlers.

    Args:
        handlers: what it can do.
        secret: seals what the browser keeps; the same after a restart, else that is lost.
    """
    words = handlers.words
    page = gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True)
    with page:
        viewer = gr.State(Viewer())
        run = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=secret)
        with gr.Column(elem_id="desk"):
            with gr.Column(elem_id="side"):
                with gr.Column(elem_id="ask"):
                    gr.Markdown(f"# {words['title']}\n\n{words['tagline']}", elem_id="name")
                    fields = _fields(handlers)
                    with gr.Row(elem_id="actions"):
                        write, stop, resume = _actions(handlers)
                    status = gr.Markdown(elem_id="status")
                    downloads = gr.Markdown(visible=False, elem_id="downloads")
                    writer = gr.Markdown(elem_id="writer")
                with gr.Column(elem_id="recent"):
                    gr.Markdown(f"### {words['recent']}")
                    no_recent = gr.Markdown(words["no_recent"])
                    rows = [_empty_row() for _ in range(ROWS)]
            with gr.Column(elem_id="document"):
                empty = gr.Markdown(words["empty"], elem_id="empty")
                title = gr.Markdown(visible=False, elem_id="doctitle")
                # Sanitised; model text never goes into gr.HTML.
                slots = [gr.Markdown(visible=False, elem_classes="section") for _ in range(SLOTS)]
        outputs = [
            run, status, downloads, write, stop, resume, empty, title, no_recent, *slots,
            *(part for row in rows for part in row),
        ]  # fmt: skip
        page.load(_painted(handlers, Handlers.attach), [viewer, run], outputs, **QUIET)
        write.click(_painted(handlers, Handlers.write), [viewer, *fields], outputs, **QUIET)
        stop.click(_painted(handlers, Handlers.stop), viewer, outputs, **QUIET)
        resume.click(_painted(handlers, Handlers.resume), viewer, outputs, **QUIET)
        for index, (_, shown, again) in enumerate(rows):
            shown.click(_painted(handlers, _of_row(Handlers.open, index)), viewer, outputs, **QUIET)
            again.click(
                _painted(handlers, _of_row(Handlers.resume, index)), viewer, outputs, **QUIET
            )
        page.load(handlers.writer, None, writer, **QUIET)
    page.queue(default_concurrency_limit=8, max_size=100)
    return page


def _actions(handlers: Handlers) -> tuple[gr.Button, gr.Button, gr.Button]:
    words = handlers.words
    return (
        gr.Button(words["write"], variant="primary", elem_id="write", min_width=80),
        gr.Button(words["stop"], interactive=False, elem_id="stop", min_width=80),
        gr.Button(words["continue"], visible=False, elem_id="continue", min_width=100),
    )


def _fields(handlers: Handlers) -> list[Any]:
    words = handlers.words
    prompt = gr.Textbox(
        label=words["prompt"], placeholder=words["prompt_hint"], lines=5, max_lines=14,
        elem_id="prompt",
    )  # fmt: skip
    with gr.Row():
        length, language = (
            gr.Textbox(label=words[name], placeholder=words[f"{name}_hint"], max_lines=1,
                       min_width=120, elem_id=name)
            for name in ("length", "language")
        )  # fmt: skip
    strategy = gr.Dropdown(
        handlers.desk.strategies, label=words["strategy"], elem_id="strategy", filterable=False
    )
    return [prompt, length, language, strategy]


def _empty_row() -> Row:
    with gr.Row(visible=False, elem_classes="run") as box:
        shown = gr.Button("", variant="secondary", size="sm", elem_classes="open")
        resume = gr.Button("", visible=False, size="sm", elem_classes="resume", min_width=90)
    return box, shown, resume


def _painted(handlers: Handlers, show: Show) -> Callable[..., AsyncIterator[list[Any]]]:
    """The handler as Gradio wants it: the viewer first, then values; updates for all outputs.

    Args:
        handlers: anybody's; whoever asks gets their own.
        show: a method of `Handlers`.
    """

    async def updates(
        request: gr.Request, viewer: Viewer, *values: Any
    ) -> AsyncIterator[list[Any]]:
        own = handlers.of(request.username or "")
        async for screen in show(own, viewer, *values):
            yield paint(viewer, screen)

    return updates


def _of_row(show: Show, index: int) -> Show:
    return lambda own, viewer: show(own, viewer, viewer.screen.recent[index].run_id)


def mount(app: FastAPI, page: gr.Blocks, owner_of: Callable[[Request], str]) -> FastAPI:
    """Serve the page at `/`; whatever `app` has by now goes before it.

    Args:
        app: what it becomes part of.
        page: as built.
        owner_of: whose a request is; raises where it is nobody's.
    """
    sans, mono = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]
    app = gr.mount_gradio_app(
        app, page, path="/", auth_dependency=owner_of, allowed_paths=[], show_error=False,
        run_history=False, ssr_mode=False, pwa=False, mcp_server=False, max_file_size="1mb",
        footer_links=[], enable_monitoring=False, css_paths=[CSS],
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        theme=gr.themes.Base(font=sans, font_mono=mono, primary_hue="teal", neutral_hue="stone"),
    )  # fmt: skip
    page.has_launched = True  # a mounted page does not check files otherwise
    return app
