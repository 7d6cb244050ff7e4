"""An outline as lines a person edits: one section a line, reordered, changed, added or deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import RequestError
from domain.outline.plan import Division, Outline, Part, SectionPlan
from services.outlines.waiting import edited

HELP = """\
# One line a section: words | heading | main point
# Sections of a part stand below it, indented by two spaces.
# Reorder, change, add or delete lines. Lengths are scaled to {target} in all; a part is as
# long as its sections together, unless you change its own number.
# In a book a line "= heading | main point" begins a division.
# Delete every line to stop without writing.
"""
_NUMBER = re.compile(r"(?:[-*]\s*)?(\d[\d,]{0,11})")


def dump(outline: Outline) -> str:
    """The outline as editable text."""
    lines = [HELP.format(target=f"{outline.target:,}"), f"Title: {one_line(outline.title)}", ""]
    above = ""
    for part in outline.parts:
        if part.division != above and not part.is_division:
            division = outline.division(part.division)
            lines.append(f"= {one_line(division.heading)} | {one_line(division.point)}")
        above = part.division
        lines.append(_line(part))
        if len(part.sections) > 1:
            lines += [f"  {_line(section)}" for section in part.sections]
    return "\n".join(lines) + "\n"


def one_line(text: str) -> str:
    """A text as a field of a line can hold it."""
    return " ".join(text.replace("|", "/").split())


def _line(item: Part | SectionPlan) -> str:
    return f"{item.target} | {one_line(item.heading)} | {one_line(item.point)}"


def parse(text: str, old: Outline) -> Outline | None:
    """The edited outline with its targets scaled to the old total; None if all lines are gone.

    Key points of sections whose heading stayed are kept.

    Raises:
        RequestError: a line cannot be read (names it), or the lines make no outline.
    """
    known = {one_line(s.heading): s for s in old.sections}
    lengths = {one_line(part.heading): part.target for part in old.parts}
    title, parts, current = old.title, list[Part](), list[SectionPlan]()
    divisions = list[Division]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.lower().startswith("title:"):
            title = line.partition(":")[2].strip() or old.title
            continue
        if line.startswith("="):
            divisions.append(_division(line, len(divisions)))
            continue
        section = _section(number, line, known)
        if line[0].isspace() and parts:
            current.append(section)
        else:
            _close(parts, current, lengths)
            current = []
            parts.append(_part(section, divisions))
    _close(parts, current, lengths)
    if not parts:
        return None
    if not old.planned:
        parts = [_later(part) for part in parts]
    return edited(title, parts, old.target, divisions)


def _part(section: SectionPlan, divisions: Sequence[Division]) -> Part:
    """The part that a line begins, in the division that stands last above it."""
    within = divisions[-1].key if divisions else ""
    return Part("", section.heading, section.point, section.target, (section,), "user", within)


def _division(line: str, at: int) -> Division:
    heading, _, point = (field.strip() for field in line.strip("= ").partition("|"))
    return Division(f"division {at}", heading, point or heading, 0)


def _later(part: Part) -> Part:
    """A division of a book, whose chapters are planned when their turn comes."""
    if len(part.sections) > 1 or part.division:
        raise RequestError(
            f"{part.heading[:60]!r} is divided, and what is inside it is planned later",
            "Write one line for each division.",
        )
    return replace(part, sections=())


def _section(number: int, line: str, known: Mapping[str, SectionPlan]) -> SectionPlan:
    """What a line says, with the key points of the section that had this heading before."""
    words, _, rest = line.strip().partition("|")
    heading, _, point = (field.strip() for field in rest.partition("|"))
    found = _NUMBER.fullmatch(words.strip())
    if found is None or not heading:
        raise RequestError(
            f"line {number} of the outline is no section: {line.strip()[:60]!r}",
            "Write: words | heading | main point",
        )
    before = known.get(heading)
    target = max(1, int(found[1].replace(",", "")))
    return SectionPlan("", heading, point or heading, target, before.key_points if before else (),
                       duties=before.duties if before else ())  # fmt: skip


def _close(parts: list[Part], sections: list[SectionPlan], lengths: Mapping[str, int]) -> None:
    """Give the last part the indented sections that followed it."""
    if parts and sections:
        last = parts.pop()
        changed = last.target != lengths.get(last.heading, last.target)
        total = last.target if changed else sum(section.target for section in sections)
        parts.append(replace(last, target=total, sections=tuple(sections)))
