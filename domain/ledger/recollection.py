"""Knows which of the ledger's entries a section's writer is reminded of, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.ledger.entries import PENDING, Entry, Ledger, section_order
from domain.outline.plan import SectionPlan
from domain.text.vocabulary import terms

_SAID = 2
"""Weight of a word that stands in the subject, against one in attribute or value."""
_LINE = 200
"""Characters of one line of the block."""

Size = Callable[[str], int]


def relevant(
    ledger: Ledger, section: SectionPlan, budget: int, *, size: Size = len,
    sections: Sequence[str] | None = None,
) -> tuple[Entry, ...]:  # fmt: skip
    """The entries that matter most for a section, in reading order; deterministic.

    An entry counts by the words that its subject, attribute and value share with the section's
    heading, point and key points; what a person has decided and what is still open comes before
    others of the same weight. Entries that share nothing are left out, a person's own excepted.

    Args:
        ledger: what is known; hidden entries and the section's own are left out.
        section: the plan of what is to be written.
        budget: the most that `render` of the chosen may take, measured by `size`.
        size: characters by default; a counter of tokens may stand here.
        sections: keys of the sections that may be drawn on; None: all.
    """
    chosen: list[Entry] = []
    spent = 0
    for entry in ranked(ledger, section, sections=sections):
        cost = size(line_of(entry) + "\n")
        if spent + cost <= budget:
            chosen.append(entry)
            spent += cost
    return _fitting(chosen, budget, size)


def ranked(
    ledger: Ledger, section: SectionPlan, *, sections: Sequence[str] | None = None
) -> list[Entry]:
    """The entries that share words with a section, the most important first; as of `relevant`."""
    about = set(terms(subject_of(section)))
    allowed = None if sections is None else {*sections, ""}
    pool = [
        entry
        for entry in ledger.entries
        if entry.shown
        and entry.section != section.key
        and (allowed is None or entry.section in allowed)
        and entry.status not in ("kept", "closed")
    ]
    weights = {entry.id: _weight(entry, about) for entry in pool}
    return sorted(
        (entry for entry in pool if weights[entry.id] or entry.origin == "user"),
        key=lambda e: (-weights[e.id], not e.held, e.kind not in PENDING,
                       section_order(e.section), e.start, e.id),
    )  # fmt: skip


def subject_of(section: SectionPlan) -> str:
    """What a section is about, in the words of its plan."""
    return " ".join((section.heading, section.point, *section.key_points))


def render(entries: Sequence[Entry]) -> str:
    """The entries as lines of a data block, for a prompt to fence."""
    return "\n".join(map(line_of, entries))


def line_of(entry: Entry) -> str:
    """One entry on one line: "- Harrow Bridge · length: 40 m [section 2]"."""
    mark = {"promise": "promised: ", "thread": "open thread: "}.get(entry.kind, "")
    where = f" [section {entry.section}]" if entry.section else ""
    body = " ".join(f"{mark}{entry.subject} · {entry.attribute}: {entry.value}".split())
    room = _LINE - len(where) - 2
    return f"- {body if len(body) <= room else body[: room - 1] + '…'}{where}"


def _weight(entry: Entry, about: set[str]) -> int:
    said = about.intersection(terms(entry.subject))
    more = about.intersection(terms(f"{entry.attribute} {entry.value}")) - said
    return _SAID * len(said) + len(more)


def _fitting(chosen: list[Entry], budget: int, size: Size) -> tuple[Entry, ...]:
    """In reading order; a counter for which parts are shorter than the whole drops the last."""
    kept = list(chosen)
    while kept:
        ordered = sorted(kept, key=lambda e: (section_order(e.section), e.start, e.id))
        if size(render(ordered)) <= budget:
            return tuple(ordered)
        kept.pop()
    return ()
