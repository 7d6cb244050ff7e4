"""How a file or a pasted text becomes an extract: in a process of its own, which can be ended.

Libraries for PDF, Word and HTML are large, partly native, and their input hostile: a thread that
hangs cannot be stopped, memory that is gone takes the server with it. So every file is read by a
short-lived child with bounded memory and time, no environment, and nothing but the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.errors import RequestError, TooLargeError
from core.outcomes import error_of
from domain.text.language import detect
from sources.extract import Draft, Extract, Piece, placed
from sources.hidden import visible_text
from sources.limits import Limits
from sources.recognition import stem

LIMITS = Limits()
MAX_TITLE = 200
"""Characters."""
_ROOT = Path(__file__).parents[1]


def read(name: str, data: bytes, limits: Limits = LIMITS) -> Extract:
    """A file's text: blocks as a reader sees them, each with its place. Blocks the thread.

    Args:
        name: the file's; its suffix must agree with what is in it, and it is the title where the
            file has none. May be empty.
        data: its content: Markdown, plain text, HTML, PDF or .docx.
        limits: how much is read.

    Raises:
        MediaTypeError: it is of a kind that is not read, or not what its name says.
        TooLargeError: it has, or takes, more than the limits allow.
        RequestError: it is damaged, locked, or has no text.
    """
    if len(data) > limits.bytes:
        raise TooLargeError(f"the file has more than {limits.bytes >> 20} MB", "Split it.")
    answer = _asked(name, data, limits)
    if "error" in answer:
        raise error_of(*answer["error"])
    format = answer.pop("format")
    pieces = tuple(Piece(**piece) for piece in answer.pop("pieces"))
    draft = Draft(pieces, **answer)
    blocks = placed(draft.pieces)
    sample = "\n\n".join(block.text for block in blocks[:400] if block.kind != "code")
    return Extract(
        title=_title(draft, stem(name)), language=detect(sample) or "", format=format,
        encoding=draft.encoding, pages=draft.pages, blocks=blocks,
    )  # fmt: skip


def read_pasted(text: str, title: str = "", limits: Limits = LIMITS) -> Extract:
    """A pasted text, Markdown or HTML; errors as of `read`.

    Args:
        text: what was pasted.
        title: what it is called; empty: its own title, else its first words.
        limits: how much is read.
    """
    found = read("", text.encode("utf-8", "replace"), limits)
    wanted = " ".join(title.split())[:MAX_TITLE]
    return replace(found, title=wanted) if wanted else found


def _title(draft: Draft, name: str) -> str:
    """The file's own title, else its first heading of level 1, its name, its first words."""
    heading = next((piece.text for piece in draft.pieces if piece.level == 1), "")
    first = next((piece.text for piece in draft.pieces), "")
    found = draft.title or heading or name or first[:80]
    return " ".join(found.split())[:MAX_TITLE]


def _asked(name: str, data: bytes, limits: Limits) -> dict[str, Any]:
    """The child's answer; raises TooLargeError where it was ended, RequestError where it broke."""
    asked = json.dumps({"name": name, "limits": asdict(limits)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sources.child"], input=asked + b"\n" + data, cwd=_ROOT,
            capture_output=True, check=False, timeout=limits.seconds, start_new_session=True,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _too_long() from None
    if done.returncode == 0 and done.stdout:
        return dict(json.loads(done.stdout))
    if -done.returncode in _TIMED:
        raise _too_long()
    said = visible_text(done.stderr[-2_000:].decode("utf-8", "replace")).strip()
    why = f": {said.splitlines()[-1][:200]}" if said else ""
    raise RequestError(f"the file cannot be read{why}", "Save it anew, or paste its text.")


_TIMED = (27, 24)
"""SIGPROF and SIGXCPU: the time for a step is over."""


def _too_long() -> TooLargeError:
    return TooLargeError("the file takes too long to read", "Split it, or paste its text.")
