"""The tab of roles: which endpoint does which work."""

from __future__ import annotations

from typing import Any

import gradio as gr

from services.settings.preferences import ROLES
from ui.handlers import settings as handlers
from ui.pages.admin import PRIVATE, attempt
from ui.pages.settings_shape import Loaded
from ui.site import Site


def build(site: Site) -> Loaded:
    """Lay the tab out."""
    words = site.words
    gr.Markdown(words["settings.roles_what"])
    fields = [
        gr.Dropdown(
            [], value="", label=words[f"settings.role_{role}"],
            info=words[f"settings.role_{role}_what"], allow_custom_value=True,
            elem_id=f"role-{role}",
        )
        for role in ROLES
    ]  # fmt: skip
    save = gr.Button(words["settings.save"], variant="primary", elem_id="save-roles", scale=0)
    said = gr.Markdown(elem_id="roles-said")

    async def load(request: gr.Request) -> list[Any]:
        found, _ = await attempt(site, request, handlers.roles)
        if found is None:
            return [gr.skip() for _ in fields]
        held, names = found
        return [
            gr.Dropdown(
                choices=names, value=each.serves, interactive=each.changeable,
                info=words[f"settings.role_{each.role}_what"] if each.changeable
                else words["settings.role_fixed"],
            )
            for each in held
        ]  # fmt: skip

    async def store(request: gr.Request, *serves: str | None) -> str:
        chosen = {str(role): text or "" for role, text in zip(ROLES, serves, strict=True)}
        _, why = await attempt(site, request, lambda s: handlers.save_roles(s, chosen))
        return why or words["settings.saved"]

    save.click(store, fields, said, **PRIVATE)
    return load, [*fields]
