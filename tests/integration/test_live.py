"""A run as a page watches it: what it shows is what is stored, and it costs little more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.door import PROMPT, Door, door
from tests.readers import Watcher

RUNS = "/api/v1/runs"
SMALL = 600
"""Bytes a section may cost beside its text: headings, states, the parts of the plan."""


async def begun(made: Door, words: int = 900, **more: Any) -> str:
    async with made.raw() as http:
        body = {"prompt": PROMPT.format(words), "rounds": 0, **more}
        return str((await http.post(RUNS, json=body)).json()["run_id"])


async def stored(made: Door, run_id: str) -> dict[str, str]:
    document = await made.place.services.documents.get(run_id)
    return {section.key: section.text for section in document.sections if section.text}


def allowed(texts: dict[str, str]) -> int:
    return 2 * sum(len(text.encode()) for text in texts.values()) + SMALL * (len(texts) + 1)


async def watched(made: Door, words: int, **more: Any) -> tuple[Watcher, dict[str, str]]:
    run_id = await begun(made, words, **more)
    watcher = Watcher(made.address, run_id)
    await watcher.follow()
    return watcher, await stored(made, run_id)


@pytest.mark.parametrize(
    ("mode", "more"),
    [
        ("obey", {}), ("long", {}), ("short+noisy", {}), ("long+noisy", {"rounds": 1}),
        ("repeats+unfinished", {"strategy": "agentwrite"}),
    ],
)  # fmt: skip
async def test_a_page_shows_what_is_stored_for_twice_its_bytes_at_most(
    tmp_path: Path, mode: str, more: dict[str, Any]
) -> None:
    async with door(tmp_path, mode=mode, tries=1) as made:
        watcher, texts = await watched(made, 5_000, **more)
        assert watcher.end == {"status": "done"}
        assert watcher.texts_by_key == texts
        assert watcher.bytes <= allowed(texts), (watcher.bytes, allowed(texts))
        report = await made.place.services.runs.report(watcher.run_id)
        assert sum(each["words"] for each in watcher.sections.values()) == report.words
        assert watcher.view["words"] == report.words
        assert watcher.view["spend"]["completion_tokens"] == report.completion_tokens
        assert watcher.view["calls"] == report.calls
        assert watcher.kinds.count("view") == 1
