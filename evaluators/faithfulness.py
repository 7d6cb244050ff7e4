"""Knows whether what cited sentences claim stands in the passages that they cite.

A claim is supported, unsupported, or unscored where nobody could tell. Numbers and quoted words
that no cited passage has are doubts: they are told, but a verdict is a judge's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.score import Finding, Score
from evaluators.base import Reporter
from sources.claims import Claim, doubts
from sources.references import place_words

NAME, VERSION = "faithfulness", 1
NO_CLAIMS = "no sentence cites a passage"
UNJUDGED = "the claims were not judged"
_CUT = 80


@dataclass(frozen=True)
class Judged:
    """What a judge says of one claim."""

    supported: bool | None
    """None: unscored."""
    why: str = ""


UNSCORED = Judged(None)


def faithfulness(
    claims: Sequence[Claim], verdicts: Mapping[int, Judged], key: str = "", reason: str = UNJUDGED
) -> Score:
    """The share of the judged claims that is supported, 0 to 100; unscored where none was judged.

    Args:
        claims: of a text.
        verdicts: by the index of the claim.
        key: the section's.
        reason: why claims without a verdict have none.
    """
    reporter = Reporter(NAME, VERSION, key)
    judged = [verdicts[n].supported for n in range(len(claims)) if n in verdicts]
    known = [supported for supported in judged if supported is not None]
    found = [f for n, c in enumerate(claims) if (f := _finding(reporter, c, verdicts.get(n)))]
    if not known:
        told = reporter.score(found, 0.0).findings
        return Score(NAME, VERSION, None, reason if claims else NO_CLAIMS, told)
    why = "" if len(known) == len(claims) else f"{len(known)} of {len(claims)} claims: {reason}"
    made = reporter.score(found, 100 * sum(known) / len(known))
    return Score(NAME, VERSION, made.value, why, made.findings)


def of_whole(parts: Sequence[tuple[Score, int]]) -> Score:
    """A document's, of those of its sections with how many claims each has.

    A section whose claims nobody judged has no part in the value, and is told of in the reason.
    """
    claims = sum(count for _, count in parts)
    judged = [(score.value, count) for score, count in parts if score.value is not None and count]
    total = sum(count for _, count in judged)
    findings = tuple(finding for score, _ in parts for finding in score.findings)
    if not total:
        return Score(NAME, VERSION, None, UNJUDGED if claims else NO_CLAIMS, findings)
    value = sum(value * count for value, count in judged) / total
    why = "" if total == claims else f"in sections with {total} of {claims} claims"
    return Score(NAME, VERSION, value, why, findings)


def _finding(reporter: Reporter, claim: Claim, verdict: Judged | None) -> Finding | None:
    """What there is to say of one claim; None: nothing."""
    span, where = (claim.start, claim.end), named(claim)
    if verdict is not None and verdict.supported is False:
        return reporter.warn(f"not supported by {where}: {verdict.why or 'it says less'}", span)
    doubted = doubt_of(claim)
    if not doubted:
        return None
    text = f"{doubted} is not in {where}"
    settled = verdict is not None and verdict.supported is not None
    return reporter.note(text, span) if settled else reporter.warn(text, span)


def doubt_of(claim: Claim) -> str:
    """The numbers and quoted words of a claim that none of its passages has; empty: none."""
    return ", ".join(
        each
        for doubt in doubts((claim,))
        for each in (*doubt.numbers, *(f"“{quote[:_CUT]}”" for quote in doubt.quotes))
    )


def named(claim: Claim) -> str:
    """The passages of a claim as a person finds them: title and place."""
    told = []
    for passage in claim.passages:
        place = place_words(passage.place, "en", passage.title)
        title = " ".join(passage.title.split())[:_CUT]
        told.append(f"“{title}”{', ' if place else ''}{place}")
    return "; ".join(dict.fromkeys(told))
