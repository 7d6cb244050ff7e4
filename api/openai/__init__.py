"""The OpenAI-compatible face: models that write whole documents, under /v1."""
