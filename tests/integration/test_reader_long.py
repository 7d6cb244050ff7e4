"""Three hundred pages: what is planted in them is noted by both readings, within the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpora.facts import report
from tests.integration.test_reader import begun, notes_of, planned_by, recall
from tests.support import desk


@pytest.mark.verify  # some 20 s each
@pytest.mark.parametrize(("reading", "window"), [("chain", 8192), ("hierarchical", 8192),
                                                 ("auto", 32_768)])  # fmt: skip
async def test_three_hundred_pages(tmp_path: Path, reading: str, window: int) -> None:
    text, facts = report(300)
    async with desk(tmp_path, window=window, publish="vllm") as at:
        run_id = await begun(at, text, reading=reading, words=12_000)
        assert (await at.carry_out(run_id)).done
        found = await notes_of(at, run_id)
        share = recall(found, facts)
        assert sum(fact.sentence in found.text for fact in facts) > 80  # as the window allows
        assert share >= 0.95
        assert await planned_by(at, run_id, facts) >= 0.95 * len(facts)
        assert found.troubles == ()
        assert not [call.fault for call in at.fake.calls if call.fault]
        limits = [int(call.request["max_tokens"]) + call.prompt_tokens for call in at.fake.calls
                  if "max_tokens" in call.request]  # fmt: skip
        assert all(limit <= window for limit in limits)
