"""The length contract with a model that does as it is told: any length, strategy and language."""

from pathlib import Path

import pytest

from agents.strategies.registry import STRATEGIES
from tests.support import check_document, desk

LONG = 20_000
CASES = [
    pytest.param(
        words,
        strategy,
        language,
        marks=[pytest.mark.verify] if words == LONG else [],
        id=f"{words}-{strategy}-{language}",
    )
    for words in (300, 800, 2000, 5000, LONG)
    for strategy in STRATEGIES
    for language in ("en", "zh")
]


@pytest.mark.parametrize(("words", "strategy", "language"), CASES)
async def test_an_obedient_model_keeps_the_contract(
    tmp_path: Path, words: int, strategy: str, language: str
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(language, words, strategy=strategy)
        assert (report.status, report.reason) == ("done", "")
        assert report.length_score >= 98
        assert report.accepted
        assert report.outline_from == "schema"
        assert (report.language, report.target_words) == (language, words)
        assert report.sections_written == report.sections
        check_document(await at.document(report), report)


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("at least 900 words", 900, 945),
        ("at most 900 words", 868, 900),
        ("700 to 900 words", 700, 900),
        ("about 4 pages", 1930, 2100),
    ],
)
async def test_bounds_and_ranges_are_kept_on_their_own_side(
    tmp_path: Path, phrase: str, low: int, high: int
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=phrase)  # type: ignore[arg-type]
        assert report.status == "done"
        assert low <= report.words <= high
        assert report.accepted


async def test_characters_are_counted_where_they_are_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words="6000 characters")  # type: ignore[arg-type]
        document = await at.document(report)
    assert document.request.length.counter == "characters"
    assert report.status == "done"
    assert report.length_score >= 98
    check_document(document, report)
