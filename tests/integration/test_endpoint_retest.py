"""A test of an endpoint while a process is at work: its next run uses what was found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.secrets import SecretBox
from core.setting_groups import EndpointSettings
from core.settings import load_settings
from llm.lines import Lines
from services.endpoints.book import EndpointBook
from services.endpoints.directory import Endpoints
from storage.database import Database
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


async def test_the_next_run_uses_a_new_test(db: Database, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    book = EndpointBook(db, SecretBox(tmp_path), settings)
    lines = Lines(TOKENS)
    everyone = Endpoints(settings, lines, None, book)
    async with FakeEndpoint(quirks=("no_temperature",)) as fake:
        await book.add("lab", EndpointSettings(base_url=fake.url, model="fake"))
        before = await everyone.models("lab")
        assert before.profile("writer").temperature
        endpoint = await book.endpoint("lab")
        assert endpoint is not None
        await book.test(endpoint, TOKENS)
        after = await everyone.models("lab")
        again = await everyone.models("lab")
        first, second, third = (
            lines.to(models.endpoint("writer")) for models in (before, after, again)
        )
        assert not after.profile("writer").temperature
        assert before.profile("writer").temperature, "a run that goes on keeps what it knows"
        await lines.close()
    assert second is third
    assert first.gate is second.gate
