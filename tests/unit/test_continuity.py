"""What texts say of things, and where they contradict themselves: extraction, values, findings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger.dates import days
from domain.ledger.entries import Entry, Ledger, edit, merge, note
from domain.ledger.facts import extract
from domain.ledger.quantities import measure
from domain.score import Severity
from evaluators.continuity import Continuity, agree, contradictions, pending, settled
from tests.corpora.claims import Told, consistent, contradictory
from tests.corpora.documents import clean_documents


def ledger_of(texts: dict[str, str]) -> Ledger:
    ledger = Ledger()
    for key, text in texts.items():
        ledger = merge(ledger, key, extract(text, key))
    return ledger


def test_documents_that_agree_with_themselves_raise_no_alarm() -> None:
    cases = list(consistent())
    assert len(cases) == 40
    for case in cases:
        ledger = ledger_of(case.texts)
        assert len(ledger.entries) >= 8
        score = Continuity().evaluate(ledger, case.order, case.texts)
        assert (score.value, score.findings) == (100, ())


def test_prose_of_the_corpora_raises_no_alarm() -> None:
    for document in list(clean_documents())[::6]:
        texts = {str(n): text for n, (_, text) in enumerate(document.sections)}
        assert contradictions(ledger_of(texts), list(texts)) == ()


def test_every_planted_contradiction_is_found_with_both_places() -> None:
    cases = list(contradictory())
    assert len(cases) == 40
    assert len({case.kind for case in cases}) == 10
    for case in cases:
        _is_cited(case)


def _is_cited(case: Told) -> None:
    ledger = ledger_of(case.texts)
    (found,) = contradictions(ledger, case.order)
    assert case.places is not None
    for entry, (section, sentence) in zip((found.first, found.second), case.places, strict=True):
        assert (entry.section, entry.quote) == (section, sentence)
        assert case.texts[section][entry.start : entry.end] == sentence
    (finding,) = Continuity().evaluate(ledger, case.order, case.texts).findings
    assert (finding.severity, finding.section) == (Severity.WARN, case.places[1][0])
    assert f"section {case.places[0][0]!r}" in finding.message
    assert case.places[0][1] in finding.message
    assert case.places[1][1] in finding.message


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Founded in 1987, Acme Press employs 42 people.", ("Acme Press", "founded", "1987")),
        ("In 1901, the mill opened.", ("the mill", "opened", "1901")),
        ("The ship is called Aurora.", ("The ship", "name", "Aurora")),
        ("The tower weighs about 300 tonnes.", ("The tower", "weight", "about 300 tonnes")),
        ("The population of Harrow is 12,000.", ("Harrow", "population", "12,000")),
        ("1901年，望江茶馆开业。", ("望江茶馆", "opened", "1901年")),
        ("灯塔高三十八米。", ("灯塔", "height", "三十八米")),
        ("林秋白今年42岁。", ("林秋白", "age", "42岁")),
    ],
)
def test_a_plain_sentence_is_read(sentence: str, expected: tuple[str, str, str]) -> None:
    first = extract(sentence, "1")[0]
    assert (first.subject, first.attribute, first.value) == expected
    assert sentence[first.start : first.end] == first.quote


@pytest.mark.parametrize(
    "sentence",
    [
        "It was founded in 1900.", "If the bridge is 50 m long, we win.",
        "Is the bridge 40 m long?",
        "Legend has it that the bridge was built in 1200.", "The bridge was not built in 1900.",
        "A bridge is 40 m long.", "He is 42 years old.", "Every bridge is 40 m long.",
        "# The bridge is 40 m long", "他出生于1900年。", "据说大桥建成于1850年。",
        "大桥计划全长40米。",
    ],
)  # fmt: skip
def test_what_is_doubtful_is_not_read(sentence: str) -> None:
    assert extract(sentence, "1") == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("40 m", "forty metres", True), ("1.2 km", "1,200 m", True), ("40 m", "42 m", False),
        ("400 m", "about 380 m", True), ("12,000", "11,953", True), ("40 m", "131 ft", True),
        ("40-50 km", "45 km", True), ("more than 300", "800", True),
        ("more than 300", "200", False),
        ("3.14", "3.1", True), ("3.14", "3.2", False), ("一千二百米", "1.2公里", True),
        ("2.5亿元", "2.5亿元", True), ("2.5亿元", "3.5亿元", False), ("40 m", "40 kg", None),
        ("三十多人", "36", True), ("8,848.86米", "8,849 m", True), ("twelve", "19", False),
    ],
)  # fmt: skip
def test_quantities_agree(one: str, other: str, same: bool | None) -> None:
    first, second = measure(one), measure(other)
    assert first is not None
    assert second is not None
    assert first.agrees(second) is same
    assert second.agrees(first) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 March 1987", "1987", True), ("March 12, 1987", "1987年3月12日", True),
        ("the 1980s", "1987", True), ("20世纪80年代", "1991年", False), ("1987", "1988", False),
        ("about 1987", "1990", True), ("the 19th century", "1987", False),
        ("一九八七年", "1987", True), ("March 1987", "April 1987", False),
    ],
)  # fmt: skip
def test_dates_agree(one: str, other: str, same: bool) -> None:
    made = [Entry("date", "X", "founded", value) for value in (one, other)]
    assert agree(made[0], made[1]) is same
    assert agree(made[1], made[0]) is same


def said(*sentences: str) -> tuple[Ledger, list[str], dict[str, str]]:
    texts = {str(n): sentence for n, sentence in enumerate(sentences, start=1)}
    return ledger_of(texts), list(texts), texts


@pytest.mark.parametrize(
    "sentences",
    [
        ("In 1990 Wexcombe had 3,000 inhabitants.", "In 2020 Wexcombe had 9,000 inhabitants."),
        ("The bridge is 40 m long.", "The bridge was extended, and the bridge is 60 m long."),
        ("Anna Brook was 7 years old.", "Anna Brook was 31 years old."),
        ("Harrow was founded in 1200.", "Harrow Bridge was founded in 1850."),
        ("Smith is 42 years old.", "John Smith is 50 years old.", "Jane Smith is 19 years old."),
    ],
)
def test_change_growth_and_other_things_are_no_contradiction(sentences: tuple[str, ...]) -> None:
    ledger, order, _ = said(*sentences)
    assert contradictions(ledger, order) == ()


def test_a_person_s_entry_is_what_others_are_held_against() -> None:
    ledger, order, _ = said("The bridge is 40 m long.", "The bridge is 60 m long.")
    corrected = edit(ledger, ledger.of("2")[0].id, value="60 metres")
    (found,) = contradictions(corrected, order)
    assert (found.first.section, found.second.section) == ("2", "1")
    noted = note(Ledger(ledger.of("1")), Entry("number", "the bridge", "length", "75 m"))
    (other,) = contradictions(noted, order)
    assert "the ledger has '75 m'" in other.message
    hidden = edit(ledger, ledger.of("1")[0].id, status="hidden")
    assert contradictions(hidden, order) == ()


def test_promises_are_kept_by_later_sections_only() -> None:
    promise = "We will return to the great flood later."
    ledger, order, texts = said("The great flood came.", promise, "Bread was dear.")
    (left,) = pending(settled(ledger, order, texts))
    (finding,) = Continuity().evaluate(ledger, order, texts).findings
    assert (finding.section, finding.start) == ("2", left.start)
    assert "great flood" in finding.message
    kept, order, texts = said(promise, "The great flood came at night.")
    assert pending(settled(kept, order, texts)) == ()
    assert Continuity().evaluate(kept, order, texts).value == 100
    assert Continuity().evaluate(Ledger(), order, texts).value is None


_PIECES = ["The ", "bridge ", "is ", "40 ", "m ", "long", ". ", "Anna Brook ", "was ", "founded ",
           "in ", "1987", ", ", "建成于", "1850年", "大桥", "全长", "，", "。", "一千", "万",
           "the ",
           "A. ", "of ", "about ", "会", "第五章", "\n", "00", "%", "$"]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_any_text_is_read_and_compared_without_a_fault(text: str) -> None:
    ledger, order, texts = said(text, text[::-1], text)
    for entry in ledger.entries:
        assert texts[entry.section][entry.start : entry.end] == entry.quote
    Continuity().evaluate(ledger, order, texts)
    measure(text)
    days(text)


@pytest.mark.parametrize(
    "piece", ["A ", "The a ", "Anna ", "1,", "一", "1987 ", "大桥", "A. ", "in 1987, ", " ", "会在"]
)
def test_hostile_texts_are_read(piece: str) -> None:
    whole = piece * (40_000 // len(piece))
    broken = ". ".join(whole[at : at + 390] for at in range(0, len(whole), 390))
    for text in (whole, broken):
        assert len(extract(text, "1")) <= 2_000
