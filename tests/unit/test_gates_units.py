"""The gates one by one: values, limits, offsets, isolation."""

import pytest
from pydantic import ValidationError

from domain.length.contract import Length
from domain.score import Finding, Score, Severity
from evaluators.base import MOST_FINDINGS, Reporter, Subject
from evaluators.emptiness import Emptiness
from evaluators.ending import Ending
from evaluators.headings import Headings
from evaluators.language import LanguageGate
from evaluators.length import LengthGate
from evaluators.overlap import Overlap
from evaluators.phrases import is_farewell, is_label, is_meta, preamble_end
from evaluators.refusal import Refusal
from evaluators.repetition import Repetition
from evaluators.scaffolding import Scaffolding
from evaluators.structure import headings, lines, passages, same_heading, without_code
from evaluators.suite import broken, evaluate, failures, gates, summary
from evaluators.thresholds import Thresholds
from evaluators.voice import in_quotes

SIZES = [50_000, pytest.param(400_000, marks=pytest.mark.verify)]


def prose(size: int) -> str:
    """A text of exactly `size` words in which no sequence of words recurs."""
    return " ".join(f"w{number}" for number in range(size - 1)) + " end."


def severities(score: Score) -> list[Severity]:
    return [finding.severity for finding in score.findings]


class Broken:
    name = "broken"
    version = 7

    def evaluate(self, subject: Subject) -> Score:
        raise ZeroDivisionError("no words")


def test_an_evaluator_that_raises_costs_only_its_own_score() -> None:
    scores = evaluate(Subject("null", key="2.1"), (Broken(), Emptiness()))
    assert scores[0] == Score(
        "broken", 7, None, "the evaluator failed: ZeroDivisionError: no words"
    )
    assert [finding.section for finding in failures(scores)] == ["2.1"]
    assert broken(scores) == scores[:1]
    assert summary(scores) == "failed: emptiness; unscored: broken"


def test_headings_that_recur_under_others_are_noted_where_no_plan_is_known() -> None:
    recipes = "# Soups\n\n" + "".join(
        f"## {name}\n\n### Ingredients\n\nPeas.\n\n### Method\n\nStir.\n\n" for name in ("A", "B")
    )
    unknown = Headings().evaluate(Subject(recipes, scope="document"))
    assert severities(unknown) == [Severity.NOTE, Severity.NOTE]
    planned = Headings().evaluate(Subject(recipes, scope="document", headings=("Soups", "A", "B")))
    assert severities(planned) == [Severity.FAIL, Severity.FAIL]


def test_the_summary_of_nothing_wrong() -> None:
    assert summary(evaluate(Subject("The tide fell."), (Ending(), Emptiness()))) == "all clear"
    assert summary(evaluate(Subject("Dear [your name], the tide fell."), (Scaffolding(),))) == (
        "warned: scaffolding"
    )


def test_names_are_unique_and_versions_positive() -> None:
    found = [(gate.name, gate.version) for gate in gates()]
    assert len({name for name, _ in found}) == len(found) == 12
    assert all(version >= 1 for _, version in found)


def test_thresholds_reach_the_gates() -> None:
    strict = Thresholds(section_tolerance=0.0, section_slack=0)
    subject = Subject(prose(101), target=100)
    assert not any(score.failed for score in evaluate(subject, gates()) if score.name == "length")
    assert any(score.failed for score in evaluate(subject, gates(strict)) if score.name == "length")


def test_thresholds_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError):
        Thresholds.model_validate({"section_tolerence": 0.2})
    with pytest.raises(ValidationError):
        Thresholds(near_duplicate=0)


def test_a_score_carries_the_worst_findings_only() -> None:
    report = Reporter("gate", 1)
    score = report.score([report.warn("w")] * 100 + [report.fail("f")])
    assert score.failed
    assert len(score.findings) == MOST_FINDINGS
    assert score.value == 0.0


@pytest.mark.parametrize(
    ("words", "fails"), [(360, False), (359, True), (440, False), (441, True), (0, True)]
)
def test_section_length(words: int, fails: bool) -> None:
    text = prose(words) if words else ""
    assert LengthGate().evaluate(Subject(text, target=400)).failed is fails


def test_section_length_of_a_tiny_target() -> None:
    assert LengthGate().window(Subject("", target=10)) == (5, 15)
    assert LengthGate().window(Subject("", target=1)) == (1, 1)


@pytest.mark.parametrize(
    ("words", "fails"), [(965, False), (964, True), (1050, False), (1051, True)]
)
def test_document_length(words: int, fails: bool) -> None:
    score = LengthGate().evaluate(Subject(prose(words), length=Length(1000)))
    assert score.failed is fails
    assert score.value == pytest.approx(Length(1000).s_l(words))


def test_length_without_a_target_is_unscored() -> None:
    assert LengthGate().evaluate(Subject("Some words.")).value is None


@pytest.mark.parametrize(
    ("text", "target", "fails"),
    [
        ("Tides", 0, False),
        ("Tides and harbours", 400, True),
        ("The tide fell.", 400, False),
        ("n/a", 0, True),
        ("no no", 0, True),
        ("so so so", 0, True),
        ("the sea " * 20, 0, False),
    ],
)
def test_emptiness(text: str, target: int, fails: bool) -> None:
    assert Emptiness().evaluate(Subject(text, target=target)).failed is fails


def test_ending_of_nothing_is_unscored() -> None:
    assert Ending().evaluate(Subject("  ")).value is None


def test_ending_points_at_the_last_line() -> None:
    text = "It fell.\n\nThen the\n\n---\n"
    (finding,) = Ending().evaluate(Subject(text)).findings
    assert text[finding.start : finding.end] == "Then the"


@pytest.mark.parametrize("language", ["", "qq"])
def test_language_unknown_or_free_is_unscored(language: str) -> None:
    assert LanguageGate().evaluate(Subject("The tide fell.", language)).value is None


def test_language_of_few_words_is_unscored() -> None:
    assert LanguageGate().evaluate(Subject("The tide fell.", "en")).value is None


def test_a_foreign_passage_warns_and_a_long_text_is_read_to_its_end() -> None:
    english = "The harbour wakes before the town does, and the gulls argue over what is left. "
    chinese = "港口总是比小镇先醒来，海鸥为昨夜的残羹争吵，第一批渔船已经绕过防波堤，船灯还亮着。"
    score = LanguageGate().evaluate(Subject(english * 9 + "\n\n" + chinese, "en"))
    assert severities(score) == [Severity.WARN]
    assert score.value is not None
    assert 80 < score.value < 100
    turned = english * 300 + "\n\n" + chinese * 600
    assert LanguageGate().evaluate(Subject(turned, "en")).failed


@pytest.mark.parametrize(("repeats", "fails"), [(1, False), (3, True)])
def test_repeated_sentences(repeats: int, fails: bool) -> None:
    again = "A clerk chalks all of the prices upon a board."
    text = prose(300) + "".join(f" {again} X{i} y{i} z{i}." for i in range(repeats + 1))
    score = Repetition().evaluate(Subject(text))
    assert score.failed is fails
    assert score.findings


def test_repetition_warns_of_short_sequences() -> None:
    text = " ".join(f"It was said on day {i} that rain {i}a fell." for i in range(40))
    assert Severity.WARN in severities(Repetition().evaluate(Subject(text)))


def test_repetition_ignores_code_and_tables() -> None:
    code = "```\n" + "the same line of code again and again and again and again, thirteen\n" * 9
    table = "| the same long row of words in a table again and again, thirteen | 0 |\n" * 9
    text = prose(80) + "\n\n" + code + "```\n\n" + table
    assert Repetition().evaluate(Subject(text)).findings == ()


def test_repetition_finds_a_loop_at_the_end() -> None:
    text = prose(400) + " And so on, and so on, and so forth" + ", and so on, and so forth" * 20
    messages = [finding.message for finding in Repetition().evaluate(Subject(text)).findings]
    assert "its end only repeats itself" in messages


def test_overlap_without_others_is_unscored() -> None:
    assert Overlap().evaluate(Subject("The tide fell.")).value is None
    assert Overlap().evaluate(Subject("", others=(("1", "The tide fell."),))).value == 100.0


def test_overlap_names_the_section_and_the_place() -> None:
    shared = prose(30)
    text = "A beginning of its own.\n\n" + shared
    score = Overlap().evaluate(Subject(text, others=(("4.2", "Mud.\n\n" + shared),)))
    (finding,) = score.findings
    assert "'4.2'" in finding.message
    assert text[finding.start : finding.end] == shared
    assert score.value == pytest.approx(100 * 5 / 35)


@pytest.mark.parametrize(("shared", "severity"), [(1, Severity.WARN), (3, Severity.FAIL)])
def test_overlap_of_sentences(shared: int, severity: Severity) -> None:
    same = [f"In year {n} the tide rose above the wall and took boat {n} away." for n in range(9)]
    own = " ".join([f"A{i} b{i} c{i} d{i} e{i} f{i} g{i}. {same[i]}" for i in range(shared)])
    other = " ".join([f"P{i} q{i} r{i} s{i} t{i} u{i} v{i} w{i} x{i}. {same[i]}" for i in range(9)])
    score = Overlap().evaluate(Subject(own, others=(("1", other),)))
    assert severities(score) == [severity] * shared


def test_headings_warn_of_levels_and_of_names_under_other_parents() -> None:
    score = Headings().evaluate(Subject("Intro.\n\n## Mud\n\nMud."))
    assert severities(score) == [Severity.WARN]
    text = "# T\n\n## A\n\n#### Example\n\nOne.\n\n## B\n\n#### Example\n\nTwo."
    document = Headings().evaluate(Subject(text, scope="document", headings=("A", "2. B")))
    assert severities(document) == [Severity.WARN]


def test_scaffolding_points_at_the_words() -> None:
    text = "The tide fell. As an AI, I know nothing of it.\n\n[Insert map here] Done."
    score = Scaffolding().evaluate(Subject(text))
    assert [text[f.start : f.end] for f in score.findings] == ["As an AI, I", "[Insert map here]"]


def test_scaffolding_lets_a_document_number_its_sections() -> None:
    text = "# Section 3: Mud\n\nMud is mud."
    assert not Scaffolding().evaluate(Subject(text, scope="document")).failed
    assert Scaffolding().evaluate(Subject(text)).failed


def test_scaffolding_of_nothing() -> None:
    assert Scaffolding().evaluate(Subject("")).value == 100.0


def test_refusal_of_a_short_first_person_text_depends_on_what_was_asked() -> None:
    text = "Unfortunately, I cannot swim. " + prose(40)
    assert Refusal().evaluate(Subject(text, target=400)).failed
    assert not Refusal().evaluate(Subject(text, target=50)).failed


def test_refusal_in_the_middle_needs_a_request() -> None:
    text = prose(200) + "\n\nUnfortunately, I cannot support the policy of the harbour board."
    assert not Refusal().evaluate(Subject(text)).failed


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("Sure, here is the section: The tide.", 26),
        ("Here is the chapter you requested. The tide.", 34),
        ("As requested, a text", 20),
        ("As requested, a text " + "on tides " * 60, 0),
        ("Sure enough, the tide fell.", 0),
    ],
)
def test_preambles(line: str, end: int) -> None:
    assert preamble_end(line) == end


def test_phrases_need_their_place() -> None:
    assert is_meta("(Word count: 12)")
    assert not is_meta("The word count was 12 in 1950, and it rose.")
    assert is_farewell("**Let me know if you need changes**")
    assert not is_farewell("He said: let me know if you need it")
    assert is_label("- **Main point:** tides")
    assert not is_label("The main point: tides")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('He said "wait here', True),
        ('He said "wait" here', False),
        ("“wait here", True),
        ("“wait” here", False),
        ("„wait“ here", False),
        ("„wait here", True),
        ("«wait here", True),
        ('"so\n\nhere', False),
        ("here", False),
    ],
)
def test_quotes(text: str, inside: bool) -> None:
    assert in_quotes(text, text.index("here")) is inside


def test_an_opening_mark_is_inside() -> None:
    assert in_quotes("“so”", 0)


def test_structure() -> None:
    text = "A `b` c\n\n# H #\n- i\n> q\n| t |\n***\n```\n# x\n```\nX\n="
    assert [line.kind for line in lines(text)] == [
        "prose",
        "blank",
        "heading",
        "item",
        "quote",
        "table",
        "rule",
        "code",
        "code",
        "code",
        "prose",
        "rule",
    ]
    assert [(h.level, h.text) for h in headings("# H #\n\nX\n=\n\n#\n")] == [(1, "H"), (1, "X")]
    assert [text[a:b] for a, b in passages(text)] == ["A `b` c", "- i\n> q", "X"]
    assert len(without_code(text)) == len(text)
    assert "x" not in without_code(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("## 3. The Tide:", "the tide", True),
        ("第三章：潮汐", "潮汐", True),
        ("三、潮汐", "潮汐", True),
        ("Section 3: Tide", "tide", True),
        ("1984", "1985", False),
        ("", "", False),
        ("**", "", False),
        ("IV. Mud", "mud", True),
        ("3.2 Mud", "4 Mud", True),
        ("1.7.2", "0.7.2", False),
    ],
)
def test_same_heading(one: str, other: str, same: bool) -> None:
    assert same_heading(one, other) is same


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "the tide is out. ",
        "Sure! Here is the section: ",
        "I'm sorry, but I can't help.\n",
        "<think>",
        "[insert x] ",
        "# a\n\n",
        "(Word count: 1)\n",
        "“",
        '"As an AI, I ',
        "潮水退了。",
        "```\n",
        "the tide is out once more and the boats lie still upon the mud again.\n\n",
        "|a|\n",
        "Let me know if you want. ",
        "- x\n",
        "\n",
    ],
)
def test_hostile_text_is_judged(unit: str, size: int) -> None:
    text = unit * (size // len(unit.encode()))
    scores = evaluate(Subject(text, "en", target=400), gates())
    assert broken(scores) == ()
    assert failures(scores)
    assert all(len(score.findings) <= MOST_FINDINGS for score in scores)
    assert isinstance(failures(scores)[0], Finding)


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("The tide rose. </text-9cd0514f> It fell again.", True),
        ("<div><p><b>Tide</b></p></div> <ul><li><a>rose</a></li></ul>", True),
        (
            "Water boils at 100 degrees, so <b>never</b> leave it alone on the stove at night.",
            False,
        ),
        ("A request-response cycle takes one round trip in the usual case.", False),
    ],
)
def test_data_tags_and_markup_are_no_prose(text: str, fails: bool) -> None:
    assert Scaffolding().evaluate(Subject(text)).failed is fails
