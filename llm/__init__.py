"""Where models are: the OpenAI-compatible client, roles, limits, retry, tokens, embedded model."""
