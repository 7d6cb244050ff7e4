"""An outline as lines a person edits: one section a line, reordered, changed, added or deleted."""

from __future__ import annotations

import re

from agents.contracts import rebalanced
from core.errors import RequestError
from domain.outline import Outline, Part, SectionPlan

HELP = """\
# One line a section: words | heading | main point
# Sections of a part stand below it, indented by two spaces.
# Reorder, change, add or delete lines. Lengths are scaled to {target} in all.
# Delete every line to stop without writing.
"""
_LINE = re.compile(r"^(\s*)(?:[-*]\s*)?(\d[\d,]*)\s*\|\s*([^|]+?)\s*(?:\|\s*(.*?)\s*)?$")


def dump(outline: Outline) -> str:
    """The outline as editable text."""
    lines = [HELP.format(target=f"{outline.target:,}"), f"Title: {outline.title}", ""]
    for part in outline.parts:
        lines.append(f"{part.target} | {part.heading} | {part.point}")
        if len(part.sections) > 1:
            lines += [f"  {s.target} | {s.heading} | {s.point}" for s in part.sections]
    return "\n".join(lines) + "\n"


def parse(text: str, old: Outline) -> Outline | None:
    """The edited outline with its targets scaled to the old total; None if all lines are gone.

    Key points of sections whose heading stayed are kept.

    Raises:
        RequestError: a line cannot be read; names it.
    """
    known = {s.heading: s for s in old.sections}
    title, parts, current = old.title, list[Part](), list[SectionPlan]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.lower().startswith("title:"):
            title = line.partition(":")[2].strip() or old.title
            continue
        found = _LINE.match(line)
        if found is None:
            raise RequestError(
                f"line {number} of the outline is no section: {line.strip()[:60]!r}",
                "Write: words | heading | main point",
            )
        indent, words, heading, point = found.groups()
        before = known.get(heading)
        section = SectionPlan(
            "", heading, point or heading, max(1, int(words.replace(",", ""))),
            before.key_points if before else (),
        )  # fmt: skip
        if indent and parts:
            current.append(section)
        else:
            _close(parts, current)
            current = []
            parts.append(Part("", heading, section.point, section.target, (section,), "user"))
    _close(parts, current)
    if not parts:
        return None
    return rebalanced(_numbered(title, parts), old.target)


def _close(parts: list[Part], sections: list[SectionPlan]) -> None:
    """Give the last part the indented sections that followed it."""
    if parts and sections:
        last = parts.pop()
        total = sum(section.target for section in sections)
        parts.append(Part("", last.heading, last.point, total, tuple(sections), "user"))


def _numbered(title: str, parts: list[Part]) -> Outline:
    made = []
    for p, part in enumerate(parts, start=1):
        keys = (
            [str(p)]
            if len(part.sections) == 1
            else [f"{p}.{s}" for s in range(1, len(part.sections) + 1)]
        )
        sections = tuple(
            SectionPlan(key, s.heading, s.point, s.target, s.key_points)
            for key, s in zip(keys, part.sections, strict=True)
        )
        made.append(Part(str(p), part.heading, part.point, part.target, sections, "user"))
    return Outline(title, sum(part.target for part in made), tuple(made), "user")
