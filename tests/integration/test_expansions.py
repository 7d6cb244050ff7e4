"""A document from a summary: its length, its order, and that nothing of the summary is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.errors import RequestError
from services.derived.expansions import Expansions, FullAsked
from services.documents.exports import export
from tests.fakes import prose
from tests.support import desk

CARGO = ("copper", "timber", "barley", "wool", "glass", "salt")
HAN = ("铜矿石", "木材料", "大麦粒", "羊毛线")
ENGLISH = [f"Ship number {7000 + n} brought {x} in the year {1500 + n}."
           for n, x in enumerate(CARGO)]  # fmt: skip
CHINESE = [f"第{7000 + n}号船在{1500 + n}年运来了{x}。" for n, x in enumerate(HAN)]


@pytest.mark.parametrize(("said", "words"), [(ENGLISH, 900), (CHINESE, 900)])
async def test_every_statement_is_made_in_order(
    tmp_path: Path, said: list[str], words: int
) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        asked = FullAsked("Ships", "# Ships\n\n" + "\n\n".join(said), words, rounds=0)
        run_id, _ = await at.services.expansions.begin(asked, models)
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert report.done, report.why
    assert document.request.length.accepts(report.words)
    text = export(document, "md")
    places = [text.find(statement) for statement in said]
    assert -1 not in places
    assert places == sorted(places)
    assert document.outline is not None
    points = [point for section in document.outline.sections for point in section.key_points]
    assert points == said


async def test_a_statement_that_is_left_out_is_asked_for_again_and_reported(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        real = at.fake._chat._models.answer

        def forgetful(body: dict[str, object], ask: object) -> object:
            made = real(body, ask)
            text = made.content.replace("barley", "cargo").replace("7002", "nine")
            return type(made)(text.replace("1502", "that"), made.finish, made.reasoning)

        at.fake._chat._models.answer = forgetful
        asked = FullAsked("Ships", " ".join(ENGLISH), 600, rounds=0)
        run_id, _ = await at.services.expansions.begin(asked, models)
        report = await at.carry_out(run_id)
        document = await at.document(report)
    found = [f.message for _, score in document.scores if score.name == "statements"
             for f in score.findings]  # fmt: skip
    assert any("barley" in message for message in found)
    assert report.done


async def test_what_cannot_be_written_out_says_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        service: Expansions = at.services.expansions
        long = prose.english(random.Random(1), 400, ())
        for text, words in (("# Only\n\n## Headings", 500), (long, 410), ("", 500)):
            with pytest.raises(RequestError):
                await service.begin(FullAsked("Ships", text, words), models)
