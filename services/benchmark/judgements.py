"""What a judge said of a benchmark's texts: kept in its folder, and asked for once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.files import replace_text
from services.benchmark.kind import Kind
from services.benchmark.tasks import Task
from services.judging.judge import Judge


@dataclass
class Judgements:
    """The judgements of one benchmark run.

    Args:
        folder: gets one JSON file a task: who judged, when, and the answers as they came.
        judge: who judges.
        kind: knows what to ask.
    """

    folder: Path
    judge: Judge
    kind: Kind

    async def of(self, task: Task, text: str) -> dict[str, Any]:
        """The kept judgement of this text by this judge, else a new one.

        One that could not be read is kept too, as unscored; to have it made again, delete it.

        Raises:
            LLMError: the judge cannot be used at present.
        """
        file = self.folder / f"{task.number:04}.json"
        mark = {
            "judge": self.judge.name,
            "text": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
        }
        kept = _read(file)
        if {key: kept.get(key) for key in mark} == mark:
            return kept
        made = {**await self.kind.judge(self.judge, task, text), **mark}
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_text(file, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
        return made


def _read(file: Path) -> dict[str, Any]:
    """What is kept; nothing where there is no such file, or it cannot be read."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
