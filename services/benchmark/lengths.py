"""Benchmarks of lengths: LongBench-Write, LongWrite-Ruler, LonGen, and Ruler's target lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from domain.length.contract import MIN_LENGTH, Length, Relation, length_score
from domain.length.parser import parse_length
from domain.text.counter import Counter
from domain.text.language import detect_prompt_language
from evaluators.published import longen, ruler
from services.benchmark.kind import Kind, mean, number_of, numbers_in, prompt_of
from services.benchmark.result import Result
from services.benchmark.tasks import Row, Task


class LongBenchWrite(Kind):
    """LongBench-Write, and LongWrite-Ruler: S_l by a stated length, S_q by six dimensions."""

    def __init__(self, name: str, file: str) -> None:
        self.name = name
        self.files = (f"{file}.json*", f"*/{file}.json*", f"*/*/{file}.json*")

    holds = '{"prompt": …, "length": …}'

    def task(self, number: int, row: Row) -> Task:
        """`length` is a number of LongWriter's words."""
        prompt = prompt_of(row)
        required = number_of(row, "length", "required")
        length = Length(required, counter=self.counter)
        return Task(number, prompt, detect_prompt_language(prompt), required, length)


class LonGen(Kind):
    """LonGen of Self-Lengthen: a constraint of one of four types, scored by an interval."""

    name = "longen"
    files = ("LonGen.jsonl", "eval/LonGen.jsonl", "*/LonGen*.json*")
    holds = '{"query": …, "constraint": "about 2000 words", "type": "about|range|above|below"}'
    counter: Counter = "longen"
    relations: ClassVar[dict[str, Relation]] = {
        "about": "about", "range": "range", "above": "at_least", "below": "at_most",
    }  # fmt: skip

    def task(self, number: int, row: Row) -> Task:
        """The constraint's wording says which of the four it is, else `type`."""
        prompt, constraint = prompt_of(row), str(row["constraint"])
        length = self._length(constraint, str(row.get("type", "")).lower())
        facts = {"type": next(k for k, v in self.relations.items() if v == length.relation)}
        return Task(number, prompt, detect_prompt_language(prompt), length.required, length, facts)

    def _length(self, constraint: str, kind: str) -> Length:
        found = numbers_in(constraint)
        if not found:
            raise ValueError(f"no number in the constraint {constraint!r}")
        worded = parse_length(constraint)
        relation = worded.relation if worded else "about"
        if relation == "about" and kind:
            relation = self.relations[kind]
        if relation == "range" or len(found) > 1:
            low, high = sorted(found[:2])
            return Length(low, relation="range", high=high, counter=self.counter)
        return Length(found[0], relation=relation, counter=self.counter)

    def measure(
        self, task: Task, text: str, words: int, judged: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`score`, 0 to 100, and the constraint's `type`."""
        assert task.length is not None
        score = round(100 * longen.score(task.length, words), 2)
        quality = super().measure(task, text, words, judged)
        return {**quality, "score": score, "type": task.facts["type"]}

    def figures(self, results: Sequence[Result]) -> dict[str, Any]:
        """`score`, the mean, and `by_type`."""
        kinds = [kind for kind in self.relations if any(r.figures["type"] == kind for r in results)]
        by_type = {
            kind: {
                "n": sum(r.figures["type"] == kind for r in results),
                "score": mean([r.figures["score"] for r in results if r.figures["type"] == kind]),
            }
            for kind in kinds
        }
        score = mean([r.figures["score"] for r in results])
        return {**super().figures(results), "score": score, "by_type": by_type}


class RulerTargets(Kind):
    """Ruler's target length generation: precise and flexible match, by level."""

    name = "ruler-tlg"
    files = ("tlg*.jsonl", "*/tlg*.jsonl", "*/*/tlg*.jsonl")
    holds = '{"Instruction": …, "TargetLength": "300"}; targets are 10 to 700 and ">800"'
    counter: Counter = "runs"
    targets = ("TargetLength", "target_length", "target")

    def task(self, number: int, row: Row) -> Task:
        """The target is told in the prompt, as upstream does, and steered to its precise match."""
        target = number_of(row, *self.targets)
        beyond = any(">" in str(row.get(name, "")) for name in self.targets)
        target = 801 if target > 800 or beyond else target
        ruler.matched(target, 0)
        told = "more than 800" if target > 800 else str(target)
        asked = prompt_of(row)
        prompt = f"{asked}\nThe answer should have {told} words."
        return Task(number, prompt, detect_prompt_language(asked), target, self._steered(target))

    def _steered(self, target: int) -> Length:
        low, high = ruler.MATCHES[target][0]
        if target > 800:
            return Length(target, relation="at_least", counter=self.counter)
        if low + 1 < MIN_LENGTH:
            return Length(int(high), relation="at_most", counter=self.counter)
        return Length(int(low) + 1, relation="range", high=int(high), counter=self.counter)

    def s_l(self, task: Task, words: int) -> float:
        """Against the target itself; any length above 800 is one of more than 800."""
        return 100.0 if task.required > 800 and words > 800 else length_score(task.required, words)

    def measure(
        self, task: Task, text: str, words: int, judged: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`pm` and `fm`: whether it matches precisely, and flexibly; `level`."""
        precise, flexible = ruler.matched(task.required, words)
        level = next(level for level, found in ruler.LEVELS.items() if task.required in found)
        quality = super().measure(task, text, words, judged)
        return {**quality, "pm": precise, "fm": flexible, "level": level}

    def figures(self, results: Sequence[Result]) -> dict[str, Any]:
        """`pm` and `fm`: shares in per cent, of `all` and of each level that is there."""

        def shares(name: str) -> dict[str, float | None]:
            levels = [x for x in ruler.LEVELS if any(r.figures["level"] == x for r in results)]
            of_level = {
                level: [100 * r.figures[name] for r in results if r.figures["level"] == level]
                for level in levels
            }
            whole = [100 * r.figures[name] for r in results]
            return {"all": mean(whole), **{level: mean(x) for level, x in of_level.items()}}

        return {**super().figures(results), "pm": shares("pm"), "fm": shares("fm")}
