"""Who is given a person's orders: the model that serves the role `editor` at this moment."""

from __future__ import annotations

from agents.editor.asking import Editor
from agents.run.context import Policy
from prompts.library import PromptLibrary, new_fence
from services.endpoints.directory import Endpoints


async def editor_of(endpoints: Endpoints, prompts: PromptLibrary, policy: Policy) -> Editor:
    """Whom orders are given to now, with nothing spent; raises SettingsError, LLMError."""
    models = await endpoints.models()
    await models.tokens.warm()
    return Editor(models, prompts, policy, new_fence())
