"""Knows how a text is made shorter in steps: each summary from the one before, piece by piece.

Source: gradual summaries of LCFO (arXiv 2412.08268), at 20, 10 and 5 % of a document's length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import RequestError
from domain.length.budget import apportion
from domain.length.contract import MIN_LENGTH
from domain.outline.assembly import printed_units
from domain.outline.plan import Outline, Part, SectionPlan
from domain.text.counter import Counter, count, paragraphs
from domain.text.sentences import spans

SHARES = (20, 10, 5)
"""Per cent of the source, as published."""
LEAST_PIECE = 60
"""Counted units of a summary's section at least, where there is more than one."""
MOST_SHARES = 6
_TITLES = {"en": ("Summary of {}", "{} %"), "zh": ("《{}》摘要", "{}%")}


@dataclass(frozen=True)
class Condensation:
    """What a run makes shorter."""

    document: str
    """Id of the source."""
    shares: tuple[float, ...]
    """Per cent of the source's length, the longest first."""
    sources: Mapping[str, tuple[str, ...]]
    """Key of a summary's section → keys of what it is made from: of the source's sections for the
    first summary, of the summary before it for every other."""
    mark: str
    """Of the source's text, to find out whether it has changed since."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Condensation:
        """Rebuild from the plain values that options are kept as."""
        sources = {key: tuple(keys) for key, keys in data["sources"].items()}
        return cls(data["document"], tuple(data["shares"]), sources, data["mark"])


@dataclass(frozen=True)
class Source:
    """A section that is made shorter."""

    key: str
    heading: str
    units: int


def shares_of(given: Iterable[float], units: int) -> tuple[float, ...]:
    """Shares in per cent, the longest first, each once.

    Args:
        given: as a person asks for them.
        units: counted units of the source.

    Raises:
        RequestError: none, too many, one outside of 1 to 80, or the text is too short for one.
    """
    shares = tuple(sorted(set(given), reverse=True))
    if not shares or len(shares) > MOST_SHARES:
        raise RequestError(f"{len(shares)} summaries", f"Ask for 1 to {MOST_SHARES} of them.")
    if not all(1 <= share <= 80 for share in shares):
        raise RequestError("a share is outside of 1 to 80 %", "For example 20, 10 and 5.")
    least = shares[-1]
    if round(units * least / 100) < MIN_LENGTH:
        possible = -(-100 * MIN_LENGTH // max(1, units))
        raise RequestError(
            f"{least:g} % of {units:,} words are too few for a summary",
            f"Ask for {possible} % or more." if possible <= 80 else "The text is short enough.",
        )
    return shares


def planned(
    title: str,
    sources: Sequence[Source],
    shares: Sequence[float],
    per: int,
    language: str,
    counter: Counter = "words",
) -> tuple[Outline, dict[str, tuple[str, ...]]]:
    """The plan of all summaries: a part for each share, and what each section is made from.

    Args:
        title: of the source.
        sources: its sections in reading order.
        shares: per cent, the longest first; the first of them is of all that the sources hold.
        per: counted units of a source that one call takes well.
        language: of the text; the titles are English in any but Chinese.
        counter: what lengths are told in.
    """
    whole = sum(source.units for source in sources)
    heading, label = _TITLES.get(language, _TITLES["en"])
    parts: list[Part] = []
    made: dict[str, tuple[str, ...]] = {}
    before = list(sources)
    for number, share in enumerate(shares, 1):
        units = max(MIN_LENGTH, round(whole * share / 100))
        groups = grouped([source.units for source in before], per, units)
        weights = [sum(before[at].units for at in group) for group in groups]
        bodies = apportion(units, weights)
        alone = len(groups) == 1
        keys = [str(number) if alone else f"{number}.{n}" for n in range(1, len(groups) + 1)]
        own = [SectionPlan(k, "", "", body) for k, body in zip(keys, bodies, strict=True)]
        made |= {
            key: tuple(before[at].key for at in group)
            for key, group in zip(keys, groups, strict=True)
        }
        parts.append(Part(str(number), label.format(f"{share:g}"), "", units, tuple(own), "user"))
        before = [Source(plan.key, "", plan.target) for plan in own]
    plan = Outline(heading.format(title), 0, tuple(parts), "user")
    return _printed(plan, counter), made


def _printed(plan: Outline, counter: Counter) -> Outline:
    """The plan with room for the headings printed above its sections."""
    parts = []
    for part in plan.parts:
        own = tuple(
            replace(x, target=x.target + printed_units(plan, x.key, counter)) for x in part.sections
        )
        parts.append(replace(part, sections=own, target=sum(x.target for x in own)))
    return replace(plan, parts=tuple(parts), target=sum(part.target for part in parts))


def grouped(units: Sequence[int], per: int, into: int) -> list[list[int]]:
    """Neighbours put together, as evenly as may be: the numbers of each group.

    Args:
        units: of every item, in order.
        per: of a group at most, unless one item has more.
        into: counted units that all groups together become; each becomes `LEAST_PIECE` or more.
    """
    total = sum(units)
    number = max(1, min(-(-total // max(1, per)), into // LEAST_PIECE, len(units)))
    found: list[list[int]] = [[] for _ in range(number)]
    done = 0
    for at, one in enumerate(units):
        middle = done + one / 2
        found[min(number - 1, int(number * middle / max(1, total)))].append(at)
        done += one
    return [group for group in found if group]


def halves(text: str, counter: Counter = "words") -> tuple[str, str] | None:
    """A text in two, about the same length: between paragraphs, else between sentences."""
    blocks, glue = paragraphs(text), "\n\n"
    if len(blocks) < 2 or max(len(block) for block in blocks) > 0.8 * len(text):
        blocks, glue = [text[slice(*span)] for span in spans(text)], " "
    if len(blocks) < 2:
        return None
    total, done, at = count(text, counter), 0, 0
    while at < len(blocks) - 1 and (at == 0 or done < total / 2):
        done += count(blocks[at], counter)
        at += 1
    return glue.join(blocks[:at]), glue.join(blocks[at:])


def thinned(text: str, limit: int, counter: Counter = "words") -> str:
    """Whole sentences of a text, evenly taken, of at most `limit` units; empty if none fits.

    The last resort for a model that cannot be brief: what it says late is worth what it says early.
    """
    blocks = [[block[slice(*s)] for s in spans(block)] for block in paragraphs(text)]
    costs = [(b, n, count(x, counter)) for b, rows in enumerate(blocks) for n, x in enumerate(rows)]
    total = sum(cost for *_, cost in costs)
    kept: set[tuple[int, int]] = set()
    seen = spent = 0
    for block, number, cost in costs:
        seen += cost
        if spent + cost <= min(limit, limit * seen / max(1, total) + cost / 2):
            kept.add((block, number))
            spent += cost
    rows = (
        [x for n, x in enumerate(sentences) if (b, n) in kept] for b, sentences in enumerate(blocks)
    )
    return "\n\n".join(" ".join(row) for row in rows if row)


def mark_of(texts: Iterable[str]) -> str:
    """Tells the versions of a text apart."""
    joined = "\x00".join(texts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
