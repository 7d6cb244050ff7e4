"""What a line of the input is: a row that can be written, or a typed reason why it cannot."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from batch.asked import Asked, UnusableLineError, asked_of
from batch.funnel import Stage
from batch.lines import MAX_LINE, bounded_lines, json_of, opened
from batch.shard import Shard
from core.errors import RequestError
from domain.request import MAX_PROMPT, WritingRequest, make_request
from services.requests.conversations import EARLIER, Turn, commission

DIGEST = 16
"""Bytes that are remembered of a row's content and of its name: 20,000 rows take 5 MB."""


@dataclass(frozen=True)
class Row:
    """One document to write."""

    id: str
    """As given; else its key."""
    key: str
    """SHA-256 of what is asked, and the ordinal: the same however the lines are ordered."""
    ordinal: int
    """From 0, among rows that ask for the same."""
    line: int
    """From 1."""
    fields: Mapping[str, Any]
    """Prompt, length and language as `make_request` takes them: complete."""
    messages: tuple[Turn, ...]
    """The conversation up to the last user turn, as training data hold it."""
    meta: Mapping[str, Any]
    """What came with it; JSON values."""

    def request(self, **more: Any) -> WritingRequest:
        """The request, with further fields such as strategy, rounds and seed.

        Raises:
            RequestError: one of these is wrong.
        """
        return make_request({**self.fields, **more})


@dataclass(frozen=True)
class Reject:
    """What did not become data: a line that is no row, or what was refused later."""

    line: int
    """0 where it is not known."""
    reason: str
    """One of `batch.asked.REASONS`, or of a later stage's."""
    detail: str
    """For people."""
    stage: Stage = "read"
    id: str = ""
    key: str = ""
    """The row's, where it was one."""
    score: float | None = None
    """What was measured, 0 to 100, where it is a number."""

    def to_dict(self) -> dict[str, Any]:
        """As it stands among the rejects: the same names in every line."""
        return asdict(self)


def read_rows(path: Path, most: int = MAX_LINE) -> Iterator[Row | Reject]:
    """Every line of a file as a row or a reject, in order; see `rows_of`.

    Raises:
        RequestError: the file cannot be read.
    """
    with opened(path) as stream:
        yield from rows_of(stream, most)


def rows_of(stream: BinaryIO, most: int = MAX_LINE) -> Iterator[Row | Reject]:
    """Every line of a stream as a row or a reject, exactly once and in order.

    Nothing stops the reading. Memory grows by a digest a row, never with the texts.

    Args:
        stream: lines of JSON: ours, LongWriter's, or those of OpenAI's Batch API.
        most: bytes of a line.
    """
    known: Counter[bytes] = Counter()
    names: set[bytes] = set()
    for number, raw in bounded_lines(stream, most):
        try:
            yield _row(number, raw, known, names, most)
        except UnusableLineError as error:
            yield Reject(number, error.reason, error.message)


def chosen(
    found: Iterable[Row | Reject], limit: int | None = None, shard: Shard | None = None
) -> Iterator[Row | Reject]:
    """What this process has to do: the first `limit` rows of the file, of these its shard's.

    Since the limit comes first, all shards together do what one process would. Reading ends with
    the last row that counts.
    """
    rows = 0
    for item in found if limit != 0 else ():
        if shard is None or shard.holds(item.key or str(item.line)):
            yield item
        rows += isinstance(item, Row)
        if rows == limit:
            return


def _row(
    number: int, raw: bytes | None, known: Counter[bytes], names: set[bytes], most: int
) -> Row:
    if raw is None:
        raise UnusableLineError("too_long", f"the line has more than {most:,} bytes")
    asked = asked_of(_value(raw))
    fields = _fields(asked)
    if asked.id:
        name = hashlib.sha256(asked.id.encode()).digest()[:DIGEST]
        if name in names:
            raise UnusableLineError("duplicate_id", f"an earlier row has the id {asked.id[:80]!r}")
        names.add(name)
    content = _content(asked)
    ordinal = known[content[:DIGEST]]
    known[content[:DIGEST]] += 1
    key = f"{content.hex()}-{ordinal}"
    return Row(asked.id or key, key, ordinal, number, fields, asked.turns, asked.meta)


def _value(raw: bytes) -> Any:
    if not raw.strip():
        raise UnusableLineError("empty", "there is nothing on this line")
    try:
        return json_of(raw)
    except ValueError as error:
        raise UnusableLineError("invalid_json", str(error)[:200]) from error


def _fields(asked: Asked) -> dict[str, Any]:
    """The request's fields, read as those of any conversation are."""
    given = {"length": asked.length, "language": asked.language or None}
    told = sum(len(turn.text) for turn in asked.turns if turn.role == "system")
    try:
        request = commission(asked.turns, given, asked.ceiling).request
    except RequestError as error:
        long = len(asked.turns[-1].text) + told + EARLIER >= MAX_PROMPT
        raise UnusableLineError("too_long" if long else "bad_length", error.message) from error
    return {"prompt": request.prompt, "length": request.length, "language": request.language}


def _content(asked: Asked) -> bytes:
    """What makes two rows ask for the same: the words, and what is given beside them."""
    content = {
        "messages": [[turn.role, turn.text] for turn in asked.turns],
        "length": asked.length.to_dict() if asked.length else None,
        "language": asked.language,
        "ceiling": asked.ceiling,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
