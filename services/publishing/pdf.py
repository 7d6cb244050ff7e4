"""Typesets a document: its Typst source becomes pages, in a process of its own with limits.

The fonts come with wheels (all under the SIL Open Font License); nothing is fetched.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from services.publishing.program import run

FONT_WHEELS = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Noto Sans for the world's scripts with Noto Emoji, and Noto Sans CJK."""
ROOT = Path(__file__).parents[2]


def typeset(source: bytes, created: int) -> bytes:
    """A Typst source as PDF.

    Args:
        source: UTF-8.
        created: seconds since 1970 that the file bears.

    Raises:
        ProgramError: the source is refused, or takes too long.
    """
    child = [sys.executable, "-m", "services.publishing.typesetter", str(created)]
    with TemporaryDirectory(prefix="longleaf-") as empty:  # here, since the child may be killed
        return run([*child, empty, *map(str, fonts())], source, folder=ROOT)


def fonts() -> list[Path]:
    """Folders of the fonts that came with wheels; the machine's own are looked at besides."""
    found = (find_spec(name) for name in FONT_WHEELS)
    return [Path(spec.origin).parent for spec in found if spec is not None and spec.origin]
