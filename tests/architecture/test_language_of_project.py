"""What no file of the project may say: where it was made, by what means, or in whose queue."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_TEXT = {".gguf", ".gz", ".ico", ".jpg", ".png", ".ttf", ".woff2"}
NOT_KEPT = {".git", ".venv", "out", "build", "__pycache__", ".hypothesis", ".mypy_cache",
            ".pytest_cache", ".ruff_cache", "longleaf.egg-info"}  # fmt: skip

# In pieces, so that this file does not say what it looks for.
FORBIDDEN = {
    "the host of a package registry": re.compile(
        "|".join(("pypi" + r"\.", "python" + "hosted", "npm" + r"js\.", "registry" + r"\.npm",
                  "artifact" + "ory", r"/opt/" + "py" + "pi")), re.IGNORECASE
    ),
    "a path of the machine it was made on": re.compile(r"(^|[^a-z])/(wor" + "k|far" + "m)/"),
    "a working period": re.compile(
        r"\b(earlier|previous|next|last|parallel) " + r"sess" + r"ions?\b",
        re.IGNORECASE,
    ),
    "a number in a queue": re.compile(r"\b(issue|ticket|task|part|PR) " + r"#\s?\d", re.IGNORECASE),
    "who typed it": re.compile(  # a plug-in that readers use has such a name too
        r"\b(Cla" + r"ude|Anth" + r"ropic|(?<!Obsidian )Co" + r"pilot)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip


def files() -> list[Path]:
    """Every text file that is, or would be, under version control."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        found = [ROOT / name for name in listed if name]
    else:
        found = [path for path in ROOT.rglob("*") if not NOT_KEPT & set(path.parts)]
    return sorted(path for path in found if path.is_file() and path.suffix not in NOT_TEXT)


def test_there_are_files() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    assert {"README.md", "app.py", "Makefile"} <= names


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN[what].search(line)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("the host of a package registry", "pip install -i https://py" + "pi.org/simple x"),
        ("a path of the machine it was made on", "see /wor" + "k/main/app.py"),
        ("a working period", "left by an earlier sess" + "ion"),
        ("a number in a queue", "fixes issue " + "#12"),
        ("who typed it", "written by Cla" + "ude"),
    ],
)
def test_what_is_forbidden_is_found(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md")))
def test_documentation_is_in_english(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    foreign = sum("\u2e80" <= character <= "\uffef" for character in text)
    assert foreign <= 0.01 * len(text)
