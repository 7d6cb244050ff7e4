"""How a conversation becomes a request: the last user message asks, the rest is its context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from agents.run.context import units_within
from core.errors import RequestError
from domain.length.contract import MIN_LENGTH, Length
from domain.length.parser import parse_length
from domain.request import WritingRequest, make_request
from domain.text.language import detect_prompt_language, is_cjk

Role = Literal["system", "user", "assistant"]

TURN = 1_500
"""Characters kept of an earlier turn."""
EARLIER = 8_000
"""Characters kept of all earlier turns together, the latest first."""
LOOKED_AT = 5
"""Earlier user messages in which a length is looked for."""
CHARACTERS_A_WORD = 4
"""At least so many visible characters has a word where words are spaced."""


@dataclass(frozen=True)
class Turn:
    """One message."""

    role: Role
    text: str


@dataclass(frozen=True)
class Commission:
    """What a conversation asks for."""

    request: WritingRequest
    ceiling: int | None
    """Tokens that the answer may have at most; None: as many as it takes."""
    asked: int
    """Counted units that were asked for, before the ceiling lowered them."""


def commission(
    turns: Sequence[Turn], fields: Mapping[str, Any], ceiling: int | None = None
) -> Commission:
    """Read a request out of a conversation.

    The length is the one in `fields`, else the one in the last user message, else in the
    instructions, else in earlier user messages, the latest first. A ceiling lowers a length that
    does not fit below it, and never raises one.

    Args:
        turns: in order; system turns are instructions.
        fields: of `make_request`; they go before what the messages say.
        ceiling: tokens that the answer may have.

    Raises:
        RequestError: nobody asks for anything, or a field is wrong.
    """
    asks, instructions, earlier = _parts(turns)
    given = {name: value for name, value in fields.items() if value is not None}
    if not {"words", "length"} & given.keys():
        users = [turn.text for turn in reversed(earlier) if turn.role == "user"]
        given["length"] = _stated([asks, instructions, *users[:LOOKED_AT]]) or Length.default()
    given.setdefault("language", detect_prompt_language(asks))
    request = make_request({**given, "prompt": _prompt(asks, instructions, earlier)})
    return Commission(lowered(request, ceiling), ceiling, request.length.required)


def lowered(request: WritingRequest, ceiling: int | None) -> WritingRequest:
    """The request, with at most the length that fits into `ceiling` tokens."""
    if ceiling is None:
        return request
    length = request.length
    fits = units_within(ceiling, request.language)
    if length.counter == "characters" and not is_cjk(request.language):
        fits *= CHARACTERS_A_WORD
    if fits >= length.window[1]:
        return request
    bound = Length(max(MIN_LENGTH, fits), relation="at_most", counter=length.counter)
    return request.model_copy(update={"length": replace(bound, unit=length.unit)})


def _parts(turns: Sequence[Turn]) -> tuple[str, str, list[Turn]]:
    """What is asked, the instructions, and the other turns; instructions alone ask."""
    told = "\n\n".join(turn.text for turn in turns if turn.role == "system" and turn.text.strip())
    spoken = [turn for turn in turns if turn.role != "system" and turn.text.strip()]
    last = max((i for i, turn in enumerate(spoken) if turn.role == "user"), default=None)
    if last is None:
        if not told:
            raise RequestError("no message asks for anything", "Say in a user message what to do.")
        return told, "", spoken
    return spoken[last].text, told, spoken[:last] + spoken[last + 1 :]


def _stated(texts: Iterable[str]) -> Length | None:
    found = (parse_length(text) for text in texts)
    return next((length for length in found if length is not None), None)


def _prompt(asks: str, instructions: str, earlier: Sequence[Turn]) -> str:
    blocks = [asks.strip()]
    if instructions:
        blocks += [f"Instructions to keep to:\n{instructions}"]
    if turns := _condensed(earlier):
        blocks += ["Earlier in this conversation, as context:\n" + "\n".join(turns)]
    return "\n\n".join(blocks)


def _condensed(earlier: Sequence[Turn]) -> list[str]:
    """The latest turns that there is room for, each cut to its beginning, in order."""
    kept: list[str] = []
    room = EARLIER
    for turn in reversed(earlier):
        text = " ".join(turn.text[: 2 * TURN].split())
        line = f"{turn.role}: {text if len(text) <= TURN else text[:TURN] + ' …'}"
        room -= len(line)
        if room < 0:
            break
        kept.insert(0, line)
    return kept
