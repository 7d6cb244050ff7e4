"""The one error tree; `core.outcomes` maps it to exit codes and HTTP statuses.

LongleafError
├── RequestError            what was asked cannot be done as asked
│   ├── TooLargeError       it is more than is taken at once
│   └── MediaTypeError      it is of a kind that is not read
├── AccessError             nobody is known by these credentials
│   └── ForbiddenError      they do not reach so far
├── SettingsError           the configuration is wrong
├── NotFoundError           no such run, document, section
├── ConflictError           it exists, but its state forbids this
│   ├── StaleHolderError    another process took the run over
│   ├── PreconditionError   it has changed since it was read
│   └── UnconditionalError  it was not said which state is to be changed
├── LimitExceededError      a ceiling of ours was reached
│   └── TooManyRequestsError  more at once than is taken
├── StorageError            the database or the disk refused
├── ProgramError            a program that is called for a file failed
├── CancelledRunError       the user stopped the run
└── LLMError                the endpoint gave no usable answer
├── UnavailableError    refused, unreachable, timed out, 5xx
├── RateLimitError      429: too fast
├── QuotaError          429: out of credit
├── AuthError           401, 403
├── ModelNotFoundError  404
├── ContextOverflowError  the prompt does not fit the window
├── UnsupportedError    400: a parameter or format it does not take
├── FilteredError       the endpoint withheld the answer
├── TruncatedError      the answer broke off; `partial` holds what came
├── MalformedError      not a chat completion
├── EmptyAnswerError    a completion without text
├── DegenerateError     the answer looped; `partial` holds the sound beginning
└── FormatError         text came, but not in the structure asked for
"""

from typing import Any


class LongleafError(Exception):
    """Base of every error that a user may see.

    Args:
        message: what happened, one line, no trailing full stop needed.
        remedy: what the user can do about it, one line; may be empty.
    """

    pauses = False
    """Whether a run that meets this error pauses (resumable by the user) rather than fails."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    @property
    def kind(self) -> str:
        """Stable machine name: the class name without `Error`, in snake case."""
        name = type(self).__name__.removesuffix("Error")
        name = name.replace("LLM", "Llm")
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class RequestError(LongleafError):
    """What was asked cannot be done as asked."""

    field = ""
    """Which part of a request body is wrong; empty: it is not one part, or not known."""


class TooLargeError(RequestError):
    """More than is taken at once."""


class MediaTypeError(RequestError):
    """A kind of file or body that is not read."""


class AccessError(LongleafError):
    """Nobody is known by these credentials."""


class ForbiddenError(AccessError):
    """The credentials do not reach so far."""


class SettingsError(LongleafError):
    """The configuration is wrong."""


class NotFoundError(LongleafError):
    """No such run, document or section."""


class ConflictError(LongleafError):
    """The thing exists, but its state forbids what was asked."""


class StaleHolderError(ConflictError):
    """Another process has taken the run over; this one must stop."""


class PreconditionError(ConflictError):
    """The thing has changed since it was read; `current` is what it is now, in JSON values."""

    def __init__(
        self, message: str, remedy: str = "", *, current: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message, remedy)
        self.current = current or {}


class UnconditionalError(ConflictError):
    """It was not said which state is to be changed."""


class LimitExceededError(LongleafError):
    """A ceiling of ours was reached."""

    pauses = True


class TooManyRequestsError(LimitExceededError):
    """More came from one side than is taken."""

    pauses = False
    after = 1.0
    """Seconds after which the next may come."""


class StorageError(LongleafError):
    """The database or the disk refused."""

    pauses = True


class ProgramError(LongleafError):
    """A program that is called for a file failed, or is missing."""


class CancelledRunError(LongleafError):
    """The user stopped the run."""


class LLMError(LongleafError):
    """The endpoint gave no usable answer.

    Attributes:
        retry: whether the same request may succeed if sent again.
        after: seconds the endpoint asked us to wait, or None.
        partial: sound text that came before the failure, possibly empty.
    """

    tries = 1
    """Requests that were sent until it was given up."""
    waited = 0.0
    """Seconds that the last of them stood in our own queue."""
    spent = (0, 0)
    """Tokens of prompt and answer that the last of them has used, as far as is known."""
    status = 0
    """The HTTP status that it came with; 0: with none."""
    retry = False

    def __init__(
        self, message: str, remedy: str = "", *, after: float | None = None, partial: str = ""
    ) -> None:
        super().__init__(message, remedy)
        self.after = after
        self.partial = partial


class UnavailableError(LLMError):
    """Refused, unreachable, timed out, or an error on the server's side."""

    retry = True
    pauses = True


class RateLimitError(LLMError):
    """Too many requests for the moment."""

    retry = True
    pauses = True


class QuotaError(LLMError):
    """The account is out of credit."""

    pauses = True


class AuthError(LLMError):
    """The key was refused."""

    pauses = True


class ModelNotFoundError(LLMError):
    """The endpoint does not know the model."""

    pauses = True


class ContextOverflowError(LLMError):
    """The prompt does not fit the model's window: `window` tokens, where the endpoint said it."""

    def __init__(self, message: str, remedy: str = "", *, window: int | None = None) -> None:
        super().__init__(message, remedy)
        self.window = window


class UnsupportedError(LLMError):
    """The endpoint refuses a parameter or a format."""

    said = ""
    """Its own words, in lower case and without the model's name, which may be a parameter's."""


class FilteredError(LLMError):
    """The endpoint withheld the answer."""


class TruncatedError(LLMError):
    """The answer broke off before the endpoint said it was complete."""

    retry = True


class MalformedError(LLMError):
    """What came back is not a chat completion."""

    retry = True


class EmptyAnswerError(LLMError):
    """A completion without text."""

    retry = True


class DegenerateError(LLMError):
    """The answer began to loop and was stopped."""

    retry = True


class FormatError(LLMError):
    """Text came, but not in the structure that was asked for."""
