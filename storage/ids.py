"""What an id looks like: a prefix that says what it names, and twelve random characters."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Lower case, without 0/o, 1/l and i, which people confuse when they read an id aloud."""

LENGTH = 12
"""About 59 bits: a thousand million ids collide with a chance of one in a million million each."""


def new_id(prefix: str) -> str:
    """A fresh id such as `doc_k3v9x2m7q4wz`, unguessable enough to be unique, not to be a secret.

    Args:
        prefix: what the id names, in lower case, without the underscore.
    """
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
