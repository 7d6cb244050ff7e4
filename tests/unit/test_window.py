"""What a section's call may see: everything if it fits, else less in the published order."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.material.kinds import Material
from agents.planner.contracts import contract, make_part, make_skeleton
from agents.planner.reply import PlannedOutline, PlannedSection
from agents.run.context import DEFAULT_WINDOW, Policy, WritingContext
from agents.run.feed import Feed
from agents.strategies.base import Written
from agents.strategies.registry import strategy
from agents.writer.window import View, answer_room, fit
from core.errors import ContextOverflowError
from core.setting_groups import LengthSettings, SamplingSettings
from domain.request import make_request
from domain.run import Hold
from evaluators.thresholds import Thresholds
from llm.endpoint import Endpoint
from llm.roles import build_models
from llm.types import ROLES
from prompts.library import PromptLibrary
from storage.database import Database
from tests.support import TOKENS


def reply(count: int) -> PlannedOutline:
    sections = [
        PlannedSection(
            heading=f"Heading {n}", point=f"The point of number {n} is made here.",
            key_points=[f"Key point {n}."],
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    return PlannedOutline(title="The Title", sections=sections)


@pytest.fixture
def database(tmp_path: Path) -> Any:
    db = Database.open(tmp_path / "window.db")
    yield db
    db.close()


def context(db: Database, window: int | None, prompt: str = "Write about tides.") -> WritingContext:
    endpoint = Endpoint("a", "http://127.0.0.1:9/v1", "m", window=window)
    return WritingContext(
        Hold("run_x", 1), "doc_x", make_request({"prompt": prompt, "words": 9000}),
        strategy("agentwrite"), db, build_models({"a": endpoint}, {}, "a", TOKENS),
        PromptLibrary(), TOKENS, Policy(LengthSettings(), SamplingSettings(), Thresholds()), Feed(),
    )  # fmt: skip


def view() -> View:
    outline = make_skeleton(reply(5), 9000, "schema")
    for part in outline.parts:
        outline = outline.with_part(make_part(part, reply(3), "schema"))
    section = contract(outline, "3.2", ())
    so_far = tuple(
        Written(s.key, s.heading, s.point, f"Text of {s.key}. " * 100) for s in outline.sections[:7]
    )
    return View(outline, section, so_far)


ORDER = [
    *(f"text of section {key}" for key in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1")),
    "points of other parts",
    "sibling sections",
    "lines so far",
    "key points",
]


def test_everything_is_shown_where_there_is_room(database: Database) -> None:
    prompt, record = fit(context(database, 32_000), view(), 1000, "450 words", ())
    assert record["dropped"] == []
    assert record["limit"] == 32_000 - 1000 - 64
    assert record["pieces"]["text so far"] > 3000
    assert "Text of 1.1." in prompt.user
    assert "Key point 2." in prompt.user


def test_less_is_shown_in_the_published_order(database: Database) -> None:
    seen: list[list[str]] = []
    for window in range(8000, 1250, -225):
        try:
            prompt, record = fit(context(database, window), view(), 1000, "450 words", ())
        except ContextOverflowError:
            break
        assert record["tokens"] <= record["limit"]
        assert TOKENS.budget_count(prompt.system + prompt.user) == record["tokens"]
        seen.append(record["dropped"])
        for wanted in ("Write about tides.", "The Title", "Heading: Heading 2", "450 words"):
            assert wanted in prompt.user
    assert all(dropped == ORDER[: len(dropped)] for dropped in seen)
    assert [len(d) for d in seen] == sorted(len(d) for d in seen)
    assert len(seen[0]) < 7 < len(seen[-1])


def test_a_neighbour_comes_with_its_point_only_where_the_plan_does_not_say_it(
    database: Database,
) -> None:
    ctx = context(database, None)
    point = "The point of number 1 is made here."
    near = fit(ctx, view(), 1000, "450 words", ())[0].user
    assert 'It follows 3.1, "Heading 1".' in near
    assert near.count(f"3.1. Heading 1: {point}") == 1
    far = fit(ctx, replace(view(), with_siblings=False), 1000, "450 words", ())[0].user
    assert f'It follows "Heading 1" ({point})' in far
    edge = replace(view(), section=contract(view().outline, "3.1", ()), so_far=())
    assert 'It follows 2, "Heading 2".' in fit(ctx, edge, 1000, "450 words", ())[0].user
    pointless = fit(ctx, replace(edge, with_points=False), 1000, "450 words", ())[0].user
    assert 'It follows "Heading 2" (The point of number 2 is made here.)' in pointless


def test_dropped_text_leaves_its_plan_line() -> None:
    half = replace(view(), full_from=2)
    text = half.text_so_far
    assert text.startswith("[Heading 1: The point of number 1 is made here.]\n\n[Heading 2: ")
    assert "Text of 1.1." not in text
    assert "Heading 3\n\nText of 1.3." in text


def test_what_cannot_be_left_out_overflows_in_plain_words(database: Database) -> None:
    ctx = context(database, 1500, "Write about tides. " * 400)
    with pytest.raises(ContextOverflowError) as caught:
        fit(ctx, view(), 1000, "450 words", ())
    assert "tokens" in caught.value.message
    assert caught.value.remedy


def test_faults_of_an_earlier_try_are_told(database: Database) -> None:
    prompt, _ = fit(context(database, None), view(), 1000, "450 words", ("it refuses",))
    assert "- it refuses" in prompt.user


def test_a_share_of_the_window_leaves_more_out(database: Database) -> None:
    ctx = context(database, 8000)
    _, whole = fit(ctx, view(), 1000, "450 words", ())
    _, half = fit(ctx, view(), 1000, "450 words", (), share=0.5)
    assert half["limit"] == whole["limit"] // 2
    assert len(half["dropped"]) > len(whole["dropped"])


def test_the_window_is_the_endpoints_or_the_usual_one(database: Database) -> None:
    assert context(database, None).window("writer") == DEFAULT_WINDOW
    assert {context(database, 4096).window(role) for role in ROLES} == {4096}


def test_room_grows_with_length_and_overrun_up_to_half_the_window(database: Database) -> None:
    ctx = context(database, 4096)
    assert answer_room(ctx, "writer", 100, 1.5) == 100 * 1.5 * 1.5 + 128
    assert answer_room(ctx, "writer", 200, 1.5) > answer_room(ctx, "writer", 100, 2.0)
    assert answer_room(ctx, "writer", 100_000, 1.5) == 2048


def test_materials_are_halved_the_first_first_and_what_is_shown_is_recorded(
    database: Database,
) -> None:
    known = Material("known", tuple(f"Known fact {n}, in some words." for n in range(8)), "\n")
    passages = Material(
        "passages", tuple(f"Passage {n}. " + "Words and words. " * 40 + "End." for n in range(8))
    )
    full = replace(view(), so_far=(), materials=(known, passages))
    seen: list[tuple[int, int]] = []
    for window in range(8000, 1200, -100):
        try:
            prompt, record = fit(context(database, window), full, 1000, "450 words", ())
        except ContextOverflowError:
            break
        shown = record["shown"]
        seen.append((shown["known"], shown["passages"]))
        for material in (known, passages):
            kept = shown[material.name]
            assert [piece in prompt.user for piece in material.pieces] == [
                number < kept for number in range(8)
            ]
    assert seen[0] == (8, 8)
    assert {known for known, passages in seen if passages < 8} == {0}
    assert {passages for _, passages in seen} >= {8, 4, 2}
