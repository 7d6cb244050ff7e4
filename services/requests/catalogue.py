"""What there is to choose from: strategies, kinds of documents, templates; the user's own too."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.strategies.registry import AUTO, STRATEGIES
from core.errors import NotFoundError, SettingsError
from domain.length.contract import MAX_LENGTH, MIN_LENGTH
from services.requests.template import Template, TemplateField

ROOT = Path(__file__).parents[2]
KINDS = Path(__file__).parent / "kinds.toml"
TEMPLATES = ROOT / "examples" / "templates"
_LANGUAGE = re.compile("[a-z]{2,3}")
MAX_BYTES = 200_000
MOST = 500
"""Templates of a folder."""

log = structlog.get_logger()

Form = TypeVar("Form", bound=BaseModel)


class Kind(BaseModel):
    """A kind of document, with what is sensible for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    title: str = Field(min_length=1, max_length=100)
    summary: str = Field("", max_length=500)
    words: int = Field(ge=MIN_LENGTH, le=MAX_LENGTH)
    fields: tuple[str, ...] = ()
    """Of a request, those worth asking for."""
    audience: str = Field("", max_length=200)
    tone: str = Field("", max_length=200)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, with the JSON schema of its fields."""
        told = self.model_dump(mode="json", exclude={"fields"})
        return {**told, "schema": self.as_template.schema_of_fields}

    @property
    def as_template(self) -> Template:
        """Its form: what to write, how long, and what is worth asking for."""
        known = {
            "audience": TemplateField(name="audience", title="Readers", default=self.audience),
            "tone": TemplateField(name="tone", title="Tone", default=self.tone),
            "must_include": TemplateField(name="must_include", title="Must contain", type="list"),
        }
        fields = (
            TemplateField(name="prompt", title="What to write", type="text", required=True,
                          max=50_000),
            TemplateField(name="words", title="Words", type="integer", default=self.words,
                          least=MIN_LENGTH, most=MAX_LENGTH),
            *(known[name] for name in self.fields if name in known),
        )  # fmt: skip
        return Template(
            name=self.name, title=self.title, summary=self.summary, kind=self.name,
            prompt="{prompt}", fields=fields,
        )  # fmt: skip


@dataclass(frozen=True)
class Catalogue:
    """What is built in, and what lies in the data folder; a name there goes before one of ours."""

    home: Path

    def strategies(self) -> list[dict[str, Any]]:
        """Name and summary of each; the first is the usual one."""
        auto = {"name": AUTO, "summary": "one of these, by length and the model's window"}
        return [{"name": each.name, "summary": each.summary} for each in STRATEGIES.values()] + [
            auto
        ]

    def kinds(self) -> list[Kind]:
        """Every kind; raises SettingsError for a broken file."""
        found: dict[str, Kind] = {}
        for path in (KINDS, self.home / "kinds.toml"):
            if path.is_file():
                data = _read(path)
                found |= {name: _form(Kind, path, {"name": name, **_table(path, each)})
                          for name, each in data.items()}  # fmt: skip
        return list(found.values())

    def templates(self, language: str = "") -> list[Template]:
        """Every template by name, in this language where there is one; broken ones are left out."""
        found = []
        for name, path in sorted(self._files(language).items()):
            try:
                found.append(_template(name, path))
            except SettingsError as error:
                log.warning("template_broken", template=name, why=error.message)
        return found

    def template(self, name: str, language: str = "") -> Template:
        """One template; raises NotFoundError, SettingsError for a broken file."""
        files = self._files(language)
        if name not in files:
            raise NotFoundError(
                f"there is no template {name[:60]!r}", f"There are: {', '.join(sorted(files))}."
            )
        return _template(name, files[name])

    def _files(self, language: str) -> dict[str, Path]:
        found: dict[str, Path] = {}
        translated = [language] if _LANGUAGE.fullmatch(language) else []
        for folder in (TEMPLATES, self.home / "templates"):
            for place in (folder, *(folder / each for each in translated)):
                found |= {path.stem: path for path in sorted(place.glob("*.toml"))[:MOST]}
        return found


def _template(name: str, path: Path) -> Template:
    return _form(Template, path, {**_read(path), "name": name})


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError(f"{path.name} has more than {MAX_BYTES:,} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}", "Correct it.") from error
    except OSError as error:
        raise SettingsError(f"{path.name} cannot be read: {error.strerror}") from error


def _table(path: Path, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"{path.name}: {value!r:.40} is no table", "Correct it.")
    return value


def _form(form: type[Form], path: Path, data: dict[str, Any]) -> Form:
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "template"
        raise SettingsError(f"{path.name}: {where}: {first['msg']}", "Correct it.") from error
