"""HelloEval of HelloBench (Que et al. 2024, arXiv 2409.16191)."""

from __future__ import annotations

from collections.abc import Sequence

WEIGHTS: dict[str, tuple[float, ...]] = {
    "travel": (14.82, 9.91, 6.85, 16.55, 12.49, 19.93, 19.45),
    "Tech": (9.73, 15.44, 8.71, 17.05, 8.19, 18.27, 22.61),
    "Sport": (10.47, 9.63, 5.84, 18.91, 11.17, 22.56, 21.43),
    "Science": (10.22, 11.85, 13.20, 15.77, 10.77, 18.26, 19.93),
    "music": (10.57, 10.25, 8.72, 20.77, 15.13, 17.46, 17.11),
    "health": (14.41, 9.00, 9.06, 20.37, 13.11, 13.62, 20.43),
    "write": (17.20, 11.65, 13.55, 18.45, 8.42, 15.69, 15.04),
    "book": (10.99, 10.81, 11.11, 21.92, 7.76, 15.38, 22.04),
    "food": (10.89, 11.97, 13.76, 18.45, 10.83, 15.40, 18.70),
    "movie": (13.99, 13.78, 10.70, 14.95, 9.04, 14.99, 22.55),
    "long_dialogue": (12.66, 12.13, 15.42, 8.81, 22.45, 19.38, 9.16),
    "blogs": (7.59, 19.54, 15.36, 17.17, 16.87, 23.48),
    "academic_article": (7.15, 13.03, 17.52, 14.22, 18.02, 30.06),
    "report": (8.96, 17.65, 17.08, 12.96, 18.78, 24.58),
    "news": (5.75, 18.83, 18.35, 16.55, 20.50, 20.03),
    "question_generation": (15.63, 17.82, 5.26, 5.26, 30.28, 25.75),
    "character_creation": (13.39, 16.15, 5.36, 17.75, 27.83, 19.52),
    "script_write": (16.02, 12.54, 7.58, 10.96, 21.55, 31.34),
    "report_write": (23.72, 11.32, 6.46, 7.27, 20.80, 30.44),
    "science_problem_solve": (14.53, 13.99, 5.78, 13.91, 29.75, 22.04),
    "academic_write": (18.27, 17.67, 5.37, 15.34, 27.12, 16.23),
    "guide_generation": (24.99, 13.00, 11.35, 13.18, 19.24, 18.25),
    "creative_write": (20.57, 13.87, 9.96, 16.61, 21.31, 17.69),
    "question_answering": (14.26, 12.60, 5.74, 15.96, 28.84, 22.61),
    "curriculum_development": (20.69, 22.20, 5.83, 5.83, 17.90, 27.55),
    "continue_write": (18.67, 21.42, 13.84, 6.50, 17.14, 22.42),
    "idea_generation": (16.61, 24.46, 12.24, 5.50, 18.79, 22.40),
    "data_analysis": (18.30, 5.72, 5.74, 20.93, 26.51, 22.81),
    "rewrite": (20.80, 8.51, 11.13, 13.72, 19.80, 26.03),
    "explanation": (10.31, 18.63, 16.41, 11.84, 19.11, 23.69),
    "continuation": (21.43, 19.02, 16.22, 20.57, 22.76),
    "imitative_writing": (19.87, 19.79, 19.35, 21.77, 19.22),
    "style_transfer": (16.44, 18.23, 21.45, 23.96, 19.92),
    "story_writing": (23.53, 22.42, 10.54, 17.05, 26.46),
    "keyword_writing": (16.27, 27.30, 15.73, 18.81, 21.88),
    "screenplay_writing": (19.82, 20.97, 17.10, 19.57, 22.54),
    "argumentative_writing": (18.30, 24.51, 20.48, 14.55, 22.16),
    "roleplaying_writing": (18.24, 22.30, 12.86, 19.92, 26.68),
}  # fmt: skip
"""Of its 38 categories, in the order of their checklists, to two places (MIT)."""

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
