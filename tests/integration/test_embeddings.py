"""Vectors from a real server, and the cohesion that is computed from them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import app
from core.errors import LLMError, MalformedError, SettingsError
from domain.score import Score
from llm.embeddings import embedding_model, vectors_in
from llm.endpoint import Endpoint
from llm.openai_client import OpenAIClient
from llm.tokens import Tokens
from services.evaluation.embedding import embedded_cohesion
from tests.corpora.documents import ENGLISH, essay
from tests.fakes.embeddings import vector
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

TEXT = essay(ENGLISH[0], "en").text


async def cohesion(tmp_path: Path, text: str = TEXT, **settings: object) -> Score:
    async with FakeEndpoint(**settings) as fake:  # type: ignore[arg-type]
        return await embedded_cohesion(Endpoint("lab", fake.url), Tokens(tmp_path), text)


async def test_vectors_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    async with FakeEndpoint(models=("embed",)) as fake:
        client = OpenAIClient(Endpoint("lab", fake.url, "embed"), tokens=Tokens(tmp_path))
        texts = ["The tide fell.", "潮水退了。", "Herons."]
        assert (await client.embed(texts)).vectors == [vector(text) for text in texts]
        await client.close()


@pytest.mark.parametrize("models", [("text-embedding",), ("chat", "my-embedder")])
async def test_cohesion_by_vectors(tmp_path: Path, models: tuple[str, ...]) -> None:
    score = await cohesion(tmp_path, models=models)
    assert score.name == "semantic_cohesion"
    assert score.value is not None
    assert 5 < score.value < 95
    again = "\n\n".join([TEXT.split("\n\n")[2]] * 40)
    assert (await cohesion(tmp_path, again, models=models)).value == pytest.approx(100)


async def test_an_endpoint_without_embeddings_leaves_it_unscored(tmp_path: Path) -> None:
    score = await cohesion(tmp_path, models=("chat",))
    assert score.value is None
    assert "does not support embeddings" in score.reason
    assert (await cohesion(tmp_path, "Too short.", models=("chat",))).value is None


async def test_who_is_to_be_asked_must_be_clear_and_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        await cohesion(tmp_path, models=("one", "two"))
    with pytest.raises(LLMError):
        await embedded_cohesion(Endpoint("lab", "http://127.0.0.1:9"), Tokens(tmp_path), TEXT)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"data": []},
        {"data": [{"index": 0, "embedding": [1.0]}]},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": []}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [1.0, 2.0]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": ["1"]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [True]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [float("inf")]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [10**400]}]},
        {"data": [{"embedding": [1.0]}, {"embedding": "AACAPw=="}]},
    ],
)
def test_what_are_no_vectors(payload: object) -> None:
    with pytest.raises(MalformedError):
        vectors_in(payload, 2, "lab")


def test_vectors_without_numbers_stand_in_order() -> None:
    found = vectors_in({"data": [{"embedding": [1]}, {"embedding": [2.5]}]}, 2, "lab")
    assert found.vectors == [[1.0], [2.5]]
    assert embedding_model(["a", "b"]) == embedding_model(["embed-a", "embed-b"]) == ""


def test_the_command_adds_a_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGLEAF_HOME", str(tmp_path / "home"))
    file = tmp_path / "essay.md"
    file.write_text(TEXT, encoding="utf-8")
    with run_in_thread(models=("chat", "embed")) as fake:
        done = CliRunner().invoke(app, ["evaluate", str(file), "--embeddings", fake.url, "--json"])
    told = json.loads(done.stdout)
    assert 5 < told["scores"]["semantic_cohesion"]["value"] < 95
    assert told["accepted"] is True
