"""What an evaluator says: a score that may be unscored, and findings that point at text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any


class Severity(IntEnum):
    """How bad a finding is."""

    NOTE = 1
    WARN = 2
    FAIL = 3
    """The text must not be delivered like this."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a text.

    `start` and `end` are offsets in the text that was checked, or None for the whole of it.
    """

    gate: str
    severity: Severity
    message: str
    section: str = ""
    start: int | None = None
    end: int | None = None
    elsewhere: tuple[str, int, int] | None = None
    """The other place it is about: a section's key, and offsets in that section's text."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `elsewhere` only where it is known."""
        data = {**asdict(self), "severity": self.severity.name.lower()}
        if self.elsewhere is None:
            del data["elsewhere"]
        return data


@dataclass(frozen=True)
class Score:
    """One evaluator's verdict.

    `value` lies in 0-100, 100 best; None means *unscored*, with the reason, and is never a pass.
    """

    name: str
    version: int
    value: float | None
    reason: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a finding forbids delivery."""
        return any(finding.severity is Severity.FAIL for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "name": self.name,
            "version": self.version,
            "value": self.value,
            "reason": self.reason,
            "findings": [finding.to_dict() for finding in self.findings],
        }
