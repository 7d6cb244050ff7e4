"""What the fake's models answer: sizes, schemas, modes."""

import json
from collections import Counter
from typing import Any

import httpx2
import openai
import pytest

from tests.fakes import demands
from tests.fakes.chinese import han
from tests.fakes.client import CHINESE, ENGLISH, ask, connected, said, whole, words
from tests.fakes.endpoint import FakeEndpoint

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "sections": {
            "type": "array",
            "minItems": 2,
            "maxItems": 10,
            "items": {"$ref": "#/$defs/section"},
        },
    },
    "$defs": {
        "section": {
            "type": "object",
            "properties": {
                "heading": {"type": "string"},
                "points": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                "target_words": {"type": "integer", "minimum": 50},
                "weight": {"type": "number", "minimum": 1, "maximum": 2},
                "kind": {"enum": ["part", "chapter"]},
                "note": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
            },
        }
    },
}
FORM: Any = {"type": "json_schema", "json_schema": {"name": "outline", "schema": SCHEMA}}


async def test_exact_words_in_both_languages() -> None:
    assert words(await said(ENGLISH)) == 450
    assert len(han(await said(CHINESE))) == 450


async def test_text_takes_up_its_heading() -> None:
    assert "harbour" in (await said("Heading: The Old Harbour\nLength: 900 words")).lower()


async def test_same_request_same_bytes_and_another_request_another_text() -> None:
    async with FakeEndpoint(seed=3) as endpoint, httpx2.AsyncClient() as client:
        url = f"{endpoint.url}/chat/completions"
        bodies = [ask(ENGLISH), ask(ENGLISH), ask(ENGLISH, seed=2), ask(ENGLISH + " ")]
        texts = [(await client.post(url, json=body)).content for body in bodies]
        assert texts[0] == texts[1]
        assert len(set(texts)) == 3
        assert endpoint.calls[0].request_hash == endpoint.calls[1].request_hash
    assert await said() != await said(settings={"seed": 4})


async def test_schema_is_obeyed() -> None:
    prompt = "Plan a history of harbours in 4 sections, 2,000 words in all."
    plan = json.loads(await said(prompt, response_format=FORM))
    assert len(plan["sections"]) == 4
    assert sum(s["target_words"] for s in plan["sections"]) == pytest.approx(2000, rel=0.1)
    assert len({s["heading"] for s in plan["sections"]}) == 4
    for section in plan["sections"]:
        assert section["heading"].istitle()
        assert section["kind"] in ("part", "chapter")
        assert 1 <= section["weight"] <= 2
        assert isinstance(section["note"], bool)
        assert len(section["points"]) >= 2


async def test_schema_is_obeyed_in_chinese_and_clamped() -> None:
    plan = json.loads(await said("用中文写，共99节，5000字", response_format=FORM))
    assert len(plan["sections"]) == 10
    assert all(han(s["heading"]) for s in plan["sections"])


async def test_one_line_per_section() -> None:
    lines = (await said("5 sections, 1,000 words, one line per section")).splitlines()
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert all(150 < int(line.split(" | ")[2]) < 250 for line in lines)


@pytest.mark.parametrize(
    ("mode", "least", "most"),
    [
        ("obey", 1000, 1000),
        ("short", 400, 400),
        ("long", 2500, 2500),
        ("ceiling", 700, 700),
        ("noisy", 700, 1300),
        ("deaf", 320, 380),
        ("levels_off", 775, 775),
        ("short+noisy", 280, 520),
    ],
)
async def test_lengths_of_modes(mode: str, least: int, most: int) -> None:
    text = await said("Length: about 1,000 words.", model=f"fake-{mode}")
    assert least <= words(text) <= most
    assert (words(text) == 1000) == (mode == "obey")


async def test_noise_differs_between_requests() -> None:
    sizes = {words(await said(f"{n}\nLength: 1000 words", model="fake-noisy")) for n in range(4)}
    assert len(sizes) == 4


async def test_max_tokens_cuts() -> None:
    async with FakeEndpoint() as endpoint, connected(endpoint) as client:
        reply = await whole(client, max_tokens=130)
        chinese = await whole(client, CHINESE, max_completion_tokens=100)
    assert reply.choices[0].finish_reason == "length"
    assert words(reply.choices[0].message.content) == 100
    assert len(han(chinese.choices[0].message.content)) == 100


async def test_loop_ends_after_its_tries() -> None:
    settings: dict[str, Any] = {"mode": "loop", "loop_tries": 1}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        first = (await whole(client, max_tokens=2000)).choices[0]
        second = (await whole(client, max_tokens=2000)).choices[0]
    assert first.finish_reason == "length"
    assert Counter(first.message.content.split(". ")).most_common(1)[0][1] > 20
    assert (second.finish_reason, words(second.message.content)) == ("stop", 450)


@pytest.mark.parametrize(
    ("mode", "mark"),
    [
        ("scaffold", "Sure! Here is the section:\n\n## The Old Harbour\n\n"),
        ("refuse", "I'm sorry"),
        ("heading_echo", "## The Old Harbour\n\n"),
    ],
)
async def test_marks_of_modes(mode: str, mark: str) -> None:
    assert (await said(model=f"fake-{mode}")).startswith(mark)


async def test_spoiled_texts() -> None:
    assert han(await said(model="fake-wrong_language"))
    assert (await said(model="fake-unfinished"))[-1].isalpha()
    paragraphs = (await said(model="fake-repeats")).split("\n\n")
    assert paragraphs[0] == paragraphs[-1]


async def test_tries_let_a_repair_succeed() -> None:
    settings: dict[str, Any] = {"mode": "scaffold", "tries": 2}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        texts = [(await whole(client)).choices[0].message.content for _ in range(3)]
        other = (await whole(client, "Heading: Tides\n90 words")).choices[0].message.content
    assert [t.startswith("Sure!") for t in texts] == [True, True, False]
    assert other.startswith("Sure!")


async def test_broken_json_is_broken_in_several_ways() -> None:
    texts = [
        await said("Plan 3 sections", response_format=FORM, model="fake-broken_json", seed=n)
        for n in range(12)
    ]
    for text in texts:
        with pytest.raises(ValueError, match=r"."):
            json.loads(text)
    assert len({(t[:2], t[-1]) for t in texts}) >= 3
    settings: dict[str, Any] = {"mode": "broken_json", "hopeless_json": True}
    assert "{" not in await said("Plan", response_format=FORM, settings=settings)


async def test_no_schema_refuses_a_response_format() -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await said("Plan", response_format=FORM, model="fake-no_schema")
    assert caught.value.param == "response_format"
    assert words(await said(model="fake-no_schema")) == 450


def test_what_is_demanded_may_have_any_characters() -> None:
    for in_chinese in (False, True):
        assert demands.said("“{a} } {}”", in_chinese).count("{a} } {}") == 1
