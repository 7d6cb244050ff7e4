"""The formats of supervised fine-tuning: one answer a row, with the conversation before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from batch.formats.base import Column, Data, Format
from batch.formats.turns import Order, alternating, answer, messages, values
from batch.records import Sample

OPENAI_TAGS = {
    "role_tag": "role", "content_tag": "content", "user_tag": "user",
    "assistant_tag": "assistant", "system_tag": "system",
}  # fmt: skip
_VALUES = ("from", "value")


class _Supervised(Format[Sample]):
    takes = Sample

    def bodies(self, record: Sample) -> Iterator[tuple[str, Data]]:
        """One row, where somebody asks and something is answered."""
        order = alternating(record.turns)
        if order is not None and record.answer.strip():
            body = self.form(order, record.answer)
            if body is not None:
                yield "", body

    def form(self, order: Order, text: str) -> Data | None:
        """The columns; None: this conversation has no form here."""
        raise NotImplementedError


class Messages(_Supervised):
    """What every trainer reads: the whole conversation, roles and contents."""

    name = "messages"
    read_by = "TRL, axolotl (`chat_template`), ms-swift, LLaMA-Factory, torchtune, OpenAI"
    body = (Column("messages", "turns"),)
    llamafactory: ClassVar[Any] = {
        "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": OPENAI_TAGS,
    }  # fmt: skip

    def form(self, order: Order, text: str) -> Data:
        """The turns and the answer."""
        return {"messages": messages((*order.turns, answer(text)))}


class PromptCompletion(_Supervised):
    """Conversational prompt and completion: only the last answer is learnt."""

    name = "prompt-completion"
    read_by = "TRL (loss on the completion only)"
    body = (Column("prompt", "turns"), Column("completion", "turns"))

    def form(self, order: Order, text: str) -> Data:
        """What is given, and what is learnt."""
        return {"prompt": messages(order.turns), "completion": messages((answer(text),))}


class ShareGPT(_Supervised):
    """`conversations` of human and gpt, the system in a column of its own."""

    name = "sharegpt"
    read_by = "LLaMA-Factory, ms-swift, older axolotl"
    body = (Column("conversations", "turns", _VALUES), Column("system", blank=True))
    llamafactory: ClassVar[Any] = {
        "formatting": "sharegpt", "columns": {"messages": "conversations", "system": "system"},
    }  # fmt: skip

    def form(self, order: Order, text: str) -> Data:
        """Turns that begin with the human's."""
        return {"conversations": values((*order.spoken, answer(text))), "system": order.system}


class Alpaca(_Supervised):
    """One instruction, one output. A conversation of several turns has no form here."""

    name = "alpaca"
    read_by = "LLaMA-Factory, axolotl, ms-swift"
    body = (
        Column("instruction"), Column("input", blank=True), Column("output"),
        Column("system", blank=True),
    )  # fmt: skip
    llamafactory: ClassVar[Any] = {
        "columns": {"prompt": "instruction", "query": "input", "response": "output",
                    "system": "system"},
    }  # fmt: skip

    def form(self, order: Order, text: str) -> Data | None:
        """All that is asked is the instruction."""
        if len(order.spoken) != 1:
            return None
        return {"instruction": order.spoken[0].text, "input": "", "output": text,
                "system": order.system}  # fmt: skip


class LongWriter(_Supervised):
    """LongWriter-6k's lines: user and assistant only; what the system says opens the prompt."""

    name = "longwriter"
    read_by = "LongWriter's training code, and whatever reads `messages`"
    body = (Column("messages", "turns"),)
    llamafactory: ClassVar[Any] = Messages.llamafactory

    def form(self, order: Order, text: str) -> Data:
        """Turns that begin with the user's."""
        return {"messages": messages((*order.folded, answer(text)))}
