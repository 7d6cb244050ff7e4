"""Knows the models that a fake endpoint has: how each behaves, and what it answers."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from typing import Any

from tests.fakes.ask import Ask
from tests.fakes.behaviour import MODES, Answer, Habits, answer, parse_modes
from tests.fakes.judge import parse_judge
from tests.fakes.options import Options
from tests.fakes.quirks import thinks


class Models:
    """Those of one endpoint, and how many answers each section has got.

    Raises:
        ValueError: a mode that does not exist.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._habits = self._habits_of(options.mode)
        self._answers: Counter[str] = Counter()

    def listing(self) -> list[dict[str, Any]]:
        """The entries of the list of models."""
        options = self._options
        more = [f"fake-{mode}" for mode in sorted(MODES)] if "fake" in options.models else []
        told = {"max_model_len": options.named_window} if options.publish == "vllm" else {}
        shape = {"object": "model", "created": 1_700_000_000, "owned_by": "tests"}
        return [{"id": name} | shape | told for name in (*options.models, *more)]

    def habits(self, name: str) -> Habits | None:
        """How a model behaves; None: there is no such model."""
        if name in self._options.models:
            return self._habits
        if name.startswith("fake-"):
            with contextlib.suppress(ValueError):
                return self._habits_of(name.removeprefix("fake-"))
        return None if self._options.strict_model else self._habits

    def begin(self, ask: Ask) -> None:
        """Count one more answer for the section."""
        self._answers[ask.section_key] += 1

    def answer(self, body: dict[str, Any], ask: Ask) -> Answer:
        """Make the answer, never longer than the window has room for."""
        habits = self.habits(str(body.get("model", ""))) or self._habits
        if not thinks(self._options.quirks, body):
            kept = habits.modes - {"reasoning", "reasoning_content"}
            habits = dataclasses.replace(habits, modes=kept)
        if self._options.window:
            room = max(1, self._options.window - ask.prompt_tokens)
            ask = dataclasses.replace(ask, limit=min(ask.limit or room, room))
        attempt = max(1, self._answers[ask.section_key])
        return answer(body, habits, self._options.seed, attempt, ask)

    def _habits_of(self, mode: str) -> Habits:
        options = self._options
        return Habits(
            parse_modes(mode), options.tries, options.loop_tries, options.hopeless_json,
            parse_judge(options.judge), options.plants,
        )  # fmt: skip
