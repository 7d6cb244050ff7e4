"""How the settings page shows what it is told: tables and Markdown in which nothing is markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.endpoints.entry import Entry
from services.endpoints.neighbourhood import Neighbour
from services.settings.preferences import Setting
from services.settings.prompt_book import PromptView
from ui.handlers.settings import Tested
from ui.render.text import plain, problem
from ui.words import Words

_ENDPOINT = ("name", "address", "model", "key", "window", "default", "tested", "from")


def endpoints(entries: Sequence[Entry], default: str, words: Words) -> str:
    """The table of endpoints, and which of all is the default."""
    told = words["settings.default_is"].format(name=plain(default))
    if not entries:
        return f"{words['settings.no_endpoints']}\n\n{told}"
    table = _table(_ENDPOINT, (_endpoint(each, words) for each in entries), words)
    return f"{table}\n\n{told}"


def _endpoint(entry: Entry, words: Words) -> list[str]:
    told = entry.to_dict()
    return [
        told["name"],
        told["base_url"],
        told["model"],
        words["settings.key_set"] if told["key"] else "",
        f"{told['window']:,}" if told["window"] else "",
        words["settings.yes"] if told["default"] else "",
        told["tested_at"][:16].replace("T", " "),
        words["settings.from_stored" if entry.stored else "settings.from_file"],
    ]


def tested(found: Tested, words: Words, language: str) -> str:
    """What a test has found: a list with a mark for each."""
    lines = [f"**{words['settings.tested'].format(name=plain(found.name))}**", ""]
    if found.problem:
        lines += [f"✗ {problem(found.problem, language)}", ""]
    for check in found.checks:
        name = words[f"habits.on_{check.name.replace(' ', '_')}"]
        told = words[f"habits.{check.said}"].format(**check.values)
        advice = words[f"habits.{check.advice}"].format(**check.values) if check.advice else ""
        remedy = f"  \n  *{plain(advice)}*" if advice else ""
        lines.append(f"- {'✓' if check.ok else '✗'} **{name}**: {plain(told)}{remedy}")
    return "\n".join(lines)


def neighbours(found: Sequence[Neighbour], ports: Sequence[int], words: Words) -> str:
    """Who answers on this machine."""
    if not found:
        return words["settings.nobody"].format(ports=", ".join(map(str, ports)))
    lines = [f"**{words['settings.found']}**", ""]
    for each in found:
        models = ", ".join(each.models[:5]) or words["settings.wants_key"]
        lines.append(f"- **{plain(each.make or each.name)}**: {plain(each.base_url)} · "
                     f"{plain(models)}")  # fmt: skip
    return "\n".join(lines)


def settings(found: Sequence[Setting], words: Words) -> str:
    """The table of settings in force."""
    rows = (
        [each.name, _value(each, words), words[f"settings.origin_{each.origin}"]] for each in found
    )
    return _table(("setting", "value", "from"), rows, words)


def about_prompt(view: PromptView, words: Words) -> str:
    """Whose a prompt is, and what can stand in it."""
    role = words[f"settings.role_{view.role}"] if view.role else words["settings.role_judge"]
    names = ", ".join(f"`{name}`" for name in view.variables)
    state = words["settings.prompt_own" if view.own else "settings.prompt_built_in"]
    told = words["settings.prompt_about"].format(role=role, version=view.info.version)
    return f"{told} {state}  \n{words['settings.prompt_variables']} {names}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], words: Words) -> str:
    """A table whose headers are words of the page and whose cells are nobody's markup."""
    heads = [words[f"settings.column_{name}"] for name in columns]
    lines = [heads, ["---"] * len(heads), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _value(setting: Setting, words: Words) -> str:
    value: Any = setting.value
    if value is None:
        return words["settings.none"]
    if isinstance(value, bool):
        return words["settings.yes" if value else "settings.no"]
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
