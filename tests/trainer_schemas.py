"""Knows what trainers' documentation says of a row, apart from what we declare ourselves.

TRL's "Dataset formats and types" (conversational; explicit prompts), LLaMA-Factory's
`data/README.md` (odd positions the human's, even ones the model's), axolotl's "RLHF"
(`chat_template.default`) and "Conversation" (`chat_template`), LongWriter-6k's lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Strict(BaseModel):
    """No field more or less, no type bent into another."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Row(Strict):
    """What all our rows have beside a trainer's columns, which ignores other columns."""

    id: Text
    meta: Text


class Message(Strict):
    """OpenAI's form."""

    role: Literal["system", "user", "assistant"]
    content: Text


class Said(Message):
    """The model's own."""

    role: Literal["assistant"]


class Value(Strict):
    """ShareGPT's form."""

    from_: Annotated[Literal["human", "gpt"], Field(alias="from")]
    value: Text


class Answered(Value):
    """The model's own."""

    from_: Annotated[Literal["gpt"], Field(alias="from")]


def alternates(roles: Sequence[str], last: str) -> None:
    """System at most in front, then the user's and the model's turns in turn."""
    spoken = list(roles[1:] if roles and roles[0] == "system" else roles)
    people = ("user", "human")
    assert spoken, "nobody says anything"
    assert all((role in people) == (n % 2 == 0) for n, role in enumerate(spoken)), roles
    assert (spoken[-1] in people) == (last == "user"), roles


class Conversation(Row):
    """TRL's language modelling, axolotl's `chat_template`, LLaMA-Factory's OpenAI format."""

    messages: list[Message]

    @model_validator(mode="after")
    def _ends(self) -> Conversation:
        alternates([each.role for each in self.messages], "assistant")
        return self


class NoSystem(Conversation):
    """LongWriter-6k's: user and assistant only."""

    @model_validator(mode="after")
    def _roles(self) -> NoSystem:
        assert {each.role for each in self.messages} == {"user", "assistant"}
        return self


class Prompted(Row):
    """TRL's conversational rows with an explicit prompt."""

    prompt: list[Message]

    @model_validator(mode="after")
    def _asks(self) -> Prompted:
        alternates([each.role for each in self.prompt], "user")
        return self


class PromptCompletion(Prompted):
    """TRL: prompt-completion."""

    completion: Annotated[list[Said], Field(min_length=1, max_length=1)]


class Preference(Prompted):
    """TRL: preference."""

    chosen: Annotated[list[Said], Field(min_length=1, max_length=1)]
    rejected: Annotated[list[Said], Field(min_length=1, max_length=1)]

    @model_validator(mode="after")
    def _differ(self) -> Preference:
        assert self.chosen != self.rejected
        return self


class Unpaired(PromptCompletion):
    """TRL: unpaired preference."""

    label: bool


class ShareGPT(Row):
    """LLaMA-Factory's supervised rows, the system in a column of its own."""

    conversations: list[Value]
    system: str

    @model_validator(mode="after")
    def _positions(self) -> ShareGPT:
        alternates([each.from_ for each in self.conversations], "assistant")
        return self


class Ranking(Row):
    """LLaMA-Factory's preference rows (`ranking: true`)."""

    conversations: list[Value]
    chosen: Answered
    rejected: Answered
    system: str

    @model_validator(mode="after")
    def _positions(self) -> Ranking:
        alternates([each.from_ for each in self.conversations], "user")
        assert self.chosen != self.rejected
        return self


class Alpaca(Row):
    """LLaMA-Factory's default format."""

    instruction: Text
    input: str
    output: Text
    system: str


class ChatTemplate(Row):
    """axolotl's `chat_template.default` for DPO."""

    messages: list[Message]
    chosen: Said
    rejected: Said

    @model_validator(mode="after")
    def _asks(self) -> ChatTemplate:
        alternates([each.role for each in self.messages], "user")
        assert self.chosen != self.rejected
        return self


SCHEMAS: Mapping[str, type[Row]] = {
    "messages": Conversation, "prompt-completion": PromptCompletion, "sharegpt": ShareGPT,
    "alpaca": Alpaca, "longwriter": NoSystem, "trl-dpo": Preference,
    "llamafactory-dpo": Ranking, "axolotl-dpo": ChatTemplate, "kto": Unpaired,
}  # fmt: skip
"""What a row of each of our formats must be for the trainers that it names."""

LLAMAFACTORY: Mapping[str, dict[str, Any]] = {
    "messages": {
        "formatting": "sharegpt", "columns": {"messages": "messages"},
        "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user",
                 "assistant_tag": "assistant", "system_tag": "system"},
    },
    "sharegpt": {"formatting": "sharegpt",
                 "columns": {"messages": "conversations", "system": "system"}},
    "alpaca": {"columns": {"prompt": "instruction", "query": "input", "response": "output",
                           "system": "system"}},
    "llamafactory-dpo": {
        "formatting": "sharegpt", "ranking": True,
        "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected",
                    "system": "system"},
    },
}  # fmt: skip
"""Entries of `dataset_info.json`, without their files, as the documentation has them."""


def check(form: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise where a row is not what the format's trainers document."""
    TypeAdapter(list[SCHEMAS[form]]).validate_python(list(rows))  # type: ignore[misc]
