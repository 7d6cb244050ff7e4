"""How neighbouring passages of a text hang together, by an endpoint's vectors of them."""

from __future__ import annotations

from dataclasses import replace

from core.errors import LLMError
from domain.score import Score
from evaluators.cohesion import SEMANTIC, cohesion_passages, semantic_cohesion
from llm.discovery import probe, settled
from llm.embeddings import BATCH, LONGEST, embedding_model
from llm.endpoint import Endpoint
from llm.tokens import Tokens

VECTORS = "embeddings"
"""Name of an endpoint that is given by its address."""
MOST = 2_000
"""Passages that are sent; of a longer text, the first ones."""


async def embedded_cohesion(endpoint: Endpoint, tokens: Tokens, text: str) -> Score:
    """The semantic cohesion of a text, *unscored* where the endpoint offers no embeddings.

    Args:
        endpoint: who makes the vectors; without a model, its only one, or the only one there with
            "embed" in its name.
        tokens: the counter of the client.
        text: Markdown or plain.

    Raises:
        SettingsError: no model can be chosen.
        LLMError: the endpoint cannot be used at all.
    """
    passages = [passage[:LONGEST] for passage in cohesion_passages(text)[:MOST]]
    unscored = semantic_cohesion([[1.0]] * len(passages))
    if unscored.value is None:
        return unscored
    from llm.openai_client import OpenAIClient  # slow, and only for who asks for it

    facts = await probe(endpoint)
    named = replace(endpoint, model=endpoint.model or embedding_model(facts.models))
    client = OpenAIClient(settled(named, facts), tokens=tokens)
    vectors: list[list[float]] = []
    try:
        for start in range(0, len(passages), BATCH):
            vectors += (await client.embed(passages[start : start + BATCH])).vectors
    except LLMError as error:
        return Score(SEMANTIC, semantic_cohesion(()).version, None, f"no vectors: {error.message}")
    finally:
        await client.close()
    return semantic_cohesion(vectors)
