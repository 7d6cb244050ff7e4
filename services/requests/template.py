"""One template of requests: its fields as a JSON schema, and how they become a request."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import RequestError
from domain.request import make_request

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
OF_REQUEST = frozenset(
    {"words", "language", "audience", "tone", "must_include", "strategy", "rounds"}
)
"""Fields that go into the request as they are."""
LONGEST = 500
"""Characters of a value where the template says nothing."""
LIST = 20
_NAME = r"[a-z][a-z0-9_]{0,39}"
_PLACE = re.compile(rf"\{{({_NAME})\}}")
_ONLY_IF = re.compile(rf"\{{({_NAME})\?([^{{}}]*)\}}")

Value = str | int | bool | list[str]


class TemplateField(BaseModel):
    """One field of a form."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(pattern=f"^{_NAME}$")
    title: str = Field(max_length=100)
    description: str = Field("", max_length=500)
    type: Literal["string", "text", "integer", "boolean", "choice", "list"] = "string"
    """`text` is a string of several lines; `choice` one of `options`; `list` holds strings."""
    required: bool = False
    default: Value | None = None
    example: str = Field("", max_length=500)
    max: int = Field(LONGEST, ge=1, le=50_000)
    """Characters of a string, or of each in a list."""
    least: int = 0
    most: int | None = None
    """Of an integer; of a list: how many."""
    options: tuple[str, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _sound(self) -> TemplateField:
        if (self.type == "choice") != bool(self.options):
            raise ValueError("options belong to a choice, and a choice has some")
        if self.default is not None:
            try:
                self.checked(self.default)
            except RequestError as error:
                raise ValueError(f"its default: {error.message}") from error
        return self

    def schema_at(self, order: int) -> dict[str, Any]:
        """The JSON schema of its values; `x-order` is its place in the form, from 1."""
        texts = {"title": self.title, "description": self.description}
        found: dict[str, Any] = {name: text for name, text in texts.items() if text}
        found |= self._limits()
        if self.default is not None:
            found["default"] = self.default
        if self.example:
            found["examples"] = [self.example]
        if self.type == "text":
            found["x-multiline"] = True
        return {**found, "x-order": order}

    def _limits(self) -> dict[str, Any]:
        if self.type == "boolean":
            return {"type": "boolean"}
        if self.type == "integer":
            most = {} if self.most is None else {"maximum": self.most}
            return {"type": "integer", "minimum": self.least, **most}
        if self.type == "choice":
            return {"type": "string", "enum": list(self.options)}
        text = {"type": "string", "maxLength": self.max}
        if self.type == "list":
            return {"type": "array", "items": {**text, "minLength": 1},
                    "maxItems": LIST if self.most is None else self.most}  # fmt: skip
        return {**text, "minLength": 1} if self.required else text

    def checked(self, value: object) -> Value:
        """The value, if it is one for this field; raises RequestError."""
        problem = self._problem(value)
        if problem:
            raise RequestError(f"{self.name}: {problem}", "Correct this field.")
        return value.strip() if isinstance(value, str) else value  # type: ignore[return-value]

    def _problem(self, value: object) -> str:
        if self.type == "boolean":
            return "" if isinstance(value, bool) else "must be true or false"
        if self.type == "integer":
            return self._number_problem(value)
        if self.type == "list":
            most = LIST if self.most is None else self.most
            if not isinstance(value, list) or len(value) > most:
                return f"must be a list of at most {most}"
            return next((problem for each in value if (problem := self._text_problem(each))), "")
        if self.type == "choice":
            return "" if value in self.options else f"must be one of {', '.join(self.options)}"
        return self._text_problem(value)

    def _number_problem(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return "must be a whole number"
        if value < self.least or (self.most is not None and value > self.most):
            most = "" if self.most is None else f" and at most {self.most:,}"
            return f"must be at least {self.least:,}{most}"
        return ""

    def _text_problem(self, value: object) -> str:
        if not isinstance(value, str):
            return "must be a text"
        return f"has more than {self.max:,} characters" if len(value) > self.max else ""


class Template(BaseModel):
    """A prompt with places for the values of its fields.

    `{name}` is such a place; `{name?words}` are words that stand there if the field is true. A line
    goes if a place in it has no value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    title: str = Field(min_length=1, max_length=100)
    summary: str = Field("", max_length=500)
    kind: str = Field("", max_length=100)
    prompt: str = Field(min_length=1, max_length=20_000)
    fields: tuple[TemplateField, ...] = Field(max_length=40)

    @model_validator(mode="after")
    def _sound(self) -> Template:
        known = [field.name for field in self.fields]
        if len(set(known)) < len(known):
            raise ValueError("two fields have the same name")
        places = (*_PLACE.finditer(self.prompt), *_ONLY_IF.finditer(self.prompt))
        named = {found[1] for found in places}
        if missing := sorted(named - set(known)):
            raise ValueError(f"the prompt names no field of its own: {', '.join(missing)}")
        return self

    @property
    def schema_of_fields(self) -> dict[str, Any]:
        """The JSON schema that a client can draw a form from."""
        return {
            "$schema": SCHEMA,
            "title": self.title,
            "description": self.summary,
            "type": "object",
            "properties": {
                field.name: field.schema_at(order) for order, field in enumerate(self.fields, 1)
            },
            "required": [field.name for field in self.fields if field.required],
            "additionalProperties": False,
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        told = self.model_dump(mode="json", include={"name", "title", "summary", "kind"})
        return {**told, "schema": self.schema_of_fields}

    def render(self, values: dict[str, Any]) -> dict[str, Any]:
        """The fields of a request, as `POST /api/v1/runs` takes them.

        Raises:
            RequestError: a value is missing, unknown or out of range.
        """
        known = {field.name: field for field in self.fields}
        if unknown := sorted(set(values) - set(known)):
            raise RequestError(
                f"{unknown[0][:40]}: {self.name} has no such field", f"It has: {', '.join(known)}."
            )
        given = {name: self._value(field, values.get(name)) for name, field in known.items()}
        request = {name: given[name] for name in known if name in OF_REQUEST and given[name]}
        made = {"prompt": _filled(self.prompt, given), "kind": self.kind, **request}
        make_request(made)
        return {name: value for name, value in made.items() if value}

    def _value(self, field: TemplateField, value: object) -> Value | None:
        empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
        if empty and field.required:
            raise RequestError(f"{field.name}: is needed", f"Say: {field.title}.")
        return field.default if empty else field.checked(value)


def _filled(prompt: str, values: dict[str, Value | None]) -> str:
    lines = []
    for line in prompt.strip().split("\n"):
        told = _ONLY_IF.sub(lambda found: found[2] if values[found[1]] else "", line)
        empty = any(values[found[1]] in (None, "") for found in _PLACE.finditer(told))
        if not empty and (told.strip() or not line.strip()):
            lines.append(_PLACE.sub(lambda found: _said(values[found[1]]), told))
    return "\n".join(lines)


def _said(value: Value | None) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)
