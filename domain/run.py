"""The states of a run and of a section, and which change into which."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import ConflictError


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    PLANNING = "planning"
    AWAITING_APPROVAL = "awaiting_approval"
    WRITING = "writing"
    REVIEWING = "reviewing"
    CHECKING = "checking"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"

    @property
    def resumable(self) -> bool:
        """Whether starting the run again makes sense."""
        return self is not RunStatus.DONE

    @property
    def active(self) -> bool:
        """Whether a process should be working on it."""
        return self in _ACTIVE

    @property
    def stopped(self) -> bool:
        """Whether it ended before it was done."""
        return self in _ENDS


_ACTIVE = {
    RunStatus.QUEUED, RunStatus.PLANNING, RunStatus.WRITING, RunStatus.REVIEWING,
    RunStatus.CHECKING,
}  # fmt: skip
_ENDS = {RunStatus.PAUSED, RunStatus.CANCELLED, RunStatus.FAILED}
_NEXT: dict[RunStatus, set[RunStatus]] = {
    RunStatus.QUEUED: {RunStatus.PLANNING, *_ENDS},
    RunStatus.PLANNING: {RunStatus.AWAITING_APPROVAL, RunStatus.WRITING, *_ENDS},
    RunStatus.AWAITING_APPROVAL: {RunStatus.PLANNING, RunStatus.WRITING, *_ENDS},
    RunStatus.WRITING: {RunStatus.PLANNING, RunStatus.REVIEWING, RunStatus.CHECKING, *_ENDS},
    RunStatus.REVIEWING: {RunStatus.PLANNING, RunStatus.WRITING, RunStatus.CHECKING, *_ENDS},
    RunStatus.CHECKING: {RunStatus.PLANNING, RunStatus.WRITING, RunStatus.DONE, *_ENDS},
    RunStatus.PAUSED: {RunStatus.PLANNING, *_ENDS},
    RunStatus.CANCELLED: {RunStatus.PLANNING, RunStatus.FAILED},
    RunStatus.FAILED: {RunStatus.PLANNING, RunStatus.CANCELLED},
    RunStatus.DONE: {RunStatus.PLANNING},
}
"""A run that starts again always passes through planning, which is skipped when it is done."""


def check_transition(old: RunStatus, new: RunStatus) -> None:
    """Allow `old` → `new` (or no change); raises ConflictError otherwise."""
    if new is not old and new not in _NEXT[old]:
        raise ConflictError(f"a run that is {old.value} cannot become {new.value}")


class SectionStatus(StrEnum):
    """Where a section stands."""

    PLANNED = "planned"
    DRAFT = "draft"
    SEALED = "sealed"
    LOCKED = "locked"
    FAILED = "failed"

    @property
    def open(self) -> bool:
        """Whether repair may still change its text."""
        return self in (SectionStatus.PLANNED, SectionStatus.DRAFT, SectionStatus.FAILED)

    @property
    def written(self) -> bool:
        """Whether it has text."""
        return self in (SectionStatus.DRAFT, SectionStatus.SEALED, SectionStatus.LOCKED)


@dataclass(frozen=True)
class Hold:
    """A process's claim on a run: a commit that names an old fence is refused."""

    run_id: str
    fence: int
