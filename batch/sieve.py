"""What passes into a dataset: prompts before they are paid for, answers before they are data."""

from __future__ import annotations

from batch.contamination import Benchmark
from batch.filters import Objection, objections
from batch.funnel import Stage
from batch.limits import DEFAULT, Limits
from batch.near import Seen
from batch.records import Sample
from batch.rows import Reject, Row

Refused = tuple[Stage, Objection]


class Sieve:
    """Looks at rows and samples one after the other; remembers what copies are measured against.

    The same rows in the same order pass the same way. Each shard has a sieve of its own: copies
    in different shards are found when their samples pass one sieve, after they are merged.

    Args:
        limits: what is asked.
        benchmark: what neither prompts nor answers may hold; None: nothing is looked for.
    """

    def __init__(self, limits: Limits = DEFAULT, benchmark: Benchmark | None = None) -> None:
        self._limits = limits
        self._benchmark = benchmark
        self._prompts = Seen(limits.similar_prompts) if limits.similar_prompts else None
        self._answers = Seen(limits.similar_answers) if limits.similar_answers else None

    def prompt(self, row: Row) -> Refused | None:
        """Why a row need not be written; None: it is to be.

        The same prompt with another length or in another language is no copy.
        """
        prompt = str(row.fields["prompt"])
        if (found := self._contaminated(prompt)) is not None:
            return "prompts", found
        group = f"{row.fields['language']} {row.fields['length'].describe()}"
        found = _copied(self._prompts, row.id, prompt, group)
        return None if found is None else ("prompts", found)

    def answer(self, sample: Sample) -> Refused | None:
        """Why a sample, with its scores, is no data; None: it is.

        One that is refused for itself is not remembered: a good text is never a copy of it.
        """
        against = objections(sample, self._limits)
        if against:
            return "filtered", against[0]
        if (found := self._contaminated(sample.answer)) is not None:
            return "filtered", found
        found = _copied(self._answers, sample.id, sample.answer, sample.kind)
        return None if found is None else ("copies", found)

    def _contaminated(self, text: str) -> Objection | None:
        shared = self._benchmark.overlap(text) if self._benchmark else None
        if shared is None:
            return None
        return Objection("contaminated", f"{shared.runs:,} runs, such as {shared.example!r}")


def rejected(refused: Refused, *, line: int, id: str, key: str) -> Reject:
    """A refused row or sample as it stands among the rejects."""
    stage, objection = refused
    return Reject(line, objection.reason, objection.detail, stage, id, key, objection.score)


def _copied(seen: Seen | None, key: str, text: str, group: str) -> Objection | None:
    copy = seen.add(key, text, group) if seen else None
    if copy is None:
        return None
    return Objection("near_duplicate", f"of {copy.of}", round(100 * copy.similarity, 1))
