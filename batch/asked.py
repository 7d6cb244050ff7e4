"""What one line of JSON asks for, in our own form, LongWriter's, or that of OpenAI's Batch API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from core.errors import RequestError
from domain.length.contract import Length
from domain.request import MAX_PROMPT, read_length
from domain.text.language import parse_language
from services.requests.conversations import Role, Turn

Reason = Literal[
    "invalid_json", "empty", "not_an_object", "no_prompt", "bad_messages", "no_user_turn",
    "bad_length", "unknown_language", "bad_id", "duplicate_id", "bad_meta", "too_long",
]  # fmt: skip
REASONS = get_args(Reason)

MAX_ID = 200
MAX_TURNS = 2_000
MAX_REMARK = 500
"""Characters of a field that we do not know and that is kept with the row."""
_OURS = {"id", "prompt", "messages", "length", "language", "meta"}
_ROLES: Mapping[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant",
}  # fmt: skip


class UnusableLineError(RequestError):
    """A line that is no row, and why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Asked:
    """What a line says; nothing is filled in."""

    turns: tuple[Turn, ...]
    """None blank; the last that is not the system's is the user's."""
    id: str
    length: Length | None
    language: str
    """ISO 639-1; empty where it is not given."""
    ceiling: int | None
    """Tokens that the answer may have."""
    meta: Mapping[str, Any]


def asked_of(value: Any) -> Asked:
    """Read a line's value.

    An answer at the end of the messages is a reference and not read. Short fields that are not
    known here are kept with `meta`, so that nothing is lost of, say, a benchmark's rows.

    Raises:
        UnusableLineError: it asks for nothing that can be written.
    """
    if not isinstance(value, dict):
        raise UnusableLineError("not_an_object", f"a {type(value).__name__} is no row")
    if isinstance(value.get("body"), dict):
        return _batch_line(value, value["body"])
    language, meta = value.get("language"), value.get("meta")
    if meta is not None and not isinstance(meta, dict):
        raise UnusableLineError("bad_meta", "meta is no object")
    more = {name: kept for name, kept in value.items() if name not in _OURS and _short(kept)}
    return Asked(
        turns=_turns(value), id=_id(value.get("id")), length=_length(value.get("length")),
        language=_language(language), ceiling=None, meta={**more, **(meta or {})},
    )  # fmt: skip


def _batch_line(value: Mapping[str, Any], body: Mapping[str, Any]) -> Asked:
    ceiling = body.get("max_completion_tokens", body.get("max_tokens"))
    if ceiling is not None and (type(ceiling) is not int or ceiling < 1):
        raise UnusableLineError("bad_length", "the body's most tokens are no whole number above 0")
    meta = body.get("metadata")
    return Asked(
        turns=_turns(body), id=_id(value.get("custom_id")), length=None, language="",
        ceiling=ceiling, meta=meta if isinstance(meta, dict) else {},
    )  # fmt: skip


def _turns(value: Mapping[str, Any]) -> tuple[Turn, ...]:
    prompt, messages = value.get("prompt"), value.get("messages")
    if prompt is not None and messages is not None:
        raise UnusableLineError("bad_messages", "both prompt and messages are given")
    if messages is None and isinstance(prompt, list):
        messages = prompt
    if messages is not None:
        return _conversation(messages)
    if not isinstance(prompt, str):
        raise UnusableLineError("no_prompt", "there is no prompt and there are no messages")
    if not prompt.strip():
        raise UnusableLineError("empty", "the prompt is empty")
    return (Turn("user", _bounded(prompt.strip())),)


def _conversation(messages: Any) -> tuple[Turn, ...]:
    """The turns up to the last user's, and what the system says after it."""
    if not isinstance(messages, list):
        raise UnusableLineError("bad_messages", "messages is no list")
    if len(messages) > MAX_TURNS:
        raise UnusableLineError("too_long", f"there are more than {MAX_TURNS:,} messages")
    found = [_turn(message) for message in messages]
    said = [turn for turn in found if turn.text]
    last = max((n for n, turn in enumerate(said) if turn.role == "user"), default=None)
    if last is None:
        if any(turn.role == "user" for turn in found):
            raise UnusableLineError("empty", "the user's messages are empty")
        raise UnusableLineError("no_user_turn", "no message is a user's")
    late = [turn for turn in said[last + 1 :] if turn.role == "system"]
    return (*late, *said[: last + 1])


def _turn(message: Any) -> Turn:
    if not isinstance(message, dict):
        raise UnusableLineError("bad_messages", "a message is no object")
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise UnusableLineError("bad_messages", f"there is no role {str(role)[:40]!r} here")
    content = _joined(message.get("content")).strip()
    return Turn(_ROLES[role], content if role == "assistant" else _bounded(content))


def _joined(content: Any) -> str:
    """The text of a message, which may come in parts; None, as beside a tool's call, is empty."""
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise UnusableLineError("bad_messages", "a message's content is no text")
    return "".join(map(_part, content))


def _part(part: Any) -> str:
    text = part.get("text") if isinstance(part, dict) else None
    if not isinstance(text, str):
        raise UnusableLineError("bad_messages", "a part of a message is no text")
    return text


def _bounded(text: str) -> str:
    if len(text) > MAX_PROMPT:
        raise UnusableLineError(
            "too_long", f"a message has {len(text):,} characters, more than {MAX_PROMPT:,}"
        )
    return text


def _id(value: Any) -> str:
    if value is None:
        return ""
    if type(value) not in (str, int) or not 0 < len(text := str(value).strip()) <= MAX_ID:
        raise UnusableLineError(
            "bad_id", f"an id is a number or a text of 1 to {MAX_ID} characters"
        )
    return text


def _length(value: Any) -> Length | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | dict):
        raise UnusableLineError("bad_length", "the length is neither a number nor a phrase")
    try:
        length = Length.from_dict(value) if isinstance(value, dict) else read_length(value)
        length.describe()
    except RequestError as error:
        raise UnusableLineError("bad_length", error.message) from error
    except (ValueError, TypeError) as error:  # what was stated is no number
        raise UnusableLineError("bad_length", "this is not a length") from error
    return length


def _language(value: Any) -> str:
    if value is None or value == "":
        return ""
    try:
        return parse_language(value if isinstance(value, str) else repr(value)[:40]).code
    except RequestError as error:
        raise UnusableLineError("unknown_language", error.message) from error


def _short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_REMARK
    return value is None or isinstance(value, bool | int | float)
