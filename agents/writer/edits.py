"""How a text is cut and joined: whole sentences only, new passages only between paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

from domain.text.counter import cjk_share, paragraphs
from domain.text.sentences import ends_finished, ends_sentence, spans

_EXCERPT = 90
"""Characters of a paragraph's edge that a prompt shows."""
_CLOSED = ("|", "```", "~~~")
"""Ends of a table's row and of a block of code: nothing is lacking behind them."""
_BLOCK_MARKS = ("-", "*", "#", "|", ">", "`")
"""What begins with one of these is a block of its own."""


def cut_back(text: str) -> str:
    """The text up to its last finished sentence; unchanged if it has none, or ends well."""
    if ends_finished(text):
        return text
    for start, end in reversed(spans(text)):
        if ends_finished(text[:start].rstrip()):
            return text[:start].rstrip()
        if end != len(text.rstrip()) and ends_finished(text[:end]):
            return text[:end]
    return text


def unbroken(text: str) -> str:
    """The finished beginning of a text that was broken off; empty if not one sentence is whole.

    What would pass for a signature, a heading or an item at the end of a finished text is taken
    for what it most likely is here: the first words of the next sentence.
    """
    text = text.rstrip()
    if not ends_sentence(text) and not text.endswith(_CLOSED):
        text = text[: spans(text)[-1][0]].rstrip() if text else ""
    kept = cut_back(text)
    return kept if ends_finished(kept) else ""


def headless(text: str) -> str:
    """A passage without headings at its start: it has none of its own to bring."""
    lines = text.lstrip().split("\n")
    while lines and (lines[0].lstrip().startswith("#") or not lines[0].strip()):
        del lines[0]
    return "\n".join(lines)


def join(text: str, more: str) -> str:
    """A text and its continuation: a new paragraph, unless the last one is short of being one."""
    if not text.strip():
        return more
    last = paragraphs(text)[-1]
    flows = len(spans(last)) < 3 and not any(
        piece.lstrip().startswith(_BLOCK_MARKS) for piece in (last, more)
    )
    if not flows:
        return f"{text.rstrip()}\n\n{more.lstrip()}"
    gap = "" if cjk_share(last) > 0.5 else " "
    return f"{text.rstrip()}{gap}{more.lstrip()}"


@dataclass(frozen=True)
class Spot:
    """A place inside a text where a passage can stand."""

    head: str
    """Everything before it."""
    tail: str
    """Everything after it, never empty: a passage is no postscript."""

    @property
    def before(self) -> str:
        """The end of what stands before it."""
        return " ".join(self.head.split())[-_EXCERPT:]

    @property
    def after(self) -> str:
        """The beginning of what stands after it."""
        return " ".join(self.tail.split())[:_EXCERPT]

    def filled(self, passage: str) -> str:
        """The text with the passage in place."""
        return f"{self.head.rstrip()}\n\n{passage.strip()}\n\n{self.tail.lstrip()}"


def spots(text: str) -> list[Spot]:
    """Where a passage can be put in, thinnest surroundings first.

    Between paragraphs of prose; where there are no two, between two sentences of the longest.
    """
    blocks = paragraphs(text)
    found = []
    for number in range(1, len(blocks)):
        if _prose(blocks[number - 1]) and not blocks[number].lstrip().startswith(("|", "```")):
            thin = len(blocks[number - 1]) + len(blocks[number])
            spot = Spot("\n\n".join(blocks[:number]), "\n\n".join(blocks[number:]))
            found.append((thin, number, spot))
    if not found:
        return _inside(text, max(filter(_prose, blocks), key=len, default=""))
    return [spot for _, _, spot in sorted(found, key=lambda item: item[:2])]


def _inside(text: str, block: str) -> list[Spot]:
    """The place between two sentences of one paragraph, a little after its middle."""
    sentences, start = spans(block), text.find(block)
    if len(sentences) < 2 or start < 0:
        return []
    number = 1 if len(sentences) == 2 else max(1, round(len(sentences) * 0.6))
    at = start + sentences[number][0]
    return [Spot(text[:at].rstrip(), text[at:])]


def _prose(block: str) -> bool:
    first = block.lstrip()
    return not first.startswith(("#", "|", "```")) and not block.rstrip().endswith((":", "："))
