from __future__ import annotations

import dataclasses
import io

from rich.console import Console

from cli.scorecard import print_scorecard
from services.runs.reports import RunReport, SectionReport
from services.runs.review import Review

REPORT = RunReport(
    run_id="run_a", document_id="doc_a", status="done", reason="", reason_kind="",
    remedy="", strategy_why="",
    title="[/b] Power",
    words=950, target_words=1000, length_score=97.4, accepted=True, outline_from="schema",
    sections=3, sections_written=2, calls=7, prompt_tokens=1200, completion_tokens=3400, cost=0.0,
    seconds=12.34, strategy="parallel", language="en",
    models={"writer": "big", "critic": "big", "planner": "small"},
    section_reports=(
        SectionReport("1", "[/red] Wind", 400, 500, "sealed"),
        SectionReport("2", "Sun", 550, 500, "sealed"),
        SectionReport("3", "Tides", 0, 0, "failed"),
    ),
    review=Review(quality=62.5, judged=2, revised=1, unscored=1, why="the rounds are used up"),
    scores=(), created_at="2026-01-01T00:00:00",
)  # fmt: skip


def card(report: RunReport) -> str:
    out = io.StringIO()
    print_scorecard(report, "words", Console(file=out, width=120))
    return out.getvalue()


def test_the_card_tells_length_sections_and_cost() -> None:
    text = card(REPORT)
    assert "950 of 1,000 words (-5.0%) · length score 97.4" in text
    assert "contract missed" not in text
    for row in ("400     500  -20%", "550     500  +10%"):
        assert row in text
    assert "failed" in text
    assert "7 calls · 1,200 + 3,400 tokens · 12.3 s · outline from schema" in text
    assert "big, small" in text
    assert "quality 62" in text
    assert "2 sections judged, 1 revised, 1 unscored; the rounds are used up" in text


def test_a_verdict_that_could_not_be_read_is_no_number() -> None:
    unread = Review(judged=0, unscored=3, why="the judge's answer could not be read")
    text = card(dataclasses.replace(REPORT, review=unread))
    assert "quality unscored" in text
    assert "could not be read" in text
    assert "quality" not in card(dataclasses.replace(REPORT, review=Review()))


def test_hostile_headings_are_shown_as_they_are() -> None:
    text = card(REPORT)
    assert "[/b] Power" in text
    assert "[/red] Wind" in text


def test_a_missed_contract_is_told() -> None:
    assert "length contract missed" in card(dataclasses.replace(REPORT, accepted=False))


def test_a_report_without_a_plan_can_be_shown() -> None:
    empty = dataclasses.replace(
        REPORT, section_reports=(), words=0, target_words=0, models={}, outline_from=""
    )
    assert "0 of 0 words (+0.0%)" in card(empty)
