"""HelloEval of HelloBench (Que et al. 2024, arXiv 2409.16191)."""

from __future__ import annotations

from collections.abc import Sequence

WEIGHTS: dict[str, tuple[float, ...]] = {
    "story": (23.53, 22.42, 10.54, 17.05, 26.46),
    "keyword": (16.27, 27.30, 15.73, 18.81, 21.88),
    "screenplay": (19.82, 20.97, 17.10, 19.57, 22.54),
    "argumentative": (18.30, 24.51, 20.48, 14.55, 22.16),
    "roleplaying": (18.24, 22.30, 12.86, 19.92, 26.68),
    "report": (8.96, 17.65, 17.08, 12.96, 18.78, 24.58),
    "academic": (7.15, 13.03, 17.52, 14.22, 18.02, 30.06),
}
"""Of the heuristic generation subset, in the order of its checklists."""

TRIES, TEMPERATURE, SEED = 3, 0.8, 42
"""How its judge is asked."""
LONGEST, CUT_TO = 15_000, 16_000
"""Tokens: a text of more than the first is cut to the second before it is judged."""

ANSWERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def hello_eval(weights: Sequence[float], answers: Sequence[float | None]) -> float | None:
    """The rescaled score of one text, -300 to 100; None, *unscored*, if an answer is none.

    Args:
        weights: of the questions of its checklist, together 100: a row of `WEIGHTS`.
        answers: one of 0, 0.25, 0.5, 0.75, 1 for each question.
    """
    good = [answer for answer in answers if answer in ANSWERS]
    if len(good) != len(answers) or len(good) != len(weights):
        return None
    total = sum(weight * answer for weight, answer in zip(weights, good, strict=True) if answer)
    return (total - 75) * 4
