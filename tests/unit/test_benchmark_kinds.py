"""Each benchmark's rows and figures, against values computed by hand."""

import json
from typing import Any

import pytest

from core.errors import RequestError
from services.benchmark.kind import Kind
from services.benchmark.kinds import BENCHMARKS, benchmark
from services.benchmark.result import Result
from services.benchmark.tasks import Task, files_of, read_tasks
from services.benchmark.units import units_of

LONGEN, RULER, SGT, HELLO = map(benchmark, ("longen", "ruler-tlg", "sgt", "hellobench"))


def task_of(kind: Kind, row: dict[str, Any]) -> Task:
    (task,) = read_tasks([json.dumps(row)], kind.task, kind.holds)
    return task


def result(kind: Kind, task: Task, text: str, judged: dict[str, Any] | None = None) -> Result:
    words = len(text.split())
    figures = kind.measure(task, text, words, judged)
    return Result(1, task.required, "en", words, kind.s_l(task, words), True, figures=figures)


@pytest.mark.parametrize(
    ("constraint", "kind", "relation", "low", "high"),
    [
        ("about 2000 words", "about", "about", 2000, None),
        ("4000 to 5000 words", "range", "range", 4000, 5000),
        ("more than 6000 words", "above", "at_least", 6000, None),
        ("less than 7000 words", "below", "at_most", 7000, None),
        ("大约2500字", "about", "about", 2500, None),
        ("2000字至3000字", "range", "range", 2000, 3000),
        ("小于2000字", "above", "at_most", 2000, None),  # the wording wins over a wrong type
        ("大于4000字", "below", "at_least", 4000, None),
        ("3,000 words", "above", "at_least", 3000, None),
    ],
)
def test_longen_takes_the_constraint_at_its_word(
    constraint: str, kind: str, relation: str, low: int, high: int | None
) -> None:
    row = {"query": "Write 10 words.", "constraint": constraint, "type": kind, "language": "en"}
    length = task_of(LONGEN, row).length
    assert length is not None
    assert (length.relation, length.value, length.high) == (relation, low, high)
    assert length.counter == "longen"


def test_longen_by_hand() -> None:
    row = {"query": "Write on tides", "constraint": "about 100 words", "type": "about"}
    task = task_of(LONGEN, row)
    wide = task_of(LONGEN, {**row, "constraint": "more than 100 words", "type": "above"})
    results = [
        result(LONGEN, task, "word " * 60),  # 2 * 60 / 80 - 1
        result(LONGEN, task, "word " * 120),
        result(LONGEN, wide, "word " * 180),  # 3 - 2 * 180 / 150
    ]
    assert [r.figures["score"] for r in results] == [50, 100, 60]
    assert LONGEN.figures(results) == {
        "score": 70,
        "by_type": {"about": {"n": 2, "score": 75}, "above": {"n": 1, "score": 60}},
    }


@pytest.mark.parametrize(
    ("target", "required", "window"),
    [("10", 10, (8, 20)), (30, 30, (21, 40)), ("300", 300, (281, 320)), ("700", 700, (631, 770)),
     (">800", 801, (801, 841)), (900, 801, (801, 841))],
)  # fmt: skip
def test_a_target_is_steered_to_what_matches_it(
    target: object, required: int, window: tuple[int, int]
) -> None:
    task = task_of(RULER, {"Instruction": "Describe the sea.", "TargetLength": target})
    assert task.required == required
    assert task.length is not None
    assert task.length.window == window
    assert task.length.counter == "runs"
    told = "more than 800" if required > 800 else str(required)
    assert task.prompt == f"Describe the sea.\nThe answer should have {told} words."


def test_ruler_by_hand() -> None:
    written = {"30": (35, 45), "80": (65,), "300": (350,), ">800": (900, 700)}
    results = [
        result(RULER, task_of(RULER, {"Instruction": "Go", "TargetLength": target}), "w " * words)
        for target, lengths in written.items()
        for words in lengths
    ]
    assert RULER.figures(results) == {
        "pm": {"all": 33.33, "L0": 33.33, "L1": 0, "L2": 50},
        "fm": {"all": 66.67, "L0": 66.67, "L1": 100, "L2": 50},
    }
    assert results[-2].s_l == 100
    assert results[-1].s_l == pytest.approx(100 * (1 - (801 / 700 - 1) / 2))


DIARY = {
    "prompt": "Write a diary of 4 weeks, one entry for each week.",
    "type": "Week", "number": 4, "prefix": "#*# Week 1:",
    "checks_once": {"1": "a birthday", "4": "a storm"}, "checks_range": {"2": "a trip"},
    "checks_periodic": {"2": "chess"},
}  # fmt: skip
ENTRIES = (
    "# A year\n\nAnother Week 9 comes.\n\n## Week 1\n\nCake.\n\n**Week 2 (May)**\n\nRome.\n\n"
    "### Week 2\n\nx\n\n7. week 3: y"
)


def test_units_begin_at_marks_or_at_their_names() -> None:
    assert units_of(ENTRIES, "Week").keys() == {1, 2, 3}
    assert units_of(ENTRIES, "Week")[2].endswith("Rome.")
    marked = "#*# Menu Week 1: soup, as in Menu Week 7 #*# Menu Week 2: pie *** finished ***"
    assert units_of(marked, "Menu Week").keys() == {1, 2}
    assert units_of("", "Week") == {}


def test_the_golden_thread_by_hand() -> None:
    task = task_of(SGT, DIARY)
    assert task.length is not None
    assert (task.required, task.length.counter) == (800, "spaced")
    checks = [[1, "a birthday", True], [2, "a trip", True], [2, "chess", False]]
    found = result(SGT, task, ENTRIES, {"checks": checks})
    assert found.figures["cr"] == 75
    assert found.figures["stic_1"] == pytest.approx(66.67)
    assert (found.figures["stic_2"], found.figures["w_avg"]) == (50, 37.5)
    missing = result(SGT, task, "", SGT.missing(task))
    assert (missing.figures["cr"], missing.figures["stic_2"]) == (0, 0)
    assert SGT.figures([found, missing]) == {
        "cr": 37.5, "long_words": None, "stic_1": 66.67, "stic_2": 25, "w_avg": 9.38,
        "checks": 8, "checks_unscored": 0,
    }  # fmt: skip


def test_an_instruction_without_a_verdict_counts_neither_way() -> None:
    checks = [[1, "a birthday", True], [2, "a trip", None], [2, "chess", None]]
    figures = result(SGT, task_of(SGT, DIARY), ENTRIES, {"checks": checks}).figures
    assert (figures["stic_1"], figures["stic_2"], figures["checks_unscored"]) == (100, 50, 2)


def test_no_verdict_at_all_is_unscored_and_a_broken_off_document_meets_nothing() -> None:
    task = task_of(SGT, {**DIARY, "checks_once": {}})
    unread = result(SGT, task, ENTRIES, {"checks": [[2, "a trip", None], [2, "chess", None]]})
    assert (unread.figures["stic_2"], unread.figures["w_avg"]) == (None, None)
    assert SGT.figures([unread])["w_avg"] is None
    broken_off = result(SGT, task, ENTRIES, SGT.missing(task))
    assert (broken_off.figures["cr"], broken_off.figures["stic_2"]) == (75, 0)


def test_without_a_judge_the_golden_thread_is_only_counted() -> None:
    figures = SGT.figures([result(SGT, task_of(SGT, DIARY), ENTRIES)])
    assert figures["cr"] == 75
    assert (figures["stic_1"], figures["stic_2"], figures["w_avg"]) == (None, None, None)


@pytest.mark.parametrize(
    ("wording", "required"),
    [("Each diary entry should be at least 200 words, 52 entries in all.", 10_400),
     ("Aim for between 200 and 220 words per menu description.", 10_920),
     ("Write all of it.", 10_400)],
)  # fmt: skip
def test_all_units_together_are_asked_for(wording: str, required: int) -> None:
    assert task_of(SGT, {**DIARY, "prompt": wording, "number": 52}).required == required


STORY = {
    "category": "story_writing", "checklists": ["Good?", "Long?", "New?", "Own?", "Flawless?"],
    "instruction": "Write a story. Ensure it is no shorter than 2000 words.",
}  # fmt: skip


def test_hello_eval_by_hand_and_unscored_where_no_weights_are_known() -> None:
    story = task_of(HELLO, STORY)
    assert story.length is not None
    assert (story.required, story.length.relation) == (2000, "at_least")
    other = task_of(
        HELLO,
        {"category": "open_ended_qa", "checklists": ["Good?"], "instruction": "Why is it so?"},
    )
    assert (other.required, other.length) == (0, None)
    results = [
        result(HELLO, story, "x", {"values": [1, 0.5, 0.25, 0, 1]}),
        result(HELLO, other, "x", {"values": [0.5]}),
        result(HELLO, other, "x", {"values": None}),
    ]
    expected = round((23.53 + 11.21 + 2.635 + 26.46 - 75) * 4, 2)
    assert HELLO.figures(results) == {
        "hello_eval": expected, "checklist": 52.5, "n_hello_eval": 1,
        "by_category": {
            "story_writing": {"n": 1, "hello_eval": expected, "checklist": 55},
            "open_ended_qa": {"n": 2, "hello_eval": None, "checklist": 50},
        },
    }  # fmt: skip
    assert results[1].s_l is None
    assert HELLO.figures([result(HELLO, story, "x")])["hello_eval"] is None
    lowest = result(HELLO, story, "", HELLO.missing(story))
    assert lowest.figures["hello_eval"] == -300


@pytest.mark.parametrize("name", BENCHMARKS)
@pytest.mark.parametrize(
    "row", ["", "7", "[]", "[7]", "{}", '{"prompt": ""}', "no JSON", "[" * 5000,
            '{"prompt": "x", "length": true, "constraint": "", "TargetLength": "200",'
            ' "type": "", "number": "many", "category": "c", "checklists": "q"}'],
)  # fmt: skip
def test_what_is_no_row_is_told_with_what_it_needs(name: str, row: str) -> None:
    kind = benchmark(name)
    if not row or row == "[]":
        assert read_tasks([row], kind.task, kind.holds) == []
        return
    with pytest.raises(RequestError, match="line 1") as caught:
        read_tasks([row], kind.task, kind.holds)
    assert kind.holds in caught.value.remedy


def test_there_is_no_other_benchmark() -> None:
    with pytest.raises(RequestError, match="'mine'") as caught:
        benchmark("mine")
    assert "hellobench" in caught.value.remedy


def test_files_are_numbered_through_and_found_in_upstreams_folder(tmp_path: Any) -> None:
    folder = tmp_path / "data" / "main_data"
    folder.mkdir(parents=True)
    for name in ("b", "a"):
        (folder / f"{name}.jsonl").write_text("x", encoding="utf-8")
    assert [file.name for file in files_of(tmp_path, HELLO.files)] == ["a.jsonl", "b.jsonl"]
    assert files_of(folder / "a.jsonl", HELLO.files) == [folder / "a.jsonl"]
    lines = f"\n{json.dumps(STORY)}\n{json.dumps(STORY)}"
    tasks = read_tasks([lines, json.dumps([STORY])], HELLO.task, HELLO.holds)
    assert [task.number for task in tasks] == [2, 3, 4]
    with pytest.raises(RequestError, match="no file"):
        files_of(tmp_path / "data", RULER.files)
