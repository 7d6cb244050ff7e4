"""How far a run has come, in a line for people, learnt from its events."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.run.feed import Event
from domain.run import RunStatus

_DOING: dict[str, str] = {
    RunStatus.QUEUED: "Waiting for its turn",
    RunStatus.PLANNING: "Planning",
    RunStatus.WRITING: "Writing",
    RunStatus.REVIEWING: "Reviewing",
    RunStatus.CHECKING: "Checking the whole",
}


@dataclass
class Progress:
    """What has been told so far."""

    doing: str = _DOING[RunStatus.QUEUED]
    planned: int = 0
    """Sections."""
    target: int = 0
    """Counted units of them all."""
    written: set[str] = field(default_factory=set)
    """Keys of sections."""

    def learn(self, event: Event) -> bool:
        """Take an event in; whether the line is another one now."""
        before = self.line
        if event.type == "status":
            self.doing = _DOING.get(event.data["status"], self.doing)
        elif event.type == "outline":  # a part whose sections are planned by now tells none later
            self.planned, self.target = event.data["sections"], event.data["target"]
        elif event.type == "part":
            self.planned += len(event.data["sections"])
        elif event.type == "draft":
            self.written.add(event.data["key"])
        return self.line != before

    @property
    def line(self) -> str:
        """The line; without a full stop, and without anything that a model wrote."""
        if not self.planned:
            return self.doing
        done = f"{len(self.written)} of {self.planned} sections"
        return f"{self.doing}: {done} written, {self.target:,} words planned"
