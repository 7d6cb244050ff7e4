"""The gates over seeded corpora: no alarm on clean documents, every planted defect found."""

from collections import Counter

import pytest

from domain.score import Finding, Severity
from evaluators.seams import Seams
from evaluators.suite import broken, evaluate, gates
from services.evaluation.texts import evaluate_text
from tests.corpora.defects import KINDS, OF_EACH, Planted, planted
from tests.corpora.documents import Document, clean_documents


def alarms(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity > Severity.NOTE]


def all_findings(document: Document) -> list[Finding]:
    scores = (*evaluate(document.subject(), gates()), Seams().evaluate(document.edges))
    assert broken(scores) == ()
    return [finding for score in scores for finding in score.findings]


def test_clean_documents_raise_no_alarm() -> None:
    _raise_no_alarm([document for n, document in enumerate(clean_documents()) if n % 7 == 0])


@pytest.mark.verify  # 3 s
def test_no_clean_document_raises_an_alarm() -> None:
    documents = list(clean_documents())
    assert len(documents) >= 60
    _raise_no_alarm(documents)


def _raise_no_alarm(documents: list[Document]) -> None:
    for document in documents:
        assert alarms(all_findings(document)) == [], (document.title, document.name)
        found = evaluate_text(document.text)
        assert alarms([place.finding for place in found.places]) == []
        assert found.accepted


def test_planted_defects_are_found_by_their_gate_in_their_place() -> None:
    for case in (every for number, every in enumerate(planted()) if number % OF_EACH < 4):
        assert _is_found(case), (case.kind, case.place)


@pytest.mark.verify  # 5 s
def test_every_planted_defect_is_found() -> None:
    assert len(KINDS) * OF_EACH >= 300
    found = Counter(case.kind for case in planted() if _is_found(case))
    assert list(found.values()) == [OF_EACH] * len(KINDS)


def _is_found(case: Planted) -> bool:
    if case.gate == "seams":
        return any(_seam_at(case, finding) for finding in _seams(case))
    scores = evaluate(case.subject, gates())
    own = alarms([f for score in scores if score.name == case.gate for f in score.findings])
    if case.span is None:
        return bool(own)
    start, end = case.span
    return any(
        finding.start is not None
        and finding.end is not None
        and finding.start < end
        and start < finding.end
        for finding in own
    )


def _seams(case: Planted) -> list[Finding]:
    return alarms(list(Seams().evaluate(case.document.edges).findings))


def _seam_at(case: Planted, finding: Finding) -> bool:
    section = next(edge for edge in case.document.edges if edge.key == finding.section)
    shown = section.text[finding.start : finding.end]
    return bool(shown) and shown in case.place
