"""Imports go only downwards, and a library is imported only where it is at home."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "core": set(),
    "domain": {"core"},
    "prompts": {"core"},
    "llm": {"core", "domain"},
    "storage": {"core", "domain", "llm"},
    "evaluators": {"core", "domain"},
    "agents": {"core", "domain", "prompts", "llm", "storage", "evaluators"},
    "services": {"core", "domain", "prompts", "llm", "storage", "evaluators", "agents"},
    "bootstrap": {
        "core", "domain", "prompts", "llm", "storage", "evaluators", "agents", "services"
    },
    "cli": {"core", "domain", "llm", "storage", "agents", "services", "bootstrap"},
    "app": {"core", "cli"},
}  # fmt: skip
"""What each layer may import of ours besides itself. A new one needs a decision in docs/adr."""

ONLY_IN = {
    "alembic": {"storage"},
    "gradio": {"ui", "api"},
    "httpx2": {"llm"},
    "jinja2": {"prompts"},
    "langgraph": {"agents"},
    "openai": {"llm"},
    "pysqlite3": {"storage"},
    "rich": {"cli"},
    "sqlalchemy": {"storage"},
    "tiktoken": {"llm"},
    "typer": {"app"},
    "xllamacpp": {"llm"},
}

SESSION = ("sqlalchemy.orm", "Session")
"""The one name of a library that layers above its home use: the type of what a function gets."""
TAKES_SESSIONS = {"agents", "services"}

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


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_downwards(layer: str) -> None:
    assert modules(layer)
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in modules(layer)
        for module, _ in imports(path)
        if root(module) in MAY_IMPORT and root(module) not in MAY_IMPORT[layer] | {layer}
    ]
    assert not wrong


@pytest.mark.parametrize("layer", MAY_IMPORT)
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
def test_a_session_is_a_type_above_storage(layer: str) -> None:
    """Only handed on to storage: nothing above it makes a session or calls one."""
    wrong = []
    for path in modules(layer):
        if SESSION not in imports(path):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        takers = {
            argument.arg
            for node in ast.walk(tree)
            if isinstance(node, ast.arguments)
            for argument in node.args
            if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "Session"
        }
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in takers
        ]
    assert not wrong


def test_every_package_has_its_place() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py")}
    files = {path.stem for path in ROOT.glob("*.py")}
    assert (folders | files) - NOT_PRODUCT == set(MAY_IMPORT)


def test_the_table_has_no_cycle() -> None:
    order = list(MAY_IMPORT)
    assert all(below in order[:at] for at, layer in enumerate(order) for below in MAY_IMPORT[layer])


def test_no_layer_is_imported_by_tests_alone() -> None:
    """A module that nothing in the product imports is dead."""
    layers = [layer for layer in MAY_IMPORT if layer != "app"]
    paths = [path for layer in MAY_IMPORT for path in modules(layer)]
    used = {name for path in paths for name in _named(path)}
    dead = [
        dotted
        for layer in layers
        for path in modules(layer)
        if path.name != "__init__.py" and "migrations" not in path.parts
        if (dotted := ".".join(path.relative_to(ROOT).with_suffix("").parts)) not in used
    ]
    assert not dead


def _named(path: Path) -> set[str]:
    """Modules a module imports, `from package import module` included."""
    return {
        candidate for module, name in imports(path) for candidate in (module, f"{module}.{name}")
    }
