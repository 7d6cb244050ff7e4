"""How a conversation becomes an order to edit: what is to be done, and with which passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import RequestError
from domain.text.markdown import fence_mark
from services.editing.passages import PassageRequest
from services.requests.conversations import Turn


def order_of(turns: Sequence[Turn], given: Mapping[str, Any]) -> PassageRequest:
    """Read an order out of a conversation.

    The passage is `text` or `document` in `given`; else the only fenced block of the last user
    message; else what follows that message's first paragraph; else, where system messages say what
    to do, the whole of it. What is left of the message, and the system messages, instruct.

    Args:
        turns: in order.
        given: fields of `PassageRequest`, which go before what the messages say.

    Raises:
        RequestError: there is no message, or no telling what in it is the passage.
    """
    fields = {"operation": "custom", **given}
    told = [turn.text.strip() for turn in turns if turn.role == "system" and turn.text.strip()]
    asked = next((turn.text for turn in reversed(turns) if turn.role == "user"), "").strip()
    if not (fields.get("text") or fields.get("document")):
        if fields["operation"] == "continue":
            asked, fields["text"] = "", asked
        else:
            asked, fields["text"] = _parted(asked, bool(told))
    if not fields.get("instruction"):
        fields["instruction"] = "\n\n".join([*told, *([asked] if asked else [])])
    return PassageRequest(**fields)


def _parted(asked: str, instructed: bool) -> tuple[str, str]:
    """What is to be done, and with which passage."""
    fenced = _fenced(asked)
    if fenced is not None:
        return fenced
    first, _, rest = asked.partition("\n\n")
    if rest.strip():
        return first.strip(), rest.strip()
    if asked and instructed:
        return "", asked
    raise RequestError(
        "it is not said which passage is to be edited",
        "Say first what to do, and after a blank line give the passage.",
    )


def _fenced(asked: str) -> tuple[str, str] | None:
    """The message without its fenced block, and the block; None if there is not just one."""
    inside: list[str] = []
    around: list[str] = []
    fence, blocks = "", 0
    for line in asked.split("\n"):
        mark = fence_mark(line, fence)
        if mark:
            blocks += not fence
            fence = "" if fence else mark
        else:
            (inside if fence else around).append(line)
    passage = "\n".join(inside)
    if blocks != 1 or fence or not passage.strip():
        return None
    return "\n".join(around).strip(), passage
