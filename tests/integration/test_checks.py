"""Checks of any text over HTTP, in our shape and in LanguageTool's: places are exact in both."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.proofreading import MAX_TEXT, Annotated
from tests.door import door

LINE = "The tide rises twice a day and turns the wheels of the old mill by the quiet bay."
TEXT = f"🌊 {LINE}\n\nAs an AI language model I cannot see it. It falls again.\n\n{LINE}\n"
SAID = "As an AI language model I"


def units(text: str, start: int, end: int) -> str:
    """What stands between two offsets in UTF-16 code units."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


async def test_a_text_is_checked(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {"text": TEXT, "words": "about 100 words"}
        told = (await http.post("/api/v1/checks", json=body)).json()
        assert (told["failed"], told["accepted"], told["language"]) == (True, False, "en")
        assert told["required"] == 100
        assert told["scores"]["scaffolding"]["failed"]
        [finding] = [each for each in told["findings"] if each["gate"] == "scaffolding"]
        assert TEXT[finding["start"] : finding["end"]] == SAID
        assert units(TEXT, finding["start_utf16"], finding["end_utf16"]) == SAID
        assert finding["start_utf16"] == finding["start"] + 1
        assert finding["line"] == 3
        for wrong in ({}, {"text": "x", "language": "xx"}, {"text": "x", "words": "lots"}):
            assert (await http.post("/api/v1/checks", json=wrong)).status_code == 422
        empty = (await http.post("/api/v1/checks", json={"text": ""})).json()
        assert not empty["accepted"]
        assert not made.place.fake.calls


async def check(http: Any, **fields: str) -> dict[str, Any]:
    reply = await http.post("/v2/check", data={"language": "auto", **fields})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def test_a_languagetool_client_reads_the_findings(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        told = await check(http, text=TEXT)
        by_query = await http.get("/v2/check", params={"language": "auto", "text": TEXT})
        assert by_query.json() == told
        as_a_form = {"data": "", "level": "", "enabledOnly": "", "disabledRules": ""}
        assert await check(http, text=TEXT, **as_a_form) == told
        assert await check(http, text="", data=json.dumps({"text": TEXT})) == told
        only = await check(http, text=TEXT, enabledOnly="true", enabledRules="LONGLEAF_SCAFFOLDING")
        without = await check(http, text=TEXT, disabledRules="LONGLEAF_SCAFFOLDING,X")
        picky = await check(http, text=TEXT, level="picky")
    [match] = only["matches"]
    assert units(TEXT, match["offset"], match["offset"] + match["length"]) == SAID
    context = match["context"]
    at = context["offset"]
    assert units(context["text"], at, at + context["length"]) == SAID
    assert match["sentence"].startswith(SAID)
    assert match in told["matches"]
    assert match not in without["matches"]
    assert len(without["matches"]) == len(told["matches"]) - 1
    assert len(picky["matches"]) >= len(told["matches"])
    rule = match["rule"]
    assert {"id", "description", "issueType", "category", "isPremium", "confidence"} == set(rule)
    assert set(rule["category"]) == {"id", "name"}
    assert match["type"]["typeName"]
    assert match["replacements"] == []
    assert told["language"]["code"] == told["language"]["detectedLanguage"]["code"] == "en"
    sentences = [units(TEXT, *bounds) for bounds in told["sentenceRanges"]]
    assert sentences[1:3] == [f"{SAID} cannot see it.", "It falls again."]
    assert told["warnings"] == {"incompleteResults": False}
    assert told["software"]["apiVersion"] == 1


async def test_markup_counts_and_is_not_read(tmp_path: Path) -> None:
    pieces = [
        {"markup": "<p title='🌊'>"}, {"text": f"{LINE} As an AI "},
        {"markup": "<b>", "interpretAs": ""}, {"text": "language model I"}, {"markup": "</b>"},
        {"text": " cannot see it."}, {"markup": "</p>", "interpretAs": "\n\n"},
    ]  # fmt: skip
    whole = "".join(piece.get("text", piece.get("markup", "")) for piece in pieces)
    async with door(tmp_path) as made, made.raw() as http:
        told = await check(http, data=json.dumps({"annotation": pieces}))
    [match] = told["matches"]
    found = units(whole, match["offset"], match["offset"] + match["length"])
    assert found == "As an AI <b>language model I"
    assert units(whole, *told["sentenceRanges"][0]) == LINE


async def test_what_makes_no_sense_is_said_as_text(tmp_path: Path) -> None:
    wrong: list[tuple[dict[str, str], int]] = [
        ({"text": "x"}, 400),
        ({"language": "en"}, 400),
        ({"language": "en", "text": "x", "data": "{}"}, 400),
        ({"language": "tlh", "text": "x"}, 400),
        ({"language": "en", "data": ""}, 400),
        ({"language": "en", "data": "{"}, 400),
        ({"language": "en", "data": '{"annotation": [{"text": 1}]}'}, 400),
        ({"language": "en", "data": "[" * 50_000}, 400),
        ({"language": "en", "text": "x", "enabledOnly": "true"}, 400),
        ({"language": "en", "text": "x" * (MAX_TEXT + 1)}, 413),
        ({"language": "en", "text": "x" * (9 * MAX_TEXT)}, 413),
    ]
    async with door(tmp_path) as made, made.raw() as http:
        for fields, status in wrong:
            reply = await http.post("/v2/check", data=fields)
            assert reply.status_code == status, fields
            assert reply.headers["content-type"].startswith("text/plain")
            assert reply.text.startswith("Error: ")
        assert (await http.post("/v2/check", content=b"\xff")).status_code == 400
        half = '{"annotation": [{"text": "\\ud800 A text."}]}'
        assert (await check(http, data=half))["language"]["code"] == "en"
        for text in ("", "\n", "🌊"):
            assert (await check(http, text=text))["sentenceRanges"] is not None


async def test_languages_are_listed_as_clients_look_for_them(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        found = (await http.get("/v2/languages")).json()
        codes = {each["longCode"] for each in found}
        assert {"en", "en-US", "de-DE", "zh-CN", "fr"} <= codes
        assert all(set(each) == {"name", "code", "longCode"} for each in found)
        told = await check(http, text=LINE, language="en-GB")
        assert told["language"]["code"] == "en-GB"


PIECE = st.tuples(st.text("a🌊 .", max_size=6), st.none() | st.text("<b>🌊", max_size=5))


@given(st.lists(PIECE, max_size=8), st.data())
def test_every_span_lies_in_the_whole(
    pieces: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    text = Annotated.of(pieces)
    whole = "".join(said if markup is None else markup for said, markup in pieces)
    assert text.length == len(whole.encode("utf-16-le")) // 2
    start = data.draw(st.integers(0, len(text.plain)))
    end = data.draw(st.integers(start, len(text.plain)))
    first, last = text.span(start, end)
    assert 0 <= first <= last <= text.length
    if all(markup is None for _, markup in pieces):
        assert units(whole, first, last) == text.plain[start:end]
