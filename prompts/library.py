"""Where prompts come from: templates by name, with version and hash, and a user's own copies.

A template has up to four blocks: `system`, `shared` (the same for every section of a document,
so that prefix caches hit), `task`, and `format`: the machine contract, always taken from
the built-in template. A person's copy runs in a sandbox: it reaches its variables and no more.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.errors import SettingsError

BUILT_IN = Path(__file__).parent
_VERSION = re.compile(r"\{#-?\s*version:\s*(\d+)\s*-?#\}")
_BLOCKS = ("shared", "task", "format")
_FAULTS = (
    TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip
"""What filling in a template can raise."""
_BLANK_LINES = re.compile(r"\n{3,}")


FILTERS = (
    "capitalize", "default", "first", "join", "last", "length", "lower", "replace", "title", "trim",
    "upper",
)  # fmt: skip
"""What a person's copy may use: none of them makes much out of little."""


class PromptFaultError(ValueError):
    """A copy that cannot be filled in; `line` of it, from 1, or 0 where that is not known."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class PromptInfo:
    """Which template made a prompt; recorded with every call."""

    name: str
    version: int
    sha256: str
    """First 12 hex digits, over the user's copy too where there is one."""
    overridden: bool = False


@dataclass(frozen=True)
class Prompt:
    """A rendered prompt."""

    info: PromptInfo
    system: str
    user: str


def fence_of(run_id: str) -> str:
    """The mark on data blocks: the same all through a run, not guessable outside it."""
    return hashlib.sha256(f"fence:{run_id}".encode()).hexdigest()[:8]


def data_block(label: str, text: str, fence: str) -> str:
    """`text` as data: between tags that it cannot close, since no fence is left in it."""
    tag = f"{label}-{fence}"
    return f"<{tag}>\n{text.replace(fence, '…').strip()}\n</{tag}>"


class PromptLibrary:
    """Renders templates. A missing variable is an error, never an empty string.

    Args:
        own: folder with the user's copies of templates, laid out like this one; may not exist.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._built_in = Environment(loader=_loader(BUILT_IN), **_OPTIONS)
        self._own = own_environment(own) if own else None

    def names(self) -> list[str]:
        """Every template, such as `writer/section`."""
        return sorted(
            path.relative_to(BUILT_IN).as_posix().removesuffix(".md.j2")
            for path in BUILT_IN.rglob("*.md.j2")
        )

    def info(self, name: str) -> PromptInfo:
        """Version and hash of a template; raises SettingsError if there is none."""
        source = self._source(self._built_in, name)
        if source is None:
            raise SettingsError(f"no prompt template {name!r}")
        own = self._source(self._own, name)
        marked = _VERSION.match(own or source) or _VERSION.match(source)
        if marked is None:
            raise SettingsError(f"prompt template {name!r} does not begin with its version")
        digest = hashlib.sha256((source + (own or "")).encode()).hexdigest()[:12]
        return PromptInfo(name, int(marked[1]), digest, own is not None)

    def render(self, name: str, fence: str, **variables: object) -> Prompt:
        """Fill a template in; `data(label, text)` in it fences untrusted text."""
        info = self.info(name)
        try:
            own = self._own.get_template(_file(name)) if info.overridden and self._own else None
            return self._filled(info, own, fence, variables)
        except _FAULTS as error:
            whose = "your own copy of " if info.overridden else ""
            raise SettingsError(
                f"{whose}prompt {name!r} cannot be filled in: {error}",
                "Correct or delete the copy in the prompts folder." if whose else "",
            ) from error

    def trial(self, name: str, source: str, fence: str, **variables: object) -> Prompt:
        """Fill in a copy that is not kept yet, as `render` would; raises PromptFaultError."""
        info = self.info(name)
        own: Template | None = None
        try:
            own = own_environment().from_string(source)
            return self._filled(info, own, fence, variables)
        except _FAULTS as error:
            raise PromptFaultError(str(error) or type(error).__name__, _line(error, own)) from error

    def source(self, name: str) -> str:
        """The built-in template; raises SettingsError if there is none."""
        self.info(name)
        return self._source(self._built_in, name) or ""

    def own_source(self, name: str) -> str | None:
        """The person's copy; None: there is none."""
        return self._source(self._own, name)

    def _filled(
        self, info: PromptInfo, own: Template | None, fence: str, variables: dict[str, object]
    ) -> Prompt:
        known = {**variables, "data": lambda label, text: data_block(label, str(text), fence)}
        built_in = self._built_in.get_template(_file(info.name))
        chosen = own or built_in
        system = _block(chosen, "system", known)
        user = [_block(built_in if b == "format" else chosen, b, known) for b in _BLOCKS]
        return Prompt(info, system, "\n\n".join(text for text in user if text))

    @staticmethod
    def _source(environment: Environment | None, name: str) -> str | None:
        if environment is None or environment.loader is None:
            return None
        try:
            return environment.loader.get_source(environment, _file(name))[0]
        except TemplateNotFound:
            return None


_OPTIONS: dict[str, Any] = {
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "autoescape": False,  # prompts are plain text for a model: HTML escaping would corrupt them
}


def own_environment(folder: Path | None = None) -> Environment:
    """What runs a person's templates: no attributes with an underscore, few filters, no globals."""
    made = ImmutableSandboxedEnvironment(loader=_loader(folder) if folder else None, **_OPTIONS)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def _loader(folder: Path) -> FileSystemLoader:
    return FileSystemLoader(folder, encoding="utf-8")


def _file(name: str) -> str:
    return f"{name}.md.j2"


def _block(template: Template, block: str, variables: dict[str, object]) -> str:
    if block not in template.blocks:
        return ""
    text = "".join(template.blocks[block](template.new_context(variables)))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _line(error: Exception, template: Template | None) -> int:
    """The line of a template that a fault came from; 0 where it cannot be told."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    found, trace = 0, error.__traceback__
    while template is not None and trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def new_fence() -> str:
    """A mark for a person's text in prompts that belong to no run; nobody can guess it."""
    return secrets.token_hex(4)
