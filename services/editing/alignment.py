"""What a model is told of the changes around a stale section: what was, what is, where it joins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.review.reviser import Around
from domain.critique import Issue, Level
from domain.outline.plan import SectionPlan
from domain.text.sentences import sentences
from evaluators.edges import SectionEdge
from services.documents.staleness import Reason

SHOWN = 300
"""Characters of each sentence that was taken out or put in."""
MOST = 8
"""Such sentences of one neighbour, either way."""


def told(reason: Reason) -> str:
    """One change in words."""
    if isinstance(reason.old, SectionPlan) and isinstance(reason.new, SectionPlan):
        return _of_plan(reason.old, reason.new, reason.change.fields)
    side, heading = reason.change.kind, reason.change.heading
    if not reason.new:
        return f"No section stands {side} this one any more. It was written to join one."
    line = f"The section {side} this one, {heading!r}, was changed after this one was written."
    return "\n".join([line, *_of_text(str(reason.old), str(reason.new))])


def issues(reasons: Sequence[Reason], instruction: str) -> tuple[Issue, ...]:
    """The same as an editor's findings, for exact edits."""
    wanted = "Change only what no longer holds or no longer meets it."
    fix = f"{wanted} {instruction}".rstrip()
    return tuple(Issue("discontinuity", Level.MAJOR, told(each), fix) for each in reasons)


def joined(before: str, after: str) -> Around:
    """The nearest sentences of both neighbours; an empty text is none."""
    return Around(_read(before, first=False), _read(after, first=True))


def _of_plan(old: SectionPlan, new: SectionPlan, fields: Sequence[str]) -> str:
    lines = ["The section's own plan was changed."]
    for name in fields:
        was, now = getattr(old, name), getattr(new, name)
        label = name.replace("_", " ")
        lines.append(f"Its {label} was: {_shown(was)}. It now is: {_shown(now)}.")
    return "\n".join(lines)


def _of_text(old: str, new: str) -> Iterator[str]:
    """The sentences that were taken out and put in, the first of them."""
    before, after = sentences(old), sentences(new)
    for label, mine, others in (("Taken out", before, set(after)), ("Put in", after, set(before))):
        changed = [said for said in mine if said not in others]
        for said in changed[:MOST]:
            yield f"{label}: {' '.join(said.split())[:SHOWN]}"


def _shown(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value) or "nothing"


def _read(text: str, *, first: bool) -> str:
    edge = SectionEdge("", "", text)
    return " ".join(edge.read(span) for span in (edge.opening if first else edge.closing))
