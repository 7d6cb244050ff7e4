"""The form of a new document without a browser: its values, what it says, how it begins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ForbiddenError, LongleafError, NotFoundError, RequestError
from domain.constraints.demand import demand
from domain.length.contract import Length
from domain.length.spread import Spread
from domain.request import make_request
from services.forecast.estimates import Estimate
from services.requests.briefs import Brief, brief_of
from services.runs.desk import Desk
from tests.fakes.endpoint import FakeEndpoint
from tests.support import desk as writing_place
from ui.handlers.brief import FIELDS, BriefHandlers, brief_from, values_of
from ui.render import brief as shown
from ui.render.demands import in_words
from ui.words import words_in

WORDS = words_in()
PROMPT = "A report on street trees, about 700 words"


@asynccontextmanager
async def handlers(
    home: Path, language: str = "en", **fake: Any
) -> AsyncIterator[tuple[BriefHandlers, FakeEndpoint]]:
    async with writing_place(home, **fake) as place:
        services = place.services
        desk = Desk(services.runs, services.documents, services.endpoints)
        yield BriefHandlers(services, desk, words_in(language), language), place.fake
        await desk.close()


briefs = st.builds(
    Brief,
    prompt=st.text(max_size=50), length=st.text(max_size=10),
    unit=st.sampled_from(["words", "pages"]), relation=st.sampled_from(["about", "range"]),
    rounds=st.integers(0, 5), seed=st.none() | st.integers(0, 9), cost=st.none() | st.just(2.5),
    models=st.dictionaries(st.sampled_from(["writer", "critic"]), st.just("gpu/large")),
)  # fmt: skip


@settings(deadline=None)
@given(briefs)
def test_the_form_gives_back_the_brief_that_filled_it(brief: Brief) -> None:
    assert brief_from(values_of(brief)) == brief


@settings(deadline=None)
@given(st.lists(st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.text())))
def test_values_of_any_type_make_a_brief_that_is_used_or_refused(values: list[Any]) -> None:
    brief = brief_from(values)
    with suppress(LongleafError):
        brief.request()
        brief.caps()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"prompt": PROMPT}, "Read from your text: about 700 words, in English."),
        ({"prompt": "On trees"}, "No length in your text: about 1,000 words"),
        ({"prompt": "On trees", "length": "5", "unit": "pages"}, "About 5 pages"),
        ({"length": "2,000-3,000"}, "2,000 to 3,000 words, in English."),
        ({"prompt": PROMPT, "length": "long"}, "**No length in 'long'.** For example"),
        ({"prompt": PROMPT, "language": "Klingonese"}, "**"),
    ],
)
async def test_it_says_what_it_has_read(own_home: Path, fields: dict[str, Any], said: str) -> None:
    async with handlers(own_home) as (page, _):
        assert page.reading(Brief(**fields)).replace("\\", "").startswith(said)
        assert r"\*x\*" in page.reading(Brief(prompt="On trees", length="*x*"))


async def test_it_reads_chinese_in_chinese(own_home: Path) -> None:
    async with handlers(own_home, "zh") as (page, _):
        assert page.reading(Brief(prompt="写一篇三千字左右的报告")) == (
            "从您的文字中读出：约3000字，语言为中文。"
        )


async def test_an_estimate_is_a_range_that_names_its_ground(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        told = await page.estimate(Brief(prompt=PROMPT))
        assert "It would take" in told
        assert "calls" in told
        assert WORDS["brief.estimate_unseen"] in told
        assert await page.estimate(Brief()) == WORDS["brief.estimate_none"]
        assert await page.estimate(Brief(prompt=PROMPT, length="long")) == ""
        lost = await page.estimate(Brief(prompt=PROMPT, models={"writer": "nowhere"}))
        assert lost.startswith(f"{WORDS['brief.estimate_failed']}: **No endpoint is called")


async def test_an_endpoint_that_refuses_leaves_the_estimate_open(own_home: Path) -> None:
    async with handlers(own_home, api_key="right", endpoint={"api_key": "wrong"}) as (page, _):
        told = await page.estimate(Brief(prompt=PROMPT))
        assert told.startswith(WORDS["brief.estimate_failed"])
        with pytest.raises(LongleafError, match="key"):
            await page.begin(Brief(prompt=PROMPT), "ask")
        assert not await page.services.runs.newest(9)


async def test_a_document_is_begun_once_and_waits_with_its_outline(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        address = await page.begin(Brief(prompt=PROMPT, calls=50, rounds=0), "ask")
        _, where, document, step = address.split("/")
        assert (where, step) == ("d", "outline")
        (report,) = await page.services.runs.newest(9)
        assert report.document_id == document
        stored = await page.services.documents.get(document)
        assert (stored.request.approve, stored.request.rounds) == ("ask", 0)
        assert (await page.begin(Brief(prompt=PROMPT), "auto")).endswith("/writing")


async def test_what_makes_no_request_begins_nothing(own_home: Path) -> None:
    async with handlers(own_home) as (page, fake):
        for brief in (Brief(), Brief(prompt=PROMPT, length="long"), Brief(prompt="x", tokens=-1)):
            with pytest.raises(RequestError):
                await page.begin(brief, "auto")
        assert not await page.services.runs.newest(9)
        assert not fake.calls


async def test_a_visitor_without_the_scope_begins_and_reads_nothing(own_home: Path) -> None:
    async with handlers(own_home) as (page, fake):
        reader = replace(page, scopes=frozenset({"read"}))
        assert "It would take" in await reader.estimate(Brief(prompt=PROMPT))
        with pytest.raises(ForbiddenError, match="write"):
            await reader.begin(Brief(prompt=PROMPT), "auto")
        nobody = replace(page, scopes=frozenset())
        assert await nobody.estimate(Brief(prompt=PROMPT)) == ""
        with pytest.raises(ForbiddenError, match="read"):
            await nobody.filled(Brief(), {"from": "doc_"})
        assert not await page.services.runs.newest(9)
        assert not fake.calls


async def test_it_is_filled_in_by_examples_templates_and_documents(own_home: Path) -> None:
    async with handlers(own_home) as (page, _):
        example = await page.filled(Brief(), {"example": "article"})
        assert "cool in summer" in example.prompt
        values = {"topic": "tidal power", "words": 900}
        told = {"template": "report", "values": values}
        filled = await page.filled(Brief(tone="dry"), told)
        assert filled.prompt.startswith("Write a report on tidal power.")
        assert (filled.length, filled.kind, filled.tone) == ("900", "report", "dry")
        brief = Brief(prompt=PROMPT, must_include="oaks\nlimes", audience="mayors")
        document = (await page.begin(brief, "ask")).split("/")[2]
        again = await page.filled(Brief(), {"from": document})
        assert again.request() == brief.request()


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (None, NotFoundError),
        ({}, NotFoundError),
        ({"example": "nothing"}, NotFoundError),
        ({"from": "doc_nosuchthing1"}, NotFoundError),
        ({"template": "../x", "values": {}}, NotFoundError),
        ({"template": "report"}, RequestError),
        ({"template": "report", "values": {"topic": ""}}, RequestError),
    ],
)
async def test_what_is_not_there_fills_nothing_in(
    own_home: Path, told: object, error: type[LongleafError]
) -> None:
    async with handlers(own_home) as (page, _):
        with pytest.raises(error):
            await page.filled(Brief(), told)


def estimate(**fields: Any) -> Estimate:
    nothing = Spread()
    known: dict[str, Any] = {
        "strategy": "parallel", "strategy_why": "", "language": "en", "target": 3000,
        "sections": Spread(5, 7, 9), "calls": Spread(12, 30, 110),
        "prompt_tokens": Spread(5_000, 20_000, 123_456), "completion_tokens": nothing,
        "seconds": Spread(5, 600, 7_200), "cost": nothing, "stages": (), "past_runs": 0,
        "basis": "",
    }  # fmt: skip
    return Estimate(**{**known, **fields})


def test_an_estimate_is_told_with_units_that_can_be_read() -> None:
    told = shown.estimate(estimate(), WORDS)
    assert "about 7 sections · 5 s to 2.0 h, likely 10 min · 12 to 110 calls" in told
    assert "5,000 to 120,000 tokens" in told
    assert "cost" not in told
    priced = shown.estimate(estimate(cost=Spread(0.012, 0.5, 2), past_runs=4), WORDS)
    assert "a cost of 0.012 to 2.00, likely 0.50" in priced
    assert "4 of your runs" in priced


def test_a_language_without_a_chinese_name_is_called_as_it_calls_itself() -> None:
    assert shown.language_name("fr", "en") == "French"
    assert shown.language_name("fr", "zh") == "法文"
    request = make_request({"prompt": "On trees", "language": "sv"})
    assert "svenska" in shown.reading(request, Length(500), words_in("zh"), "zh").lower()


def test_every_field_of_the_form_has_its_place() -> None:
    assert len(set(FIELDS)) == len(values_of(Brief()))


def test_what_the_request_demands_is_shown_and_can_be_left_out() -> None:
    prompt = "Write about trees. Mention the mill in chapter 2. Do not use any tables."
    brief = Brief(prompt=prompt)
    told = shown.reading(brief.request(), None, WORDS, "en")
    assert "- `Mention mill, in part 2`\n- `Avoid tables`" in told
    less = brief_from(values_of(replace(brief, left_out=("mill @ 2",))))
    assert "mill" not in shown.reading(less.request(), None, WORDS, "en")
    assert [one.line for one in less.request().constraints] == ["avoid: tables"]


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        ("oaks", "Mention oaks", "提到：oaks"),
        ('exactly 2 "ebb" @ last', 'Mention "ebb", exactly 2 ×, in the last part',
         '提到："ebb"，正好 2 次，最后一部分'),
        ("2 to 4 list items @ every part", "Contain list items, from 2 to 4 ×, in every part",
         "包含：列表项，从 2 到 4 次，每个部分"),
        ("avoid: tables @ first", "Avoid tables, in the first part", "避免：表格，第一部分"),
        ("at most 3 oaks @ every 2", "Mention oaks, at most 3 ×, in parts 2, 4, 6 …",
         "提到：oaks，至多 3 次，第 2、4、6……部分"),
        ("oaks @ 2-4", "Mention oaks, in parts 2 to 4", "提到：oaks，第 2 到 4 部分"),
        ("oaks @ last 2", "Mention oaks, at -2 to last", "提到：oaks，位置：-2 to last"),
    ],
)  # fmt: skip
def test_a_demand_is_told_in_the_pages_words(line: str, english: str, chinese: str) -> None:
    assert in_words(demand(line), words_in("en")) == english
    assert in_words(demand(line), words_in("zh")) == chinese


def test_what_is_kept_of_a_text_is_asked_for() -> None:
    assert Brief(prompt=PROMPT).request().memory == "text"
    chosen = brief_from(values_of(Brief(prompt=PROMPT, memory="model")))
    assert chosen.request().memory == "model"
    assert brief_of(chosen.request()).memory == "model"
    assert brief_from(["x"] * len(FIELDS)).memory == "x"
    with pytest.raises(RequestError):
        replace(chosen, memory="x").request()
