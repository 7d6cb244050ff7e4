"""Variables that the SDK reads are meant for its maker's server; ours may be anyone's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from llm.endpoint import Endpoint
from llm.openai_client import OpenAIClient
from llm.tokens import Tokens
from llm.types import Message, ModelRequest
from tests.fakes.raw import Asked, serving, whole

VARIABLES = ("API_KEY", "ADMIN_KEY", "ORG_ID", "ORGANIZATION", "PROJECT_ID", "WEBHOOK_SECRET",
             "API_TYPE", "API_VERSION")  # fmt: skip


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(f"OPENAI_{name}", "LEAK")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/LEAK")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer LEAK\nX-Team: LEAK")


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(("key", "sent"), [("sk-ours", "Bearer sk-ours"), ("", "Bearer none")])
async def test_no_variable_of_the_sdk_reaches_a_server(key: str, sent: str, tmp_path: Path) -> None:
    seen: list[Asked] = []

    def respond(asked: Asked) -> bytes:
        seen.append(asked)
        return whole("Fine.")

    async with serving(respond) as url:
        client = OpenAIClient(Endpoint("home", url, "m", api_key=key), tokens=Tokens(tmp_path))
        await client.complete(ModelRequest("m", (Message("user", "Hello."),)))
        await client.close()
    assert seen[0].headers["authorization"] == sent
    assert "LEAK" not in str(seen)
    assert not any(name.startswith("openai-") for name in seen[0].headers)


def test_the_sdk_s_own_log_stays_off() -> None:
    code = "import llm.openai_client, logging; print(logging.getLogger('openai').level)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "OPENAI_LOG": "debug"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "0"
