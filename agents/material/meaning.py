"""Who has passages found by their meaning too: vectors made once, kept before use, or given up.

A run whose embedder fails goes on by words alone. What it decided is an event of its, and a section
that has searched by its vector once does so for good: a run that goes on finds the same passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from agents.run.calls import ask
from agents.run.composed import Composed
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.together import together
from core.errors import LLMError, MalformedError
from llm.embeddings import BATCH, LONGEST, Vectors
from llm.roles import Models
from llm.types import EMBEDDER, Completion, Message, ModelRequest
from prompts.library import Prompt, PromptInfo
from sources.passages import Passage
from sources.vectors import packed
from storage import events, sources, vectors

EMBEDDED = "embedded"
"""Type of the event that tells whether passages are found by meaning: `model`, and `why` not."""
AT_ONCE = 4
"""Calls of one run that make vectors of passages at the same time: what is in memory is bounded."""
_INFO = PromptInfo("embedding", 1, "")
_UNLIKE = "its vectors are of unlike lengths"


@dataclass(frozen=True)
class Decision:
    """How a run searches."""

    model: str = ""
    """Whose vectors of the passages there are, as `endpoint/model`; empty: by words alone."""
    over: bool = False
    """Whether no more vectors are asked for."""


@dataclass(frozen=True)
class _Texts(Composed):
    """What vectors are asked of."""

    texts: tuple[str, ...] = ()

    def request(self, model: str, top_p: float | None) -> ModelRequest:
        """A message for each text; nothing is sampled."""
        return ModelRequest(model, tuple(Message("user", text) for text in self.texts))


async def embed_sources(ctx: WritingContext) -> None:
    """Have a vector of every passage of the request's sources, where somebody makes them.

    Those of an earlier run, or of one that died, are not made again. Where they cannot be had, the
    run says so and goes on by words.

    Raises:
        LimitExceededError: a spending cap of the run is reached.
        NotFoundError: a source has gone.
    """
    if not ctx.models.embeds or not ctx.request.sources or await decision(ctx) is not None:
        return
    model = named(ctx.models)

    def work(s: Session) -> list[tuple[str, int]]:
        ids = [source.id for source in sources.of_document(s, ctx.document_id)[1]]
        return [(id, first) for id in ids for first in vectors.missing(s, id, model, BATCH)]

    left = iter(await ctx.db.run(work, write=False))
    try:
        while some := list(islice(left, AT_ONCE)):
            await together(_embed(ctx, model, id, first) for id, first in some)
        ids = ctx.request.sources
        if len(await ctx.db.run(lambda s: vectors.lengths(s, ids, model), write=False)) > 1:
            raise MalformedError(_UNLIKE)
    except LLMError as error:
        await _give_up(ctx, model, error)
    else:
        await ctx.commit(lambda s: None, [Event(EMBEDDED, {"model": model, "why": ""})])


async def decision(ctx: WritingContext) -> Decision | None:
    """How the run searches; None: it has not decided, or has nobody who makes vectors."""
    found = await ctx.db.run(lambda s: events.of_type(s, ctx.run_id, EMBEDDED), write=False)
    if not found:
        return None
    made = [event.data["model"] for event in found if not event.data["why"]]
    return Decision(made[0] if made else "", any(event.data["why"] for event in found))


async def question(ctx: WritingContext, chosen: Decision, section: str, text: str) -> bytes:
    """The vector that a section searches with; empty: it searches by words alone.

    Args:
        ctx: the run.
        chosen: how the run searches.
        section: the section's key.
        text: what it is about.

    Raises:
        LimitExceededError: a spending cap of the run is reached.
    """
    text, model = text[:LONGEST], chosen.model
    if not model:
        return b""

    def stored(s: Session) -> bytes:
        return vectors.question(s, ctx.document_id, model, text)

    found = await ctx.db.run(stored, write=False)
    if found or chosen.over:
        return found

    def keep(s: Session, done: Completion) -> None:
        (vector,) = _vectors(done)
        if [len(vector)] == vectors.lengths(s, ctx.request.sources, model):
            vectors.save_question(s, ctx.document_id, model, text, packed([vector]))

    try:
        await ask(
            ctx, f"section/{section}/embed/{vectors.digest(text)[:12]}", EMBEDDER,
            lambda: _composed([text]), keep=keep,
        )  # fmt: skip
        found = await ctx.db.run(stored, write=False)
        if not found:
            raise MalformedError(_UNLIKE)
    except LLMError as error:
        await _give_up(ctx, model, error)
    return found


async def _embed(ctx: WritingContext, model: str, source: str, first: int) -> None:
    """Make the vectors of some neighbouring passages."""

    async def compose() -> Composed:
        found = await ctx.db.run(lambda s: vectors.texts(s, source, first, BATCH), write=False)
        return await _composed([_told(passage) for passage in found])

    def keep(s: Session, done: Completion) -> None:
        made = _vectors(done)
        vectors.save(s, source, model, first, packed(made), len(made), len(made[0]))

    await ask(ctx, f"embed/{source}/{first}", EMBEDDER, compose, keep=keep)


async def _composed(texts: list[str]) -> Composed:
    return _Texts(Prompt(_INFO, "", "\n".join(texts)), 0, 0.0, texts=tuple(texts))


async def _give_up(ctx: WritingContext, model: str, error: LLMError) -> None:
    """Say once why the run goes on by words."""

    def first(s: Session) -> bool:
        return not any(x.data["why"] for x in events.of_type(s, ctx.run_id, EMBEDDED))

    news = Event(EMBEDDED, {"model": model, "why": error.message})
    await ctx.commit(first, lambda new: [news] if new else [])


def named(models: Models) -> str:
    """Under which name the vectors of who makes them are kept: `endpoint/model`."""
    return f"{models.endpoint(EMBEDDER).name}/{models.model(EMBEDDER)}"


def _told(passage: Passage) -> str:
    """A passage as its vector is made: its headings say what it is about."""
    return "\n".join((*passage.place.headings, passage.text))[:LONGEST]


def _vectors(done: Completion) -> list[list[float]]:
    assert isinstance(done, Vectors)
    return done.vectors
