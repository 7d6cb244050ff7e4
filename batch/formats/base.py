"""What a format is: columns with types, declared once, and how a record becomes rows of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from batch.records import Pair, Sample

R = TypeVar("R", Sample, Pair)
Data = dict[str, Any]
Type = Literal["string", "bool", "turns", "turn"]
"""`turn`: an object of two strings; `turns`: a list of them that is never empty."""

_ROW_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Python's `splitlines` ends a line there; JSON may escape them."""


@dataclass(frozen=True)
class Column:
    """A column of a format."""

    name: str
    type: Type = "string"
    fields: tuple[str, str] = ("role", "content")
    """Of a turn."""
    blank: bool = False
    """Whether its text may be empty. No column is ever null."""

    def problem(self, value: Any) -> str:
        """Why a value cannot stand here; empty if it can."""
        fits = {"string": self._text, "bool": self._flag, "turn": self._turn, "turns": self._turns}
        return "" if fits[self.type](value) else f"{self.name} is no {self.type} that may be here"

    def feature(self) -> Data:
        """The column as the library `datasets` declares it."""
        if self.type in ("string", "bool"):
            return {"name": self.name, "dtype": self.type}
        parts = [{"name": name, "dtype": "string"} for name in self.fields]
        return {"name": self.name, "list" if self.type == "turns" else "struct": parts}

    def _text(self, value: Any) -> bool:
        return isinstance(value, str) and (self.blank or bool(value.strip()))

    def _flag(self, value: Any) -> bool:
        return isinstance(value, bool)

    def _turn(self, value: Any) -> bool:
        whole = isinstance(value, dict) and tuple(value) == self.fields
        return whole and all(isinstance(text, str) and text.strip() for text in value.values())

    def _turns(self, value: Any) -> bool:
        return isinstance(value, list) and bool(value) and all(map(self._turn, value))


class Format(Generic[R]):
    """A trainer's form of one kind of record; each says what its rows hold beside id and meta."""

    name: ClassVar[str]
    read_by: ClassVar[str]
    """Who reads it, for people."""
    body: ClassVar[tuple[Column, ...]]
    llamafactory: ClassVar[Mapping[str, Any] | None] = None
    """Its entry in LLaMA-Factory's `dataset_info.json`, without the file; None: not read there."""
    takes: type[R]

    def bodies(self, record: R) -> Iterator[tuple[str, Data]]:
        """What is added to the record's id, and the columns of `body`; nothing if it has no form.

        A record without a form is, for example, a conversation where there is one question.
        """
        raise NotImplementedError

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in order."""
        return (*self.body, Column("id"), Column("meta"))

    @property
    def preferences(self) -> bool:
        """Whether it holds pairs."""
        return self.takes is Pair

    def rows(self, record: Sample | Pair) -> list[Data]:
        """The rows of a record; none if it is of the other kind or has no form here."""
        if not isinstance(record, self.takes):
            return []
        return [
            {**body, "id": record.id + suffix, "meta": record.meta}
            for suffix, body in self.bodies(record)
        ]

    def problems(self, row: Mapping[str, Any]) -> list[str]:
        """What of a row a trainer would stumble over; empty for a sound one."""
        names = [column.name for column in self.columns]
        if list(row) != names:
            return [f"the columns are {', '.join(row) or 'none'}, not {', '.join(names)}"]
        found = [column.problem(row[column.name]) for column in self.columns]
        return [problem for problem in found if problem]


def line_of(row: Mapping[str, Any]) -> str:
    """The row as one line of JSON with its end; halves of surrogate pairs become U+FFFD."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False).translate(_ROW_ENDS)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text + "\n"
