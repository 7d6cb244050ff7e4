"""Who judges texts: a model that is asked until its answer can be read, and believed no further."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from agents.run.calls import UNUSABLE
from agents.run.context import DEFAULT_WINDOW
from agents.writer.window import MARGIN
from core.errors import FormatError, SettingsError, UnsupportedError
from llm.discovery import resolve_model
from llm.lines import Line, Lines
from llm.structured import strict_schema, validated
from llm.tokens import ESTIMATE
from llm.types import Completion, Message, ModelRequest
from prompts.library import Prompt, PromptLibrary, new_fence
from services.endpoints.directory import Endpoints

JUDGE = "judge"
"""Name of a judge that is given by its address."""

T = TypeVar("T")
F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True)
class Verdict(Generic[T]):
    """What a judge said; `value` is None, *unscored*, where no answer could be read."""

    value: T | None
    reason: str = ""
    """Why there is none."""
    answers: tuple[str, ...] = ()
    """All of them as they came, the one that was read last."""


@dataclass
class Judge:
    """One model that judges.

    Args:
        line: the way to it.
        prompts: renders what it is asked.
        lines: counts tokens.
        fence: makes the mark on data blocks, a new one for every request.
    """

    line: Line
    prompts: PromptLibrary
    lines: Lines
    fence: Callable[[], str] = field(default=new_fence)
    _plain: bool = False
    """Whether it was found to take no JSON schemas."""

    @property
    def name(self) -> str:
        """The model's, as asked for: what judgements are kept under."""
        return self.line.endpoint.model

    @property
    def window(self) -> int:
        """Tokens of prompt and answer together."""
        known = self.line.client.profile.window or self.line.endpoint.window
        return known or DEFAULT_WINDOW

    def cost(self, text: str) -> int:
        """An upper estimate of a text's tokens."""
        return self.lines.tokens.budget_count(text)

    def beginning(self, text: str, limit: int) -> str:
        """As much of the text's beginning as costs at most `limit` tokens."""
        if limit <= 0:
            return ""
        return (
            text
            if self.cost(text) <= limit
            else self.lines.tokens.head(text, int(limit / ESTIMATE))
        )

    def room(self, template: str, answer: int, **variables: object) -> int:
        """Tokens of text that fit into a request, besides the template, and `answer` tokens."""
        empty = self.prompts.render(template, self.fence(), text="", **variables)
        return self.window - answer - self.cost(empty.system + empty.user) - MARGIN

    async def ask(
        self,
        template: str,
        form: type[F],
        *,
        tries: int,
        answer: int,
        temperature: float,
        seed: int | None = None,
        **variables: object,
    ) -> Verdict[F]:
        """Ask until an answer has the form, at most `tries` times.

        Args:
            template: the prompt's name.
            form: what the answer must be; the endpoint is held to it where it can be.
            tries: how often, at most.
            answer: tokens for an answer.
            temperature: how it is drawn.
            seed: of the first draw; further ones count up from it.
            **variables: what the template needs.

        Raises:
            LLMError: the endpoint cannot be used, or the request does not fit its window.
        """
        answers: list[str] = []
        reason = ""
        for attempt in range(tries):
            prompt = self.prompts.render(template, self.fence(), **variables)
            request = self._request(prompt, form, answer, temperature)
            request = replace(request, seed=None if seed is None else seed + attempt)
            try:
                done = await self._send(request)
                answers.append(done.text)
                return Verdict(validated(done, form), "", tuple(answers))
            except FormatError as error:
                reason = error.message
            except UNUSABLE as error:
                reason = error.message
        return Verdict(None, f"no verdict in {tries} answers; the last: {reason}", tuple(answers))

    def _request(
        self, prompt: Prompt, form: type[BaseModel], answer: int, temperature: float
    ) -> ModelRequest:
        return ModelRequest(
            model=self.name,
            messages=(Message("system", prompt.system), Message("user", prompt.user)),
            max_tokens=answer,
            temperature=temperature,
            schema=None if self._plain else strict_schema(form),
            schema_name="verdict",
        )

    async def _send(self, request: ModelRequest) -> Completion:
        try:
            return await self.line.llm.complete(request)
        except UnsupportedError:
            if request.schema is None:
                raise
        self._plain = True
        return await self.line.llm.complete(replace(request, schema=None))


async def find_judge(
    endpoints: Endpoints, lines: Lines, prompts: PromptLibrary, where: str, *, model: str = "",
    api_key: str = "",
) -> Judge:  # fmt: skip
    """The judge at an endpoint.

    Args:
        endpoints: those that have a name.
        lines: the connections that all share.
        prompts: the templates.
        where: an endpoint's name, `name/model`, or an address.
        model: its model; empty: the endpoint's own, or the only one there.
        api_key: of an address that needs one.

    Raises:
        SettingsError: there is no such endpoint, or no model can be chosen.
        LLMError: it cannot be used.
    """
    endpoint = await endpoints.at(where, JUDGE, model, api_key)
    await lines.tokens.warm()
    try:
        found = await resolve_model(endpoint)
    except SettingsError as error:
        remedy = error.remedy.replace("--model", "--judge-model")
        raise SettingsError(error.message, remedy) from error
    return Judge(lines.to(found), prompts, lines)


def today() -> str:
    """When a judgement is made: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def normal_keys(value: Any) -> Any:
    """A judge's answer with its keys as a form names them: `Reading Experience` is one of them."""
    if not isinstance(value, dict):
        return value
    return {str(key).strip().lower().replace(" ", "_"): item for key, item in value.items()}
