"""How a run comes to be: a document with its request, and the run that is to write it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from agents.run.context import DEFAULT_WINDOW
from agents.strategies.auto import choose
from agents.strategies.registry import AUTO, strategy
from core.setting_groups import BookSettings
from domain.request import WritingRequest
from domain.run_options import RunOptions
from llm.roles import Models
from services.endpoints.bindings import frozen_models
from storage import documents, runs, styles
from storage.tables import RunRow


def settled(
    request: WritingRequest, models: Models, options: RunOptions, book: BookSettings
) -> tuple[str, RunOptions]:
    """The strategy that will be used, and the options with the reason where it was chosen here.

    Raises:
        RequestError: unknown strategy.
    """
    name = request.strategy
    if name == AUTO:
        window = models.window("writer") or DEFAULT_WINDOW
        compact = models.endpoint("writer").compact
        name, why = choose(request, window, compact=compact, book=book)
        options = replace(options, why=why)
    strategy(name)
    return name, options


def begun(
    s: Session,
    owner: str,
    request: WritingRequest,
    models: Models,
    options: RunOptions,
    name: str,
) -> RunRow:
    """Store a document and its queued run; the strategy and the options are `settled`.

    Raises:
        NotFoundError: the owner has no style of that name.
    """
    if request.style:
        request = request.model_copy(update={"style": styles.get(s, owner, request.style).id})
    title = request.prompt.splitlines()[0][:100]
    document = documents.create(s, owner, title, request.model_dump(mode="json"))
    return runs.create(
        s, document.id, owner, name, frozen_models(models), request.seed, options.to_dict()
    )
