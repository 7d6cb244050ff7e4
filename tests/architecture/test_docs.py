"""The documentation says what the code does: every setting, option, exit code, command and link."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import app
from agents.strategies.registry import STRATEGIES
from core.outcomes import OUTCOMES
from core.setting_groups import EndpointSettings
from core.settings import Settings
from evaluators.suite import gates
from evaluators.thresholds import Thresholds
from prompts.library import BUILT_IN, PromptLibrary

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/README*.md")])
PROGRAM: Any = typer.main.get_command(app.app)
COMMANDS: dict[str, Any] = PROGRAM.commands
OPTIONS = {"--help", *(option for each in PROGRAM.params for option in each.opts)}
"""Those that belong to no command."""


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def title(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rows(text: str) -> dict[str, list[str]]:
    """Table rows by what stands in code in their first cell."""
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return {name: row for row in cells for name in re.findall(r"`([^`]+)`", row[0])}


# Settings


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every setting by its dotted name; groups are opened."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


OPEN_GROUPS = {"endpoints": "endpoints.<name>.", "roles": "roles.<role>", "gates": "gates."}
"""Tables whose keys are the user's, or another model's fields."""
SETTINGS = {
    **{name: field for name, field in fields(Settings) if name not in OPEN_GROUPS},
    **dict(fields(EndpointSettings, "endpoints.<name>.")),
    **dict(fields(Thresholds, "gates.")),
}


def shown(field: FieldInfo) -> str | None:
    """A default as the tables show it; None where they may say it in words."""
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return None
    value = field.default
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if value is None:
        return "none"
    if value in ("", {}):
        return "empty"
    return f"`{str(value).lower()}`"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_documented_with_its_default(name: str) -> None:
    row = rows(page("docs/settings.md")).get(name)
    assert row, f"docs/settings.md has no row for {name}"
    expected = shown(SETTINGS[name])
    assert expected in (None, row[1])


@pytest.mark.parametrize("group", OPEN_GROUPS.values())
def test_an_open_group_is_documented(group: str) -> None:
    assert f"`{group}" in page("docs/settings.md")


def test_no_setting_is_documented_that_is_none() -> None:
    documented = {name for name in rows(page("docs/settings.md")) if "." in name}
    assert documented <= set(SETTINGS)


# Commands


def section(text: str, heading: str) -> str:
    """What stands under a second-level heading."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"there is no heading {heading!r}"
    return found[1]


def options(command: str) -> set[str]:
    """Those of a command, or of all commands of a group."""
    group = getattr(COMMANDS[command], "commands", {})
    found = [p for each in (COMMANDS[command], *group.values()) for p in each.params]
    names = (name for p in found for name in (*p.opts, *p.secondary_opts))
    return {name for name in names if name.startswith("--")}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented_with_its_options(command: str) -> None:
    documented = {name for name in rows(section(page("docs/cli.md"), command)) if name[0] == "-"}
    assert documented == options(command)
    assert f"`python app.py {command}`" in page("README.md")


def test_every_exit_code_is_documented() -> None:
    table = section(page("docs/cli.md"), "Exit codes")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert documented == {0, *(outcome.exit_code for outcome in OUTCOMES.values())}


# What pages tell the reader to run


def shell_lines() -> list[tuple[str, str]]:
    """(page, command) of every line in a block marked sh."""
    found = []
    for path in PAGES:
        for block in re.findall(r"^```sh\n(.*?)^```", page(title(path)), re.MULTILINE | re.DOTALL):
            joined = block.replace("\\\n", " ")
            found += [(title(path), line) for line in joined.splitlines() if line.strip()]
    return found


def in_text() -> list[tuple[str, str]]:
    """(page, command) of every command of ours that stands in a sentence."""
    pattern = re.compile(r"`((?:\S*python app\.py|make) [a-z][^`\n]*)`")
    return [(title(path), line) for path in PAGES for line in pattern.findall(page(title(path)))]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))


@pytest.mark.parametrize(("where", "line"), [*shell_lines(), *in_text()])
def test_a_command_in_a_page_exists(where: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert {word for word in words[1:] if "=" not in word} <= targets()
        return
    assert words[0].endswith("python"), f"{where}: {line}"
    assert words[1] == "app.py"
    if words[2].startswith("-"):
        assert words[2] in OPTIONS
        return
    assert words[2] in COMMANDS
    given = {word.partition("=")[0] for word in words[3:] if word.startswith("--")}
    assert given <= options(words[2]) | {"--help"}


def test_the_quick_start_is_there() -> None:
    lines = [line for where, line in shell_lines() if where == "README.md"]
    assert {"make demo", "make test"} <= set(lines)
    assert any("--base-url" in line for line in lines)
    assert {"install", "demo", "serve", "test", "verify", "check", "fmt", "browser"} <= targets()


# What pages point at


def anchors(text: str) -> set[str]:
    """Headings as links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in headings}


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page(title(path))):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_files_named_in_pages_exist(path: Path) -> None:
    kept = ("examples/", "tests/", "docs/", *(f"{name}/" for name in ("core", "domain", "prompts",
            "llm", "storage", "evaluators", "agents", "services", "cli")))  # fmt: skip
    for name in re.findall(r"`([a-z_]+/[\w./-]*)`", page(title(path))):
        if name.startswith(kept) and name not in PromptLibrary().names():
            assert (ROOT / name).exists(), name


def test_every_decision_is_listed() -> None:
    for path in (ROOT / "docs" / "adr").glob("*.md"):
        assert f"(docs/adr/{path.name})" in page("ARCHITECTURE.md")
        text = page(title(path))
        assert text.startswith(f"# {path.name[:4]}: ")
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text


# Gates, strategies, prompts


def test_every_gate_is_documented() -> None:
    documented = set(rows(section(page("docs/writing.md"), "5. The gates")))
    assert documented == {gate.name for gate in gates()}


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_is_documented(name: str) -> None:
    assert name in rows(page("docs/writing.md"))
    assert f"`{name}`" in section(page("docs/cli.md"), "write")


def test_every_template_is_documented() -> None:
    documented = set(rows(section(page("docs/writing.md"), "9. The prompts")))
    assert documented == set(PromptLibrary().names())


@pytest.mark.parametrize("path", sorted(BUILT_IN.rglob("*.j2")), ids=lambda path: path.name)
def test_a_template_begins_with_version_and_purpose(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert re.fullmatch(r"\{# version: [1-9]\d* #\}", first)
    assert re.fullmatch(r"\{# .+ Reply: .+ #\}", second)
    name = path.relative_to(BUILT_IN).as_posix().removesuffix(".md.j2")
    assert PromptLibrary().info(name).version == int(first.split()[2])
