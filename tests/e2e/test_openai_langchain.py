"""LangChain's own client, in a process of its own, as its users would have it (about 15 s)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from services.documents.exports import export
from storage.ledger import totals
from tests.door import PROMPT, Door, door

SCRIPT = """
import json, sys
from langchain_openai import ChatOpenAI

url, how, prompt = sys.argv[1:]
model = ChatOpenAI(
    base_url=url, api_key="any", model="longleaf-parallel", max_retries=0, stream_usage=True,
    use_responses_api=how.startswith("responses"), extra_body={"longleaf": {"rounds": 0}},
)
if how.endswith("streamed"):
    answer = None
    for chunk in model.stream(prompt):
        answer = chunk if answer is None else answer + chunk
else:
    answer = model.invoke(prompt)
used = answer.usage_metadata
json.dump([str(answer.text), used["input_tokens"], used["output_tokens"]], sys.stdout)
"""


async def asked(made: Door, folder: Path, how: str) -> list[Any]:
    """What LangChain has got: the text, and the tokens of prompts and answers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, f"{made.address}/v1", how, PROMPT.format("2,000"),
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LANGSMITH_TRACING": "false"},
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    answer: list[Any] = json.loads(out)
    return answer


@pytest.mark.verify
@pytest.mark.parametrize("how", ["whole", "streamed", "responses", "responses streamed"])
async def test_langchain_writes_a_document(tmp_path: Path, how: str) -> None:
    async with door(tmp_path / "home", mode="short") as made:
        text, prompt, completion = await asked(made, tmp_path, how)
        (run_id,) = await made.runs()
        services = made.place.services
        assert text == export(await services.documents.get(run_id), "md")
        spent = await services.db.run(lambda s: totals(s, run_id), write=False)
        assert (prompt, completion) == (spent.prompt_tokens, spent.completion_tokens)
        report = await services.runs.report(run_id)
        assert report.accepted
        assert report.target_words == 2_000
