"""Knows how pandoc is asked: its options, its limits, and that it never touches network or files.

Pandoc is a program of its own (GPL), called and never linked. `--sandbox` keeps its readers and
writers from every file and address that a text may name; the heap is bounded.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import ProgramError
from services.publishing.program import run

MARKDOWN = (
    "commonmark-raw_html-raw_attribute+pipe_tables+footnotes+strikeout+task_lists"
    "+tex_math_dollars+east_asian_line_breaks+autolink_bare_uris"
)
"""What our texts are written in. Raw HTML is parsed all the same: `tree` takes it out."""
HEAP = "2G"
WORD_HEAP = "512M"
"""A stranger's file gets less."""
READING_SECONDS = 20.0

Node = Any
"""A piece of pandoc's JSON tree: https://hackage.haskell.org/package/pandoc-types."""


@cache
def program() -> Path:
    """The pandoc that came with its wheel, else the machine's; raises ProgramError."""
    wheel = find_spec("pypandoc")
    if wheel is not None and wheel.origin is not None:
        shipped = Path(wheel.origin).parent / "files" / "pandoc"
        if shipped.is_file():
            return shipped
    found = shutil.which("pandoc")
    if found is None:
        raise ProgramError("pandoc is not installed", "Install it: pip install pypandoc_binary")
    return Path(found)


def read_texts(texts: Sequence[str]) -> list[Node]:
    """The blocks of Markdown texts, each read for itself, so that no open fence swallows the next.

    Raises:
        ProgramError: pandoc cannot read them, or takes too long over them.
    """
    with TemporaryDirectory(prefix="longleaf-") as folder:
        names = [f"{number}.md" for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(folder, name).write_text(text, encoding="utf-8")
        options = ["--file-scope", "--from", MARKDOWN, "--to", "json", *names]
        return _blocks(run(_command(options), folder=Path(folder), seconds=READING_SECONDS))


def read_docx(data: bytes) -> tuple[list[Node], list[Node]]:
    """The inlines of the title and the blocks of a Word file; raises as `read_texts`."""
    command = _command(["--from", "docx", "--to", "json"], WORD_HEAP)
    read = run(command, data, seconds=READING_SECONDS)
    title = json.loads(read)["meta"].get("title", {"c": []})["c"]
    return list(title), _blocks(read)


def write(
    blocks: list[Node], meta: dict[str, str], options: Sequence[str | Path], **more: list[Node]
) -> bytes:
    """A document from clean blocks.

    Args:
        blocks: as `tree` leaves them.
        meta: title, language and the like, as plain text.
        options: the format and how it is to look.
        more: blocks that the template names.

    Raises:
        ProgramError: pandoc failed.
    """
    told: dict[str, Node] = {
        **{name: {"t": "MetaInlines", "c": [{"t": "Str", "c": x}]} for name, x in meta.items()},
        **{name: {"t": "MetaBlocks", "c": x} for name, x in more.items()},
    }
    tree = {"pandoc-api-version": [1, 23, 1], "meta": told, "blocks": blocks}
    data = json.dumps(tree).encode()
    return run(_command(["--from", "json", *options]), data)


def _command(options: Sequence[str | Path], heap: str = HEAP) -> list[str | Path]:
    return [program(), "+RTS", f"-M{heap}", "-RTS", "--sandbox", "--quiet", *options]


def _blocks(read: bytes) -> list[Node]:
    return list(json.loads(read)["blocks"])
