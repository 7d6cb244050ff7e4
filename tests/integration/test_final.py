"""The last check of a whole document: what it repairs, what it leaves open, what it survives."""

from collections import Counter
from pathlib import Path

import pytest

from agents.writer import extender
from domain.text.sentences import spans
from tests.fakes.calls import Call
from tests.support import check_document, desk, user_text


class Spoiler:
    """Gives the calls that say a certain thing a fault, while there are any left to spoil."""

    def __init__(self, says: str, fault: str, faults: dict[int, str], most: int = 1000) -> None:
        self.says, self.fault, self.faults, self.left = says, fault, faults, most

    async def __call__(self, call: Call) -> None:
        if self.left and self.says in user_text(call):
            self.left -= 1
            self.faults[call.n] = self.fault


async def test_a_document_that_lacks_a_section_stays_open_and_is_not_stretched(
    tmp_path: Path,
) -> None:
    faults: dict[int, str] = {}
    spoiler = Spoiler("Write section 2 now", "filter", faults, most=3)
    async with desk(tmp_path, faults=faults, on_call=spoiler) as at:
        failed = await at.write(words=1500)
        half = await at.document(failed)
        steps = [call.step for call in await at.journal(failed.run_id)]
        report = await at.carry_out(failed.run_id)
        whole = await at.document(report)
    assert failed.status == "failed"
    assert "2" in failed.reason
    assert {s.key: s.status.value for s in half.sections if s.text} == {
        s.key: "draft" for s in half.sections if s.key != "2"
    }
    assert not [step for step in steps if step.startswith("final/")]
    assert report.status == "done"
    assert report.length_score >= 98
    assert all(section.status.value == "sealed" for section in whole.sections)
    check_document(whole, report)


@pytest.mark.parametrize("says", ["The section is too thin", "Go on exactly where it stops"])
async def test_a_repair_that_does_not_fit_the_window_costs_only_itself(
    tmp_path: Path, says: str
) -> None:
    faults: dict[int, str] = {}
    spoiler = Spoiler(says, "overflow_llamacpp", faults)
    mode = "short" if "thin" in says else "unfinished"
    async with desk(tmp_path, faults=faults, on_call=spoiler, mode=mode) as at:
        report = await at.write(words=800)
        document = await at.document(report)
    assert faults
    assert (report.status, report.reason) == ("done", "")
    check_document(document, report)


async def test_passages_of_one_round_all_find_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extender, "PASSAGE", 60)
    async with desk(tmp_path, mode="short") as at:
        report = await at.write(words=5000)
        document = await at.document(report)
        journal = await at.journal(report.run_id)
    first = [call for call in journal if "/repair/1/" in call.step and call.step.count("/") == 6]
    rounds = Counter(call.step.rpartition("/")[0] for call in first)
    assert max(rounds.values()) >= 2
    for call in first:
        assert call.text is not None
        beginning = call.text[slice(*spans(call.text)[0])].strip()
        assert beginning in document.markdown
