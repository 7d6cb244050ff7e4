"""`POST /v1/completions`: a prompt in, a document out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.openai.asked import Asking
from api.openai.errors import answers, error_body
from api.openai.events import DONE, event
from api.openai.messages import prompt_of
from api.openai.schemas import CompletionBody
from api.openai.usage import finish, usage_of
from core.errors import LongleafError
from services.requests.conversations import Turn
from services.runs.answers import Answer

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.post(
    "/completions", response_class=Response, responses=answers("text_completion", 404, 409, 502)
)
async def completions(body: CompletionBody, asked: Asking) -> Response:
    """Write what the prompt asks for."""
    turns = [Turn("user", prompt_of(body.prompt))]
    work = await asked.begin(body, turns, body.max_tokens)
    shape = CompletionShape(f"cmpl-{work.id}", body.model, body.include_usage)
    return asked.reply(work, shape, body)


@dataclass
class CompletionShape:
    """How completions are told: streamed as they are whole, bit by bit."""

    id: str
    model: str
    include_usage: bool = False
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer in one piece."""
        told = self._told(answer.text, finish(answer))
        return {**told, "usage": usage_of(answer), "longleaf": answer.facts}

    def opening(self) -> Iterable[str]:
        """Nothing."""
        return ()

    def progress(self, line: str) -> Iterable[str]:
        """Nothing: there is no place for it."""
        return ()

    def piece(self, text: str) -> Iterable[str]:
        """The next bit of the text."""
        yield event(self._told(text))

    def closing(self, answer: Answer) -> Iterable[str]:
        """Why it ends, what it is, and last what was spent."""
        yield event({**self._told("", finish(answer)), "longleaf": answer.facts})
        if self.include_usage:
            last = {"choices": [], "usage": usage_of(answer), "longleaf": answer.facts}
            yield event({**self._told(""), **last})
        yield DONE

    def failure(self, error: LongleafError) -> Iterable[str]:
        """The error; no `[DONE]`, since it is not."""
        yield event(error_body(error))

    def _told(self, text: str, why: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "text": text, "finish_reason": why, "logprobs": None}
        return {
            "id": self.id, "object": "text_completion", "created": self.created,
            "model": self.model, "system_fingerprint": "longleaf", "choices": [choice],
        }  # fmt: skip
