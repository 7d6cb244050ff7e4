"""Imports go only downwards, and a library is imported only where it is at home."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "core": set(),
    "domain": {"core"},
    "prompts": {"core"},
    "llm": {"core", "domain"},
    "sources": {"core", "domain", "prompts", "llm"},
    "storage": {"core", "domain", "llm", "sources"},
    "evaluators": {"core", "domain", "sources"},
    "agents": {"core", "domain", "prompts", "llm", "sources", "storage", "evaluators"},
    "services": {
        "core", "domain", "prompts", "llm", "sources", "storage", "evaluators", "agents"
    },
    "bootstrap": {
        "core", "domain", "prompts", "llm", "storage", "evaluators", "agents", "services"
    },
    "batch": {"core", "domain", "llm", "storage", "evaluators", "services", "bootstrap"},
    "ui": {"core", "domain", "llm", "services", "bootstrap"},
    "api": {"core", "domain", "llm", "storage", "services", "ui", "bootstrap", "batch"},
    "cli": {"core", "domain", "llm", "storage", "agents", "services", "bootstrap", "api", "batch"},
    "app": {"core", "cli"},
}  # fmt: skip
"""What each layer may import of ours besides itself. A new one needs a decision in docs/adr."""

ONLY_IN = {
    "aiohttp": {"llm"},
    "alembic": {"storage"},
    "argon2": {"core"},
    "charset_normalizer": {"sources"},
    "cryptography": {"core"},
    "docx": {"sources"},
    "fastapi": {"ui", "api"},
    "fastapi_offline": {"api"},
    "gradio": {"ui", "api"},
    "httpx2": {"llm"},
    "jinja2": {"prompts"},
    "langgraph": {"agents"},
    "lxml": {"sources"},
    "numpy": {"sources"},
    "openai": {"llm"},
    "prometheus_client": {"api"},
    "pypandoc": {"services"},
    "pypdfium2": {"sources"},
    "pysqlite3": {"storage"},
    "ray": {"batch"},
    "rensa": {"batch"},
    "rich": {"cli"},
    "sqlalchemy": {"storage"},
    "tiktoken": {"llm"},
    "typer": {"app", "cli"},
    "typst": {"services"},
    "xllamacpp": {"llm"},
}

SESSION = ("sqlalchemy.orm", "Session")
"""The one name of a library that layers above its home use: the type of what a function gets."""
TAKES_SESSIONS = {"agents", "services"}

LAYERS = [name for name in MAY_IMPORT if (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()]

NOT_PRODUCT = {"tests", "benchmarks", "docs", "examples", "static", "out", "build"}

Import = tuple[str, str]
"""Module and name; the name is empty for `import module`."""


def imports(path: Path) -> set[Import]:
    """Everything a module imports, wherever in the module the statement stands."""
    found: set[Import] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {(str(node.module), alias.name) for alias in node.names}
    return found


def root(module: str) -> str:
    return module.partition(".")[0]


def modules(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    return [single] if single.is_file() else sorted((ROOT / layer).rglob("*.py"))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_downwards(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in modules(layer)
        for module, _ in imports(path)
        if root(module) in MAY_IMPORT and root(module) not in MAY_IMPORT[layer] | {layer}
    ]
    assert not wrong


@pytest.mark.parametrize("layer", LAYERS)
def test_a_library_is_imported_only_at_home(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name or module} of {module}"
        for path in modules(layer)
        for module, name in imports(path)
        if layer not in ONLY_IN.get(root(module), {layer})
        and not (layer in TAKES_SESSIONS and (module, name) == SESSION)
    ]
    assert not wrong


@pytest.mark.parametrize("layer", sorted(TAKES_SESSIONS))
def test_a_session_is_only_handed_on_above_storage(layer: str) -> None:
    """Queries are storage's: nothing above it reads or calls what a session offers."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(layer)
        for line in _uses_of_sessions(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong


def _uses_of_sessions(tree: ast.AST) -> list[int]:
    """Lines where a dot follows a session, in a function or in a lambda given to the database."""
    doors = {"run", "run_sync", "commit"}
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= _dots_after(
                {
                    argument.arg
                    for argument in node.args.args
                    if isinstance(argument.annotation, ast.Name)
                    and argument.annotation.id == "Session"
                },
                node,
            )
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in doors:
            for given in node.args:
                if isinstance(given, ast.Lambda):
                    found |= _dots_after({argument.arg for argument in given.args.args}, given)
    return sorted(found)


def _dots_after(names: set[str], node: ast.AST) -> set[int]:
    return {
        inner.lineno
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.value, ast.Name)
        and inner.value.id in names
    }


def test_every_package_has_its_place() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py")}
    files = {path.stem for path in ROOT.glob("*.py")}
    assert (folders | files) - NOT_PRODUCT == set(LAYERS)
    listed = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    found = set(re.findall(r"^(\w+)(?:/|\.py) ", listed, re.MULTILINE))
    assert found == set(LAYERS)


def test_the_table_has_no_cycle() -> None:
    order = list(MAY_IMPORT)
    assert all(below in order[:at] for at, layer in enumerate(order) for below in MAY_IMPORT[layer])
