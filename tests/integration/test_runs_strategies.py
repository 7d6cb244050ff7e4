"""What a section's call sees, by strategy."""

import os.path
from pathlib import Path

import pytest

from domain.text.counter import paragraphs
from tests.support import check_document, desk, section_calls, user_text


async def test_agentwrite_shows_each_call_all_the_text_so_far(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=2000, strategy="agentwrite")
        document = await at.document(report)
        prompts = [user_text(call) for call in section_calls(at.fake)]
        journal = [c for c in await at.journal(report.run_id) if c.step.startswith("section/")]
    assert len(prompts) == len(document.sections) == 5
    for number, prompt in enumerate(prompts):
        seen = [section.text in prompt for section in document.sections]
        assert seen == [place < number for place in range(5)]
        places = [prompt.index(section.text) for section in document.sections[:number]]
        assert places == sorted(places)
    assert [call.context["dropped"] for call in journal] == [[]] * 5
    assert journal[0].context["pieces"]["text so far"] == 0
    assert journal[4].context["pieces"]["text so far"] > 1600


async def test_agentwrite_drops_the_oldest_text_first_in_a_small_window(tmp_path: Path) -> None:
    async with desk(tmp_path, window=4096, endpoint={"window": 4096}) as at:
        report = await at.write(words=5000, strategy="agentwrite")
        document = await at.document(report)
        calls = section_calls(at.fake)
        journal = {c.step: c for c in await at.journal(report.run_id)}
    assert report.status == "done"
    assert report.length_score >= 98
    check_document(document, report)
    assert all(call.status == 200 for call in calls)
    keys = [section.key for section in document.sections]
    plans = {s.key: f"[{s.heading}: {s.point}]" for s in document.outline.sections}  # type: ignore[union-attr]
    most = 0
    for number, (key, call) in enumerate(zip(keys, calls, strict=True)):
        prompt, context = user_text(call), journal[f"section/{key}/write/1"].context
        dropped = [name for name in context["dropped"] if name.startswith("text of")]
        assert dropped == [f"text of section {k}" for k in keys[: len(dropped)]]
        assert context["tokens"] <= context["limit"]
        for place, section in enumerate(document.sections[:number]):
            assert (section.text in prompt) == (place >= len(dropped))
            assert (plans[section.key] in prompt) == (place < len(dropped))
        most = max(most, len(dropped))
    assert 3 <= most < len(keys)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_parallel_prompts_begin_alike_and_hold_no_other_section(
    tmp_path: Path, language: str
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(language, 2000)
        document = await at.document(report)
        calls = section_calls(at.fake)
    prompts = [user_text(call) for call in calls]
    assert len(prompts) == 5
    shared = min(prompt.index("Write section ") for prompt in prompts)
    assert len(os.path.commonprefix(prompts)) >= 0.6 * shared
    assert len({call.messages[0]["content"] for call in calls}) == 1
    for prompt in prompts:
        for section in document.sections:
            assert not any(block in prompt for block in paragraphs(section.text))


async def test_a_long_parallel_document_shares_its_prefix_too(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.write(words=9000)
        prompts = [user_text(call) for call in section_calls(at.fake)]
    shared = min(prompt.index("Part ") for prompt in prompts)
    assert len(prompts) > 12
    assert len(os.path.commonprefix(prompts)) >= 0.6 * shared
    for prompt in prompts:
        assert "has these sections:" in prompt


async def test_neighbours_are_told_apart(tmp_path: Path) -> None:
    items = ("The Rance barrage", "Turbine blades", "Fish ladders")
    async with desk(tmp_path) as at:
        report = await at.write(words=2000, must_include=items)
        document = await at.document(report)
        prompts = {call.heading: user_text(call) for call in section_calls(at.fake)}
    sections = document.outline.sections  # type: ignore[union-attr]
    assert set(prompts) == {section.heading for section in sections}
    for at_, section in enumerate(sections):
        prompt = prompts[section.heading]
        last = at_ == len(sections) - 1
        assert ("It opens the text." in prompt) == (at_ == 0)
        assert ("It closes the text" in prompt) == last
        if at_:
            before = sections[at_ - 1]
            assert f'It follows {before.key}, "{before.heading}".' in prompt
            assert f"{before.key}. {before.heading}: {before.point}" in prompt
        if not last:
            assert f'It leads to {sections[at_ + 1].key}, "' in prompt
    for item in items:
        assert sum(f"- {item}" in prompt for prompt in prompts.values()) == 1
