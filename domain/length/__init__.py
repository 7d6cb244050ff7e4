"""How long a document is to be: stated, read from prompts, divided, learnt."""
