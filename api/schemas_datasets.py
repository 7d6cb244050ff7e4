"""Datasets as they cross HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from batch.commission import Commission
from domain.dataset import Terms
from domain.run_options import Caps

MAX_FORMATS = 200
Formats = Annotated[
    str,
    Field(
        min_length=1, max_length=MAX_FORMATS,
        description="messages, prompt-completion, sharegpt, alpaca, longwriter; of pairs trl-dpo, "
        "llamafactory-dpo, axolotl-dpo, kto; several with a comma between.",
    ),
]  # fmt: skip


class DatasetIn(BaseModel):
    """What is asked of a dataset; the lines themselves are the body."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: str = Field("Dataset", min_length=1, max_length=200)
    strategy: str = Field(
        "parallel", min_length=1, max_length=40, description="See /api/v1/strategies."
    )
    rounds: int = Field(1, ge=0, le=5, description="Times a critic may have a text revised.")
    limit: int | None = Field(None, ge=1, le=10**6, description="Only the first so many rows.")
    seed: int | None = Field(None, ge=0, le=2**31 - 1)
    formats: Formats = "messages"
    concurrency: int | None = Field(
        None, ge=1, le=4096, description="Calls at once, of those that the endpoint takes."
    )
    endpoint: str = Field("", max_length=300, description="Who writes: endpoint or endpoint/model.")
    calls: int | None = Field(None, ge=1, le=10**9, description="Pause before it makes more.")
    tokens: int | None = Field(None, ge=1, le=10**12, description="Pause before it takes more.")
    cost: float | None = Field(None, gt=0, le=10**9, description="Pause before it costs more.")

    def wanted(self) -> Commission:
        """As the desk takes it.

        Raises:
            RequestError: there is no such strategy or format.
        """
        return Commission(
            self.name, Terms(self.strategy, self.seed, self.rounds, self.limit),
            Caps(self.calls, self.tokens, self.cost), tuple(names_of(self.formats)),
            self.concurrency, self.endpoint,
        )  # fmt: skip


class DatasetNew(DatasetIn):
    """What is asked of a dataset that is begun."""

    start: bool = Field(True, description="Begin to write at once.")


def names_of(formats: str) -> list[str]:
    """The names in a list of formats, each once."""
    return list(dict.fromkeys(name.strip() for name in formats.split(",") if name.strip()))


class FirstRow(BaseModel):
    """One of the first rows of an upload."""

    line: int
    id: str
    prompt: str
    length: int = Field(description="Words, or characters in Chinese, Japanese and Korean.")
    language: str


class WrongLine(BaseModel):
    """A line that is no row."""

    line: int
    reason: str
    detail: str


class CheckOut(BaseModel):
    """What an upload holds."""

    rows: int = Field(description="That can be written.")
    refused: int = Field(description="Lines that are no rows.")
    asked: int = Field(description="Words that the rows ask for all together.")
    reasons: dict[str, int]
    first: list[FirstRow]
    wrong: list[WrongLine] = Field(description="The first 50.")


class WhyOut(BaseModel):
    """What stopped a dataset, and what can be done about it."""

    kind: str
    detail: str
    remedy: str


class DatasetShort(BaseModel):
    """A dataset in the list, as far as it had come when that was last looked at."""

    id: str
    name: str
    status: str = Field(
        description="queued, working, stopping, stopped, paused, interrupted or done."
    )
    created_at: str
    updated_at: str
    formats: list[str]
    concurrency: int | None
    why: WhyOut | None = Field(description="Why it is paused.")
    total: int = 0
    queued: int = 0
    begun: int = 0
    done: int = 0
    rejected: int = 0
    failed: int = 0
    words: int = Field(0, description="Of rows that are done.")
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = Field(0.0, description="By the endpoints' prices; 0 where they have none.")


class DatasetsOut(BaseModel):
    """Datasets, newest first."""

    datasets: list[DatasetShort]


class PaceOut(BaseModel):
    """How fast it is at present."""

    tokens_per_second: float
    running: int = Field(description="Calls in flight.")
    places: int = Field(description="Calls that it may make at once.")
    seconds_left: float | None


class HistogramOut(BaseModel):
    """How many documents are how long; there is one edge more than counts."""

    edges: list[int]
    counts: list[int]


class DatasetOut(DatasetShort):
    """A dataset with everything but its rows."""

    working: bool
    waits: bool = Field(description="For an endpoint that does not answer.")
    caps: dict[str, float | None]
    terms: dict[str, Any]
    pace: PaceOut | None
    funnel: dict[str, Any]
    lengths: HistogramOut


class ScoreOut(BaseModel):
    """What an evaluator says of a text."""

    name: str
    value: float | None = Field(description="0 to 100; null: unscored.")
    reason: str


class RowOut(BaseModel):
    """A row and what has become of it."""

    line: int
    id: str
    status: str = Field(description="queued, begun, done, rejected or failed.")
    reason: str
    detail: str
    attempts: int
    prompt: str
    text: str
    cut: bool = Field(description="Whether prompt or text go on.")
    title: str
    words: int
    target: int
    unit: str = Field(description="words or characters.")
    length_score: float | None
    scores: list[ScoreOut]
    seconds: float
    cost: float
    document_id: str


class RowsOut(BaseModel):
    """Rows in the order of the input."""

    rows: list[RowOut]
    next: int | None = Field(description="`after` of the next page; null: there is none.")
