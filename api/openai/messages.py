"""How messages in OpenAI's shapes become turns of a conversation; only text is read."""

from __future__ import annotations

from collections.abc import Iterable

from api.openai.errors import wrong
from api.openai.schemas import Part, Spoken
from services.requests.conversations import Role, Turn

_ROLES: dict[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant",
}  # fmt: skip
_TEXTS = ("text", "input_text", "output_text")


def turns_of(messages: Iterable[Spoken], field: str) -> list[Turn]:
    """The messages as turns.

    Args:
        messages: in order.
        field: where in the body they stand.

    Raises:
        RequestError: a role that is none, or content that is not text.
    """
    found = []
    for number, message in enumerate(messages):
        where = f"{field}[{number}]"
        if message.type == "reasoning":  # what a model has thought asks for nothing
            continue
        if message.type not in (None, "message"):
            raise wrong(where, f"items of type {message.type!r} are not taken", "Send messages.")
        role = _ROLES.get(message.role or "")
        if role is None:
            raise wrong(
                f"{where}.role", f"there is no role {message.role!r} here",
                f"Use one of: {', '.join(_ROLES)}.",
            )  # fmt: skip
        found.append(Turn(role, _text(message.content, f"{where}.content")))
    return found


def prompt_of(prompt: str | list[object]) -> str:
    """The one prompt of a completion; raises RequestError for several, and for tokens."""
    if isinstance(prompt, list):
        if len(prompt) != 1 or not isinstance(prompt[0], str):
            raise wrong(
                "prompt", "one prompt is taken at once, as text", "Send each in its own request."
            )
        return prompt[0]
    return prompt


def _text(content: str | list[Part] | None, where: str) -> str:
    if not isinstance(content, list):
        return content or ""
    texts = []
    for number, part in enumerate(content):
        if part.type == "refusal":
            continue
        if part.type not in _TEXTS or part.text is None:
            raise wrong(
                f"{where}[{number}]", f"parts of type {part.type!r} cannot be read here",
                "Send text; what is in pictures, sound and files must be put into words.",
            )  # fmt: skip
        texts.append(part.text)
    return "\n".join(texts)
