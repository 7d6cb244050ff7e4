"""`POST /v1/chat/completions`: a conversation in, a document out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.openai.asked import Asking
from api.openai.errors import answers, error_body, wrong
from api.openai.events import DONE, event
from api.openai.messages import turns_of
from api.openai.schemas import ChatBody
from api.openai.usage import finish, usage_of
from core.errors import LongleafError
from services.runs.answers import Answer

FINGERPRINT = "longleaf"

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.post(
    "/chat/completions",
    response_class=Response,
    responses=answers("chat.completion", 404, 409, 502),
)
async def chat_completions(body: ChatBody, asked: Asking) -> Response:
    """Write what the last user message asks for; the other messages are its context."""
    wanted = (body.response_format or {}).get("type", "text")
    if wanted != "text":
        raise wrong("response_format", "only prose is written here", "Leave response_format out.")
    turns = turns_of(body.messages, "messages")
    work = await asked.begin(body, turns, body.max_tokens, body.max_completion_tokens)
    shape = ChatShape(f"chatcmpl-{work.id}", body.model, body.include_usage, body.progress)
    return asked.reply(work, shape, body)


@dataclass
class ChatShape:
    """How chat completions are told."""

    id: str
    model: str
    include_usage: bool = False
    tell_progress: bool = False
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer in one piece."""
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": finish(answer), "logprobs": None}
        return {
            **self._head("chat.completion"), "choices": [choice], "usage": usage_of(answer),
            "longleaf": answer.facts,
        }  # fmt: skip

    def opening(self) -> Iterable[str]:
        """Who speaks."""
        yield self._chunk({"role": "assistant", "content": ""})

    def progress(self, line: str) -> Iterable[str]:
        """As if it were thought."""
        if self.tell_progress:
            yield self._chunk({"reasoning_content": f"{line}\n"})

    def piece(self, text: str) -> Iterable[str]:
        """The next bit of the text."""
        yield self._chunk({"content": text})

    def closing(self, answer: Answer) -> Iterable[str]:
        """Why it ends, what it is, and last what was spent."""
        yield self._chunk({}, finish(answer), longleaf=answer.facts)
        if self.include_usage:
            last = {"choices": [], "usage": usage_of(answer), "longleaf": answer.facts}
            yield event({**self._head("chat.completion.chunk"), **last})
        yield DONE

    def failure(self, error: LongleafError) -> Iterable[str]:
        """The error; no `[DONE]`, since it is not."""
        yield event(error_body(error))

    def _chunk(self, delta: dict[str, str], why: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": why, "logprobs": None}
        usage = {"usage": None} if self.include_usage else {}
        return event({**self._head("chat.completion.chunk"), "choices": [choice], **usage, **more})

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id, "object": kind, "created": self.created, "model": self.model,
            "system_fingerprint": FINGERPRINT,
        }  # fmt: skip
