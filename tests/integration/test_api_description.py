"""What `/docs` fills in works, and what a client has got can be sent back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from api.catalogue import ValuesIn
from api.checks import CheckIn
from api.openai.schemas import ChatBody, CompletionBody, ResponsesBody
from api.schemas_documents import RedoIn, SectionIn
from api.schemas_outline import OutlineIn
from api.schemas_runs import RunIn, Wish
from tests.door import Door, door

BODIES: list[type[BaseModel]] = [
    RunIn, OutlineIn, Wish, SectionIn, RedoIn, CheckIn, ValuesIn, ChatBody, CompletionBody,
    ResponsesBody,
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_an_example_of_a_body_is_one(body: type[BaseModel]) -> None:
    examples = body.model_json_schema()["examples"]
    assert examples
    for example in examples:
        body.model_validate(example)


async def test_an_outline_can_be_sent_back_and_a_stale_one_hears_the_new_tag(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as made, made.raw() as raw:
        asked = {"prompt": "A report on tides", "words": 600, "approve": "ask"}
        run = (await raw.post("/api/v1/runs", json=asked)).json()["run_id"]
        await at_rest(made, run)
        path = f"/api/v1/runs/{run}/outline"
        found = await raw.get(path)
        tag = {"if-match": found.headers["etag"]}
        changed: dict[str, Any] = {**found.json(), "title": "The Tides"}
        put = await raw.put(path, json=changed, headers=tag)
        assert put.status_code == 200, put.text
        assert put.json()["title"] == "The Tides"
        stale = await raw.put(path, json=changed, headers=tag)
        assert stale.status_code == 412
        assert stale.headers["etag"] == put.headers["etag"] != found.headers["etag"]
        again = {"if-match": stale.headers["etag"]}
        assert (await raw.put(path, json=changed, headers=again)).status_code == 200


async def at_rest(made: Door, run: str) -> None:
    """Wait for the run's job."""
    job = made.desk.job(run)
    if job is not None:
        await job.end()
