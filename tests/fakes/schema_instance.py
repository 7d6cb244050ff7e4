"""Knows how to make an instance of a JSON schema."""

from __future__ import annotations

import random
import re
from typing import Any

from tests.fakes import notes, prose
from tests.fakes.ask import Ask, Schema


class Instance:
    """Makes an instance of a JSON schema; `pattern` and `format` are not honoured."""

    def __init__(self, ask: Ask, rng: random.Random) -> None:
        self._ask, self._rng = ask, rng
        self._said: set[str] = set()
        self._told = notes.told(ask)

    def make(self, schema: Schema, name: str = "", at: int = 0, of: int = 1, depth: int = 0) -> Any:
        """Make a value.

        Args:
            schema: What it must be.
            name: The property it is for.
            at: Its place, from 0, in the nearest list of objects.
            of: The length of that list.
            depth: How many lists and references it is inside of.
        """
        schema = self._resolved(schema, depth)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._rng.choice(schema["enum"])
        kind = _kind_of(schema)
        if kind == "object":
            members = schema.get("properties") or {}
            return {k: self.make(v, k, at, of, depth) for k, v in members.items()}
        if kind == "array":
            return self._list(schema, name, depth)
        if kind == "boolean":
            return self._rng.random() < 0.5
        if kind in ("integer", "number"):
            return self._number(schema, name, at, of, kind == "integer")
        return None if kind == "null" else self.text(name, schema.get("maxLength"))

    def text(self, name: str, longest: int | None = None) -> str:
        """Make a string nobody has said yet, fit for the property's name."""
        for _ in range(8):
            text = self._string(name.lower())
            if text not in self._said:
                break
        self._said.add(text)
        return text[:longest].rstrip() if longest else text

    def _string(self, name: str) -> str:
        ask, rng = self._ask, self._rng
        if name in ("heading", "title", "name"):
            return prose.heading(rng, ask.topic, ask.in_chinese)
        if name in ("quote", "excerpt", "find", "old", "original", "span"):
            lines = sorted(ask.prompt.splitlines() or [""], key=len)[-3:]
            return rng.choice(re.split(r"(?<=[.。!?！？]) ?", rng.choice(lines))) or lines[-1]
        if name == "key_points" and self._told:
            return rng.choice(self._told)
        return prose.sentence(rng, ask.topic, ask.in_chinese)

    def _resolved(self, schema: Schema, depth: int) -> Schema:
        """Follow $ref, anyOf, oneOf and allOf; deep inside prefer null, so recursion ends."""
        for _ in range(20):
            if "$ref" in schema:
                node: Any = self._ask.schema or {}
                for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                    node = node.get(step, {}) if step else node
                schema = node
            elif options := schema.get("anyOf") or schema.get("oneOf"):
                nulls = [o for o in options if o.get("type") == "null"]
                schema = nulls[0] if nulls and depth > 4 else next(
                    (o for o in options if o.get("type") != "null"), options[0])  # fmt: skip
            elif parts := schema.get("allOf"):
                schema = {k: v for part in parts for k, v in self._resolved(part, depth).items()}
            else:
                break
        return schema

    def _list(self, schema: Schema, name: str, depth: int) -> list[Any]:
        low = int(schema.get("minItems", 0))
        high = int(schema.get("maxItems", max(low, 3)))
        item = schema.get("items") or {}
        kind = self._resolved(item, depth)
        objects = kind.get("type") == "object" or "properties" in kind
        size = (low + high + 1) // 2
        if objects and depth == 0 and self._ask.sections:
            size = max(low, min(self._ask.sections, schema.get("maxItems", 500)))
        size = low if depth > 4 else size
        return [self.make(item, name, at, size, depth + 1) for at in range(size)]

    def _number(self, schema: Schema, name: str, at: int, of: int, whole: bool) -> int | float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1 if whole else None)
        high = schema.get("maximum")
        if high is None and "exclusiveMaximum" in schema:
            high = schema["exclusiveMaximum"] - 1
        wanted: float
        if whole and ("words" in name or "characters" in name):
            wanted = self._ask.amount / of * (self._rng.uniform(0.9, 1.1) if of > 1 else 1)
        elif whole and name in ("number", "index", "position", "order", "id"):
            wanted = at + 1
        else:
            start = 0 if low is None else low
            wanted = self._rng.uniform(start, start + 5 if high is None else high)
        wanted = round(wanted) if whole else round(wanted, 3)
        wanted = wanted if low is None else max(low, wanted)
        return wanted if high is None else min(high, wanted)


def _kind_of(schema: Schema) -> str:
    """The type that an instance is to have; of several, the first that is not null."""
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "null")
    return str(kind)
