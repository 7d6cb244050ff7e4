"""The one table that maps errors to exit codes and HTTP statuses."""

from typing import NamedTuple

from core.errors import (
    AccessError,
    AuthError,
    CancelledRunError,
    ConflictError,
    ForbiddenError,
    LimitExceededError,
    LLMError,
    LongleafError,
    MediaTypeError,
    ModelNotFoundError,
    NotFoundError,
    PreconditionError,
    QuotaError,
    RateLimitError,
    RequestError,
    SettingsError,
    StorageError,
    TooLargeError,
    UnavailableError,
    UnconditionalError,
)


class Outcome(NamedTuple):
    """How an error leaves the process."""

    exit_code: int
    http_status: int


OUTCOMES: dict[type[LongleafError], Outcome] = {
    RequestError: Outcome(2, 422),
    TooLargeError: Outcome(2, 413),
    MediaTypeError: Outcome(2, 415),
    AccessError: Outcome(8, 401),
    ForbiddenError: Outcome(8, 403),
    NotFoundError: Outcome(3, 404),
    ConflictError: Outcome(4, 409),
    PreconditionError: Outcome(4, 412),
    UnconditionalError: Outcome(4, 428),
    SettingsError: Outcome(5, 500),
    StorageError: Outcome(6, 507),
    LimitExceededError: Outcome(7, 429),
    LLMError: Outcome(10, 502),
    UnavailableError: Outcome(11, 503),
    AuthError: Outcome(12, 502),
    ModelNotFoundError: Outcome(13, 502),
    RateLimitError: Outcome(14, 503),
    QuotaError: Outcome(14, 503),
    CancelledRunError: Outcome(130, 409),
    LongleafError: Outcome(1, 500),
}
"""Exit code 0 is success and 1 an unexpected failure; a class not listed takes its parent's row."""


def outcome(error: LongleafError) -> Outcome:
    """The row of the nearest listed ancestor of `error`'s class."""
    return next(OUTCOMES[cls] for cls in type(error).__mro__ if cls in OUTCOMES)


def error_of(kind: str, message: str, remedy: str) -> LongleafError:
    """The error with this `kind`, from where it travelled as a value; the base class if unknown."""
    classes: list[type[LongleafError]] = [LongleafError]
    for cls in classes:  # grows while it is walked: every subclass comes up once
        classes += cls.__subclasses__()
        error = cls(message, remedy)
        if error.kind == kind:
            return error
    return LongleafError(message, remedy)
