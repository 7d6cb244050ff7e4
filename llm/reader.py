"""Knows what a sound answer is: the one strict reader of streamed and whole completions.

What the OpenAI SDK accepts silently (no choices, null text, a stream without an end, a login page)
is an error here. Nothing that broke off is ever returned as complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import (
    DegenerateError,
    EmptyAnswerError,
    FilteredError,
    LLMError,
    MalformedError,
    TruncatedError,
    UnavailableError,
)
from llm.call import Call
from llm.cleaning import Cleaner
from llm.degeneration import LoopGuard, sound_prefix
from llm.faults import OutOfRoomError, in_body
from llm.reasoning import ReasoningFilter
from llm.sink import restart
from llm.types import Completion, Finish
from llm.usage import usage_of

MIN_PARTIAL_TOKENS = 40
"""A shorter beginning is not worth continuing from."""
_STOP_STEP = 32


class AnswerReader:
    """Reads one answer, chunk by chunk or whole, and judges it at its end."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._cleaner = Cleaner()
        self._filter = ReasoningFilter()
        self._guard = LoopGuard()
        self._finish: str | None = None
        self._ended: Finish | None = None
        self._usage: Mapping[str, Any] = {}
        self._model = ""
        self._choices = False
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
            raise self._malformed("it is not an object")
        if payload.get("error") or payload.get("object") == "error":
            raise in_body(payload, self._call.endpoint, self._call.model)
        if isinstance(payload.get("usage"), Mapping):
            self._usage = payload["usage"]
        if isinstance(payload.get("model"), str):
            self._model = payload["model"][:200]
        choices = payload.get("choices")
        if not isinstance(choices, list) or not choices:
            return False
        return self._choice(choices[0])

    @property
    def finished(self) -> bool:
        """Whether the endpoint has said why the text ends; only usage may follow."""
        return self._finish is not None

    @property
    def done(self) -> bool:
        """Whether we stopped reading: the text loops, or is long enough."""
        return self._ended is not None

    def _choice(self, choice: object) -> bool:
        """The first choice of a chunk or of a whole answer."""
        if not isinstance(choice, Mapping):
            raise self._malformed("its choice is not an object")
        self._choices = True
        if self._finish is not None:
            return False
        part = choice.get("delta") or choice.get("message") or {}
        if not isinstance(part, Mapping):
            raise self._malformed("its message is not an object")
        text = self._text_of(part.get("content"))
        self._refused = self._refused or bool(part.get("refusal"))
        thought = part.get("reasoning_content") or part.get("reasoning")
        self._text(text)
        finish = choice.get("finish_reason")
        self._finish = finish if isinstance(finish, str) and finish else None
        return bool(text or thought)

    def _text_of(self, content: object) -> str:
        """Text of a content field: a string, parts, or nothing."""
        if content is None or isinstance(content, str):
            return content or ""
        if not isinstance(content, list):
            raise self._malformed("its content is not text")
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
            LLMError: unless there is an answer that may be used; `partial` has its beginning.
        """
        released = self._filter.feed(self._cleaner.close())
        size = self._filter.size
        text, thinking = self._filter.close(broken=self._finish != "stop")
        self._show(released + text[size:])
        text = text.strip()
        if self._ended == "loop":
            return self._looped(text)
        if self._ended == "full":
            return self._completion(text, "full")
        if broke is not None and self._finish is None:
            return self._broken(text, broke)
        return self._judged(text, thinking)

    def _judged(self, text: str, thinking: bool) -> Completion:
        """An answer that came to its end, by the reason that the endpoint gives for it."""
        if not self._choices:
            raise self._malformed("it has no choices")
        if self._finish == "content_filter" or (self._refused and not text):
            raise FilteredError(
                f"{self._who} withheld the answer", "reword the request", partial=text
            )
        if self._finish in ("tool_calls", "function_call"):
            raise self._malformed("it calls a tool that was not offered")
        if self._finish is None or self._finish not in ("stop", "length"):
            return self._broken(text, self._truncated(self._odd_end()))
        if not text:
            raise self._empty()
        if thinking:
            return self._broken(text, self._truncated("it ended while the model was thinking"))
        if self._finish == "length" and self._guard.looping:
            return self._looped(text)
        return self._completion(text, "stop" if self._finish == "stop" else "length")

    def _broken(self, text: str, broke: LLMError) -> Completion:
        """A text that broke off: worth having if the caller says so and enough of it came."""
        if text and isinstance(broke, UnavailableError):
            broke = self._truncated(broke.message)
        if self._worth(text) and isinstance(broke, TruncatedError):
            return self._completion(text, "cut")
        broke.partial = text
        raise broke

    def _looped(self, text: str) -> Completion:
        """A text that loops: its sound beginning, if the caller can use one."""
        sound = sound_prefix(text)
        if self._worth(sound):
            return self._completion(sound, "loop")
        raise DegenerateError(
            f"{self._who} repeats itself without end",
            "raise the temperature, or use a larger model",
            partial=sound,
        )

    def _worth(self, text: str) -> bool:
        """Whether a beginning may be returned in place of an error."""
        request, tokens = self._call.request, self._call.tokens
        return request.partial_ok and tokens.count(text) >= MIN_PARTIAL_TOKENS

    def _completion(self, text: str, finish: Finish) -> Completion:
        usage = usage_of(self._call, self._usage, text)
        return Completion(text, finish, usage, self._model or self._call.model)

    @property
    def _who(self) -> str:
        return f"{self._call.endpoint.name} (model {self._call.model})"

    def _malformed(self, why: str) -> MalformedError:
        return MalformedError(
            f"what {self._who} sent is not a chat completion: {why}",
            f"check that {self._call.endpoint.base_url} is an OpenAI-compatible address",
        )

    def _truncated(self, why: str) -> TruncatedError:
        return TruncatedError(f"the answer of {self._who} broke off: {why}", "try again")

    def _odd_end(self) -> str:
        return f"finish_reason is {self._finish[:40]}" if self._finish else "it has no end mark"

    def _empty(self) -> EmptyAnswerError:
        if self._finish == "length":
            return OutOfRoomError(
                f"{self._who} reached its token limit before it wrote anything",
                "raise max_tokens: a thinking model needs room to think",
            )
        return EmptyAnswerError(
            f"{self._who} sent an empty answer", "the prompt may be longer than its window"
        )
