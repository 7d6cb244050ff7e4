"""Knows what a sound answer is: the one strict reader of streamed and whole completions.

What the OpenAI SDK accepts silently (no choices, null text, a stream without an end, a login page)
is an error here. Nothing that broke off is ever returned as complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import (
    LLMError,
    MalformedError,
    RateLimitError,
    TruncatedError,
    UnavailableError,
)
from llm import verdict
from llm.call import Call
from llm.choice import finish_of, part_of
from llm.cleaning import Cleaner
from llm.complaint import legible
from llm.degeneration import LoopGuard, sound_prefix
from llm.faults import in_body
from llm.reasoning import ReasoningFilter
from llm.sink import restart
from llm.types import Completion, Finish
from llm.usage import usage_of

MIN_PARTIAL_TOKENS = 40
"""A shorter beginning is not worth continuing from."""
_STOP_STEP = 32
_LONGEST_NAME = 200
_BREAKS = (TruncatedError, UnavailableError, RateLimitError, MalformedError)
"""What leaves a sound beginning, unless the same request would only end like that again."""


class AnswerReader:
    """Reads one answer, chunk by chunk or whole, and judges it at its end."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._cleaner = Cleaner()
        self._filter = ReasoningFilter()
        self._guard = LoopGuard()
        self._finish = ""
        self._ended: Finish | None = None
        self._usage: Mapping[str, Any] = {}
        self._model = ""
        self._choices = False
        self._streamed = False
        self._refused = False
        self._shown = False
        self._next_check = _STOP_STEP

    def take(self, payload: object) -> bool:
        """Take one decoded chunk, or the whole body.

        Returns:
            Whether there was content in it (text or reasoning): what an idle clock waits for.

        Raises:
            LLMError: if it holds an error, or is no chat completion.
        """
        if not isinstance(payload, Mapping):
            raise verdict.malformed(self._call, "it is not an object")
        if payload.get("error") or payload.get("object") == "error":
            raise in_body(payload, self._call.endpoint, self._call.model)
        if isinstance(payload.get("usage"), Mapping):
            self._usage = payload["usage"]
        if isinstance(payload.get("model"), str):
            self._model = payload["model"]
        choices = payload.get("choices")
        if not isinstance(choices, list) or not choices:
            return False
        return self._choice(choices[0])

    @property
    def finished(self) -> bool:
        """Whether the endpoint has said why the text ends; only usage may follow."""
        return bool(self._finish)

    @property
    def done(self) -> bool:
        """Whether we stopped reading: the text loops, or is long enough."""
        return self._ended is not None

    def _choice(self, choice: object) -> bool:
        """The first choice of a chunk or of a whole answer."""
        if not isinstance(choice, Mapping):
            raise verdict.malformed(self._call, "its choice is not an object")
        self._choices = True
        if self._finish:
            return False
        part = part_of(choice, streamed=self._streamed)
        if not isinstance(part, Mapping):
            raise verdict.malformed(self._call, "its message is not an object")
        text = self._text_of(part.get("content"))
        self._streamed = self._streamed or bool(text and choice.get("delta"))
        self._refused = self._refused or bool(part.get("refusal"))
        thought = part.get("reasoning_content") or part.get("reasoning")
        self._text(text)
        self._finish = finish_of(choice)
        return bool(text or thought)

    def _text_of(self, content: object) -> str:
        """Text of a content field: a string, parts, or nothing."""
        if content is None or isinstance(content, str):
            return content or ""
        if not isinstance(content, list):
            raise verdict.malformed(self._call, "its content is not text")
        texts = (part.get("text") for part in content if isinstance(part, Mapping))
        return "".join(text for text in texts if isinstance(text, str))

    def _text(self, delta: str) -> None:
        """Clean and filter a piece, show it, and see whether it is time to stop."""
        clean = self._cleaner.feed(delta)
        before = self._filter.retractions
        visible = self._filter.feed(clean)
        if self._filter.retractions != before:
            restart(self._call.on_text if self._shown else None)
            self._shown = False
            visible = self._filter.text
        self._show(visible)
        if self._guard.feed(clean):
            self._ended = "loop"
        elif visible and self._full():
            self._ended = "full"

    def _show(self, visible: str) -> None:
        """Hand visible text on, without the blank lines before it."""
        text = visible if self._shown else visible.lstrip()
        if text and self._call.on_text is not None:
            self._call.on_text(text)
        self._shown = self._shown or bool(text)

    def _full(self) -> bool:
        """Whether the caller has enough; asked at steps that keep the whole cost linear."""
        size = self._filter.size
        if self._call.stop_when is None or size < self._next_check:
            return False
        self._next_check = size + max(_STOP_STEP, size // 64)
        return self._call.stop_when(self._filter.text.lstrip())

    def close(self, broke: LLMError | None = None) -> Completion:
        """Judge what came.

        Args:
            broke: why reading ended early, or None if the answer came to its end.

        Raises:
            LLMError: unless there is an answer that may be used; `partial` has its beginning,
                and `spent` what the endpoint has been paid for it.
        """
        try:
            return self._end(broke)
        except LLMError as error:
            if self._choices:
                usage = usage_of(self._call, self._usage, error.partial)
                error.spent = (usage.prompt_tokens, usage.completion_tokens)
            raise

    def _end(self, broke: LLMError | None) -> Completion:
        released = self._filter.feed(self._cleaner.close())
        size = self._filter.size
        text, thinking = self._filter.close(broken=self._finish != "stop")
        self._show(released + text[size:])
        text = text.strip()
        if self._ended == "loop":
            return self._looped(text)
        if self._ended == "full":
            return self._completion(text, "full")
        if broke is not None and not self._finish:
            return self._broken(text, broke)
        return self._judged(text, thinking)

    def _judged(self, text: str, thinking: bool) -> Completion:
        """An answer that came to its end, by the reason that the endpoint gives for it."""
        if not self._choices:
            raise verdict.malformed(self._call, "it has no choices")
        if self._finish == "content_filter" or (self._refused and not text):
            raise verdict.withheld(self._call, text)
        if self._finish in ("tool_calls", "function_call"):
            raise verdict.malformed(self._call, "it calls a tool that was not offered")
        if self._finish not in ("stop", "length"):
            return self._broken(text, verdict.unfinished(self._call, self._finish))
        if not text:
            raise verdict.empty(self._call, full=self._finish == "length")
        if thinking:
            why = "it ended while the model was thinking"
            return self._broken(text, verdict.truncated(self._call, why))
        if self._finish == "length" and self._guard.looping:
            return self._looped(text)
        return self._completion(text, "stop" if self._finish == "stop" else "length")

    def _broken(self, text: str, broke: LLMError) -> Completion:
        """A text that broke off: worth having if the caller says so and enough of it came."""
        if self._worth(text) and broke.retry and isinstance(broke, _BREAKS):
            fault = None if isinstance(broke, TruncatedError) else broke
            return replace(self._completion(text, "cut"), broke=fault)
        if text and isinstance(broke, UnavailableError):
            raise verdict.truncated(self._call, broke.message, text) from broke
        broke.partial = text
        raise broke

    def _looped(self, text: str) -> Completion:
        """A text that loops: its sound beginning, if the caller can use one."""
        sound = sound_prefix(text)
        if self._worth(sound):
            return self._completion(sound, "loop")
        raise verdict.looped(self._call, sound)

    def _worth(self, text: str) -> bool:
        """Whether a beginning may be returned in place of an error."""
        request, tokens = self._call.request, self._call.tokens
        return request.partial_ok and tokens.count(text) >= MIN_PARTIAL_TOKENS

    def _completion(self, text: str, finish: Finish) -> Completion:
        usage = usage_of(self._call, self._usage, text)
        model = legible(self._model, self._call.endpoint, _LONGEST_NAME)
        return Completion(text, finish, usage, model or self._call.model)
