"""Knows how models mark their thinking, and takes it out of an answer.

A scanner over literal markers, linear in the text however it is cut into pieces: patterns that
span a block are quadratic on hostile text.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_OPEN = (
    "<think>", "<thinking>", "<reasoning>", "<thought>", "<seed:think>", "[THINK]", "◁think▷",
    "<|begin_of_thought|>", "<|channel>",
)  # fmt: skip
_CLOSE = (
    "</think>", "</thinking>", "</reasoning>", "</thought>", "</seed:think>", "[/THINK]",
    "◁/think▷", "<|end_of_thought|>", "<channel|>",
)  # fmt: skip
_HEADER = ("<|start|>", "<|channel|>")
_MESSAGE = "<|message|>"
_END = ("<|end|>", "<|return|>", "<|call|>")
_FENCE = "```"
_TOKENS = (*_OPEN, *_CLOSE, *_HEADER, _MESSAGE, *_END, _FENCE)
_OPENING, _CLOSING = ({token.lower() for token in tokens} for tokens in (_OPEN, _CLOSE))
_ANY = re.compile("|".join(map(re.escape, _TOKENS)), re.IGNORECASE | re.ASCII)
_PREFIXES = frozenset(token[:n].lower() for token in _TOKENS for n in range(1, len(token)))
_LONGEST = max(map(len, _TOKENS))
_HEADER_CHARS = 200
_RETRACTIONS = 20


class _State(Enum):
    TEXT = auto()
    THOUGHT = auto()
    HEADER = auto()


class ReasoningFilter:
    """Takes reasoning out of a text that comes in pieces.

    Knows `<think>`, `<thinking>`, `<reasoning>` and their like, a closing tag without an opening
    one (all before the first is reasoning), a block left open (all after is), and the channels
    of gpt-oss. Markers in code (after a backtick or inside a fence) are text.

    `feed` releases text early; a later stray closing tag can take it back. `retractions` counts
    that: when it has grown, what was released is void and `text` is what stands. `text` does not
    depend on how the pieces were cut.
    """

    def __init__(self) -> None:
        self.retractions = 0
        self._buffer = ""
        self._kept: list[str] = []
        self._size = 0
        self._last = ""
        self._state = _State.TEXT
        self._fenced = False
        self._harmony = False
        self._header = ""
        self._seen_open = False
        self._nested = 0
        self._mark = 0

    @property
    def text(self) -> str:
        """The visible text so far."""
        if len(self._kept) > 1:
            self._kept = ["".join(self._kept)]
        return self._kept[0] if self._kept else ""

    @property
    def size(self) -> int:
        """Characters of the visible text so far."""
        return self._size

    @property
    def inside(self) -> bool:
        """Whether the model is thinking at this point."""
        return self._state is not _State.TEXT

    def feed(self, delta: str) -> str:
        """Take the next piece; return the visible text that it releases, perhaps empty."""
        self._buffer += delta
        released: list[str] = []
        at = 0
        for match in _ANY.finditer(self._buffer):
            self._plain(self._buffer[at : match.start()], released)
            self._token(match[0], released)
            at = match.end()
        hold = self._held(at)
        self._plain(self._buffer[at:hold], released)
        self._buffer = self._buffer[hold:]
        return "".join(released)

    def close(self, *, broken: bool = False) -> tuple[str, bool]:
        """All visible text, and whether a block of reasoning was left open.

        Args:
            broken: whether the text broke off: what may be the start of a marker is dropped then.
        """
        if not broken:
            self._plain(self._buffer, [])
        self._buffer = ""
        return self.text, self.inside

    def _held(self, at: int) -> int:
        """Where the part of the buffer begins that may be the start of a marker."""
        size = len(self._buffer)
        for start in range(max(at, size - _LONGEST + 1), size):
            if self._buffer[start:].lower() in _PREFIXES:
                return start
        return size

    def _plain(self, text: str, released: list[str]) -> None:
        """Text between markers: kept, thought away, or part of a header."""
        if not text:
            return
        if self._state is _State.HEADER:
            self._header = (self._header + text)[:_HEADER_CHARS]
        elif self._state is _State.TEXT:
            self._kept.append(text)
            self._size += len(text)
            self._last = text[-1]
            released.append(text)

    def _token(self, raw: str, released: list[str]) -> None:
        """One marker: what it does depends on where it stands."""
        token = raw.lower()
        if self._state is _State.TEXT and self._literal(token):
            self._plain(raw, released)
        elif token in _HEADER:
            self._enter(_State.HEADER)
            self._header = token if token == "<|channel|>" else ""
            self._harmony = True
        elif token == _MESSAGE:
            self._message()
        elif token in _END:
            self._state = _State.TEXT if self._harmony else self._state
        elif token in _CLOSING:
            self._close()
        elif token in _OPENING:
            self._open()

    def _literal(self, token: str) -> bool:
        """Whether a marker in visible text is only text."""
        if token == _FENCE:
            self._fenced = not self._fenced
            return True
        if self._last == "`" or self._fenced:
            return True
        return not self._harmony and (token == _MESSAGE or token in _END)

    def _message(self) -> None:
        """A header ends: only `final`, or no channel at all, is for the reader."""
        if self._state is _State.HEADER:
            hidden = "<|channel|>" in self._header and "final" not in self._header
            self._enter(_State.THOUGHT if hidden else _State.TEXT)

    def _open(self) -> None:
        """An opening tag; one inside a block is remembered, for its closing tag comes too."""
        self._seen_open = True
        if self._state is _State.THOUGHT:
            self._nested += 1
        elif self._state is _State.TEXT:
            self._enter(_State.THOUGHT)
            self._nested = 0

    def _close(self) -> None:
        """A closing tag: the end of a block, or a sign that the text before it was one."""
        if self._state is _State.THOUGHT:
            self._enter(_State.TEXT)
            self._mark = self._size
        elif self._state is _State.TEXT and (not self._seen_open or self._nested):
            self._nested = max(0, self._nested - 1)
            self._seen_open = True
            self._retract()

    def _enter(self, state: _State) -> None:
        self._state = state
        self._last = ""
        self._fenced = False

    def _retract(self) -> None:
        """Take back what was kept since the last block; each time costs a copy of the text."""
        self._last = ""
        if self._size == self._mark or self.retractions >= _RETRACTIONS:
            return
        self._kept = [self.text[: self._mark]]
        self._size = self._mark
        self.retractions += 1


def strip_reasoning(text: str) -> tuple[str, bool]:
    """The text without reasoning, and whether a block of it was left open."""
    scanner = ReasoningFilter()
    scanner.feed(text)
    return scanner.close()
