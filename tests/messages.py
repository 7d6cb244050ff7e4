"""Every message that a module can give to a person, read from the module itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Named = dict[str, list[ast.expr]]
"""What a module assigns to each name, and what its functions return."""

REPORTS = {"fail": 0, "warn": 0, "note": 0, "finding": 1, "unscored": 0, "_unscored": 1}
"""What evaluators call → which argument is the message."""
GAP = "{}"
QUOTED = "'{}'"


def shape(message: str) -> str:
    """What tells a message from others: no full stop, no capital, no names of gaps."""
    bare = re.sub(r"\{\w*\}", GAP, message.rstrip("."))
    return re.sub(r"(\{\})+", GAP, bare[:1].lower() + bare[1:])


def unquoted(shape: str) -> str:
    """A shape whose gaps stand in no quotation marks: what is in a gap may bring them."""
    return shape.replace(QUOTED, GAP)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def messages(path: Path) -> set[str]:
    """The shapes of all messages that are written out in a module."""
    named: Named = {}
    for node in nodes(path):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
        if isinstance(node, ast.FunctionDef):
            own = (x.value for x in ast.walk(node) if isinstance(x, ast.Return) and x.value)
            named.setdefault(node.name, []).extend(own)
    evaluates = "evaluators" in path.parts
    found = {
        text
        for node in nodes(path)
        for each in (*_given(node), *(_returned(node) if evaluates else ()))
        for text in _texts(each, named)
    }
    return {shape(text) for text in found}


def _given(node: ast.AST) -> Iterator[ast.expr]:
    """What is handed to an error, a finding or a score."""
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name.endswith("Error"):
        yield from node.args[name == "UnusableLineError" : 2]
    elif name in REPORTS and len(node.args) > REPORTS[name]:
        yield node.args[REPORTS[name]]
    elif name == "Score" and len(node.args) > 3:
        yield node.args[3]
    yield from (each.value for each in node.keywords if each.arg == "reason")


def _returned(node: ast.AST) -> Iterator[ast.expr]:
    """What evaluators put together in functions of their own."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.JoinedStr | ast.IfExp):
        yield node.value


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return QUOTED if isinstance(node, ast.FormattedValue) and node.conversion == ord("r") else GAP


def _texts(node: ast.expr, named: Named) -> Iterator[str]:
    """What an expression can be, as far as it is written out."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(map(_part, parts))
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one, named), *_texts(other, named))
        case ast.BoolOp(values=values):
            yield from (text for each in values for text in _texts(each, named))
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            yield from (text for each in named.get(name, []) for text in _texts(each, {}))
