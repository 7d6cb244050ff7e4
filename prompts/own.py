"""What a person's copy of a template may be: its own words around the same variables and blocks."""

from __future__ import annotations

import re

from jinja2 import TemplateSyntaxError, meta, nodes

from prompts.library import PromptFaultError, own_environment

LONGEST = 50_000
"""Characters."""
_FORMAT = re.compile(
    r"\n?\{%-?\s*block\s+format\s*-?%\}(.*?)\{%-?\s*endblock\s*(?:format\s*)?-?%\}\n?", re.DOTALL
)
_FORBIDDEN = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "from … import",
    nodes.Extends: "extends", nodes.Macro: "macro", nodes.CallBlock: "call",
    nodes.Pow: "**", nodes.Mul: "*",
}  # fmt: skip
"""What would reach another file, or make much out of little."""


def editable(source: str) -> str:
    """The built-in template without the machine contract, for a person to begin with."""
    return _FORMAT.sub("\n", source).strip() + "\n"


def locked(source: str) -> str:
    """The machine contract of a built-in template: what reading the answer depends on."""
    found = _FORMAT.search(source)
    return found[1].strip() if found else ""


def variables(source: str) -> list[str]:
    """The names that a template is filled in with."""
    found = meta.find_undeclared_variables(own_environment().parse(source))
    return sorted(found - {"data"})


def check(original: str, own: str) -> None:
    """Look at a copy without filling it in.

    Args:
        original: the built-in template.
        own: what a person has made of `editable(original)`.

    Raises:
        PromptFaultError: it is too long, cannot be read, lacks a block, or asks for what is not
            there.
    """
    if len(own) > LONGEST:
        raise PromptFaultError(f"it has more than {LONGEST:,} characters")
    try:
        tree = own_environment().parse(own)
        own_environment().from_string(own)  # filters are looked up as it is compiled
    except TemplateSyntaxError as error:
        raise PromptFaultError(error.message or "it cannot be read", error.lineno) from error
    except RecursionError as error:
        raise PromptFaultError("it is nested too deeply") from error
    _check_blocks(own_environment().parse(original), tree)
    for kind, said in _FORBIDDEN.items():
        for node in tree.find_all(kind):
            raise PromptFaultError(f"`{said}` cannot be used here", node.lineno)
    known = {*variables(original), "data"}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in meta.find_undeclared_variables(tree) - known:
            raise PromptFaultError(f"there is no variable {node.name!r}", node.lineno)


def _check_blocks(original: nodes.Template, own: nodes.Template) -> None:
    needed = {block.name for block in original.find_all(nodes.Block)} - {"format"}
    there = {block.name: block.lineno for block in own.find_all(nodes.Block)}
    if "format" in there:
        raise PromptFaultError(
            "the block `format` cannot be changed: leave it out", there["format"]
        )
    for name, line in there.items():
        if name not in needed:
            raise PromptFaultError(f"a block called {name!r} would not be used", line)
    for name in sorted(needed):
        if name not in there:
            raise PromptFaultError(f"the block {name!r} is missing")
