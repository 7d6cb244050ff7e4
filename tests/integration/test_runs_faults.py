"""Endpoints that fail: nothing of theirs enters a document, and a run can be taken up again."""

import asyncio
import socket
from pathlib import Path

import pytest

from core.errors import AuthError, ModelNotFoundError, NotFoundError, QuotaError, UnavailableError
from domain.run import RunStatus
from storage import documents
from storage.base import LOCAL_OWNER
from tests.support import FORBIDDEN, Desk, check_document, desk, open_services

DEADLY = {
    "bad_key": "key",
    "no_model": "model",
    "quota": "",
    "server_error": "",
    "proxy_page": "",
}


async def nothing_left(at: Desk) -> bool:
    """Whether there is neither a run nor a document."""
    found = await at.services.db.run(lambda s: list(documents.all_of(s, LOCAL_OWNER)), write=False)
    return not found and not await at.services.runs.newest()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("bad_key", AuthError),
        ("no_model", ModelNotFoundError),
        ("quota", QuotaError),
        ("server_error", UnavailableError),
    ],
)
async def test_an_endpoint_that_never_answers_leaves_nothing(
    tmp_path: Path, fault: str, error: type[Exception]
) -> None:
    faults = dict.fromkeys(range(1, 50), fault)
    async with desk(tmp_path, faults=faults) as at:
        run_id = await at.start()
        with pytest.raises(error):
            await at.carry_out(run_id)
        assert await nothing_left(at)
        with pytest.raises(NotFoundError):
            await at.services.runs.report(run_id)


async def test_an_unreachable_endpoint_is_refused_before_anything_is_stored(
    tmp_path: Path,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        services = open_services(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        try:
            with pytest.raises(UnavailableError) as caught:
                await services.endpoints.models()
            assert caught.value.remedy
            assert await services.runs.newest() == []
        finally:
            await services.close()


async def test_an_endpoint_that_is_gone_when_the_run_begins_leaves_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        models = await at.services.endpoints.models()
        run_id = await at.start()
        await at.fake.__aexit__()
        with pytest.raises(UnavailableError):
            await at.services.runs.carry_out(run_id, models)
        assert await nothing_left(at)


@pytest.mark.parametrize(
    ("fault", "names", "strategy"),
    [*((*fault, "parallel") for fault in DEADLY.items()), ("bad_key", "key", "agentwrite")],
)
async def test_an_endpoint_that_dies_half_way_pauses_the_run(
    tmp_path: Path, fault: str, names: str, strategy: str
) -> None:
    async with desk(tmp_path, faults=dict.fromkeys(range(4, 400), fault)) as at:
        paused = await at.write(strategy=strategy)
        assert paused.status == RunStatus.PAUSED
        assert paused.reason
        assert names in paused.reason
        half = await at.document(paused)
        assert not FORBIDDEN.search(half.markdown)
        made = len([c for c in at.fake.calls if c.fault is None])
    async with desk(tmp_path) as later:
        report = await later.carry_out(paused.run_id)
        document = await later.document(report)
        journal = await later.journal(paused.run_id)
        assert made == 3
        assert len(later.fake.calls) == len(journal) - made
    assert (report.status, report.reason) == ("done", "")
    assert report.accepted
    check_document(document, report)
    for section in half.sections:
        if section.text:
            assert section in document.sections or section.status.value == "draft"


async def test_passing_faults_are_not_even_noticed(tmp_path: Path) -> None:
    faults = {1: "server_error", 2: "rate_limit", 4: "proxy_page", 6: "null_content"}
    async with desk(tmp_path, faults=faults) as at:
        report = await at.write()
        document = await at.document(report)
        sent = len(at.fake.calls)
        journal = await at.journal(report.run_id)
    assert (report.status, report.reason) == ("done", "")
    assert sent == len(journal) + len(faults)
    assert report.calls == sent
    check_document(document, report)


@pytest.mark.parametrize("fault", ["filter", "length", "reasoning_only", "bad_text", "flood"])
async def test_spoilt_answers_never_reach_the_document(tmp_path: Path, fault: str) -> None:
    async with desk(tmp_path, faults={2: fault, 4: fault}) as at:
        report = await at.write()
        document = await at.document(report)
    assert report.status == "done"
    assert report.length_score >= 95
    check_document(document, report)
    assert "\x00" not in document.markdown
    assert "flood" not in document.markdown


async def test_what_is_paused_is_told(tmp_path: Path) -> None:
    async with desk(tmp_path, faults=dict.fromkeys(range(2, 99), "bad_key")) as at:
        run_id = await at.start()
        told: list[str] = []

        async def listen() -> None:
            async for event in at.services.runs.follow(run_id):
                told.append(f"{event.type} {event.data.get('status', '')}".strip())

        listener = asyncio.create_task(listen())
        await asyncio.sleep(0)
        report = await at.carry_out(run_id)
        await listener
    assert report.status == "paused"
    assert told[-1] == "status paused"


async def test_a_run_that_failed_writes_its_failed_sections_when_it_starts_again(
    tmp_path: Path,
) -> None:
    """Its stored refusals are not replayed: the second try asks anew."""
    async with desk(tmp_path, mode="refuse", tries=3) as made:
        run_id = await made.start(words=600)
        first = await made.carry_out(run_id)
        assert first.status == "failed"
        second = await made.carry_out(run_id)
        assert second.status == "done"
        assert second.document_id == first.document_id
        assert second.length_score >= 98
