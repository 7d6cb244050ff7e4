"""Error messages read well wherever they are shown: as a sentence, which has a capital."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = ("python ", "pip ", "pg_")


def remedies(path: Path) -> Iterator[str]:
    """How the remedies of the errors that a module makes begin, where they are written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Name) and len(node.args) > 1:
            remedy = node.args[1]
            first = remedy.values[0] if isinstance(remedy, ast.JoinedStr) else remedy
            if called.id.endswith("Error") and isinstance(first, ast.Constant):
                yield str(first.value)


@pytest.mark.parametrize("folder", ["llm", "storage", "agents", "services", "cli", "core", "api"])
def test_no_remedy_begins_with_a_command(folder: str) -> None:
    found = [text for path in (ROOT / folder).rglob("*.py") for text in remedies(path)]
    assert found
    assert [text for text in found if text.startswith(COMMANDS)] == []
