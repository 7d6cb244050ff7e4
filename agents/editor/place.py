"""Where a passage stands in its text, and how new words meet those around them."""

from __future__ import annotations

from dataclasses import dataclass

from agents.writer.edits import join
from domain.text.counter import cjk_share, paragraphs
from domain.text.sentences import ends_finished

REACH = 50_000
"""Characters on either side that may serve as surroundings."""


@dataclass(frozen=True)
class Place:
    """A text, and the offsets of what is selected in it."""

    text: str
    start: int
    end: int

    @property
    def selected(self) -> str:
        """The words as they stand there, white space and all."""
        return self.text[self.start : self.end]

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after."""
        return self.text[max(0, self.start - REACH) : self.start], self.text[self.end :][:REACH]

    def replacing(self, text: str) -> str:
        """New words with the white space that the selected ones have around them."""
        core, selected = self.selected.strip(), self.selected
        at = selected.find(core)
        return f"{selected[:at]}{text}{selected[at + len(core) :]}"

    @property
    def last_block(self) -> int:
        """Where the last paragraph of what is selected begins."""
        blocks = paragraphs(self.selected)
        return self.start + self.selected.rfind(blocks[-1]) if blocks else self.start

    def gap(self, following: str) -> str:
        """What must stand between the end of the selection and words that come behind it."""
        head = self.text[max(0, self.end - REACH) : self.end]
        core = head.rstrip()
        if not core:
            return ""
        there = head[len(core) :]
        if not ends_finished(core):
            wanted = "" if cjk_share(paragraphs(core)[-1]) > 0.5 else " "
        else:
            bare = following.lstrip()
            wanted = join(core, bare)[len(core) :].removesuffix(bare)
        if "\n" in wanted:
            return "\n" * max(0, 2 - there.count("\n"))
        return "" if there else wanted
