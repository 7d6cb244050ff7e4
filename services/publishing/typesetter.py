"""Compiles Typst from standard input to standard output; `pdf` starts it as a process."""

from __future__ import annotations

import resource
import sys

import typst

MEMORY = 4 << 30
"""Bytes of address space, fonts included."""
CPU_SECONDS = 110


def main(created: str, empty: str, *folders: str) -> None:
    """Compile; exits with 1 and the reason on standard error where the source is refused.

    Args:
        created: seconds since 1970 that the file bears.
        empty: a folder where neither files nor packages are to be found.
        folders: where fonts are.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    compiler = typst.Compiler(
        root=empty, package_path=empty, package_cache_path=empty,
        font_paths=typst.Fonts(font_paths=list(folders)),
    )  # fmt: skip
    try:
        made = compiler.compile(sys.stdin.buffer.read(), format="pdf", timestamp=int(created))
    except typst.TypstError as error:
        sys.exit(f"{error.message} {error.diagnostic}")
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
