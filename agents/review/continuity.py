"""Who mends contradictions: the later of two places is made to agree with the earlier one."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.memory.remembered import known_of
from agents.review.keeping import Change, keep_changes
from agents.review.reviser import revise
from agents.review.section import review_job
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import current_outline, told
from agents.run.together import together
from domain.critique import Issue, Level
from domain.edits import locate
from domain.ledger.entries import Entry, Ledger
from domain.ledger.facts import extract, renewed
from domain.outline.plan import Outline
from evaluators.continuity import Contradiction, contradictions
from storage.sections import StoredSection

RECONCILED = "reconciled"
"""Type of the event that tells how many contradictions were found, and how many are left."""
MOST = 12
"""Places that are mended in one run; the first in reading order."""


@dataclass(frozen=True)
class _Wrong:
    """A place that is to be changed."""

    entry: Entry
    issue: Issue


async def mend_contradictions(ctx: WritingContext) -> None:
    """Have the text agree with itself, by exact edits; once in a run.

    Of two places the later one is changed; the earlier one where the later must stay as it is.
    What a person has written, locked or decided is never changed. An edit is kept if fewer
    contradictions are left with it, and no gate says worse of it. Very small models cannot do
    this; what is left is told in the scorecard.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if ctx.compact("editor") or await told(ctx, RECONCILED):
        return
    outline, stored = await current_outline(ctx), await ctx.sections()
    ledger = await known_of(ctx, outline)
    order = [section.key for section in outline.sections]
    found = await asyncio.to_thread(contradictions, ledger, order)
    if not found:
        return
    open_ = {s.key: s for s in stored if s.text and ctx.may_change(s)}
    wrong = _places(found, open_)
    works = [_edited(ctx, outline, open_[key], own) for key, own in wrong.items()]
    changes, left = [], len(found)
    for change in await together(works):
        if change is None:
            continue
        key, text = change.job.section.key, change.draft.text
        later = renewed(ledger, key, text, extract(text, key))
        still = len(await asyncio.to_thread(contradictions, later, order))
        if still < left and _corrected(open_[key].text, text, wrong[key], later):
            ledger, left = later, still
            changes.append(change)
    await keep_changes(ctx, changes, Event(RECONCILED, {"found": len(found), "left": left}))


def _places(
    found: Sequence[Contradiction], open_: Mapping[str, StoredSection]
) -> dict[str, list[_Wrong]]:
    """What is to be changed, by section: for each contradiction one place that may be."""
    wrong: defaultdict[str, list[_Wrong]] = defaultdict(list)
    for pair in found[:MOST]:
        for right, entry in ((pair.first, pair.second), (pair.second, pair.first)):
            section = open_.get(entry.section)
            if section is None or entry.held or locate(section.text, entry.quote) is None:
                continue
            problem = Contradiction(right, entry).message
            fix = f"Have it say that {entry.subject}, {entry.attribute}, is {right.value}."
            issue = Issue("inconsistency", Level.MAJOR, problem, fix, entry.quote, entry.section)
            wrong[entry.section].append(_Wrong(entry, issue))
            break
    return dict(wrong)


async def _edited(
    ctx: WritingContext,
    outline: Outline,
    section: StoredSection,
    wrong: Sequence[_Wrong],
) -> Change | None:
    job, draft = await review_job(ctx, outline, section)
    ctx.feed.emit("revise", key=section.key, issues=len(wrong))
    new = await revise(job, draft, [each.issue for each in wrong], f"{job.step}/agree")
    return Change(job, new, section.revision_id, "agree") if new else None


def _corrected(before: str, after: str, wrong: Sequence[_Wrong], later: Ledger) -> bool:
    """Whether what no longer is in the ledger no longer is in the text either.

    A value that is said in words which no rule reads would else pass for corrected.
    """
    known = {entry.id for entry in later.entries}
    return all(
        each.entry.id in known
        or after.count(each.entry.value) < before.count(each.entry.value)
        for each in wrong
    )  # fmt: skip
