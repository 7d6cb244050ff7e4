"""The official client at our door: documents whole and streamed, their costs, their bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openai
import pytest

from domain.text.counter import count
from services.documents.exports import export
from services.runs.answers import within
from storage.ledger import totals
from tests.door import PROMPT, Door, chat, door
from tests.support import TOKENS

ASKED = [{"role": "user", "content": PROMPT.format("2,000")}]
CHAT = "/v1/chat/completions"
QUICK = {"longleaf": {"rounds": 0}}


async def stored(made: Door, run_id: str) -> str:
    """The document as it is exported."""
    return export(await made.place.services.documents.get(run_id), "md")


async def spent(made: Door, run_id: str) -> tuple[int, int]:
    """Tokens of prompts and answers, as the ledger has them."""
    found = await made.place.services.db.run(lambda s: totals(s, run_id), write=False)
    return found.prompt_tokens, found.completion_tokens


async def test_the_models_are_the_strategies(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.client() as client:
        names = [model.id async for model in client.models.list()]
        assert names[0] == "longleaf-auto"
        assert {"longleaf-parallel", "longleaf-agentwrite", "longleaf-self-lengthen"} < {*names}
        one = await client.models.retrieve("longleaf-auto")
        assert (one.id, one.object, one.owned_by) == ("longleaf-auto", "model", "longleaf")
        with pytest.raises(openai.NotFoundError) as caught:
            await client.models.retrieve("gpt")
        assert caught.value.code == "model_not_found"
        assert "longleaf-auto" in caught.value.message


async def test_a_whole_answer_is_the_stored_document(tmp_path: Path) -> None:
    async with door(tmp_path, mode="short") as made, made.client() as client:
        answer = await client.chat.completions.with_raw_response.create(
            model="longleaf-parallel", messages=ASKED, extra_body=QUICK
        )
        told: Any = answer.parse()
        run_id = answer.headers["x-longleaf-run"]
        assert told.id == f"chatcmpl-{run_id.removeprefix('run_')}"
        assert told.choices[0].finish_reason == "stop"
        assert told.choices[0].message.content == await stored(made, run_id)
        assert count(told.choices[0].message.content) == told.longleaf["words"]
        assert told.longleaf["run_id"] == run_id
        assert told.longleaf["target"] == 2_000
        assert told.longleaf["accepted"]
        usage = told.usage
        assert (usage.prompt_tokens, usage.completion_tokens) == await spent(made, run_id)
        assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


async def test_a_streamed_answer_is_the_stored_document(tmp_path: Path) -> None:
    async with door(tmp_path, mode="short+noisy") as made, made.client() as client:
        stream = await client.chat.completions.create(
            model="longleaf-parallel", messages=ASKED, stream=True, extra_body=QUICK,
            stream_options={"include_usage": True},
        )  # fmt: skip
        chunks: list[Any] = [chunk async for chunk in stream]
        run_id = chunks[-1].longleaf["run_id"]
        deltas = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        assert "".join(deltas) == await stored(made, run_id)
        assert [c.choices[0].finish_reason for c in chunks if c.choices][-2:] == [None, "stop"]
        usage = chunks[-1].usage
        assert (usage.prompt_tokens, usage.completion_tokens) == await spent(made, run_id)
        assert {chunk.usage for chunk in chunks[:-1]} == {None}


@pytest.mark.parametrize("stream", [False, True])
async def test_completions(tmp_path: Path, stream: bool) -> None:
    async with door(tmp_path) as made, made.client() as client:
        answer: Any = await client.completions.create(
            model="longleaf-parallel", prompt=PROMPT.format(300), stream=stream, extra_body=QUICK
        )
        chunks = [chunk async for chunk in answer] if stream else [answer]
        text = "".join(chunk.choices[0].text for chunk in chunks)
        assert text == await stored(made, chunks[-1].longleaf["run_id"])
        assert chunks[-1].choices[0].finish_reason == "stop"


async def test_responses_whole(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.client() as client:
        answer: Any = await client.responses.create(
            model="longleaf-parallel", instructions="Be plain.", input=PROMPT.format(300),
            extra_body=QUICK,
        )  # fmt: skip
        run_id = answer.longleaf["run_id"]
        assert answer.status == "completed"
        assert answer.output_text == await stored(made, run_id)
        used = (answer.usage.input_tokens, answer.usage.output_tokens)
        assert used == await spent(made, run_id)


async def test_responses_streamed(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.client() as client:
        spoken = [{"role": "user", "content": [{"type": "input_text", "text": PROMPT.format(300)}]}]
        stream: Any = await client.responses.create(
            model="longleaf-parallel", input=spoken, stream=True, extra_body=QUICK
        )
        events = [event async for event in stream]
        assert [event.sequence_number for event in events] == list(range(len(events)))
        deltas = [e.delta for e in events if e.type == "response.output_text.delta"]
        assert [e.type for e in events if e.type != "response.output_text.delta"] == [
            "response.created", "response.in_progress", "response.output_item.added",
            "response.content_part.added", "response.output_text.done",
            "response.content_part.done", "response.output_item.done", "response.completed",
        ]  # fmt: skip
        last = events[-1].response
        assert "".join(deltas) == last.output_text == await stored(made, last.longleaf["run_id"])


async def test_a_ceiling_lowers_what_is_asked_and_never_raises_it(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        low = (await client.post(CHAT, json=chat(2_000, max_tokens=450))).json()
        assert (low["longleaf"]["asked"], low["longleaf"]["target"]) == (2_000, 300)
        assert low["choices"][0]["finish_reason"] == "stop"
        assert TOKENS.count(low["choices"][0]["message"]["content"]) <= 450
        high = (await client.post(CHAT, json=chat(60, max_completion_tokens=9_000))).json()
        assert high["longleaf"]["target"] == high["longleaf"]["asked"] == 60


@pytest.mark.parametrize("stream", [False, True])
async def test_what_is_over_the_ceiling_is_cut_at_a_sentence_end(
    tmp_path: Path, stream: bool
) -> None:
    """A document has at least some words; a test of the connection asks for fewer."""
    async with door(tmp_path) as made, made.client() as client:
        answer: Any = await client.responses.create(
            model="longleaf-auto", input="Say hello", max_output_tokens=16, stream=stream,
            extra_body=QUICK,
        )  # fmt: skip
        last = [event async for event in answer][-1].response if stream else answer
        assert last.status == "incomplete"
        assert last.incomplete_details.reason == "max_output_tokens"
        whole = await stored(made, last.longleaf["run_id"])
        assert last.output_text == within(TOKENS, whole, 16)
        assert len(last.output_text) < len(whole)


async def test_the_extra_fields_say_what_openais_cannot(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        extra: dict[str, Any] = {
            "words": 60, "language": "English", "strategy": "agentwrite", "rounds": 0,
            "audience": "children", "tone": "warm", "kind": "story", "must_include": ["Mond"],
            "seed": 7,
        }  # fmt: skip
        body = chat(5_000, model="longleaf-auto", longleaf=extra, seed=2**40)
        told = (await client.post(CHAT, json=body)).json()
        run_id = told["longleaf"]["run_id"]
        request = (await made.place.services.documents.get(run_id)).request
        dumped = request.model_dump(mode="json")
        assert dumped["length"]["value"] == 60
        del extra["words"], extra["language"]
        assert {name: dumped[name] for name in extra} == extra
        assert dumped["language"] == "en"


async def test_unknown_parameters_are_passed_over(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        body = chat(
            60, temperature=1.5, top_p=0.1, frequency_penalty=2, presence_penalty=-2, stop=["the"],
            logit_bias={"1": 1}, user="x", tools=[], nonsense={"a": [1]}, n=1, max_tokens=-1,
            response_format={"type": "text"}, stream_options=None, seed=None,
        )  # fmt: skip
        answer = await client.post(CHAT, json=body)
        assert answer.status_code == 200, answer.text


async def test_a_lost_answer_is_taken_up_again(tmp_path: Path) -> None:
    """The SDK says when it tries again: one run, and one price, for both."""
    async with door(tmp_path) as made, made.raw() as client:
        body = chat(60)
        first = await client.post(CHAT, json=body, headers={"x-stainless-retry-count": "0"})
        again = await client.post(CHAT, json=body, headers={"x-stainless-retry-count": "1"})
        assert first.headers["x-longleaf-run"] == again.headers["x-longleaf-run"]
        assert first.json()["choices"] == again.json()["choices"]
        assert first.json()["usage"] == again.json()["usage"]
        other = await client.post(CHAT, json=body)
        assert other.headers["x-longleaf-run"] != first.headers["x-longleaf-run"]
        key = {"Idempotency-Key": "mine"}
        keyed = [await client.post(CHAT, json=body, headers=key) for _ in range(2)]
        assert len({answer.headers["x-longleaf-run"] for answer in keyed}) == 1
        assert keyed[0].json()["choices"] == keyed[1].json()["choices"]
        refused = await client.post(CHAT, json=chat(61), headers=key)
        assert refused.status_code == 400
        assert "another request" in refused.json()["error"]["message"]
        assert len(await made.runs()) == 3
