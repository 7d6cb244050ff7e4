"""Where prompts come from: templates by name, with version and hash, and a user's own copies.

A template has up to four blocks: `system`, `shared` (the same for every section of a document,
so that prefix caches hit), `task`, and `format`: the machine contract, always taken from
the built-in template.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound

from core.errors import SettingsError

BUILT_IN = Path(__file__).parent
_VERSION = re.compile(r"\{#-?\s*version:\s*(\d+)\s*-?#\}")
_BLOCKS = ("shared", "task", "format")
_BLANK_LINES = re.compile(r"\n{3,}")


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
        self._built_in = _environment(BUILT_IN)
        self._own = _environment(own) if own and own.is_dir() else None

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
        known = {**variables, "data": lambda label, text: data_block(label, str(text), fence)}
        chosen = self._own if info.overridden and self._own else self._built_in
        try:
            system = self._block(chosen, name, "system", known)
            user = [
                self._block(self._built_in if block == "format" else chosen, name, block, known)
                for block in _BLOCKS
            ]
        except TemplateError as error:
            whose = "your own copy of " if info.overridden else ""
            raise SettingsError(
                f"{whose}prompt {name!r} cannot be filled in: {error}",
                "Correct or delete the copy in the prompts folder." if whose else "",
            ) from error
        return Prompt(info, system, "\n\n".join(text for text in user if text))

    def _block(
        self, environment: Environment, name: str, block: str, variables: dict[str, object]
    ) -> str:
        template = environment.get_template(f"{name}.md.j2")
        if block not in template.blocks:
            return ""
        text = "".join(template.blocks[block](template.new_context(variables)))
        return _BLANK_LINES.sub("\n\n", text).strip()

    @staticmethod
    def _source(environment: Environment | None, name: str) -> str | None:
        if environment is None or environment.loader is None:
            return None
        try:
            return environment.loader.get_source(environment, f"{name}.md.j2")[0]
        except TemplateNotFound:
            return None


def _environment(folder: Path) -> Environment:
    # Prompts are plain text for a model: HTML escaping would corrupt them.
    return Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def new_fence() -> str:
    """A mark for a person's text in prompts that belong to no run; nobody can guess it."""
    return secrets.token_hex(4)
