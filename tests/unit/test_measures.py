"""Cohesion, readability and outline coverage: values by hand, limits, what is unscored."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outline.plan import Outline, Part, SectionPlan
from domain.score import Severity
from domain.text.vocabulary import dice, terms
from evaluators.base import Subject
from evaluators.cohesion import Cohesion, cohesion_passages, semantic_cohesion
from evaluators.coverage import outline_coverage
from evaluators.readability import Readability, reading_ease, syllable_count
from evaluators.thresholds import Thresholds
from tests.corpora.documents import clean_documents

WORDS = "anchor basket candle dragon engine feather garden hammer island jacket kettle ladder"


def text_of(*passages: str) -> str:
    return "\n\n".join(f"{passage.capitalize()}." for passage in passages)


def test_terms_are_content_words_without_inflection() -> None:
    assert terms("The cities were cooling, and a city's trees cooled them.") == [
        "city", "cool", "city", "tree", "cool",
    ]  # fmt: skip
    assert terms("港口的小镇在1950年") == ["1950", "港口", "小镇"]
    assert terms("```\ncode only\n```") == []
    assert dice({"a", "b"}, {"b", "c"}) == 0.5
    assert dice(set(), set()) == 0.0


def test_cohesion_is_the_mean_cosine_of_neighbours() -> None:
    first, last = WORDS.split()[:8], WORDS.split()[4:]
    half, same = " ".join(last), " ".join(first)
    # Eight words each, four of them shared: 4 / (sqrt(8) * sqrt(8)).
    score = Cohesion().evaluate(Subject(text_of(same, half, same, half, same)))
    assert score.value == pytest.approx(50)
    assert Cohesion().evaluate(Subject(text_of(*[same] * 5))).value == pytest.approx(100)
    assert Cohesion().evaluate(Subject(text_of(same, half, same, half))).value is None


def test_only_a_long_text_that_shares_nothing_is_warned_of() -> None:
    passages = [" ".join(f"{chr(97 + n)}{word}" for word in WORDS.split()) for n in range(12)]
    (found,) = Cohesion().evaluate(Subject(text_of(*passages))).findings
    assert found.severity is Severity.WARN
    assert Cohesion().evaluate(Subject(text_of(*passages[:8]))).findings == ()
    assert Cohesion(Thresholds(cohesion_floor=0)).evaluate(Subject(text_of(*passages))).value == 0


def test_semantic_cohesion_is_the_mean_cosine_of_vectors() -> None:
    east, north, between = (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)
    score = semantic_cohesion([east, between, north, between, east])
    assert score.value == pytest.approx(100 / math.sqrt(2))
    assert semantic_cohesion([east, (-1.0, 0.0)] * 3).value == 0
    assert semantic_cohesion([east] * 4).value is None
    assert semantic_cohesion([east, (0.0, 0.0)] * 3).value is None
    assert semantic_cohesion([east, (1.0, float("nan"))] * 3).value is None
    assert semantic_cohesion([east, (1.0,)] * 3).value is None


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), max_size=9))
def test_semantic_cohesion_never_leaves_its_range(vectors: list[list[float]]) -> None:
    value = semantic_cohesion(vectors).value
    assert value is None or 0 <= value <= 100


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("table", 2), ("make", 1), ("makes", 1), ("started", 2), ("boxes", 2),
     ("jumped", 1), ("beautiful", 3), ("the", 1), ("rhythm", 1), ("1950", 1)],
)  # fmt: skip
def test_syllables(word: str, syllables: int) -> None:
    assert syllable_count(word) == syllables


def test_reading_ease_is_flesch_s() -> None:
    # Ten words, eleven syllables (harbour has two), two sentences.
    text = "The cat sat on the harbour wall. It was red."
    assert reading_ease(text, 2) == pytest.approx(206.835 - 1.015 * 5 - 84.6 * 1.1)


def test_readability_warns_only_of_the_unreadable() -> None:
    plain = "The boat came in at noon and the men sold what they had to the town. " * 8
    dense = (
        "Notwithstanding institutional considerations concerning intergovernmental "
        "responsibilities, administrative decentralisation necessitates organisational "
        "reconfiguration, " * 12
    )
    assert Readability().evaluate(Subject(plain)).value > 90  # type: ignore[operator]
    score = Readability().evaluate(Subject(dense.rstrip(", ") + "."))
    assert score.value == 0
    assert [finding.severity for finding in score.findings] == [Severity.WARN]
    assert not score.failed


@pytest.mark.parametrize(
    ("characters", "value", "warns"), [(20, 100, False), (70, 50, False), (140, 0, True)]
)
def test_chinese_readability_counts_characters_a_sentence(
    characters: int, value: float, warns: bool
) -> None:
    text = ("港" * characters + "。") * 10
    score = Readability().evaluate(Subject(text, "zh"))
    assert score.value == pytest.approx(value)
    assert bool(score.findings) is warns


@pytest.mark.parametrize(("text", "language"), [("Too short.", "en"), ("Wörter sind. " * 80, "de")])
def test_what_has_no_readability(text: str, language: str) -> None:
    assert Readability().evaluate(Subject(text, language)).value is None


def outline(*headings: str, points: tuple[str, ...] = ()) -> Outline:
    parts = tuple(
        Part(str(n), heading, "", 100, (SectionPlan(str(n), heading, "", 100, points),))
        for n, heading in enumerate(headings, start=1)
    )
    return Outline("Harbours", 100 * len(parts), parts)


@pytest.mark.parametrize(
    ("found", "share"),
    [("ABCD", 1.0), ("ABDC", 0.75), ("BCD", 0.75), ("DCBA", 0.25), ("AXBYCD", 1.0), ("", 0.0),
     ("AABBCCDD", 1.0)],
)  # fmt: skip
def test_headings_count_in_their_order(found: str, share: float) -> None:
    text = "# Harbours\n\n" + "".join(f"## Heading {name}\n\nText.\n\n" for name in found)
    plan = outline(*(f"Heading {name}" for name in "ABCD"))
    score = outline_coverage(plan, text)
    assert score.value == pytest.approx(100 * share)
    assert bool(score.findings) is (share < 0.5)


def test_points_are_touched_in_their_own_section() -> None:
    plan = outline("Mud", "Boats", points=("Herons stand in the mud", "港口的潮水"))
    text = (
        "## Mud\n\nA heron standing in mud. 港口退去的潮水。\n\n## Boats\n\nThe heron stood in mud."
        "\n\nNobody looked."
    )
    score = outline_coverage(plan, text)
    assert score.value == pytest.approx(50 * (1 + 3 / 4))
    (missed,) = score.findings
    assert (missed.severity, missed.section) == (Severity.NOTE, "2")
    assert outline_coverage(None, text).value is None


def test_clean_documents_are_measured_without_a_warning() -> None:
    documents = list(clean_documents())
    scores = [Cohesion().evaluate(document.subject()) for document in documents]
    scores += [Readability().evaluate(document.subject()) for document in documents]
    assert all(score.findings == () for score in scores)
    assert sum(score.value is not None for score in scores) > len(documents)
    assert all(len(cohesion_passages(document.text)) > 1 for document in documents)
