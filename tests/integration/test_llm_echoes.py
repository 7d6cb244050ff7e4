"""Servers that say our key back, or what no terminal should get: none of it is passed on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.doctor import _endpoint as endpoint_checks
from core.errors import LLMError, ModelNotFoundError
from llm.endpoint import Endpoint
from llm.openai_client import OpenAIClient
from llm.tokens import Tokens
from llm.types import Completion, Message, ModelRequest
from tests.fakes.raw import Asked, reply, serving, whole
from tests.support import open_services

KEY = "CANARY1234567890XYZ"
HOSTILE = f"\x1b[2J {KEY}\r\n\ud800\u200b"
REQUEST = ModelRequest("m", (Message("user", "Hello."),))


async def _ask(respond: Callable[[Asked], bytes], home: Path) -> Completion:
    async with serving(respond) as url:
        client = OpenAIClient(Endpoint("home", url, "m", api_key=KEY), tokens=Tokens(home))
        try:
            return await client.complete(REQUEST)
        finally:
            await client.close()


async def test_the_model_s_name_is_kept_without_the_key(tmp_path: Path) -> None:
    done = await _ask(lambda _: whole("Fine.", model=HOSTILE + "m" * 10**6), tmp_path)
    assert done.model == ("[2J [key] " + "m" * 300)[:200]
    assert (await _ask(lambda _: whole("Fine.", model="\x1b\n"), tmp_path)).model == "m"


REFUSALS = [
    whole("Fine.", HOSTILE),
    reply(400, {"error": {"message": HOSTILE}}),
    reply(400, {"detail": [{"loc": [KEY, "\x1b"], "msg": HOSTILE}]}),
    reply(500, HOSTILE.encode("utf-8", "replace")),
    reply(200, {"error": {"message": HOSTILE, "param": KEY}}),
]


@pytest.mark.parametrize("answer", REFUSALS, ids=range(len(REFUSALS)))
async def test_what_an_error_says_is_legible(answer: bytes, tmp_path: Path) -> None:
    with pytest.raises(LLMError) as caught:
        await _ask(lambda _: answer, tmp_path)
    for text in (caught.value.message, caught.value.remedy):
        assert KEY not in text
        assert text.isprintable()
    assert "[key]" in caught.value.message


async def test_models_on_offer_are_told_without_the_key(tmp_path: Path) -> None:
    offered = {"data": [{"id": KEY}, {"id": "A" * 2_000_000}, {"id": HOSTILE}]}
    unknown = reply(404, {"error": {"message": "model not found", "code": "model_not_found"}})
    with pytest.raises(ModelNotFoundError) as caught:
        await _ask(lambda asked: unknown if asked.body else reply(200, offered), tmp_path)
    remedy = caught.value.remedy
    assert (KEY in remedy, remedy.isprintable(), len(remedy) < 1000) == (False, True, True)
    assert "[key], AAA" in remedy


async def test_doctor_tells_them_likewise(tmp_path: Path) -> None:
    offered = reply(200, {"data": [{"id": KEY}, {"id": "A" * 2_000_000}]})
    async with serving(lambda _: offered) as url:
        services = open_services(tmp_path, url, "m", api_key=KEY)
        checks = [check for check in await endpoint_checks(services) if check.name == "model"]
        await services.close()
    assert checks[0].remedy.startswith("It offers: [key], AAA")
    assert len(checks[0].remedy) < 1000
