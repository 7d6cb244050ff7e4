"""What sections owe: surplus goes, but not from those that carry it; what is missing moves."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.constraints.allocation import Duty, assign
from domain.constraints.constraint import Constraint, Place
from domain.outline.plan import Outline, Part, SectionPlan
from evaluators.constraints import Constraints
from evaluators.debts import due, gap, lawful, owed

KEYS = ("1", "2", "3", "4")
OUTLINE = Outline("T", 400, tuple(Part(k, k, "", 100, (SectionPlan(k, k, "", 100),)) for k in KEYS))


def text(times: int) -> str:
    return " ".join(["Rain fell.", *(f"A ferry left at {n}." for n in range(times))])


def mended(one: Constraint, times: dict[str, int], able: tuple[str, ...]) -> dict[str, int]:
    """How often sections hold it when they do what they are asked to."""
    texts = {key: text(many) for key, many in times.items()}
    found = Constraints().check(assign([one], OUTLINE), OUTLINE, texts)
    done = dict(times)
    for key, duties in due(found, able).items():
        assert key in able
        for duty in duties:
            limit = done[key] if duty.limit is None else min(done[key], duty.limit)
            done[key] = max(limit, duty.least)
    return done


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Constraint, st.just("include"), st.just("ferry"),
        st.sampled_from([Place(), Place(2, 3), Place(1, -1, 1), Place(1, -1, 2)]),
        st.integers(0, 4), st.none() | st.integers(4, 6) | st.integers(0, 1),
    ).map(lambda c: replace(c, least=min(c.least, 9 if c.most is None else c.most)))
    .filter(lambda c: c.least or c.most is not None),
    st.fixed_dictionaries({key: st.integers(0, 5) for key in KEYS}),
)  # fmt: skip
def test_sections_that_do_what_they_are_asked_meet_the_demand(
    one: Constraint, times: dict[str, int]
) -> None:
    texts = {key: text(many) for key, many in mended(one, times, KEYS).items()}
    found = Constraints().check(assign([one], OUTLINE), OUTLINE, texts)
    assert found.missed == ()
    assert found.gap == 0


def test_surplus_stays_with_who_carries_it_and_with_who_cannot_be_changed() -> None:
    one = Constraint("include", "ferry", least=1, most=1)
    (carrier,) = assign([one], OUTLINE).keys(one)
    everywhere = dict.fromkeys(KEYS, 1)
    assert mended(one, everywhere, KEYS) == {key: int(key == carrier) for key in KEYS}
    others = tuple(key for key in KEYS if key != "3")
    assert mended(one, everywhere, others) == {key: int(key == "3") for key in KEYS}


def test_what_cannot_be_brought_is_asked_of_a_neighbour_and_so_is_what_was_asked_in_vain() -> None:
    one = Constraint("include", "ferry", Place(1, 2))
    found = Constraints().check(assign([one], OUTLINE), OUTLINE, dict.fromkeys(KEYS, text(0)))
    (carrier,) = due(found, KEYS)
    (other,) = {"1", "2"} - {carrier}
    assert set(due(found, [key for key in KEYS if key != carrier])) == {other}
    assert set(due(found, KEYS, {(one.id, carrier)})) == {other}
    assert set(due(found, KEYS, {(one.id, carrier), (one.id, other)})) == {carrier}
    assert due(found, ("3", "4")) == {}


def test_only_what_is_too_much_is_quoted() -> None:
    duty = Duty(Constraint("include", "ferry", least=0, most=1), "1", 0)
    (debt,) = owed([duty], text(3))
    assert debt.quotes == ("A ferry left at 1.", "A ferry left at 2.")
    assert gap([duty], text(3)) == 2


def test_a_further_passage_brings_nothing_that_is_limited() -> None:
    forbidden = Duty(Constraint("forbid", "ferry", least=0, most=0), "1", 0)
    wanted = Duty(Constraint("include", "rain"), "1", 1)
    assert lawful([forbidden, wanted], "Rain fell. The ferries left. It cleared.") == (
        "Rain fell. It cleared."
    )
    assert lawful([wanted], text(2)) == text(2)
