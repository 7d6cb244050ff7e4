"""What a person asks for, checked once at the border and complete from then on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.errors import RequestError
from domain.constraints.constraint import MOST, Constraint, distinct, included
from domain.constraints.demand import Demand, expressible
from domain.constraints.parser import parse_constraints
from domain.length.contract import Length
from domain.length.parser import parse_length
from domain.text.language import Language, detect_prompt_language, is_cjk, parse_language

MAX_PROMPT = 100_000
"""Characters. Longer material is a source, not a request."""

MAX_SOURCES = 50
MAX_STYLE = 80
"""Characters of a style profile's name."""

Approval = Literal["auto", "ask"]
Reading = Literal["auto", "chain", "hierarchical"]
Memory = Literal["off", "text", "model"]
"""What is kept of what a document says: nothing, what rules read off its sentences, or also what
a model reports of each section."""
_WHOLE = re.compile(r"[+-]?\d{1,18}(?:\.0+)?")


class WritingRequest(BaseModel):
    """A request as it is stored with its document.

    `length` and `language` may be left out on the way in: they are then read from the prompt,
    and else 1,000 words and the prompt's own language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    length: Length
    language: str
    """ISO 639-1 code."""
    kind: str = ""
    """Such as "report" or "short story"; empty: as the prompt says."""
    audience: str = ""
    tone: str = ""
    style: str = Field("", max_length=MAX_STYLE)
    """Id or name of a style profile; empty: none."""
    must_include: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = ()
    """Mentioned once, anywhere: short for a constraint."""
    constraints: tuple[Demand, ...] = Field((), max_length=MOST)
    """What must be in it or must not: where, how often (see `domain.constraints.demand`)."""
    read_constraints: bool = True
    """Whether what the prompt itself says of such counts too."""
    sources: tuple[Annotated[str, Field(min_length=1, max_length=1_000)], ...] = Field(
        (), max_length=MAX_SOURCES
    )
    """Ids of texts that it draws on, in the order in which they are read; on a command line also
    files, which become ids before anything is stored."""
    only_sources: bool = False
    """Whether nothing may be claimed that does not stand in them."""
    reading: Reading = "auto"
    """How they are read before the plan: in a chain, or in parallel and merged."""
    strategy: str = "parallel"
    approve: Approval = "auto"
    rounds: int = Field(1, ge=0, le=5)
    """Times that critic and reviser may go over the text; 0: it is not judged."""
    calibrate: bool = True
    """Whether what the model made of earlier lengths decides what it is asked for."""
    memory: Memory = "text"
    seed: int | None = Field(None, ge=0, le=2**31 - 1)

    @field_validator("prompt")
    @classmethod
    def _prompt(cls, prompt: str) -> str:
        text = prompt.encode("utf-8", "replace").decode().replace("\x00", "").strip()
        if not text:
            raise ValueError("the prompt is empty")
        if len(text) > MAX_PROMPT:
            raise ValueError(f"the prompt has {len(text):,} characters, more than {MAX_PROMPT:,}")
        return text

    @field_validator("sources")
    @classmethod
    def _each_once(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sources))

    @model_validator(mode="after")
    def _only_what_there_is(self) -> WritingRequest:
        if self.only_sources and not self.sources:
            raise ValueError("only_sources is set, and there are no sources")
        return self

    @property
    def demanded(self) -> tuple[Constraint, ...]:
        """What its fields demand of the contents."""
        entered = (demand.constraint() for demand in self.constraints)
        return distinct((*included(self.must_include), *entered))

    @property
    def demands(self) -> tuple[Constraint, ...]:
        """All that is demanded of the contents: by its fields, then by its prompt."""
        found = stated(self.prompt) if self.read_constraints else ()
        return distinct((*self.demanded, *found))

    @property
    def unit(self) -> str:
        """What its lengths are shown in: `words` or `characters`."""
        characters = self.length.counter == "characters" or is_cjk(self.language)
        return "characters" if characters else "words"

    def phrase(self, units: int) -> str:
        """A number of counted units as prompts say it: `450 words`, `450字`."""
        return f"{units}字" if self.language == "zh" else f"{units} {self.unit}"

    @property
    def language_info(self) -> Language:
        """Names of the document's language."""
        return parse_language(self.language)


def make_request(data: dict[str, Any]) -> WritingRequest:
    """Complete and check a request.

    Args:
        data: the fields of `WritingRequest`; `words` (a number, or a phrase such as "about 2,000
            words") may stand for `length`, which may itself be a phrase or a mapping.

    Raises:
        RequestError: something is missing, unknown or out of range.
    """
    fields = {name: value for name, value in data.items() if value is not None}
    prompt = fields.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise RequestError("the prompt is empty", "Say what to write.")
    if len(prompt) > MAX_PROMPT:
        raise RequestError(
            f"the prompt has {len(prompt):,} characters, more than {MAX_PROMPT:,}",
            "Shorten it to what is asked for; long material is not a request.",
        )
    fields["length"] = _length(fields.pop("words", None), fields.get("length"), prompt)
    named = fields.get("language")
    fields["language"] = (
        parse_language(str(named)).code if named else detect_prompt_language(prompt)
    )
    try:
        return WritingRequest.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "request"
        said = first["msg"].removeprefix("Value error, ")
        raise RequestError(f"{where}: {said}", "Correct the request.") from error


@lru_cache(maxsize=32)  # asked for at every section
def stated(prompt: str) -> tuple[Constraint, ...]:
    """What a prompt itself demands of the contents, as far as a person could enter it."""
    return tuple(one for one in parse_constraints(prompt) if expressible(one))


def _length(words: object, length: object, prompt: str) -> Length:
    if words is not None and length is not None:
        raise RequestError("both words and length are given", "Give one of them.")
    given = length if words is None else words
    if given is None:
        return parse_length(prompt) or Length.default()
    if isinstance(given, Length):
        return given
    return Length.from_dict(given) if isinstance(given, dict) else read_length(given)


def read_length(given: object) -> Length:
    """The length that a person gives: a number of words, or a phrase.

    Raises:
        RequestError: it is none, or out of range.
    """
    try:
        text = str(given).strip()
    except ValueError:  # an integer with thousands of digits
        raise RequestError("the length is beyond what can be written") from None
    found = Length(int(float(text))) if _WHOLE.fullmatch(text) else parse_length(text)
    if found is None:
        raise RequestError(f"no length in {text[:80]!r}", 'For example "about 2,000 words".')
    return found
