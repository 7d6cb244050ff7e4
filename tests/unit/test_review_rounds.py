"""The loop of judging and revising ends within its bound and keeps the best, whoever judges."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.review.rounds import CLEAN, MENDED, PLATEAU, SPENT, STUCK, Outcome, improve
from domain.critique import DIMENSIONS, Critique, Issue, Level

UNREAD = "the judge's answer could not be read"
REASONS = {CLEAN, MENDED, PLATEAU, SPENT, STUCK, UNREAD}


def graded(grade: int, issues: str = "") -> Critique:
    """A verdict with the same grade for all; each letter of `issues` is the level of one."""
    levels = {"m": Level.MINOR, "M": Level.MAJOR, "C": Level.CRITICAL}
    found = tuple(Issue("language", levels[letter], letter) for letter in issues)
    return Critique(dict.fromkeys(DIMENSIONS, grade), found)


UNSCORED = Critique(reason=UNREAD)
VERDICTS = st.one_of(
    st.just(UNSCORED), st.builds(graded, st.integers(1, 5), st.text("mMC", max_size=3))
)


@dataclass
class Play:
    """One loop over versions 0, 1, 2 …, with all that was said and done in it."""

    verdicts: Sequence[Critique]
    """Of the versions by number; the last one holds for all further ones."""
    stuck_at: int | None = None
    """No revision can be made in this round."""
    judged: list[int] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    """What each revision was made from."""

    def verdict(self, version: int) -> Critique:
        return self.verdicts[min(version, len(self.verdicts) - 1)]

    async def judge(self, version: int, number: int) -> Critique:
        assert number == len(self.judged)
        self.judged.append(version)
        return self.verdict(version)

    async def revise(self, version: int, critique: Critique, number: int) -> int | None:
        assert critique is self.verdict(version), "a verdict on another version"
        assert critique.severe(Level.MAJOR), "nothing is to be mended"
        if number == self.stuck_at:
            return None
        self.revised.append(version)
        return number

    def run(self, most: int) -> Outcome[int]:
        return asyncio.run(improve(0, self.judge, self.revise, most))


@given(
    st.lists(VERDICTS, min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(1, 5)),
    st.integers(0, 5),
)
def test_it_ends_within_its_bound_and_keeps_nothing_worse(
    verdicts: list[Critique], stuck_at: int | None, most: int
) -> None:
    play = Play(verdicts, stuck_at)
    done = play.run(most)
    assert len(play.revised) == done.rounds <= most
    assert done.kept == len({*play.revised, done.version}) - 1
    assert 1 <= len(play.judged) <= most + 1
    assert len(play.judged) == done.rounds + 1
    assert done.why in REASONS
    assert done.critique is play.verdict(done.version)
    assert done.first is play.verdict(0)
    kept = sorted({*play.revised, done.version})
    assert play.revised == sorted(play.revised), "an earlier version came back"
    for earlier, later in zip(kept, kept[1:], strict=False):
        assert play.verdict(later).better_than(play.verdict(earlier), Level.MAJOR)
    first, last = done.first, done.critique
    if first.quality is not None:
        assert last.quality is not None
        assert last.quality >= first.quality
        assert last.weight(Level.MAJOR) <= first.weight(Level.MAJOR)
    else:
        assert (done.version, done.why) == (0, UNREAD)
    assert (done.why in (CLEAN, MENDED)) == (
        last.quality is not None and not last.severe(Level.MAJOR)
    )


@pytest.mark.parametrize("most", [0, 1, 3])
@pytest.mark.parametrize(
    ("verdicts", "made", "kept", "why"),
    [
        ([graded(2, "CC")], 1, 0, PLATEAU),  # always complains
        ([graded(5)], 0, 0, CLEAN),  # always praises
        ([graded(5, "m")], 0, 0, CLEAN),
        ([graded(3, "C"), graded(4)], 1, 1, MENDED),
        ([graded(3, "C"), graded(5, "CC")], 1, 0, PLATEAU),  # contradicts itself
        ([graded(3, "C"), graded(2)], 1, 0, PLATEAU),
        ([UNSCORED], 0, 0, UNREAD),  # nonsense
        ([graded(3, "C"), UNSCORED], 1, 0, UNREAD),  # nonsense from the second time on
    ],
)
def test_each_kind_of_judge(
    verdicts: list[Critique], made: int, kept: int, why: str, most: int
) -> None:
    done = Play(verdicts).run(most)
    severe = bool(verdicts[0].severe(Level.MAJOR))
    if most == 0:
        made, kept, why = 0, 0, SPENT if severe else why
    assert (done.rounds, done.version, done.why) == (made, kept, why)


def test_the_rounds_are_used_while_each_is_better() -> None:
    ever_better = [graded(1, "CCC"), graded(2, "CCM"), graded(2, "CM"), graded(2, "C"), graded(5)]
    outcomes = [Play(ever_better).run(most) for most in range(6)]
    assert [done.version for done in outcomes] == [0, 1, 2, 3, 4, 4]
    assert [done.why for done in outcomes] == [SPENT] * 4 + [MENDED] * 2


def test_a_revision_that_cannot_be_made_ends_it() -> None:
    done = Play([graded(1, "CC"), graded(2, "C")], stuck_at=2).run(3)
    assert (done.rounds, done.version, done.why) == (1, 1, STUCK)


def test_what_is_severe_is_told_from_outside() -> None:
    calls: list[int] = []

    async def judge(version: str, number: int) -> Critique:
        return graded(3, "M")

    async def revise(version: str, critique: Critique, number: int) -> str:
        calls.append(number)
        return version

    done = asyncio.run(improve("x", judge, revise, 2, Level.CRITICAL))
    assert (done.why, calls) == (CLEAN, [])


def test_it_is_told_as_plain_values() -> None:
    told = Play([graded(3, "C"), graded(4)]).run(1).told()
    assert told == {
        "rounds": 1, "kept": 1, "why": MENDED, "before": 50.0, "after": 75.0, "issues": 0,
    }  # fmt: skip
    assert Play([UNSCORED]).run(1).told()["after"] is None
