"""How a person's Markdown becomes an outline and its sections' texts: `assembly`, backwards."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from core.errors import TooLargeError
from domain.outline.assembly import trimmed
from domain.outline.plan import Outline, Part, SectionPlan
from domain.text.counter import Counter, count
from domain.text.markdown import fence_mark, without_front_matter

_HEADING = re.compile(r"(#{1,3})[ \t]+(\S.*)")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_UNDERLINE = re.compile(r"(=+|-{2,})[ \t]*")
_DATA = re.compile(r"(?:---|\+\+\+)[ \t]*\n[A-Za-z_][\w-]*[ \t]*[:=]")
"""Front matter for certain: a person's text may begin with a rule."""
MAX_SECTIONS = 2_000
MAX_HEADING = 500
"""Characters; a longer line is text."""


@dataclass(frozen=True)
class Dissected:
    """A text taken apart; assembled again it reads as before."""

    outline: Outline
    texts: dict[str, str]
    """Section key → text."""
    words: int
    """Length of the whole, in the counter's units."""


@dataclass
class _Block:
    """A heading and the text under it, up to the next heading."""

    level: int
    """0 before the first heading."""
    heading: str
    text: str = ""
    deeper: list[str] = field(default_factory=list)
    """Further text, under headings that make no sections."""

    @property
    def whole(self) -> str:
        """Heading and text as Markdown."""
        lines = [f"{'#' * self.level} {self.heading}"] if self.level else []
        return "\n\n".join([*lines, self.text] if self.text else lines)


def dissect(markdown: str, counter: Counter = "words") -> Dissected:
    """Outline and texts of a Markdown document.

    A first heading of level 1 that is the only one of its level is the title. The two levels
    below it (without a title: levels 2 and 3, or 1 and 2 where there are headings of level 1)
    are parts and sections; deeper headings stay in the text. Headings become "# Heading" lines
    with a blank line on either side; front matter goes; all else stays as it is.

    Args:
        markdown: clean, with plain line feeds; may hold no text at all, and so no part.
        counter: what lengths are told in.

    Raises:
        TooLargeError: more than 2,000 sections.
    """
    blocks = _blocks(without_front_matter(markdown) if _DATA.match(markdown) else markdown)
    if not blocks[0].text:
        del blocks[0]
    firsts = [block for block in blocks if block.level == 1]
    title = ""
    if len(firsts) == 1 and blocks[0] is firsts[0]:
        title, blocks[0] = blocks[0].heading, _Block(0, "", blocks[0].text)
        firsts = []
    top = 1 if firsts else 2
    groups = _groups([block for block in blocks if block.whole], top)
    parts = [_part(str(number), group, top) for number, group in enumerate(groups, 1)]
    texts = {key: text for _, found in parts for key, text in found.items()}
    plan = Outline(title, 0, tuple(part for part, _ in parts), "user", top)
    return _measured(_single(plan, texts), texts, counter)


def _blocks(markdown: str) -> list[_Block]:
    """The text at its headings of levels 1 to 3; the first block is what stands before them."""
    found = [_Block(0, "")]
    held: list[str] = []
    fence = ""
    for line in _atx(markdown.split("\n")):
        heading = None if fence else _HEADING.fullmatch(line)
        if heading and len(line) <= MAX_HEADING and (name := _CLOSING.sub("", heading[2]).strip()):
            found[-1].text = trimmed("\n".join(held))
            found.append(_Block(len(heading[1]), name))
            held = []
            continue
        if mark := fence_mark(line, fence):
            fence = "" if fence else mark
        held.append(line)
    found[-1].text = trimmed("\n".join(held))
    return found


def _atx(lines: list[str]) -> list[str]:
    """The lines with underlined headings turned into "# Heading" ones."""
    made: list[str] = []
    fence = ""
    for line in lines:
        if not fence and _UNDERLINE.fullmatch(line) and _one_line(made):
            made[-1] = f"{'#' if line[0] == '=' else '##'} {made[-1].strip()}"
            continue
        if mark := fence_mark(line, fence):
            fence = "" if fence else mark
        made.append(line)
    return made


def _one_line(lines: list[str]) -> bool:
    """Whether the last of the lines is a paragraph of its own that begins with a word."""
    before = lines[-2] if len(lines) > 1 else ""
    return bool(lines) and lines[-1][:1].isalnum() and (
        not before.strip() or _HEADING.fullmatch(before) is not None
    )  # fmt: skip


def _groups(blocks: list[_Block], top: int) -> list[list[_Block]]:
    """The blocks of each part: what stands before the first, then each with its sections."""
    groups: list[list[_Block]] = []
    for block in blocks:
        if not groups or block.level == top:
            groups.append([block])
        elif block.level == top + 1:
            groups[-1].append(block)
        else:  # too deep to be a section of its own
            groups[-1][-1].deeper.append(block.whole)
    blocks = [block for group in groups for block in group]
    if len(blocks) > MAX_SECTIONS:
        raise TooLargeError(f"the text has more than {MAX_SECTIONS:,} sections", "Split it.")
    for block in blocks:
        block.text = "\n\n".join(text for text in (block.text, *block.deeper) if text)
        block.deeper.clear()
    return groups


def _part(key: str, blocks: list[_Block], top: int) -> tuple[Part, dict[str, str]]:
    """A part with its sections' texts. What has a heading but no text is text of its neighbour."""
    first = blocks[0]
    heading = first.heading if first.level == top else ""
    opening = first.text if heading else first.whole
    found = [("", opening)] if opening else []
    for block in blocks[1:]:
        found.append((block.heading, block.text) if block.text else ("", block.whole))
    if len(found) == 1 and found[0][0]:  # a part's only section prints no heading of its own
        found = [("", blocks[1].whole)]
    if not found:
        heading, found = "", [("", first.whole)]
    keys = [key] if len(found) == 1 else [f"{key}.{number}" for number in range(1, len(found) + 1)]
    sections = tuple(SectionPlan(k, name, "", 0) for k, (name, _) in zip(keys, found, strict=True))
    texts = {k: text for k, (_, text) in zip(keys, found, strict=True)}
    return Part(key, heading, "", 0, sections, "user"), texts


def _single(plan: Outline, texts: dict[str, str]) -> Outline:
    """A document's only section prints no heading: it then stands in the text."""
    if len(plan.parts) != 1 or len(plan.parts[0].sections) != 1 or not plan.parts[0].heading:
        return plan
    part = plan.parts[0]
    texts[part.key] = f"{'#' * plan.top} {part.heading}\n\n{texts[part.key]}"
    return plan.with_part(replace(part, heading=""))


def _measured(plan: Outline, texts: dict[str, str], counter: Counter) -> Dissected:
    """The plan with the lengths that there are, headings and title included."""
    lengths = {
        key: sum(count(each, counter) for each in (*_above(plan, key), text))
        for key, text in texts.items()
    }
    parts = []
    for part in plan.parts:
        sections = tuple(replace(x, target=max(1, lengths[x.key])) for x in part.sections)
        target = sum(section.target for section in sections)
        parts.append(replace(part, sections=sections, target=target))
    total = sum(part.target for part in parts)
    return Dissected(replace(plan, parts=tuple(parts), target=total), texts, sum(lengths.values()))


def _above(plan: Outline, key: str) -> list[str]:
    first = [plan.title] if plan.sections[0].key == key else []
    return [*first, *(text for _, text in plan.headings_above(key))]
