"""Findings as people see them: at words that stand there, each once, under a name that stays."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from domain.score import Finding, Severity
from services.evaluation.remarks import remarks

TEXTS = {"1": "Tides 𝄞 turn. Boats wait.", "2": "潮汐每天涨落两次。船在等待。", "3": "Mud."}
FINDINGS = st.builds(
    Finding,
    st.sampled_from(["judge", "repetition", "overlap", "seams", "ending", "refusal"]),
    st.sampled_from(list(Severity)),
    st.sampled_from(["too long", "it stands twice"]),
    st.sampled_from([*TEXTS, "", "9"]),
    st.none() | st.integers(-2, 40),
    st.none() | st.integers(-2, 40),
)


@given(st.lists(FINDINGS, max_size=12))
def test_every_place_quotes_what_stands_there(findings: list[Finding]) -> None:
    found = remarks(findings, TEXTS)
    assert len({remark.id for remark in found}) == len(found)
    for remark in found:
        for place in filter(None, (remark.place, *remark.others)):
            text = TEXTS[place.section]
            assert text[place.start : place.end] == place.quote != ""
            wide = text.encode("utf-16-le")[2 * place.start16 : 2 * place.end16]
            assert wide.decode("utf-16-le") == place.quote
        if remark.fixable:
            assert remark.finding.section in TEXTS


TWICE = Finding("repetition", Severity.FAIL, "it stands twice", "1")


@given(st.lists(FINDINGS, max_size=12), st.randoms(use_true_random=False))
@example([TWICE, replace(TWICE, gate="overlap")], Random(1))
def test_names_do_not_depend_on_the_order_of_what_was_found(
    findings: list[Finding], rng: Random
) -> None:
    once = list({(f.gate, f.section, f.message, f.start, f.end): f for f in findings}.values())
    names = {remark.id for remark in remarks(once, TEXTS)}
    rng.shuffle(once)
    assert {remark.id for remark in remarks(once, TEXTS)} == names


def test_a_name_stays_where_its_words_move() -> None:
    finding = Finding("judge", Severity.WARN, "odd", "1", 14, 25)
    (before,) = remarks([finding], TEXTS)
    moved = {**TEXTS, "1": f"At last. {TEXTS['1']}"}
    (after,) = remarks([replace(finding, start=23, end=34)], moved)
    assert before.place is not None
    assert after.place is not None
    assert (before.id, before.place.quote) == (after.id, after.place.quote)
    (other,) = remarks([replace(finding, message="odder")], TEXTS)
    assert other.id != before.id


def test_a_sentence_in_a_repeated_paragraph_is_not_told_again() -> None:
    whole = Finding("repetition", Severity.FAIL, "a paragraph stands twice", "1", 0, 25)
    part = Finding("repetition", Severity.WARN, "a sentence stands twice", "1", 14, 25)
    assert [remark.finding for remark in remarks([part, whole], TEXTS)] == [whole]
