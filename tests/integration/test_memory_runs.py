"""Runs remember: contradictions are found, mended within bounds, and told with both places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.review.continuity import RECONCILED
from services.documents.ledger import Wish
from services.runs.reports import RunReport
from storage import events
from tests.corpora.claims import CLAIMS
from tests.fakes.calls import Call
from tests.support import Desk, desk, section_calls, user_text

KEYS = ("1", "2", "3", "4", "5")
LENGTHS = {"en": 2200, "zh": 2200}
"""Of documents with just these sections."""


def plants(language: str, half: int, shift: int) -> tuple[dict[str, list[str]], list[Any]]:
    """Five facts, each said in one section and contradicted in a later one."""
    chosen = CLAIMS[language][5 * half : 5 * half + 5]
    said: dict[str, list[str]] = {key: [] for key in KEYS}
    pairs = []
    for number, (_, first, _, wrong) in enumerate(chosen):
        one = (number + shift) % 4
        other = one + 1 + (number * (shift + 1)) % (4 - one)
        said[KEYS[one]].append(first)
        said[KEYS[other]].append(wrong)
        pairs.append(((KEYS[one], first), (KEYS[other], wrong)))
    return said, pairs


async def told(at: Desk, report: RunReport) -> list[dict[str, Any]]:
    found = await at.services.db.run(
        lambda s: events.of_type(s, report.run_id, RECONCILED), write=False
    )
    return [event.data for event in found]


async def remarks(at: Desk, report: RunReport) -> Sequence[Any]:
    seen = await at.services.examinations.of(report.document_id)
    every = [*seen.remarks, *(each for section in seen.sections for each in section.remarks)]
    return [each for each in every if each.finding.gate == "continuity"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("shift", [0, pytest.param(1, marks=pytest.mark.verify)])
async def test_planted_contradictions_are_found_and_mended(
    tmp_path: Path, language: str, half: int, shift: int
) -> None:
    """Eight runs with five each; verify: four runs of about a second each."""
    said, pairs = plants(language, half, shift)
    async with desk(tmp_path, plants=said) as at:
        report = await at.write(language, LENGTHS[language], rounds=1)
        document = await at.document(report)
        (news,) = await told(at, report)
        score = next(score for score in report.scores if score.name == "continuity")
        assert await remarks(at, report) == []
    assert report.status == "done"
    assert news == {"found": 5, "left": 0}
    assert score.value == 100
    texts = {section.key: section.text for section in document.sections}
    for (one, first), (other, wrong) in pairs:
        assert first in texts[one]
        assert wrong not in texts[other]
    edits_made = [call for call in at.fake.calls if "Have it say that" in user_text(call)]
    assert len(edits_made) <= len({other for _, (other, _) in pairs})


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_without_rounds_both_places_are_told_and_nothing_is_changed(
    tmp_path: Path, language: str
) -> None:
    said, pairs = plants(language, 0, 0)
    async with desk(tmp_path, plants=said) as at:
        report = await at.write(language, LENGTHS[language])
        found = await remarks(at, report)
        score = next(score for score in report.scores if score.name == "continuity")
        assert await told(at, report) == []
    assert score.value == 50
    assert len(score.findings) == 5
    cited = {
        ((other.section, other.quote), (each.place.section, each.place.quote))
        for each in found
        for other in each.others
    }
    assert cited == set(pairs)
    assert all(each.fixable for each in found)


async def test_what_a_person_wrote_stays_and_the_other_place_is_mended(tmp_path: Path) -> None:
    said, pairs = plants("en", 0, 0)
    (early, first), (late, wrong) = pairs[0]
    mine = f"My own words, nobody else's. {wrong}"

    async def take(call: Call) -> None:
        if f"Judge section {late}." in user_text(call):
            await at.services.revisions.write(document_id, late, mine, -1)

    async with desk(tmp_path, plants={early: [first], late: [wrong]}, on_call=take,
                    settings={"length": {"document_rounds": 0}}) as at:  # fmt: skip
        run_id = await at.start(words=2200, rounds=1)
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        texts = {section.key: section.text for section in (await at.document(report)).sections}
        assert await told(at, report) == [{"found": 1, "left": 0}]
    assert texts[late] == mine
    assert first not in texts[early]


async def test_places_that_are_both_a_persons_are_only_told(tmp_path: Path) -> None:
    said, pairs = plants("en", 0, 0)
    (early, first), (late, wrong) = pairs[0]

    async def take(call: Call) -> None:
        for key, sentence in ((early, first), (late, wrong)):
            if f"Judge section {key}." in user_text(call):
                await at.services.revisions.write(document_id, key, f"Mine. {sentence}", -1)

    async with desk(tmp_path, on_call=take, settings={"length": {"document_rounds": 0}}) as at:
        run_id = await at.start(words=2200, rounds=1)
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        assert await told(at, report) == [{"found": 1, "left": 1}]
        assert len(await remarks(at, report)) == 1
    assert not any("Have it say that" in user_text(call) for call in at.fake.calls)


async def test_a_reviser_that_changes_nothing_costs_a_call_and_is_done(tmp_path: Path) -> None:
    (early, first), (late, wrong) = plants("en", 0, 0)[1][0]
    async with desk(tmp_path, plants={early: [first], late: [wrong]}, judge="idle") as at:
        report = await at.write(words=2200, rounds=2)
        assert await told(at, report) == [{"found": 1, "left": 1}]
        texts = {section.key: section.text for section in (await at.document(report)).sections}
    assert report.status == "done"
    assert wrong in texts[late]


async def test_memory_off_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    said, _ = plants("en", 0, 0)
    async with desk(tmp_path, plants=said) as at:
        report = await at.write(words=2200, rounds=1, memory="off")
        assert await at.services.ledgers.all_of(report.document_id) == []
        assert await told(at, report) == []
    assert "continuity" not in [score.name for score in report.scores]


async def test_a_person_s_notes_are_in_every_prompt_and_what_is_hidden_in_none(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(words=2200, approve="ask")
        report = await at.carry_out(run_id)
        ledgers = at.services.ledgers
        await ledgers.note(report.document_id, "name", "The mayor", "name", "Ada Pike")
        other = await ledgers.note(report.document_id, "name", "The smith", "name", "Bob Hill")
        await ledgers.edit(report.document_id, other.entry.id, Wish(status="hidden"))
        await at.services.runs.approve(run_id)
        await at.carry_out(run_id)
    prompts = [user_text(call) for call in section_calls(at.fake)]
    assert len(prompts) == 5
    assert all("The mayor · name: Ada Pike" in prompt for prompt in prompts)
    assert not any("The smith" in prompt for prompt in prompts)


async def test_a_section_written_anew_is_told_what_the_others_say_of_its_subject(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=2200)
        assert not any("must not contradict" in user_text(call) for call in at.fake.calls)
        outline = (await at.document(report)).outline
        assert outline is not None
        subject = outline.section("2").heading.split()[-1].title()
        text = f"Harrow {subject} is 400 m long. Acme Press was founded in 1987."
        await at.services.revisions.write(report.document_id, "5", text, -1)
        at.fake.calls.clear()
        await at.carry_out(await at.services.sections.redo(report.document_id, "2", "More."))
    (prompt, *_) = [user_text(call) for call in section_calls(at.fake)]
    assert f"- Harrow {subject} · length: 400 m [section 5]" in prompt
    assert "Acme" not in prompt


async def test_a_sequential_writer_is_reminded_of_what_it_no_longer_sees(tmp_path: Path) -> None:
    said: dict[str, list[str]] = {"1": []}
    async with desk(tmp_path, plants=said, endpoint={"window": 3500}) as at:
        run_id = await at.start(words=2200, strategy="agentwrite", approve="ask")
        outline = (await at.document(await at.carry_out(run_id))).outline
        assert outline is not None
        word = outline.section("5").heading.split()[-1]
        said["1"].append(f"Harrow {word} is 40 m long.")
        await at.services.runs.approve(run_id)
        await at.carry_out(run_id)
    _, second, *_, last = [user_text(call) for call in section_calls(at.fake)]
    reminder = f"- Harrow {word} · length: 40 m [section 1]"
    assert said["1"][0] in second
    assert "must not contradict" not in second
    assert said["1"][0] not in last
    assert reminder in last


CALLED = "The Old Ferry is painted green and leaks."
"""What no rule of ours reads, and the fake's reader reports."""


async def test_a_model_reports_what_no_rule_reads_and_lays_down_what_all_share(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, plants={"2": [CALLED]}) as at:
        plain = await at.write(words=2200)
        report = await at.write(words=2200, memory="model")
        journal = await at.journal(report.run_id)
        kept = [each.entry for each in await at.services.ledgers.all_of(report.document_id)]
        prompts = [user_text(call) for call in section_calls(at.fake)[-5:]]
        text = (await at.services.sections.get(report.document_id, "2")).text
    assert plain.status == report.status == "done"
    asked = [call.prompt_name for call in journal]
    assert (asked.count("keeper/sheet"), asked.count("keeper/entries")) == (1, 5)
    assert all("The mayor of Harrow · name: Ada Pike" in prompt for prompt in prompts)
    (shared,) = [entry for entry in kept if not entry.section]
    assert (shared.origin, shared.value) == ("model", "Ada Pike")
    (said,) = [
        entry
        for entry in kept
        if entry.value == "painted green and leaks" and entry.origin == "model"
    ]
    assert text[said.start : said.end] == said.quote


async def test_what_a_model_reported_stays_while_its_words_stand(tmp_path: Path) -> None:
    async with desk(tmp_path, plants={"2": [CALLED]}) as at:
        report = await at.write(words=2200, memory="model")
        revisions, ledgers = at.services.revisions, at.services.ledgers
        for text, stays in ((f"New words. {CALLED}", True), ("New words.", False)):
            await revisions.write(report.document_id, "2", text, -1)
            kept = [each.entry for each in await ledgers.all_of(report.document_id)]
            found = [entry for entry in kept if entry.section == "2"]
            assert [text[e.start : e.end] for e in found] == [e.quote for e in found]
            assert any(entry.value == "painted green and leaks" for entry in found) is stays


@pytest.mark.parametrize("mode", ["broken_json", "no_schema"])
async def test_a_report_that_cannot_be_read_is_done_without(tmp_path: Path, mode: str) -> None:
    said, _ = plants("en", 0, 0)
    async with desk(tmp_path, plants=said, mode=mode, hopeless_json=True) as at:
        report = await at.write(words=2200, memory="model")
        kept = [each.entry for each in await at.services.ledgers.all_of(report.document_id)]
    assert report.status == "done"
    assert len([entry for entry in kept if entry.origin == "text"]) == 10


async def test_a_sequential_run_needs_nothing_laid_down(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=1000, memory="model", strategy="agentwrite")
        asked = [call.prompt_name for call in await at.journal(report.run_id)]
    assert "keeper/sheet" not in asked
    assert "keeper/entries" in asked
