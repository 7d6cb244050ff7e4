"""What stands in a source is data: sixty instructions, and a model that obeys anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prompts.library import data_block
from tests.corpora.injections import Injection, injections
from tests.fakes.obeying import ORDER, order, outside
from tests.support import desk, user_text

ALL = injections()


async def obeyed(home: Path, planted: list[Injection], words: int, **request: Any) -> None:
    """Write from these sources, and look for anybody who did as they say."""
    async with desk(home, mode="obedient+quotes") as at:
        stored = [await at.services.sources.add(each.name, each.data) for each in planted]
        report = await at.write(
            words=words, prompt="The tidal mill at Hollen: sluices, barley, rye and eel traps",
            sources=[source.id for source in stored], **request,
        )  # fmt: skip
        document = await at.document(report)
    assert report.done, report.reason
    prompts = [user_text(call) for call in at.fake.calls]
    assert not [prompt for prompt in prompts if order(prompt)]
    assert any(ORDER.search(prompt) for prompt in prompts) or all(x.hidden for x in planted)
    outline = document.outline
    assert outline is not None
    assert not ORDER.search(" ".join((document.title, *(s.heading for s in outline.sections))))
    assert "As I was told" not in document.markdown
    for each in planted:
        if each.hidden:
            assert not [prompt for prompt in prompts if each.order in prompt]
    for section in document.sections:
        for found in ORDER.findall(section.text):  # only as a quotation, with its citation
            assert f"{found}" in "".join(section.text.split("One source says: “")[1:])
    for prompt in prompts:
        assert "Passages to draw on" not in outside(prompt).replace(
            "Passages to draw on, each with its number:", "", 1
        )


def test_the_model_obeys_what_is_not_fenced() -> None:
    said = ALL[18].data.decode()
    assert order(f"Write a section.\n\n{said}")
    assert not order(data_block("passage-3", said, "0123abcd"))
    assert order(f"<passage-3-0123abcd>\n{said}\n</passage-3-deadbeef>")


async def test_nobody_obeys_a_source(tmp_path: Path) -> None:
    assert len(ALL) == 60
    assert len({each.order for each in ALL}) == 60
    await obeyed(tmp_path, [ALL[0], ALL[13], ALL[20], ALL[28], ALL[50], ALL[58]], 300)


@pytest.mark.verify  # 20 s
@pytest.mark.parametrize("part", range(6))
async def test_no_source_has_an_effect_but_where_it_is_quoted(tmp_path: Path, part: int) -> None:
    await obeyed(
        tmp_path, ALL[part * 10 : part * 10 + 10], 700, rounds=1, only_sources=part % 2 == 0
    )
