"""The evaluation page's handlers and what they show, without a browser."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.score import Score
from domain.text.diff import diff
from evaluators.seams import Seams
from evaluators.suite import document_gates
from services.evaluation.samples import Source
from services.judging.quality import Bill, Quality
from tests.support import Desk, desk
from ui.handlers.evaluate import Evaluations
from ui.render import evaluate as render
from ui.words import LANGUAGES, words_in

ENGLISH = words_in()
TEXT = "# Trees\n\nA street without shade is one that people avoid in July. This is why"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path / "home") as made:
        yield made


def page(at: Desk, language: str = "en") -> Evaluations:
    return Evaluations(at.services, words_in(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_score_has_a_name_and_an_explanation(language: str) -> None:
    words = words_in(language)
    for gate in (*document_gates(), Seams()):
        shown = render.score(Score(gate.name, 1, 80.4), words)
        assert shown["title"] == words[f"evaluate.score_{gate.name}"]
        assert shown["about"]
        state = "plain" if gate.name in render.MEASURES else "good"
        assert (shown["value"], shown["text"], shown["state"]) == (80, "80", state)


def test_what_is_unscored_is_no_zero_and_says_why() -> None:
    shown = render.score(Score("cohesion", 1, None, "fewer than 5 passages"), ENGLISH)
    assert (shown["value"], shown["state"]) == (None, "none")
    assert (shown["text"], shown["reason"]) == ("not scored", "Fewer than 5 passages.")
    quality = Quality(None, {}, "no verdict in 5 answers", "judge", "now", 2, ())
    told = render.verdict(quality, ENGLISH)
    assert (told["value"], told["text"], told["grades"]) == (None, "not scored", [])
    assert told["reason"] == "No verdict in 5 answers."
    assert told["by"] == "by judge, in 2 parts"


def test_a_price_is_told_where_there_is_one() -> None:
    priced = render.bill(Bill("large", 2, 12_345, 0.25), ENGLISH)
    assert "large: 2, with at most about 12,345 tokens, about 0.2500" in priced
    assert "has no prices" in render.bill(Bill("large", 1, 10, None), ENGLISH)
    assert "no room" in render.bill(Bill("small", 0, 0, None), ENGLISH)


def test_differences_are_counted_and_huge_ones_not_sent() -> None:
    shown = render.differences(diff("one two three", "one three four"), ENGLISH)
    assert shown["summary"] == "2 words went, 2 came."
    assert {"op": "insert", "text": "four"} in shown["pieces"]
    huge = render.differences(diff("a" * 200_000, "b" * 200_000), ENGLISH)
    assert huge["pieces"] == []
    assert huge["large"]


async def test_a_paste_is_checked(at: Desk) -> None:
    card = (await page(at).check(Source(text=TEXT), "about 400 words", ""))["card"]
    assert card["verdict"]["state"] == "bad"
    scores = {score["name"]: score for score in card["scores"]}
    assert scores["length"]["state"] == "bad"
    assert scores["seams"]["value"] is None
    assert "400 asked for" in card["facts"]
    broken = next(each for each in card["findings"] if each["gate"] == "Ending")
    assert (broken["where"], broken["severity"]) == ("line 3", "fail")
    assert "This is why" in broken["quote"] or "A street" in broken["quote"]


@pytest.mark.parametrize(
    ("source", "length", "said"),
    [
        (Source(text=" \n"), "", "no text"),
        (Source(text=TEXT), "abc", "no length"),
        (Source(document="doc_nowhere"), "", "doc_nowhere"),
        (Source(text="a" * 1_000_001), "", "1,000,000"),
    ],
    ids=["empty", "length", "document", "long"],
)
async def test_what_cannot_be_checked_is_said(
    at: Desk, source: Source, length: str, said: str
) -> None:
    problem = (await page(at).check(source, length, ""))["problem"]
    assert said in problem["detail"].lower()
    assert problem["remedy"]


async def test_files_are_read_as_imports_are(at: Desk, tmp_path: Path) -> None:
    good, odd = tmp_path / "trees.md", tmp_path / "trees.exe"
    good.write_text(TEXT, encoding="utf-8")
    odd.write_bytes(b"MZ")
    assert (await page(at).check(Source(file=str(good)), "", ""))["card"]["name"] == "trees.md"
    assert ".exe" in (await page(at).check(Source(file=str(odd)), "", ""))["problem"]["detail"]


async def test_a_stored_text_is_chosen_judged_and_compared(at: Desk) -> None:
    report = await at.write(words=500)
    mine = page(at, "zh")
    [(label, document)] = await mine.documents()
    assert report.title[:20] in label
    whole, first, *_ = await mine.sections(document)
    assert whole[1] == ""
    key = first[1]
    old = (await at.services.revisions.history(document, key))[-1]
    await at.services.revisions.write(document, key, old.text + "\n\nOne more.", old.id)
    present, earlier = await mine.revisions(document, key)
    assert (present[1], earlier[1]) == (0, old.id)

    check = (await mine.check(Source(document=document), "", ""))["card"]
    assert check["scores"][0]["value"] is not None  # the length that was asked for is known
    sides = [Source(document=document, section=key, revision=each) for each in (old.id, 0)]
    found = await mine.compare(*sides, "", "")
    assert [card["side"] for card in found["cards"]] == ["第一个版本", "第二个版本"]
    added = "".join(piece["text"] for piece in found["pieces"] if piece["op"] == "insert")
    assert added.strip() == "One more."

    calls = len(at.fake.calls)
    bill = await mine.bill(Source(document=document))
    assert bill["possible"]
    assert len(at.fake.calls) == calls, "nobody is asked before it is said what that costs"
    verdict = (await mine.judge(Source(document=document)))["verdict"]
    assert 0 <= verdict["value"] <= 100
    assert len(verdict["grades"]) == 6
    assert len(at.fake.calls) == calls + 1


async def test_a_judge_that_talks_nonsense_has_not_scored(tmp_path: Path) -> None:
    async with desk(tmp_path, faults=dict.fromkeys(range(1, 20), "reasoning_only")) as made:
        verdict = (await page(made).judge(Source(text=TEXT)))["verdict"]
    assert verdict["value"] is None
    assert verdict["reason"]


async def test_without_a_model_the_judge_is_a_problem(at: Desk) -> None:
    gone = dataclasses.replace(at.services.endpoints._given, base_url="http://127.0.0.1:9/v1")  # type: ignore[type-var]
    endpoints = type(at.services.endpoints)(at.services.settings, at.services.lines, gone)
    services = dataclasses.replace(at.services, endpoints=endpoints)
    told = await Evaluations(services, ENGLISH).bill(Source(text=TEXT))
    assert told["problem"]["remedy"]
