"""The model that edits: replacement text only, whole and streamed, in every shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.door import door

PASSAGE = "The tide comes in twice a day. The tide then goes out again. Boats wait for it."
ASKED = [{"role": "user", "content": f"Make it livelier.\n\n{PASSAGE}"}]


@pytest.mark.parametrize("stream", [False, True])
async def test_the_answer_is_the_replacement(tmp_path: Path, stream: bool) -> None:
    async with door(tmp_path, mode="scaffold") as made, made.client() as client:
        answer: Any = await client.chat.completions.create(
            model="longleaf-edit", messages=ASKED, stream=stream,  # type: ignore[arg-type]
        )  # fmt: skip
        if stream:
            chunks = [chunk async for chunk in answer]
            text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
            facts = chunks[-1].longleaf
        else:
            text, facts = answer.choices[0].message.content, answer.longleaf
            used = sum(
                call.prompt_tokens + call.completion_tokens for call in made.place.fake.calls
            )
            assert answer.usage.total_tokens == used
        assert text
        assert not text.startswith("#")
        assert PASSAGE not in text
        assert facts["operation"] == "custom"
        assert facts["calls"] == len(made.place.fake.calls)
        assert await made.runs() == []


async def test_a_completion_goes_on_with_the_text(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.client() as client:
        answer: Any = await client.completions.create(
            model="longleaf-edit", prompt=PASSAGE, extra_body={"words": 40}
        )
        assert answer.longleaf["operation"] == "continue"
        assert answer.choices[0].text
        assert PASSAGE not in answer.choices[0].text


async def test_a_response_with_a_selection_and_a_ceiling(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.client() as client:
        edit = {"operation": "rewrite", "text": PASSAGE, "quote": "Boats wait for it."}
        answer: Any = await client.responses.create(
            model="longleaf-edit", input="Calmer.", max_output_tokens=3,
            extra_body={"longleaf": {"edit": edit}},
        )  # fmt: skip
        assert answer.status == "incomplete"
        assert answer.longleaf["operation"] == "rewrite"


async def test_what_cannot_be_edited(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        chat = "/v1/chat/completions"
        vague = {"model": "longleaf-edit", "messages": [{"role": "user", "content": "Better!"}]}
        refused = await client.post(chat, json=vague)
        assert refused.status_code == 400
        assert "which passage" in refused.json()["error"]["message"]
        edit = {"document": "doc_none", "section": "1"}
        missing = {**vague, "longleaf": {"edit": edit}}
        assert (await client.post(chat, json=missing)).status_code == 404
        writer = {**missing, "model": "longleaf-auto"}
        told = (await client.post(chat, json=writer)).json()["error"]
        assert told["param"] == "longleaf.edit"
