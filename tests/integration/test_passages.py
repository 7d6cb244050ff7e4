"""Passages on a fake endpoint: only the replacement comes, and its length is measured."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.errors import FormatError, LongleafError, NotFoundError, RequestError
from domain.text.counter import count, paragraphs
from domain.text.language import detect
from services.editing.passages import Passage, PassageRequest, Passages, PassageWork
from tests.fakes import prose
from tests.support import FORBIDDEN, Desk, desk, user_text

TEXT = prose.english(random.Random(1), 400, ("tides",))
BLOCKS = paragraphs(TEXT)
PASSAGE = BLOCKS[1]
CHINESE = prose.chinese(random.Random(1), 400, ("潮汐",))


def passages(place: Desk, owner: str = "local") -> Passages:
    s = place.services
    return Passages(s.db, s.endpoints, s.runs.prompts, s.runs.policies, owner)


@asynccontextmanager
async def work(
    tmp_path: Path, operation: str, more: dict[str, Any] | None = None, **fake: Any
) -> AsyncIterator[tuple[PassageWork, Desk]]:
    fields = {"text": TEXT, "quote": PASSAGE, **(more or {})}
    async with desk(tmp_path, **fake) as place:
        yield await passages(place).prepare(PassageRequest(operation, **fields)), place


def check_clean(text: str) -> None:
    assert text.strip()
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert not text.lstrip().startswith("#")


@pytest.mark.parametrize("mode", ["obey", "scaffold", "heading_echo+reasoning+noisy"])
@pytest.mark.parametrize("operation", ["continue", "rewrite", "custom"])
async def test_only_the_replacement_comes(tmp_path: Path, operation: str, mode: str) -> None:
    more = {"instruction": "Make it calmer."}
    async with work(tmp_path, operation, more, mode=mode, seed=5) as (order, place):
        done = await order.whole()
    check_clean(done.text)
    assert (done.words, done.target) == (count(done.text), None)
    assert done.usage["calls"] == len(place.fake.calls)


@pytest.mark.parametrize("mode", ["scaffold", "long", "repeats+reasoning"])
@pytest.mark.parametrize("operation", ["continue", "rewrite", "custom"])
async def test_streamed_pieces_are_the_passage(tmp_path: Path, operation: str, mode: str) -> None:
    more = {"instruction": "Make it calmer."}
    async with work(tmp_path, operation, more, mode=mode, seed=5) as (order, _):
        *pieces, done = [item async for item in order.pieces()]
    assert isinstance(done, Passage)
    assert len(pieces) > 1
    assert "".join(map(str, pieces)) == done.text
    check_clean(done.text)


@pytest.mark.parametrize("mode", ["short", "long", "noisy"])
@pytest.mark.parametrize(("operation", "words"), [("extend", 300), ("shorten", 40)])
async def test_a_length_is_reached_in_bounded_rounds(
    tmp_path: Path, operation: str, words: int, mode: str
) -> None:
    async with work(tmp_path, operation, {"words": words}, mode=mode, seed=3) as (order, place):
        done = await order.whole()
    check_clean(done.text)
    assert done.accepted == (abs(done.words - words) <= 12 - 4 * (words == 40))
    assert done.accepted or "noisy" in mode
    assert done.target == words
    assert len(place.fake.calls) <= 6


async def test_a_model_that_hears_no_length_is_told_apart(tmp_path: Path) -> None:
    async with work(tmp_path, "shorten", {"words": 20}, mode="deaf", seed=3) as (order, place):
        done = await order.whole()
    assert not done.accepted
    assert done.words > 30
    assert len(place.fake.calls) <= 6
    async with work(tmp_path, "extend", {"words": 900, "quote": ""}, mode="deaf") as (order, _):
        done = await order.whole()
    assert done.accepted  # what one answer does not give, passages inside do


async def test_steered_lengths_stream_at_the_end(tmp_path: Path) -> None:
    async with work(tmp_path, "extend", {"words": 250}, mode="short") as (order, _):
        *pieces, done = [item async for item in order.pieces()]
    assert isinstance(done, Passage)
    assert ["".join(map(str, pieces))] == pieces == [done.text]
    assert done.accepted


@pytest.mark.parametrize("mode", ["refuse", "wrong_language"])
async def test_what_may_not_stand_never_comes(tmp_path: Path, mode: str) -> None:
    async with work(tmp_path, "rewrite", mode=mode) as (order, place):
        with pytest.raises(FormatError, match="none of 3 answers"):
            await order.whole()
        with pytest.raises(FormatError):
            await anext(order.pieces())
    assert len(place.fake.calls) == 6


async def test_a_bad_answer_is_followed_by_a_better_one(tmp_path: Path) -> None:
    async with work(tmp_path, "rewrite", mode="refuse", tries=1) as (order, place):
        *pieces, done = [item async for item in order.pieces()]
    assert isinstance(done, Passage)
    assert done.accepted
    assert 2 <= len(place.fake.calls) == done.usage["calls"] <= 3  # the fake may refuse once more
    assert "the model speaks of itself" in user_text(place.fake.calls[1])
    spent = sum(call.prompt_tokens for call in place.fake.calls)
    assert done.usage["prompt_tokens"] == spent


async def test_a_failed_try_is_paid_for(tmp_path: Path) -> None:
    async with work(tmp_path, "rewrite", faults={1: "server_error"}) as (order, place):
        done = await order.whole()
    assert done.usage["calls"] == len(place.fake.calls) == 2


async def test_a_reader_who_leaves_ends_the_call(tmp_path: Path) -> None:
    async with work(tmp_path, "continue", {"words": 900}) as (order, place):
        pieces = order.pieces()
        assert await anext(pieces)
        await pieces.aclose()
        assert len(place.fake.calls) == 1


async def test_chinese_stays_chinese(tmp_path: Path) -> None:
    more = {"text": CHINESE, "quote": "", "words": 120}
    async with work(tmp_path, "shorten", more) as (order, _):
        done = await order.whole()
    assert done.accepted
    assert detect(done.text) == "zh"


async def test_a_language_that_is_asked_for_is_no_fault(tmp_path: Path) -> None:
    more = {"instruction": "Write it in Chinese."}
    async with work(tmp_path, "custom", more) as (order, _):
        assert detect((await order.whole()).text) == "zh"


async def test_surroundings_are_cut_and_the_passage_is_not(tmp_path: Path) -> None:
    far = prose.english(random.Random(2), 9000, ())
    more = {"text": f"{far}\n\n{PASSAGE}\n\n{far[:9000]}", "quote": PASSAGE}
    async with work(tmp_path, "rewrite", more, window=3000) as (order, place):
        await order.whole()
    said = user_text(place.fake.calls[0])
    assert PASSAGE in said
    assert far[-200:].strip() in said
    assert far[20_000:20_200] not in said


async def test_a_passage_beyond_the_window_is_an_error(tmp_path: Path) -> None:
    more: dict[str, Any] = {"text": prose.english(random.Random(2), 4000, ()), "quote": ""}
    endpoint = {"window": 4096}
    async with desk(tmp_path, endpoint=endpoint) as place:
        order = await passages(place).prepare(PassageRequest("rewrite", **more))
        with pytest.raises(RequestError, match="the model takes 4,096"):
            await order.whole()
        assert not place.fake.calls
        going = await passages(place).prepare(PassageRequest("continue", **more))
        assert (await going.whole()).accepted  # it needs no more than the end


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"operation": "sing"}, "no operation 'sing'"),
    ({"operation": "custom"}, "no instruction"),
    ({"operation": "extend"}, "to how many words"),
    ({"operation": "extend", "words": 10}, "words already"),
    ({"operation": "shorten", "words": 1000}, "has only"),
    ({"operation": "shorten", "words": 0}, "0 words"),
    ({"operation": "rewrite", "text": ""}, "needs a text"),
    ({"operation": "rewrite", "document": "d"}, "needs a text"),
    ({"operation": "rewrite", "text": " \n", "quote": ""}, "nothing is selected"),
    ({"operation": "rewrite", "quote": "no such words"}, "do not stand"),
    ({"operation": "rewrite", "language": "Klingon"}, "no language"),
    ({"operation": "rewrite", "instruction": "x" * 10_001}, "instruction"),
]


async def test_an_order_that_cannot_be_done_says_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        for fields, said in WRONG:
            asked = PassageRequest(**{"text": TEXT, "quote": PASSAGE, **fields})
            with pytest.raises(LongleafError, match=said):
                await passages(place).prepare(asked)
        assert not place.fake.calls


async def test_a_stored_section_is_edited_without_being_altered(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        report = await place.write(words=500)
        before = await place.document(report)
        key = before.sections[-1].key
        quote = paragraphs(before.sections[-1].text)[0]
        asked = PassageRequest("rewrite", document=before.id, section=key, quote=quote)
        order = await passages(place).prepare(asked)
        check_clean((await order.whole()).text)
        assert (await place.document(report)).sections == before.sections
        assert before.sections[0].text[-100:] in user_text(place.fake.calls[-1])
        with pytest.raises(NotFoundError):
            await passages(place, owner="other").prepare(asked)
        with pytest.raises(NotFoundError, match="no section 'x'"):
            await passages(place).prepare(
                PassageRequest("rewrite", document=before.id, section="x")
            )


GAPS = [
    ("One. Two. Three.", "\n\n"),
    ("One. Two. Three.\n", "\n"),
    ("One. Two. Three.\n\n", ""),
    ("One.", " "),
    ("One, and then", " "),
    ("一二三四五，然后", ""),
]


async def test_new_text_meets_what_it_follows(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        for text, gap in GAPS:
            asked = PassageRequest("continue", text, words=60, language="en")
            order = await passages(place).prepare(asked)
            done = await order.whole()
            first = str(await anext(order.pieces()))
            for found in (done.text, first):
                assert found.removesuffix(found.lstrip()) == gap


async def test_white_space_around_the_selected_words_stays(tmp_path: Path) -> None:
    more = {"quote": f"\n\n{PASSAGE}\n\n"}
    async with work(tmp_path, "rewrite", more) as (order, _):
        done = await order.whole()
        *pieces, _ = [item async for item in order.pieces()]
    for text in (done.text, "".join(map(str, pieces))):
        assert text == f"\n\n{text.strip()}\n\n"
