"""How far a run has come, as its events tell it."""

from agents.run.feed import Event
from services.runs.progress import Progress


def test_a_run_from_beginning_to_end() -> None:
    progress = Progress()
    told = [progress.line]
    part = {"key": "2", "sections": [{"key": "2.1"}, {"key": "2.2"}]}
    for event in (
        Event("status", {"status": "planning"}), Event("call", {}),
        Event("outline", {"sections": 0, "target": 2_000}), Event("part", part),
        Event("status", {"status": "writing"}), Event("draft", {"key": "2.1"}),
        Event("draft", {"key": "2.1"}), Event("draft", {"key": "2.2"}),
        Event("status", {"status": "done"}),
    ):  # fmt: skip
        if progress.learn(event):
            told.append(progress.line)
    assert told == [
        "Waiting for its turn",
        "Planning",
        "Planning: 0 of 2 sections written, 2,000 words planned",
        "Writing: 0 of 2 sections written, 2,000 words planned",
        "Writing: 1 of 2 sections written, 2,000 words planned",
        "Writing: 2 of 2 sections written, 2,000 words planned",
    ]
