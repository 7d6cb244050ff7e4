"""Knows when a streaming text has begun to loop, and how much of it is sound."""

from __future__ import annotations

import re

from domain.text.ngrams import tail_cycle

_EVERY = 400
_WINDOW = 8_000
"""Characters of tail that are kept: as many as `tail_cycle` looks at."""
_SENTENCE_END = re.compile(r"(?:[.!?…][\"'”’»)\]*_]{0,5}(?=\s|$)|[。！？][”’」』）]{0,5}|\n)")


class LoopGuard:
    """Watches the tail of a text that comes in pieces."""

    def __init__(self) -> None:
        self._tail = ""
        self._unseen = 0

    def feed(self, delta: str) -> bool:
        """Take the next piece; whether the text has begun to loop.

        The tail is looked at once in 400 characters, so that the cost stays linear.
        """
        self._tail += delta
        self._unseen += len(delta)
        if self._unseen < _EVERY:
            return False
        self._unseen = 0
        self._tail = self._tail[-_WINDOW:]
        return self.looping

    @property
    def looping(self) -> bool:
        """Whether the text loops at this point."""
        return tail_cycle(self._tail) is not None


def sound_prefix(text: str) -> str:
    """The text before it loops, up to its last sentence end if it has one.

    The passage that loops is kept once where it is a sentence. A text that does not loop is
    returned as it is.
    """
    offset = tail_cycle(text)
    if offset is None:
        return text
    sound = text[:offset]
    ends = [match.end() for match in _SENTENCE_END.finditer(sound)]
    return (sound[: ends[-1]] if ends else sound).rstrip()
