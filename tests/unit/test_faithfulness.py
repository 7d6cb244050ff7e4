"""Faithfulness: what a judge says of claims, what nobody judged, and what is doubtful."""

from __future__ import annotations

from domain.score import Severity
from evaluators.citations import citations_of_whole, citations_score
from evaluators.faithfulness import NO_CLAIMS, UNJUDGED, Judged, faithfulness, of_whole
from sources.claims import claims
from sources.extract import Place
from sources.passages import Passage

MILL = Passage("a", "s", "Mills", "The mill closed in 1911 and had four stones.", Place(12), 0, 44)
GIVEN = {7: MILL}
TEXT = "The mill closed in 1911 [7]. It reopened in 1950 [7]. Nobody came. It had stones [7]."
FOUND = claims(TEXT, GIVEN)


def test_the_value_is_the_share_of_judged_claims_that_is_supported() -> None:
    verdicts = {0: Judged(True), 1: Judged(False, "it says nothing of 1950"), 2: Judged(True)}
    score = faithfulness(FOUND, verdicts, "2")
    assert score.value is not None
    assert round(score.value, 2) == 66.67
    assert score.reason == ""
    (finding,) = score.findings
    assert TEXT[finding.start : finding.end] == "It reopened in 1950 [7]."
    assert finding.message == "not supported by “Mills”, p. 12: it says nothing of 1950"
    assert (finding.section, finding.severity) == ("2", Severity.WARN)


def test_what_nobody_judged_is_unscored_and_its_doubts_are_told() -> None:
    score = faithfulness(FOUND, {}, "2")
    assert (score.value, score.reason) == (None, UNJUDGED)
    assert [finding.message for finding in score.findings] == ["1950 is not in “Mills”, p. 12"]
    assert faithfulness((), {}).reason == NO_CLAIMS


def test_an_unclear_claim_has_no_part_in_the_value() -> None:
    score = faithfulness(FOUND, {0: Judged(True), 1: Judged(None), 2: Judged(False)}, reason="why")
    assert score.value == 50
    assert score.reason == "2 of 3 claims: why"
    assert [finding.severity for finding in score.findings] == [Severity.WARN, Severity.WARN]


def test_a_figure_that_the_judge_accepts_is_only_noted() -> None:
    score = faithfulness(FOUND, dict.fromkeys(range(3), Judged(True)))
    assert score.value == 100
    assert [finding.severity for finding in score.findings] == [Severity.NOTE]


def test_the_whole_weighs_sections_by_their_claims() -> None:
    good = faithfulness(FOUND, dict.fromkeys(range(3), Judged(True)))
    bad = faithfulness(FOUND, {0: Judged(False)})
    unjudged = faithfulness(FOUND, {})
    assert of_whole([(good, 3), (bad, 1)]).value == 75
    partly = of_whole([(good, 3), (unjudged, 3)])
    assert (partly.value, partly.reason) == (100, "in sections with 3 of 6 claims")
    assert of_whole([(unjudged, 3)]).value is None
    assert of_whole([]).reason == NO_CLAIMS


def test_invented_citations_lower_the_score_of_citations() -> None:
    score = citations_score(["[99]"], 3, "1")
    assert score.value == 75
    assert score.findings[0].message == "a citation pointed to nothing: [99]; removed"
    assert citations_score((), 3).value == 100
    assert citations_score((), 0).value is None
    assert citations_of_whole([(score, 3), (citations_score((), 4), 4)]).value == 87.5
