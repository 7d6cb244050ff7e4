"""Passages are found by their meaning too: vectors made once, kept before use, given up as told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from agents.material.evidence import evidence
from agents.material.meaning import AT_ONCE, EMBEDDED, embed_sources
from agents.run.context import WritingContext
from agents.run.feed import Feed
from core.errors import SettingsError
from domain.outline.plan import Outline, Part, SectionPlan
from domain.request import make_request
from llm.types import EMBEDDER
from services.endpoints.bindings import frozen_models
from services.runs.reports import RunReport
from services.runs.worker import Worker
from storage.tables import PassageVectorsRow, QuestionVectorRow
from tests.corpora.facts import report as long_report
from tests.fakes.citing import passages
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOPICS, Desk, desk, open_services, section_calls, user_text

MODELS = ("fake", "embed")
_AND_SO_ON = "村里的老人说，那些年冬天漫长，风从北边来，孩子们在学堂里念书，妇人在屋里织布。" * 6
CHINESE = f"""# 海岸志

## 南方

卤水在锅里煮三天，便结成白色的颗粒，由船运往集市。{_AND_SO_ON}

## 秋天

每年鳗鱼顺流而下，渔夫在桥边张网等候。{_AND_SO_ON}

## 夜里

看守人登上灯塔，给灯添油，直到一九三一年改用电灯。{_AND_SO_ON}
"""
KEEPER = SectionPlan("1", "The keeper", "What the warden of the lighthouse did", 300)
SALT = SectionPlan("2", "Salt from brine", "How brine was boiled down", 300)
PLAN = Outline("A coast", 600, (Part("1", "A coast", "", 600, (KEEPER, SALT)),))


async def begun(at: Desk, embeddings: str | None = "embed", **request: Any) -> tuple[str, Any]:
    endpoints = at.services.endpoints
    models = await endpoints.models(chosen=endpoints.embedder(embeddings))
    fields = {"prompt": TOPICS["en"], "words": 600, "rounds": 0, **request}
    return await at.services.runs.start(make_request(fields), models), models


async def source(at: Desk, text: str, name: str = "coast.md") -> str:
    return (await at.services.sources.add(name, text.encode())).id


async def written(at: Desk, **request: Any) -> RunReport:
    return await at.services.runs.carry_out(*await begun(at, **request))


@asynccontextmanager
async def held(at: Desk, run_id: str, models: Any) -> AsyncIterator[WritingContext]:
    """What the agents work with on a run."""
    claim = await Worker(at.services.db, at.services.runs.owner).claim(run_id)
    yield at.services.runs.context(claim, models, Feed())


async def kept(at: Desk) -> list[int]:
    """Rows of vectors: of passages, of questions."""
    counts = [
        select(func.count()).select_from(row) for row in (PassageVectorsRow, QuestionVectorRow)
    ]
    return await at.services.db.run(lambda s: [s.scalar(each) or 0 for each in counts], write=False)


async def told(at: Desk, run_id: str) -> list[dict[str, Any]]:
    return [each.data for each in await at.services.runs.events(run_id) if each.type == EMBEDDED]


async def test_a_source_in_another_language_is_found(tmp_path: Path) -> None:
    async with desk(tmp_path, models=MODELS) as at:
        id = await source(at, CHINESE)
        run_id, models = await begun(at, sources=[id])
        async with held(at, run_id, models) as ctx:
            assert not await evidence(ctx, PLAN, KEEPER)  # by words alone there is nothing
            await embed_sources(ctx)
            found = [await evidence(ctx, PLAN, each) for each in (KEEPER, SALT)]
            again = [await evidence(ctx, PLAN, each) for each in (KEEPER, SALT)]
        assert found == again
        assert [next(iter(each)) for each in found] == [3, 1]  # a number is a passage's place
        assert "看守人" in found[0][3].text
        assert [len(texts) for texts in at.fake.embedded] == [3, 1, 1]


async def test_vectors_are_made_once_a_source_and_go_with_it(tmp_path: Path) -> None:
    text, _ = long_report(24)
    async with desk(tmp_path, models=MODELS) as at:
        id = await source(at, text)
        endpoints = at.services.endpoints
        models = await endpoints.models(chosen=endpoints.embedder("embed"))
        asked = make_request({"prompt": TOPICS["en"], "words": 600, "rounds": 0, "sources": [id]})
        estimate = await at.services.estimates.estimate(asked, models)
        first = await written(at, sources=[id])
        assert first.done
        assert first.found_by == "words and meaning: command-line/embed"
        count = (await at.services.sources.get(id)).passages
        batches = [len(texts) for texts in at.fake.embedded if len(texts) > 1]
        assert sum(batches) == count > 32 >= max(batches)
        seen = Counter(text for texts in at.fake.embedded for text in texts)
        assert set(seen.values()) == {1}
        assert len(at.fake.embedded) == len(batches) + first.sections
        stage = next(stage for stage in estimate.stages if stage.role == EMBEDDER)
        spent = (await at.services.calls.spend(first.run_id)).roles[EMBEDDER]
        assert spent.calls == len(at.fake.embedded)
        assert stage.calls.holds(spent.calls)
        assert 0.3 * stage.prompt.low < spent.prompt_tokens < 3 * stage.prompt.high
        assert estimate.calls.holds(first.calls)

        second = await written(at, sources=[id])
        assert second.done
        assert all(len(texts) == 1 for texts in at.fake.embedded[len(batches) + first.sections :])
        left = await at.services.estimates.estimate(asked, models)
        assert next(x for x in left.stages if x.role == EMBEDDER).calls.low == left.sections.low
        assert await kept(at) == [len(batches), 2 * first.sections]
        for each in (first, second):
            await at.services.library.purge(each.document_id)
        await at.services.sources.delete(id)
        assert await kept(at) == [0, 0]


async def test_nothing_is_asked_for_vectors_that_nobody_wanted(tmp_path: Path) -> None:
    async with desk(tmp_path, models=MODELS) as at:
        id = await source(at, CHINESE)
        wanted = await written(at, sources=[id], embeddings=None)
        unsourced = await written(at)
        assert wanted.done
        assert unsourced.done
        assert wanted.found_by == unsourced.found_by == ""
        assert EMBEDDER not in wanted.models
        assert at.fake.embedded == []


@pytest.mark.parametrize("answered", [0, 1, 3])
async def test_an_endpoint_that_fails_is_told_once_and_words_go_on(
    tmp_path: Path, answered: int
) -> None:
    text, _ = long_report(24)
    async with desk(tmp_path, models=MODELS, embeds=answered) as at:
        report = await written(at, words=900, sources=[await source(at, text)])
        assert report.done
        assert report.sections > 1
        failed = [each for each in await told(at, report.run_id) if each["why"]]
        assert [each["model"] for each in failed] == ["command-line/embed"]
        assert "does not support embeddings" in failed[0]["why"]
        assert report.found_by.startswith("words alone")
        assert all(passages(user_text(call)) for call in section_calls(at.fake))


async def test_a_run_that_goes_on_decides_as_it_has_decided(tmp_path: Path) -> None:
    """One section searched by its vector, the other could not: so it stays, whoever can now."""
    async with desk(tmp_path, models=MODELS, embeds=2) as at:
        run_id, models = await begun(at, sources=[await source(at, CHINESE)])
        async with held(at, run_id, models) as ctx:
            await embed_sources(ctx)
            before = [await evidence(ctx, PLAN, each) for each in (KEEPER, SALT)]
            assert [bool(found) for found in before] == [True, False]
        at.fake.embeddings.most = None
        await embed_sources(ctx)
        assert [await evidence(ctx, PLAN, each) for each in (KEEPER, SALT)] == before
        assert len(at.fake.embedded) == 3


@pytest.mark.verify
async def test_a_run_that_dies_amid_its_vectors_makes_none_twice(tmp_path: Path) -> None:
    text, _ = long_report(90)
    came, dead = asyncio.Event(), asyncio.Event()

    async def hold(number: int) -> None:
        if number == AT_ONCE + 1:  # those before it are stored
            came.set()
            await dead.wait()

    async with FakeEndpoint(models=MODELS, on_embed=hold) as fake:
        services = open_services(tmp_path, fake.url)
        at = Desk(services, fake)
        run_id, models = await begun(at, sources=[await source(at, text)])
        work = asyncio.create_task(services.runs.carry_out(run_id, models))
        await came.wait()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        dead.set()
        await services.close()
        again = open_services(tmp_path, fake.url)
        bound = await again.endpoints.frozen(await again.runs.models_of(run_id))
        report = await again.runs.carry_out(run_id, bound)
        assert report.done
        assert report.found_by == "words and meaning: command-line/embed"
        seen = Counter(tuple(texts) for texts in fake.embedded)
        assert len(seen) > AT_ONCE
        assert {seen[tuple(texts)] for texts in fake.embedded[:AT_ONCE]} == {1}
        assert max(seen.values()) == 2  # those that it died at
        await again.close()


async def test_one_model_makes_vectors_and_it_is_named(tmp_path: Path) -> None:
    lab = {"base_url": "http://127.0.0.1:9/v1"}
    named = {"endpoints": {"lab": lab}, "roles": {"embedder": "lab/bge-m3"}}
    async with desk(tmp_path, models=MODELS, settings=named) as at:
        endpoints = at.services.endpoints
        assert not (await endpoints.models()).embeds  # --base-url goes before roles
        for wrong in ("lab", "nowhere/embed + lab/bge-m3", ["lab/a", "lab/b"]):
            with pytest.raises(SettingsError):
                await endpoints.models(chosen={EMBEDDER: wrong})
        models = await endpoints.models(chosen={EMBEDDER: "lab/bge-m3"})
        frozen = frozen_models(models)
        assert frozen[EMBEDDER]["model"] == "bge-m3"  # though nobody is there: it is not looked for
        assert (await endpoints.frozen(frozen)).model(EMBEDDER) == "bge-m3"
        own = frozen_models(await endpoints.models(chosen=endpoints.embedder("embed")))
        assert (await endpoints.frozen(own)).model(EMBEDDER) == "embed"
