"""A section mended by exact edits on a person's order: the reviser's way, outside of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.editor.asking import ROLE, Editor
from agents.review.reply import EditsReply
from agents.review.reviser import Around
from agents.run.calls import UNUSABLE, complaint
from agents.writer.job import clean_answer
from agents.writer.window import MARGIN
from core.errors import FormatError, LLMError, RequestError, UnsupportedError
from domain.critique import Issue
from domain.edits import apply
from domain.outline.plan import SectionPlan
from llm.structured import strict_schema, validated
from llm.types import Completion
from prompts.library import Prompt

_USELESS: tuple[type[LLMError], ...] = (*UNUSABLE, FormatError)
TRIES = 2
"""Answers that are asked for."""
_ROOM = 2_000
"""Tokens for the edits, where nothing is quoted."""
_PER_EDIT = 2.5
_FRAME = 300
"""Tokens of JSON around them."""


@dataclass(frozen=True)
class Mending:
    """What is to be mended in a section, and what it must go on to fit."""

    title: str
    section: SectionPlan
    text: str
    issues: tuple[Issue, ...]
    language_name: str
    around: Around = Around()


async def mend(editor: Editor, order: Mending) -> str:
    """The section's text with the issues mended.

    Args:
        editor: whom to ask.
        order: what is to be done.

    Raises:
        RequestError: the section does not fit the model's window.
        FormatError: no answer holds an edit that can be made.
        LLMError: no answer came.
    """
    prompt = editor.prompts.render(
        "reviser/edits", editor.fence, title=order.title, section=order.section, text=order.text,
        issues=order.issues, around=order.around, language=order.language_name,
        passages="", cites=None,
    )  # fmt: skip
    room = _room(editor, order.issues, prompt)
    why = ""
    for _ in range(TRIES):
        try:
            reply = validated(await _answer(editor, prompt, room), EditsReply)
        except _USELESS as error:
            why = error.message if isinstance(error, FormatError) else complaint(error)
            continue
        text, why = _applied(order, reply)
        if not why:
            return text
    raise FormatError(
        f"the model's edits cannot be used: {why}",
        "Say in your own words what is to be different, try again, or change the text yourself.",
    )


def _applied(order: Mending, reply: EditsReply) -> tuple[str, str]:
    """The edited text, and why it is none; a passage may be most of a short section."""
    done = apply(order.text, reply.wanted, most=_share(order))
    if not done.done:
        return order.text, done.refused[0][1] if done.refused else "there are none"
    heading, title = order.section.heading, order.title
    text = done.text
    if clean_answer(order.text, heading, title) == order.text:
        text = clean_answer(text, heading, title)
    return text, "nothing would be left" if not text.strip() else ""


def _share(order: Mending) -> float:
    quoted = sum(len(issue.quote) for issue in order.issues)
    return min(1.0, max(0.5, 1.5 * quoted / max(1, len(order.text))))


def _room(editor: Editor, issues: Sequence[Issue], prompt: Prompt) -> int:
    """Tokens for the answer; raises RequestError where the prompt leaves too few."""
    quoted = sum(editor.cost(issue.quote) for issue in issues)
    wanted = int(quoted * _PER_EDIT) + _FRAME * len(issues) if quoted else _ROOM
    free = editor.window - MARGIN - editor.cost_of(prompt)
    if free < min(wanted, _FRAME):
        raise RequestError(
            f"the section is too long for a model that takes {editor.window:,} tokens",
            "Select a passage of it, or use a model with a larger window.",
        )
    return min(free, max(wanted, _FRAME))


async def _answer(editor: Editor, prompt: Prompt, room: int) -> Completion:
    """With a schema where the endpoint takes one."""
    if editor.models.profile(ROLE).schema is not False:
        try:
            return await editor.send(prompt, room, schema=strict_schema(EditsReply))
        except UnsupportedError:
            pass
    return await editor.send(prompt, room)
