"""What is asked of rows and texts: the limits of a dataset, which a person may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from core.errors import RequestError
from core.nearest import nearest

if TYPE_CHECKING:
    from storage.datasets import Dataset

ON, OFF = "on", "off"
"""How a person writes that something is asked or not."""


@dataclass(frozen=True)
class Limits:
    """What is asked of a sample; what is None or False is not asked.

    Raises `RequestError` where a limit is outside its range.
    """

    min_length_score: float | None = 80.0
    """The least S_l, 0 to 100, of a text whose length was asked for. One that is 29 % too short
    or 60 % too long has 80; a document that keeps its contract has 98."""
    min_words: int | None = None
    """The least length of a text, in the units in which its length counts."""
    max_words: int | None = None
    """The greatest, such as what a trainer can take in."""
    repetition: bool = True
    """Whether copies and loops are refused."""
    language: bool = True
    """Whether a text must be in the language that was asked for."""
    gates: bool = True
    """Whether any other gate that fails refuses the text."""
    min_judge: float | None = None
    """The least score of a judge, 0 to 100. A text that a judge could not score is then
    `unscored`; one that no judge was asked about is not refused."""
    require_judge: bool = False
    """Whether a text without a judge's score is `unscored`, also where none was asked."""
    similar_prompts: float | None = None
    """From this similarity on, 0 to 1, a later prompt is a copy and is not written. Off, since
    equal prompts may be meant; at 0.8, one word in thirty may be another."""
    similar_answers: float | None = 0.8
    """From this similarity on, 0 to 1, a later answer is a copy."""
    contamination: int = 13
    """Words in a row (twice as many characters in Chinese, Japanese, Korean) that a text may not
    share with a benchmark, where one is given."""

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            value = getattr(self, name)
            if value is not None and not 0 < value <= most:
                raise RequestError(
                    f"{_shown(name)} must be above 0 and at most {most:,}, not {value}",
                    f"Write `{OFF}` where nothing is asked.",
                )
        if not 5 <= self.contamination <= 100:
            raise RequestError("contamination needs 5 to 100 words in a row", "13 is usual.")
        if self.min_words and self.max_words and self.min_words > self.max_words:
            raise RequestError("min-words is more than max-words", "No text could pass.")

    def but(self, values: Mapping[str, Any]) -> Limits:
        """These limits with others in place of some.

        Args:
            values: by name, with `_` or `-`: a number, true or false, or `off`.

        Raises:
            RequestError: a name is not known, or a value is none for it.
        """
        changed = {name.replace("-", "_"): value for name, value in values.items()}
        for name in changed:
            if name not in _KINDS:
                close = nearest(_shown(name), map(_shown, _KINDS))
                raise RequestError(f"there is no limit {_shown(name)!r}", close)
        return Limits(**{**asdict(self), **{n: _read(n, value) for n, value in changed.items()}})

    def differing(self, other: Limits) -> dict[str, tuple[str, str]]:
        """Names of the limits that are not the same, with this one's value and the other's."""
        mine, theirs = self.told(), other.told()
        return {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}

    def told(self) -> dict[str, str]:
        """Every limit as a person writes it."""
        return {_shown(name): _written(value) for name, value in asdict(self).items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `Limits().but(…)` is the inverse."""
        return asdict(self)


_KINDS = {field.name: str(field.type) for field in fields(Limits)}
_MOST = {
    "min_length_score": 100, "min_judge": 100, "similar_prompts": 1, "similar_answers": 1,
    "min_words": 10_000_000, "max_words": 10_000_000,
}  # fmt: skip
DEFAULT = Limits()


def limits_kept(dataset: Dataset) -> Limits:
    """What is asked of a batch's texts, as its people have said."""
    return DEFAULT.but({**dataset.limits, "similar_prompts": dataset.terms.similar_prompts})


def _read(name: str, value: Any) -> Any:
    """A limit's value as the kind that it has; raises RequestError."""
    kind = _KINDS[name]
    off = value is None or value is False or (isinstance(value, str) and value.lower() == OFF)
    if kind == "bool":
        if off or value is True or value == ON:
            return not off
        raise RequestError(f"{_shown(name)} is `{ON}` or `{OFF}`, not {value!r}")
    if off and kind.endswith("None"):
        return None
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    whole = kind.startswith("int")
    if number is None or (whole and number % 1 != 0):
        raise RequestError(
            f"{_shown(name)} is a{' whole' if whole else ''} number, not {str(value)[:40]!r}",
            f"Or `{OFF}`." if kind.endswith("None") else "",
        )
    return int(number) if whole else number


def _shown(name: str) -> str:
    return name.replace("_", "-")


def _written(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ON if value else OFF
    return f"{value:g}" if isinstance(value, float) else str(value)
