"""What clients of OpenAI's API send; what we do not know is ignored, as they expect."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from api.schemas_demands import DemandsIn
from api.schemas_runs import example
from domain.request import Memory
from services.editing.passages import MAX_INSTRUCTION, MAX_TEXT, Operation

PROMPT = "A 500-word report on heat pumps in old houses"
MOST_TURNS = 2_000
LONG = 500
"""Characters of a field of `longleaf`."""

Words = Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1, max_length=LONG)]
Told = Annotated[str, Field(max_length=LONG)]


class EditOptions(BaseModel):
    """What the model that edits is to do, and with what, where the messages leave it open."""

    model_config = ConfigDict(extra="forbid")

    operation: Operation | None = None
    text: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    document: Told | None = Field(None, description="Id of a stored document, beside `section`.")
    section: Told | None = None
    quote: Annotated[str, Field(max_length=MAX_TEXT)] | None = Field(
        None, description="The words to be replaced; else all of the text."
    )
    prefix: Annotated[str, Field(max_length=10_000)] | None = None
    suffix: Annotated[str, Field(max_length=10_000)] | None = None
    instruction: Annotated[str, Field(max_length=MAX_INSTRUCTION)] | None = None


class LongleafOptions(DemandsIn):
    """Everything about the document that OpenAI's own fields cannot say."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    words: Words | None = Field(
        None, description='A number of words, or a phrase such as "about 2,000 words".'
    )
    language: Told | None = Field(None, description="A code or a name, such as en or German.")
    kind: Told | None = None
    audience: Told | None = None
    tone: Told | None = None
    style: Told | None = Field(None, description="A style profile of yours, by id or name.")
    must_include: list[Annotated[str, Field(min_length=1, max_length=LONG)]] | None = Field(
        None, max_length=100
    )
    strategy: Told | None = Field(None, description="Goes before the model's own.")
    rounds: int | None = Field(None, ge=0, le=5)
    calibrate: bool | None = None
    memory: Memory | None = None
    seed: int | None = Field(None, ge=0, le=2**31 - 1)
    progress: bool = Field(
        False, description="Tell in `reasoning_content` what is being done, while it streams."
    )
    edit: EditOptions | None = Field(None, description="For `longleaf-edit` only.")


class Part(BaseModel):
    """A part of a message's content."""

    model_config = ConfigDict(extra="ignore")

    type: Annotated[str, Field(max_length=100)] = "text"
    text: str | None = None
    refusal: str | None = None


class Spoken(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="ignore")

    role: Annotated[str, Field(max_length=100)] | None = None
    type: Annotated[str, Field(max_length=100)] | None = None
    """Of an item of the Responses API; `message` where it is left out."""
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = None


class Body(BaseModel):
    """What all requests have in common."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    continues: ClassVar[bool] = False
    """Whether an editor is asked to go on with the text, and not to replace it."""

    model: Annotated[str, Field(max_length=200)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    seed: int | None = None
    words: Words | None = Field(None, description="The length, if the prompt does not say it.")
    longleaf: LongleafOptions | None = None

    @property
    def include_usage(self) -> bool:
        """Whether a stream is to end with what was spent."""
        return bool(self.stream_options and self.stream_options.include_usage)

    @property
    def progress(self) -> bool:
        """Whether a stream is to tell what is being done."""
        return bool(self.longleaf and self.longleaf.progress)


class ChatBody(Body):
    """Of `POST /v1/chat/completions`."""

    model_config = example(model="longleaf-auto", messages=[{"role": "user", "content": PROMPT}])

    messages: list[Spoken] = Field(min_length=1, max_length=MOST_TURNS)
    max_tokens: int | None = Field(None, description="A ceiling, never a target; 0 or less: none.")
    max_completion_tokens: int | None = Field(None, description="As `max_tokens`.")
    response_format: dict[str, Any] | None = None


class CompletionBody(Body):
    """Of `POST /v1/completions`."""

    model_config = example(model="longleaf-auto", prompt=PROMPT)

    continues: ClassVar[bool] = True

    prompt: str | list[Any]
    max_tokens: int | None = Field(None, description="A ceiling, never a target; 0 or less: none.")


class ResponsesBody(Body):
    """Of `POST /v1/responses`."""

    model_config = example(model="longleaf-auto", input=PROMPT)

    input: str | Annotated[list[Spoken], Field(min_length=1, max_length=MOST_TURNS)]
    instructions: str | None = None
    max_output_tokens: int | None = Field(
        None, description="A ceiling, never a target; 0 or less: none."
    )
    previous_response_id: Annotated[str, Field(max_length=200)] | None = None
    conversation: Any = None
    background: bool | None = None
    text: dict[str, Any] | None = None
