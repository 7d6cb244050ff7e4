"""Sources → passages → citations → one reference list, through a whole run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from domain.text.counter import count
from services.derived.continuations import MoreAsked
from services.documents.exports import export
from services.documents.references import KEY
from services.documents.revisions import ANY
from sources.grounding import cited
from tests.fakes.citing import INVENTED, MISSTATED, passages
from tests.support import Desk, desk, section_calls, user_text

MILLS = """# Mills of the Aller

## Stone

The tidal mill at Hollen had four pairs of stones in 1862. It ground rye for two parishes.

## Closing

The mill closed in 1911, when the harbour was dredged and the basin silted up within nine years.
"""
BARRAGE = """# The barrage at Sund

Turbines of 24 megawatts were ordered in 1966. They turn in both directions of the tidal current.

The basin behind the barrage covers 22 square kilometres, and eels pass it through a ladder.
"""


async def sourced(at: Desk, **more: Any) -> dict[str, Any]:
    stored = [
        await at.services.sources.add("mills.md", MILLS.encode()),
        await at.services.sources.paste(BARRAGE, "The barrage at Sund"),
    ]
    return {"sources": [source.id for source in stored], **more}


async def test_a_sourced_document_cites_one_list_in_order_of_first_use(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="invents") as at:
        report = await at.write(words=900, **await sourced(at))
        document = await at.document(report)
        raw = {section.key: section.text for section in document.sections}
        text = export(document, "md")
        body, _, listed = text.partition("\n## References\n\n")
        entries = [int(number) for number in re.findall(r"^\[(\d+)\] ", listed, re.MULTILINE)]
        used = cited(body, range(1, 1000))
        assert report.done
        assert used == entries == list(range(1, len(entries) + 1))
        assert str(INVENTED) not in text
        assert "Mills of the Aller" in listed or "The barrage at Sund" in listed
        counted = sum(section.words for section in document.sections)
        assert counted == report.words
        assert abs(count(body) - counted) <= 0.02 * counted  # joined marks may show fewer numbers
        data = json.loads(export(document, "json"))
        assert [entry["number"] for entry in data["references"]] == entries
        assert document.pieces[-2].lstrip().startswith("## References")
        assert document.after[0].key == KEY
        assert any(cited(value, range(1, 1000)) for value in raw.values())


async def test_what_is_added_to_a_sourced_document_cites_the_same_list(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="invents") as at:
        first = await at.write(words=900, **await sourced(at))
        before = await at.document(first)
        models = await at.services.endpoints.models()
        asked = MoreAsked(600, "What became of the mill.", rounds=0)
        run, _ = await at.services.continuations.begin(first.document_id, asked, models)
        report = await at.carry_out(run)
        document = await at.document(report)
    assert report.done
    known = [section.key for section in before.sections]
    assert [(s.key, s.text) for s in document.sections[: len(known)]] == [
        (s.key, s.text) for s in before.sections
    ]
    added = [section.text for section in document.sections[len(known) :]]
    assert any(cited(text, range(1, 1000)) for text in added)
    text = export(document, "md")
    assert text.count("\n## References\n") == 1
    body, _, listed = text.partition("\n## References\n\n")
    entries = [int(number) for number in re.findall(r"^\[(\d+)\] ", listed, re.MULTILINE)]
    assert cited(body, range(1, 1000)) == entries == list(range(1, len(entries) + 1))
    assert str(INVENTED) not in text
    assert body.startswith(export(before, "md").partition("\n## References\n\n")[0].rstrip())


async def test_every_section_sees_fenced_passages_and_its_call_records_them(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=900, **await sourced(at, only_sources=True))
        for call in section_calls(at.fake):
            shown = passages(user_text(call))
            assert shown
            assert "Say nothing that no passage says" in user_text(call)
        journal = await at.journal(report.run_id)
        writing = [call for call in journal if call.prompt_name == "writer/section"]
        assert writing
        for stored in writing:
            assert stored.context["numbers"] == list(passages(user_text(stored)))


async def test_without_sources_nothing_is_said_of_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=600)
        document = await at.document(report)
        assert "passage" not in "".join(user_text(call).lower() for call in section_calls(at.fake))
        assert document.cited.references == ()
        assert all("numbers" not in call.context for call in await at.journal(report.run_id))


async def test_a_persons_marks_stay_and_mean_what_there_is(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=600, **await sourced(at))
        document = await at.document(report)
        key = document.sections[0].key
        text = "Mine alone [77], and as they say [1]. A year [2019]."
        await at.services.revisions.write(document.id, key, text, ANY)
        later = await at.document(report)
        assert "Mine alone [77], and as they say [1]. A year [2019]." in later.markdown
        assert later.cited.references[0].number == 1


async def test_what_a_passage_does_not_say_is_found_and_mended(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="misstates") as at:
        report = await at.write(words=900, rounds=1, **await sourced(at))
        document = await at.document(report)
        judged = [user_text(call) for call in at.fake.calls if "<claim-1-" in user_text(call)]
        assert any(str(MISSTATED) in prompt for prompt in judged)
        assert str(MISSTATED) not in document.markdown
        whole = {score.name: score for score in report.scores}
        assert whole["faithfulness"].value == 100
        assert whole["citations"].value == 100
        steps = [call.step for call in await at.journal(report.run_id)]
        assert len(steps) == len(set(steps))


async def test_without_a_judge_claims_are_doubted_and_unscored(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="misstates+invents") as at:
        report = await at.write(words=900, **await sourced(at))
        whole = {score.name: score for score in report.scores}
        faithful, citations = whole["faithfulness"], whole["citations"]
        assert faithful.value is None
        assert faithful.reason
        assert any(str(MISSTATED) in finding.message for finding in faithful.findings)
        assert citations.value is not None
        assert 0 < citations.value < 100
        assert any(f"[{INVENTED}]" in finding.message for finding in citations.findings)
        document = await at.document(report)
        for finding in faithful.findings:
            text = next(s.text for s in document.sections if s.key == finding.section)
            assert str(MISSTATED) in text[finding.start : finding.end]


async def test_an_unreadable_judge_leaves_claims_unscored(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="broken_json", hopeless_json=True) as at:
        report = await at.write(words=600, rounds=1, **await sourced(at))
        faithful = next(score for score in report.scores if score.name == "faithfulness")
        assert report.done
        assert faithful.value is None
