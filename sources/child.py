"""The process that reads one file: it may end at any moment, and nothing else ends with it."""

from __future__ import annotations

import dataclasses
import json
import signal
import sys

from core.errors import LongleafError, RequestError, TooLargeError
from sources import recognition
from sources.extract import Draft, Format
from sources.hidden import visible_text
from sources.limits import Limits

_FEEDS = 2
"""Characters that end a line, at most."""


def main() -> None:
    """Read what stands in the standard input, a line of JSON and the file; answer in JSON.

    Anything but an answer, a signal included, means that the file cannot be read.
    """
    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked["limits"])
    _confine(limits)
    try:
        answer = _answer(asked["name"], sys.stdin.buffer.read(), limits)
    except LongleafError as error:
        answer = {"error": [error.kind, error.message, error.remedy]}
    except MemoryError:
        answer = {"error": ["too_large", "the file takes too much memory to read", "Split it."]}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _answer(name: str, data: bytes, limits: Limits) -> dict[str, object]:
    format = recognition.recognised(name, data)
    draft = _cleaned(_draft(format, data, limits))
    _check(draft, limits)
    return {"format": format, **dataclasses.asdict(draft)}


def _draft(format: Format, data: bytes, limits: Limits) -> Draft:
    """What is in the file; each format's library is loaded only for it."""
    try:
        if format == "pdf":
            from sources import pdf

            return pdf.read(data, limits, lambda: _set_timer(limits))
        if format == "docx":
            from sources import word

            return word.read(data)
        if format == "html":
            from sources import hypertext

            return hypertext.read(data, limits)
        if (lines := data.count(b"\n") + data.count(b"\r")) > limits.lines * _FEEDS:
            raise _too_many(f"the text has {lines:,} lines", limits)
        from sources import markdown, plain

        return plain.read(data) if format == "txt" else markdown.read(data)
    except RecursionError as error:
        raise TooLargeError(
            "parts of the file lie too deep in one another", "Simplify it."
        ) from error


def _cleaned(draft: Draft) -> Draft:
    """Without what only the entities of a page or a PDF's own words brought in."""
    pieces = (dataclasses.replace(piece, text=visible_text(piece.text)) for piece in draft.pieces)
    kept = tuple(piece for piece in pieces if piece.text.strip())
    return dataclasses.replace(draft, pieces=kept, title=visible_text(draft.title))


def _check(draft: Draft, limits: Limits) -> None:
    """Make sure that there is some text, and not more than is read."""
    sizes = [len(piece.text) for piece in draft.pieces]
    if not sizes:
        raise RequestError("there is no text in the file", "Choose another one.")
    if sum(sizes) > limits.characters:
        raise TooLargeError(
            f"the text has {sum(sizes):,} characters",
            f"At most {limits.characters:,} are read: split it.",
        )
    if len(sizes) > limits.lines:
        raise _too_many(f"the text has {len(sizes):,} paragraphs", limits)
    if max(sizes) > limits.line:
        raise TooLargeError(
            f"a paragraph of the text has {max(sizes):,} characters",
            f"At most {limits.line:,} are read: put blank lines between paragraphs.",
        )


def _too_many(message: str, limits: Limits) -> TooLargeError:
    return TooLargeError(message, f"At most {limits.lines:,} are read: split it.")


def _confine(limits: Limits) -> None:
    """Bound memory, time and files written; where the system cannot, the parent's clock does."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set_timer(limits)


def _set_timer(limits: Limits) -> None:
    """Give the next step its processor time; when that is over, the system ends the process."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, limits.step)


if __name__ == "__main__":
    main()
