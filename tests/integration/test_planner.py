"""Plans: by schema, by repair, by lines, by rule; in one stage and in two."""

from pathlib import Path

import pytest

from domain.outline.check import check_outline
from tests.support import desk, user_text


@pytest.mark.parametrize(("words", "parts", "sections"), [(300, 1, 1), (2000, 5, 5), (8000, 5, 17)])
async def test_the_size_of_a_plan_follows_the_length(
    tmp_path: Path, words: int, parts: int, sections: int
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=words, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        planned = [call.step for call in await at.journal(report.run_id)]
    assert outline is not None
    assert check_outline(outline).ok
    assert outline.target == words
    assert len(outline.parts) == parts
    assert abs(len(outline.sections) - sections) <= 3
    assert planned[0] == "plan/skeleton/1"
    stage_two = {f"plan/part/{part.key}/1" for part in outline.parts if len(part.sections) > 1}
    assert set(planned[1:]) == stage_two
    headings = [section.heading for section in outline.sections]
    assert len({heading.casefold() for heading in headings}) == len(headings)


async def test_the_request_reaches_the_planner_as_data(tmp_path: Path) -> None:
    fields = {"audience": "harbour masters", "tone": "dry", "kind": "survey"}
    async with desk(tmp_path) as at:
        report = await at.write(
            words=2000, approve="ask", must_include=("the Rance barrage",), **fields
        )
        (call,) = await at.journal(report.run_id)
        prompt = user_text(call)
    assert all(text in prompt for text in (*fields.values(), "- the Rance barrage"))
    assert call.role == "planner"
    assert call.request["temperature"] == 0.3
    assert call.request["schema"]["properties"]["sections"]["minItems"] == 2
    assert prompt.startswith("<request-")


@pytest.mark.parametrize(
    ("settings", "source", "steps"),
    [
        ({"mode": "no_schema"}, "lines", ["plan/skeleton/1", "plan/skeleton/lines"]),
        (
            {"mode": "broken_json", "hopeless_json": True},
            "lines",
            [
                *(f"plan/skeleton/{n}{tail}" for n in (1, 2, 3) for tail in ("", "/repair")),
                "plan/skeleton/lines",
            ],
        ),
    ],
)
async def test_endpoints_without_json_are_asked_for_lines(
    tmp_path: Path, settings: dict[str, object], source: str, steps: list[str]
) -> None:
    async with desk(tmp_path, **settings) as at:
        report = await at.write(words=2000, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        made = [call.step for call in await at.journal(report.run_id)]
    assert report.outline_from == source
    assert made == steps
    assert outline is not None
    assert check_outline(outline).ok
    assert len(outline.sections) == 5


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_planner_that_never_plans_leaves_the_rule(tmp_path: Path, language: str) -> None:
    faults = dict.fromkeys(range(2, 60), "filter")
    async with desk(tmp_path, mode="broken_json", hopeless_json=True, faults=faults) as at:
        report = await at.write(language, 2000, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
    assert report.status == "awaiting_approval"
    assert report.outline_from == "fallback"
    assert outline is not None
    assert check_outline(outline).ok
    assert outline.sections[0].heading == {"en": "Introduction", "zh": "引言"}[language]


async def test_a_plan_is_made_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=2000, approve="ask")
        before = await at.services.runs.outline(report.run_id)
        await at.carry_out(report.run_id)
        assert await at.services.runs.outline(report.run_id) == before
        assert len(at.fake.calls) == 1


async def test_the_document_takes_the_title_of_its_plan(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=300, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        document = await at.document(report)
    assert outline is not None
    assert document.title == report.title == outline.title


@pytest.mark.parametrize("no_schema", [False, True])
async def test_a_plan_that_breaks_off_is_no_plan(tmp_path: Path, no_schema: bool) -> None:
    faults = {2: "length"} if no_schema else {1: "length"}
    mode = "no_schema" if no_schema else "obey"
    async with desk(tmp_path, mode=mode, faults=faults) as at:
        report = await at.write(words=5000, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        journal = await at.journal(report.run_id)
    assert outline is not None
    assert [call.finish for call in journal if call.finish == "length"] == ["length"]
    assert outline.source == ("fallback" if no_schema else "schema")
    assert 5 <= len(outline.parts) <= 25
    assert all(part.point and part.target for part in outline.parts)


async def test_a_request_may_name_the_number_of_sections(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=5000, approve="ask")
        (call,) = await at.journal(report.run_id)
    sections = call.request["schema"]["properties"]["sections"]
    assert (sections["minItems"], sections["maxItems"]) == (5, 25)
    assert "only if the request itself says how many" in user_text(call)


async def test_lengths_are_asked_for_in_the_unit_of_the_language(tmp_path: Path) -> None:
    prompt = "潮力発電についての報告書を書いてください"
    async with desk(tmp_path) as at:
        run_id = await at.start(prompt=prompt, words=2000, approve="ask")
        await at.carry_out(run_id)
        (call,) = await at.journal(run_id)
    assert "its length in characters. The lengths sum to 2000 characters." in user_text(call)
