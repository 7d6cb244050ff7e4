"""What the form of a new document does: it reads along, estimates, and begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bootstrap import Services
from core.errors import ForbiddenError, LongleafError, NotFoundError, RequestError
from domain.constraints.demand import Demand
from domain.request import MAX_SOURCES, Approval, stated
from domain.run_options import RunOptions
from services.requests.briefs import RELATIONS, UNITS, Brief, brief_of, example
from services.runs.desk import Desk
from services.settings.preferences import checked_roles
from ui.render import brief as shown
from ui.render.demands import in_words
from ui.render.text import problem
from ui.words import Words

ROLES = ("planner", "writer", "critic", "editor")
"""For which the form asks who serves them."""
TEXTS = (
    "prompt", "length", "language", "kind", "audience", "tone", "style", "must_include", "strategy",
    "reading", "memory",
)  # fmt: skip
NUMBERS = ("rounds", "seed", "calls", "tokens")
FIELDS = (
    "prompt", "length", "unit", "relation", "language", "kind", "audience", "tone", "style",
    "sources", "only_sources", "must_include", "left_out", "strategy", "reading", "memory",
    "rounds", "seed", "calls", "tokens", "cost", *(f"model_{role}" for role in ROLES),
)  # fmt: skip
"""Of a brief, in the order of the form."""
MOST_LINES = 200
"""Of what was found in a prompt and is left out."""
MOST = 200_000
"""Characters that a field of the form may hold."""

MOST_ID = 60
"""Characters of a source's id."""


def brief_from(values: Sequence[Any]) -> Brief:
    """The brief in the form's values, which may be of any type: they come from a browser."""
    told = dict(zip(FIELDS, values, strict=False))
    sound: dict[str, Any] = {name: _text(told.get(name)) for name in TEXTS}
    sound |= {name: _number(told.get(name)) for name in NUMBERS}
    sound["sources"] = _ids(told.get("sources"))
    sound["only_sources"] = told.get("only_sources") is True
    sound["cost"] = _amount(told.get("cost"))
    for name, known in (("unit", UNITS), ("relation", RELATIONS)):
        sound[name] = told.get(name) if told.get(name) in known else ""
    needed = {"strategy", "reading", "memory", "rounds", "unit", "relation"}
    left_out = told.get("left_out")
    chosen = left_out if isinstance(left_out, list | tuple) else ()
    sound["left_out"] = tuple(line[:MOST] for line in chosen[:MOST_LINES] if isinstance(line, str))
    missing = {name for name in needed if sound[name] in ("", None)}
    served = {role: _text(told.get(f"model_{role}")).strip() for role in ROLES}
    models = {role: name for role, name in served.items() if name}
    kept = {name: each for name, each in sound.items() if name not in missing}
    return replace(Brief().over(kept), models=models)


def values_of(brief: Brief) -> list[Any]:
    """The form's values for a brief."""
    apart: dict[str, Any] = {f"model_{role}": brief.models.get(role, "") for role in ROLES}
    apart |= {"left_out": list(brief.left_out), "sources": " ".join(brief.sources)}
    return [apart[name] if name in apart else getattr(brief, name) for name in FIELDS]


def _text(value: Any) -> str:
    return value[:MOST] if isinstance(value, str) else ""


def _ids(value: Any) -> tuple[str, ...]:
    """Ids with spaces between."""
    return tuple(each[:MOST_ID] for each in _text(value).split()[:MAX_SOURCES])


def _amount(value: Any) -> float | None:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if real and abs(value) < 1e15 else None


def _number(value: Any) -> int | None:
    amount = _amount(value)
    return None if amount is None else int(amount)


@dataclass(frozen=True)
class BriefHandlers:
    """What one visitor can do with the form."""

    services: Services
    desk: Desk
    words: Words
    language: str
    scopes: frozenset[str] = frozenset({"read", "write"})
    """What the visitor may do: the page is shown to whoever can log in."""

    def reading(self, brief: Brief) -> str:
        """What is read from the request, or what is wrong with it; empty: there is none yet."""
        if not brief.prompt.strip() and not brief.length.strip():
            return ""
        try:
            request = replace(brief, prompt=brief.prompt.strip() or "…").request()
            return shown.reading(request, brief.given_length(), self.words, self.language)
        except LongleafError as error:
            return problem(error, self.language)

    def found(self, brief: Brief) -> list[tuple[str, str]]:
        """What the request itself says must be in the text: in words, and as a line."""
        found = [Demand.of(one) for one in stated(brief.prompt)]
        return [(in_words(one, self.words), one.line) for one in found]

    async def estimate(self, brief: Brief) -> str:
        """What it would take; says so where that cannot be told."""
        if not brief.prompt.strip():
            return self.words["brief.estimate_none"]
        if "read" not in self.scopes:
            return ""
        try:
            request = brief.request()
        except LongleafError:
            return ""  # said beside the request
        try:
            endpoints = self.services.endpoints
            chosen = checked_roles(brief.models, endpoints.names())
            models = await endpoints.models(chosen=chosen)
            found = await self.services.estimates.estimate(request, models)
        except LongleafError as error:
            said = problem(error, self.language)
            return f"{self.words['brief.estimate_failed']}: {said}"
        return shown.estimate(found, self.words)

    async def begin(self, brief: Brief, approve: Approval) -> str:
        """Begin the document; returns the address of the step that it is at.

        Raises:
            ForbiddenError: the visitor may not.
            RequestError: a field makes no sense.
            LongleafError: no model can be used at present.
        """
        self._need("write")
        options = RunOptions(brief.caps(), announced=True)
        request = brief.request(approve)
        run_id, _ = await self.desk.begin(request, options, models=brief.models)
        report = await self.services.runs.report(run_id)
        step = "outline" if approve == "ask" else "writing"
        return f"/d/{report.document_id}/{step}"

    async def filled(self, brief: Brief, told: object) -> Brief:
        """The brief as an example, a template or an earlier document fills it in.

        Args:
            brief: as it is.
            told: one of `{"example": name}`, `{"from": document}`, and `{"template": name,
                "values": {…}}`.

        Raises:
            NotFoundError: there is no such thing.
            RequestError: the template's values make no sense.
            ForbiddenError: the visitor may not.
        """
        self._need("read")
        given = told if isinstance(told, Mapping) else {}
        if given.get("example"):
            return example(str(given["example"]))
        if given.get("from"):
            document = await self.services.documents.get(str(given["from"])[:60])
            return brief_of(document.request)
        if given.get("template"):
            return brief.over(self._rendered(str(given["template"]), given.get("values")))
        raise NotFoundError("there is nothing to fill in")

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise ForbiddenError(
                f"this needs the scope {scope!r}", "Log in with a password, or ask an admin."
            )

    def _rendered(self, name: str, values: object) -> dict[str, Any]:
        if not isinstance(values, dict):
            raise RequestError("the template has no values", "Fill in its fields.")
        return self.services.catalogue.template(name, self.language).render(values)
