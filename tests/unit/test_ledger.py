"""The ledger: merging, a person's edits, the border to a model, what a writer is reminded of."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger.entries import Entry, Ledger, edit, merge, note, section_order, without
from domain.ledger.names import canonical, is_short_for, same_names
from domain.ledger.recollection import line_of, relevant, render
from domain.ledger.reply import read_entries
from domain.outline.plan import SectionPlan

LENGTH = Entry("number", "Harrow Bridge", "length", "40 m", "2", "It is 40 m long.", 5, 21)


def entries() -> st.SearchStrategy[list[Entry]]:
    one = st.builds(
        Entry,
        st.sampled_from(["fact", "number", "date", "name", "promise"]),
        st.sampled_from(["Harrow Bridge", "the mill", "林秋白", "Mary Carter"]),
        st.sampled_from(["length", "age", "founded", "weather"]),
        st.sampled_from(["40 m", "forty metres", "1987", "Anna", "on the hill", ""]),
        quote=st.sampled_from(["a", "bb"]),
        start=st.integers(0, 9),
    )
    return st.lists(one, max_size=8)


@settings(max_examples=60, deadline=None)
@given(entries(), entries(), st.integers(0, 99))
def test_merging_is_idempotent_and_order_does_not_matter(
    one: list[Entry], other: list[Entry], seed: int
) -> None:
    first = merge(merge(Ledger(), "1", one), "2", other)
    shuffled = random.Random(seed).sample(one, len(one))
    assert merge(first, "1", one) == first
    assert merge(merge(Ledger(), "2", other), "1", one) == first
    ids = [entry.id for entry in merge(first, "1", shuffled).entries]
    assert sorted(ids) == sorted(entry.id for entry in first.entries)
    assert len(set(ids)) == len(ids)
    assert Ledger.from_dict(first.to_dict()) == first


@settings(max_examples=60, deadline=None)
@given(entries(), entries(), st.integers(0, 7), st.booleans())
def test_what_a_person_decided_is_never_overwritten(
    one: list[Entry], again: list[Entry], at: int, hide: bool
) -> None:
    ledger = merge(Ledger(), "1", one)
    if not ledger.entries:
        return
    id = ledger.entries[at % len(ledger.entries)].id
    edited = edit(ledger, id, status="hidden") if hide else edit(ledger, id, value="mine")
    decided = edited.entry(id)
    for found in (again, one, []):
        edited = merge(edited, "1", found)
        now = edited.entry(id)
        assert (now.value, now.status, now.edited) == (decided.value, decided.status, True)


def test_a_section_written_anew_replaces_its_own_entries_only() -> None:
    ledger = merge(merge(Ledger(), "2", [LENGTH]), "3", [replace(LENGTH, subject="The mill")])
    later = merge(ledger, "2", [replace(LENGTH, value="50 m")])
    assert [(e.section, e.value) for e in later.entries] == [("2", "50 m"), ("3", "40 m")]
    moved = merge(ledger, "2", [replace(LENGTH, value="forty metres", start=80, end=90)])
    assert moved.of("2")[0].id == ledger.of("2")[0].id
    assert moved.of("2")[0].start == 80


def test_a_status_outlives_a_new_extraction() -> None:
    promise = Entry("promise", "the flood", "promised", "the flood", "1", status="open")
    ledger = merge(Ledger(), "1", [promise])
    (own,) = ledger.entries
    kept = Ledger((replace(own, status="kept"),))
    assert merge(kept, "1", [promise]).entries[0].status == "kept"


def test_notes_of_a_persons_own_and_deleted_sections() -> None:
    ledger = merge(Ledger(), "2", [LENGTH])
    own = note(ledger, Entry("fact", "The mill", "owner", "nobody"))
    assert note(own, Entry("fact", "The mill", "owner", "nobody")) == own
    assert [e.origin for e in own.entries] == ["user", "text"]
    assert without(own, "2").entries == own.entries[:1]
    held = edit(own, ledger.entries[0].id, value="41 m")
    assert [(e.section, e.value) for e in without(held, "2").entries][-1] == ("", "41 m")
    with pytest.raises(KeyError):
        edit(ledger, "nothing", value="x")


def test_sections_sort_by_their_numbers() -> None:
    keys = ["3.10", "3.9", "", "10", "2", "appendix"]
    assert sorted(keys, key=section_order) == ["", "2", "3.9", "3.10", "10", "appendix"]


def test_a_model_s_entries_must_stand_in_the_text() -> None:
    text = "The bridge\nis 40 m long. We shall see."
    said = {"kind": "number", "subject": "the bridge", "attribute": "length", "value": "40 m"}
    good = {**said, "quote": "The bridge is 40 m long."}
    found, refused = read_entries(
        {"entries": [good, {**said, "quote": "The bridge is 50 m long."}, {**good, "kind": "spell"},
                     {**good, "value": "x" * 301}, {**good, "quote": "The"}, 7, None]},
        "1", text,
    )  # fmt: skip
    assert refused == 6
    (one,) = found
    assert text[one.start : one.end] == one.quote == "The bridge\nis 40 m long."
    assert (one.origin, one.status, one.section) == ("model", "stands", "1")
    assert read_entries("nonsense", "1", text) == ((), 0)
    assert read_entries({"entries": [good] * 500}, "1", text)[1] == 300


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["entries", "kind", "quote"]), inner)
        ),
    )
)
def test_any_answer_is_read_without_a_fault(data: object) -> None:
    found, refused = read_entries(data, "1", "text")
    assert found == ()
    assert refused >= 0


@settings(max_examples=80, deadline=None)
@given(entries(), st.integers(0, 400), st.sampled_from(["mill", "林秋白", "Harrow Bridge length"]))
def test_the_budget_is_never_exceeded(found: list[Entry], budget: int, heading: str) -> None:
    ledger = note(merge(Ledger(), "1", found), Entry("fact", "x" * 290, "y", "z" * 290))
    plan = SectionPlan("5", heading, "", 100)
    for size in (len, lambda text: len(text.encode()), lambda text: len(text.split())):
        chosen = relevant(ledger, plan, budget, size=size)
        assert size(render(chosen)) <= budget
        assert chosen == relevant(ledger, plan, budget, size=size)
        assert set(chosen) <= set(ledger.entries)


def test_a_writer_is_reminded_of_what_its_section_is_about() -> None:
    ledger = merge(merge(Ledger(), "2", [LENGTH]), "3", [replace(LENGTH, subject="The mill")])
    plan = SectionPlan("5", "Crossing Harrow Bridge", "", 100)
    assert [e.subject for e in relevant(ledger, plan, 500)] == ["Harrow Bridge"]
    assert relevant(ledger, plan, 500, sections=["3"]) == ()
    assert relevant(ledger, replace(plan, key="2"), 500) == ()
    hidden = edit(ledger, ledger.of("2")[0].id, status="hidden")
    assert relevant(hidden, plan, 500) == ()
    assert line_of(LENGTH) == "- Harrow Bridge · length: 40 m [section 2]"
    wild = replace(LENGTH, value="a\nb\n</data> " * 90)
    assert len(line_of(wild)) <= 200
    assert "\n" not in line_of(wild)


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("Carter", "Dr. Mary Carter", True),
        ("Mary", "Mary Carter", True),
        ("M. Carter", "Mary Ellen Carter", True),
        ("WHO", "World Health Organization", True),
        ("林先生", "林秋白", True),
        ("Harrow", "Harrow Bridge", False),
        ("Geneva", "Lake Geneva", False),
        ("the bridge", "Harrow Bridge", False),
        ("Anna Carter", "Mary Carter", False),
        ("林", "林秋白", False),
    ],
)
def test_short_forms_of_names(short: str, long: str, same: bool) -> None:
    assert is_short_for(short, long) is same


def test_a_short_form_of_two_names_is_neither() -> None:
    known = canonical(["Smith", "John Smith", "Jane Smith", "Mr. Pike", "Adam Pike"])
    assert known["Smith"] == ("smith",)
    assert known["Mr. Pike"] == known["Adam Pike"]
    assert same_names("Anna Brook and Otto Lang", "O. Lang") is True
    assert same_names("Anna", "!") is None
