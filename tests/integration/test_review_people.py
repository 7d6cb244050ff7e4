"""A review leaves to people what is theirs: what they write, lock, or have written anew."""

from pathlib import Path
from typing import Any

import pytest

from agents.review.keeping import TAKEN
from storage import edits
from storage.base import LOCAL_OWNER
from tests.fakes.calls import Call
from tests.fakes.judge import SLIP
from tests.integration.test_review import history, judged, reviews, scores
from tests.support import check_document, desk, user_text

MINE = "My own words about the tides of the coast, and nobody else's."


def judges(call: Call, key: str) -> bool:
    """Whether a call asks for the verdict on a section."""
    return f"Judge section {key}." in user_text(call)


@pytest.mark.parametrize("reopened", [False, True])
async def test_what_a_person_writes_while_it_is_judged_is_theirs(
    tmp_path: Path, reopened: bool
) -> None:
    async def take(call: Call) -> None:
        if judges(call, "1"):
            await at.services.db.run(write)

    def write(s: Any) -> None:
        edits.write(s, LOCAL_OWNER, document_id, "1", MINE, 11)
        if reopened:
            edits.reopen(s, LOCAL_OWNER, document_id, "1")

    settings = {"length": {"document_rounds": 0}}
    async with desk(tmp_path, on_call=take, mode="slips", settings=settings) as at:
        run_id = await at.start(words=500, rounds=1)
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        document, told = await at.document(report), await reviews(at, run_id)
        verdicts = await scores(at, run_id)
    assert (report.status, report.reason) == ("done", "")
    assert document.sections[0].text == MINE
    assert (told["1"]["rounds"], told["1"]["kept"], told["1"]["why"]) == (1, 0, TAKEN)
    assert verdicts["1"] == [(None, TAKEN)]
    assert report.review.unscored == 1


async def test_an_edit_changes_nothing_else_in_what_a_person_wrote(tmp_path: Path) -> None:
    before = f"## My heading\n\n{MINE} As known [3], it is so (Smith, 2020).\n\n\n{MINE} "
    after = " It goes on.  \n***\nThis essay has shown it. Let me know if you need changes!"

    async def take(call: Call) -> None:
        if "Write section 2 now" in user_text(call):
            await at.services.db.run(write)

    def write(s: Any) -> None:
        edits.write(s, LOCAL_OWNER, document_id, "1", f"{before}{SLIP[False]}{after}", 60)
        edits.reopen(s, LOCAL_OWNER, document_id, "1")

    settings = {"length": {"document_rounds": 0, "rounds": 0}}
    async with desk(tmp_path, on_call=take, mode="slips", settings=settings) as at:
        run_id = await at.start(words=500, rounds=1, strategy="agentwrite")
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        versions = await history(at, report, "1")
    (mended,) = [
        version.text for version in versions if version.kind == "edit" and version.call_ids
    ]
    assert mended.startswith(before)
    assert mended.endswith(after)
    assert SLIP[False] not in mended


async def test_a_locked_section_is_judged_with_the_whole_and_never_changed(tmp_path: Path) -> None:
    async def take(call: Call) -> None:
        if "Write section 1 now" in user_text(call):
            await at.services.db.run(
                lambda s: edits.write(s, LOCAL_OWNER, document_id, "1", slipped, 27)
            )

    slipped = f"{MINE} {SLIP[False]}"

    settings = {"length": {"document_rounds": 0}}
    async with desk(tmp_path, on_call=take, mode="slips", settings=settings) as at:
        run_id = await at.start(words=500, rounds=1)
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        document, asked = await at.document(report), await judged(at, run_id)
        shown = [call for call in at.fake.calls if slipped in user_text(call)]
    assert (report.status, report.reason) == ("done", "")
    assert [section.text for section in document.sections if section.locked] == [slipped]
    assert "1" not in asked
    assert asked["document"] == 1
    assert any("This is the text; a key in brackets" in user_text(call) for call in shown)
    assert not any(SLIP[False] in s.text for s in document.sections if not s.locked)


async def test_a_redo_has_only_its_own_section_judged(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if judges(call, "2") and spoiling:
            faults.update(dict.fromkeys(range(call.n, 900), "quota"))

    spoiling = False
    async with desk(tmp_path, on_call=spoil, faults=faults, mode="slips") as at:
        first = await at.write(words=500, rounds=1)
        spoiling = True
        late = await at.services.sections.redo(first.document_id, "2", "More about cost.")
        assert (await at.carry_out(late)).status == "paused"
        spoiling = False
        faults.clear()
        drafted = {s.key: s.text for s in (await at.document(first)).sections}
        other = await at.services.sections.redo(first.document_id, "1", "More about people.")
        report = await at.carry_out(other)
        document, asked = await at.document(report), await judged(at, other)
    assert report.status == "done"
    assert asked.keys() == {"1"}
    assert SLIP[False] in drafted["2"]
    assert {s.key for s in document.sections if s.text != drafted[s.key]} == {"1"}
    check_document(document, report)
    assert report.review.judged == 1
    (whole,) = [score for score in report.scores if score.name == "judge"]
    assert whole.value is None
    assert "anew" in whole.reason
