"""A brief: what a person fills in before a document is begun, and the request that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from core.errors import NotFoundError, RequestError
from domain.constraints.demand import Demand, demand
from domain.constraints.demand_line import LINES
from domain.length.contract import Length, Relation, Unit
from domain.length.entry import entered_length
from domain.request import Approval, WritingRequest, make_request, stated
from domain.run_options import Caps
from domain.text.language import detect_prompt_language, is_cjk, parse_language
from services.requests.file import read_request

EXAMPLES = Path(__file__).parents[2] / "examples"
UNITS: tuple[Unit, ...] = get_args(Unit)
RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True)
class Brief:
    """The fields of the form, as they are typed; empty: left to the prompt or to us."""

    prompt: str = ""
    length: str = ""
    unit: Unit = "words"
    relation: Relation = "about"
    language: str = ""
    kind: str = ""
    audience: str = ""
    tone: str = ""
    style: str = ""
    """Id or name of a style profile."""
    sources: tuple[str, ...] = ()
    """Ids of texts that it draws on."""
    only_sources: bool = False
    """Counts only where there are sources."""
    reading: str = "auto"
    """How they are read."""
    memory: str = "text"
    """What is kept of what the text says: rules read it, a model too, or nothing."""
    must_include: str = ""
    """What must be in it or not: one demand a line (see `domain.constraints.demand_line`)."""
    left_out: tuple[str, ...] = ()
    """Lines of what was found in the prompt and is not to count."""
    strategy: str = "parallel"
    rounds: int = 1
    seed: int | None = None
    calls: int | None = None
    tokens: int | None = None
    cost: float | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    """Endpoint, or endpoint/model, of the roles that are not left to the settings."""

    def request(self, approve: Approval = "ask") -> WritingRequest:
        """What is to be written.

        Raises:
            RequestError: a field makes no sense; `field` names it where that is known.
        """
        texts = {"language": self.language, "kind": self.kind, "audience": self.audience,
                 "tone": self.tone, "style": self.style}  # fmt: skip
        told = {name: text.strip() for name, text in texts.items() if text.strip()}
        return make_request(
            {
                "prompt": self.prompt,
                "length": self.given_length(),
                **told,
                **self.demands(),
                "sources": self.sources,
                "only_sources": self.only_sources and bool(self.sources),
                "reading": self.reading,
                "memory": self.memory,
                "strategy": self.strategy,
                "rounds": self.rounds,
                "seed": self.seed,
                "approve": approve,
            }  # fmt: skip
        )

    def given_length(self) -> Length | None:
        """The length of the field; None: it is empty. Raises RequestError."""
        if not self.length.strip():
            return None
        try:
            code = parse_language(self.language).code if self.language.strip() else ""
            cjk = is_cjk(code or detect_prompt_language(self.prompt))
            return entered_length(self.length, self.unit, self.relation, cjk=cjk)
        except RequestError as error:
            error.field = error.field or "length"
            raise

    def demands(self) -> dict[str, Any]:
        """The fields of a request that say what must be in the text. Raises RequestError."""
        try:
            entered = [demand(line) for line in self.items()]
        except RequestError as error:
            error.field = error.field or "must_include"
            raise
        plain = [one.text for one in entered if one == Demand(text=one.text)]
        placed = [one for one in entered if one != Demand(text=one.text)]
        found = [Demand.of(one) for one in stated(self.prompt)] if self.left_out else []
        kept = [one for one in found if one.line not in self.left_out]
        read = len(kept) == len(found)
        return {
            "must_include": tuple(plain),
            "constraints": (*placed, *(() if read else kept)),
            "read_constraints": read,
        }

    def items(self) -> list[str]:
        """What must be in the text. Raises RequestError for what is no short item."""
        found = [line.strip(" \t-*•·") for line in self.must_include.splitlines()]
        items = [item for item in found if item]
        if any(len(item) > 500 for item in items):
            raise RequestError(
                "something that must be in the text has more than 500 characters",
                "Put every single thing on a line of its own.",
            )
        return items

    def caps(self) -> Caps:
        """What the run may spend. Raises RequestError."""
        return Caps(self.calls or None, self.tokens or None, self.cost or None)

    def over(self, told: Mapping[str, Any]) -> Brief:
        """This brief with the fields of a request, as a file or a template gives them."""
        known = {each.name for each in fields(Brief)}
        changes = {name: value for name, value in told.items() if name in known}
        if "words" in told:
            changes |= {"length": str(told["words"]), "unit": "words", "relation": "about"}
        if isinstance(told.get("must_include"), list | tuple) or told.get("constraints"):
            changes["must_include"] = _demand_lines(told)
        if told.get("read_constraints") is False:
            found = stated(str(told.get("prompt") or self.prompt))
            changes["left_out"] = tuple(Demand.of(one).line for one in found)
        if isinstance(told.get("length"), Mapping):
            changes |= _as_entered(Length.from_dict(told["length"]))
        return replace(self, **changes)


def brief_of(request: WritingRequest) -> Brief:
    """The brief that makes this request again."""
    told = request.model_dump(exclude={"length"})
    return Brief().over({**told, "length": request.length.to_dict()})


def example(name: str) -> Brief:
    """An example that comes with the application; raises NotFoundError naming those there are."""
    found = {path.name.rpartition(".")[0]: path for path in sorted(EXAMPLES.glob("*.*"))}
    if name not in found:
        raise NotFoundError(f"there is no example {name[:60]!r}", f"There are: {', '.join(found)}.")
    return Brief().over(read_request(found[name]))


def _demand_lines(told: Mapping[str, Any]) -> str:
    """One line for each item and constraint of a request. Raises RequestError."""
    items = told.get("must_include") or ()
    plain = [items] if isinstance(items, str) else [Demand(text=str(item)).line for item in items]
    try:
        entered = [Demand.model_validate(one).line for one in told.get("constraints") or ()]
    except (TypeError, ValidationError) as error:
        raise RequestError("constraints cannot be read", f"Write lines: {LINES}.") from error
    return "\n".join([*plain, *entered])


def _as_entered(length: Length) -> dict[str, Any]:
    low = length.value if length.stated is None else length.stated
    high = length.high if length.stated_high is None else length.stated_high
    text = _amount(low) if high is None else f"{_amount(low)} - {_amount(high)}"
    return {"length": text, "unit": length.unit, "relation": length.relation}


def _amount(number: float) -> str:
    return f"{number:g}" if number % 1 else f"{int(number):,}"
