"""Knows the one order of turns that every chat template takes, and their forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.requests.conversations import Turn

_SHAREGPT = {"user": "human", "assistant": "gpt", "system": "system"}


@dataclass(frozen=True)
class Order:
    """A conversation that alternates: what the system says, then user, assistant … user."""

    system: str
    spoken: tuple[Turn, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """With the system's turn in front, where there is one."""
        return (Turn("system", self.system), *self.spoken) if self.system else self.spoken

    @property
    def folded(self) -> tuple[Turn, ...]:
        """Without a system: what it says opens the first turn."""
        if not self.system:
            return self.spoken
        return (Turn("user", f"{self.system}\n\n{self.spoken[0].text}"), *self.spoken[1:])


def alternating(turns: Iterable[Turn]) -> Order | None:
    """The turns in strict alternation, from the first user's to the last user's.

    Many chat templates refuse anything else. Neighbours of one role are joined; blank turns,
    and the assistant's before the first or after the last user's turn, are left out. None: no
    user says anything.
    """
    said = [turn for turn in turns if turn.text.strip()]
    system = "\n\n".join(turn.text for turn in said if turn.role == "system")
    spoken: list[Turn] = []
    for turn in said:
        if turn.role == "system" or (turn.role == "assistant" and not spoken):
            continue
        if spoken and spoken[-1].role == turn.role:
            turn = Turn(turn.role, f"{spoken.pop().text}\n\n{turn.text}")
        spoken.append(turn)
    if spoken and spoken[-1].role == "assistant":
        spoken.pop()
    return Order(system, tuple(spoken)) if spoken else None


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """As OpenAI has them: role and content."""
    return [{"role": turn.role, "content": turn.text} for turn in turns]


def values(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """As ShareGPT has them: from and value."""
    return [{"from": _SHAREGPT[turn.role], "value": turn.text} for turn in turns]


def answer(text: str) -> Turn:
    """A model's turn."""
    return Turn("assistant", text)
