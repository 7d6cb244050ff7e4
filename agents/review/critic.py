"""Who judges: one section against its contract, or the whole document, in full or as a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from agents.review.reply import DocumentReply, SectionReply, read_critique
from agents.run.calls import UNUSABLE, Composed, complaint
from agents.run.context import WritingContext
from agents.run.forms import ask_form
from agents.writer.job import Draft, Job
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError, FormatError, LLMError
from domain.critique import UNSUPPORTED, Critique, Level
from domain.outline.book import shown_plan
from domain.outline.plan import Outline
from domain.score import Finding, Score, Severity
from domain.text.sentences import sentences
from prompts.library import Prompt

NAME, VERSION = "judge", 1
"""Of the scores that verdicts are stored as."""
ROOM = 2_000
"""Tokens for a verdict."""
EDGE = 300
"""Characters of a section's beginning and end that a map shows."""
TOO_SMALL = "the model is too small to judge"

_SEVERITY = {
    Level.MINOR: Severity.NOTE,
    Level.MAJOR: Severity.WARN,
    Level.CRITICAL: Severity.WARN,
}
"""A judge alone forbids no delivery: only gates do."""

Reply = TypeVar("Reply", SectionReply, DocumentReply)


async def judge_section(job: Job, draft: Draft, step: str) -> Critique:
    """The verdict on a draft; unscored where none can be read.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    ctx = job.ctx
    prompt = ctx.prompts.render(
        "critic/section",
        ctx.fence,
        prompt=ctx.request.prompt,
        title=job.outline.title,
        parts=shown_plan(job.outline, job.section.key),
        section=job.section,
        text=draft.text,
        language=ctx.language_name,
    )
    return await _judged(ctx, step, SectionReply, prompt, {job.section.key: draft.text})


async def judge_document(
    ctx: WritingContext, outline: Outline, texts: Mapping[str, str], step: str
) -> Critique:
    """The verdict on a document; on a map of it where it does not fit the critic's window.

    Args:
        ctx: the run.
        outline: its plan.
        texts: every section's text by key.
        step: the call's name in the journal.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """

    def render(shown: str, *, mapped: bool) -> Prompt:
        return ctx.prompts.render(
            "critic/document", ctx.fence, prompt=ctx.request.prompt, title=outline.title,
            text=shown, mapped=mapped, language=ctx.language_name,
        )  # fmt: skip

    prompt = render(_whole(outline, texts), mapped=False)
    if _room(ctx, prompt) < ROOM:
        prompt = render(_map(outline, texts), mapped=True)
    return await _judged(ctx, step, DocumentReply, prompt, texts)


async def _judged(
    ctx: WritingContext, step: str, form: type[Reply], prompt: Prompt, texts: Mapping[str, str]
) -> Critique:
    if ctx.compact("critic"):
        return Critique(reason=TOO_SMALL)

    def compose() -> Composed:
        if _room(ctx, prompt) < ROOM // 4:
            raise ContextOverflowError("the text leaves no room for a verdict")
        return Composed(
            prompt,
            max_tokens=min(ROOM, _room(ctx, prompt)),
            temperature=ctx.policy.critic.temperature,
            seed=ctx.seed(step),
        )

    try:
        return read_critique((await ask_form(ctx, step, "critic", form, compose)).form, texts)
    except LLMError as error:
        if error.pauses:
            raise
        return Critique(reason=unreadable(error))


def score_of(critique: Critique, texts: Mapping[str, str], key: str = "", why: str = "") -> Score:
    """The verdict as it is stored.

    Args:
        critique: the verdict.
        texts: the judged sections by key, which place what it quotes.
        key: the section that was judged; empty for the document.
        why: how the loop ended.
    """
    quality = critique.quality
    if quality is None:
        return Score(NAME, VERSION, None, critique.reason)
    found = []
    for issue in critique.issues:
        if issue.kind == UNSUPPORTED:  # told by a score of its own
            continue
        section = issue.section or key
        at = texts.get(section, "").find(issue.quote) if issue.quote else -1
        span = (at, at + len(issue.quote)) if at >= 0 else (None, None)
        message = f"{issue.kind.replace('_', ' ')}: {issue.problem}"
        found.append(Finding(NAME, _SEVERITY[issue.level], message, section, *span))
    return Score(NAME, VERSION, quality, why, tuple(found))


def _room(ctx: WritingContext, prompt: Prompt) -> int:
    used = ctx.tokens.budget_count(prompt.system + prompt.user)
    return ctx.window("critic") - used - MARGIN


def unreadable(error: LLMError) -> str:
    """Why there is no verdict, in our words: an answer's own text has no place here."""
    if isinstance(error, ContextOverflowError):
        return "the text does not fit the judge's window"
    if isinstance(error, UNUSABLE):
        return f"the judge's answer could not be used: {complaint(error)}"
    if isinstance(error, FormatError):
        return "the judge's answer could not be read"
    return "the judge's server refused the request"


def _whole(outline: Outline, texts: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"[{section.key}] {section.heading}\n\n{texts[section.key]}"
        for section in outline.sections
        if section.key in texts
    )


def _map(outline: Outline, texts: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"[{section.key}] {section.heading}: {section.point}\nBegins: {_edge(text, 0)}\n"
        f"Ends: {_edge(text, -1)}"
        for section in outline.sections
        if (text := texts.get(section.key))
    )


def _edge(text: str, at: int) -> str:
    """The first or last sentence, which quotes may be taken from."""
    said = sentences(text)
    edge = said[at] if said else ""
    return edge[:EDGE] if at == 0 else edge[-EDGE:]
