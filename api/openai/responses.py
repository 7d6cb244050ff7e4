"""`POST /v1/responses`: the Responses API, as far as it is about one text."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.openai.asked import Asking
from api.openai.errors import answers, error_body, wrong
from api.openai.events import event
from api.openai.messages import turns_of
from api.openai.schemas import ResponsesBody
from api.openai.usage import responses_usage_of
from core.errors import LongleafError
from services.requests.conversations import Turn
from services.runs.answers import Answer

Json = dict[str, Any]

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.post("/responses", response_class=Response, responses=answers("response", 404, 409, 502))
async def responses(body: ResponsesBody, asked: Asking) -> Response:
    """Write what the last user message of the input asks for; the rest is its context."""
    _refuse(body)
    turns = [Turn("system", body.instructions)] if body.instructions else []
    if isinstance(body.input, str):
        turns.append(Turn("user", body.input))
    else:
        turns += turns_of(body.input, "input")
    work = await asked.begin(body, turns, body.max_output_tokens)
    shape = ResponseShape(work.id, body)
    return asked.reply(work, shape, body)


def _refuse(body: ResponsesBody) -> None:
    """Raise RequestError for what would change the answer's meaning and is not done here."""
    if body.previous_response_id or body.conversation:
        field = "previous_response_id" if body.previous_response_id else "conversation"
        raise wrong(field, "conversations are not kept here", "Send all messages in input.")
    if body.background:
        raise wrong("background", "nothing is answered later here", "Use POST /api/v1/runs.")
    form = (body.text or {}).get("format")
    if isinstance(form, dict) and form.get("type", "text") != "text":
        raise wrong("text.format", "only prose is written here", "Leave text.format out.")


@dataclass
class ResponseShape:
    """How responses are told: each event has its name, its number and its place."""

    part: str
    """What its ids have in common."""
    body: ResponsesBody
    created: int = field(default_factory=lambda: int(time.time()))
    _number: int = 0

    def whole(self, answer: Answer) -> Json:
        """The answer in one piece."""
        status = "incomplete" if answer.cut else "completed"
        return self._response(
            status, output=[self._item(answer.text, status)], longleaf=answer.facts,
            usage=responses_usage_of(answer), completed_at=int(time.time()),
            incomplete_details={"reason": "max_output_tokens"} if answer.cut else None,
        )  # fmt: skip

    def opening(self) -> Iterable[str]:
        """That there is a response, and in it a message with a text."""
        for name in ("created", "in_progress"):
            yield self._event(f"response.{name}", response=self._response("in_progress"))
        item = {**self._item("", "in_progress"), "content": []}
        yield self._event("response.output_item.added", output_index=0, item=item)
        yield self._event("response.content_part.added", **self._place, part=_text(""))

    def progress(self, line: str) -> Iterable[str]:
        """Nothing: the comments say it."""
        return ()

    def piece(self, text: str) -> Iterable[str]:
        """The next bit of the text."""
        yield self._event("response.output_text.delta", **self._place, delta=text, logprobs=[])

    def closing(self, answer: Answer) -> Iterable[str]:
        """Text, part, item and response, each complete."""
        whole, text = self.whole(answer), answer.text
        place, item = self._place, whole["output"][0]
        yield self._event("response.output_text.done", **place, text=text, logprobs=[])
        yield self._event("response.content_part.done", **place, part=_text(text))
        yield self._event("response.output_item.done", output_index=0, item=item)
        yield self._event(f"response.{whole['status']}", response=whole)

    def failure(self, error: LongleafError) -> Iterable[str]:
        """That the response has failed, and why."""
        told = error_body(error)["error"]
        why = {"code": told["code"], "message": told["message"]}
        yield self._event("response.failed", response=self._response("failed", error=why))

    @property
    def _place(self) -> Json:
        return {"item_id": f"msg_{self.part}", "output_index": 0, "content_index": 0}

    def _event(self, name: str, **fields: Any) -> str:
        number, self._number = self._number, self._number + 1
        return event({"type": name, "sequence_number": number, **fields}, name)

    def _item(self, text: str, status: str) -> Json:
        return {
            "id": f"msg_{self.part}", "type": "message", "role": "assistant", "status": status,
            "content": [_text(text)],
        }  # fmt: skip

    def _response(self, status: str, **more: Any) -> Json:
        return {
            "id": f"resp_{self.part}", "object": "response", "created_at": self.created,
            "status": status, "error": None, "incomplete_details": None, "model": self.body.model,
            "instructions": self.body.instructions, "output": [], "tools": [],
            "max_output_tokens": self.body.max_output_tokens, "parallel_tool_calls": False,
            "previous_response_id": None, "temperature": None, "tool_choice": "none",
            "top_p": None, "metadata": {}, "store": False, "truncation": "disabled",
            "text": {"format": {"type": "text"}}, "usage": None, **more,
        }  # fmt: skip


def _text(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
