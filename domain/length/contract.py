"""Knows the length contract: what was asked, where steering aims, what is accepted, what it scores.

A `Length` is kept in counted units (`domain.text.counter`), so that what steers is what scores.
Pages and minutes are converted once, on the way in; how they were asked stays for display.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from core.errors import RequestError
from domain.text.counter import Counter

Relation = Literal["about", "at_least", "at_most", "range"]
Unit = Literal["words", "characters", "pages", "minutes"]

MIN_LENGTH = 20
MAX_LENGTH = 2_000_000
DEFAULT_WORDS = 1_000
"""What is written when neither the request nor its prompt states a length (`about`)."""

WORDS_A_PAGE = 500
CHARACTERS_A_PAGE = 800
WORDS_A_MINUTE = 150
CHARACTERS_A_MINUTE = 250

BELOW = 0.035
ABOVE = 0.05
"""Accepted shortfall and excess, shares of the value: S_l is 98 or more inside."""
SHORT = 300
SENTENCE = 12
"""Below `SHORT` units the window is at least `SENTENCE` units wide on each open side."""

_CJK_LANGUAGES = frozenset({"zh", "ja", "ko", "yue"})
_REMEDY = f"Ask for {MIN_LENGTH} to {MAX_LENGTH:,} words or characters."


@dataclass(frozen=True)
class Length:
    """A length asked for.

    Raises `RequestError` when a bound is outside 20 to 2,000,000 counted units, or when a range
    has no upper bound or an upper bound below the lower.
    """

    value: int
    """Counted units: the target, the bound, or a range's lower bound."""
    unit: Unit = "words"
    """The unit it was asked in; `value` is converted already."""
    relation: Relation = "about"
    counter: Counter = "words"
    high: int | None = None
    """A range's upper bound in counted units; None for the other relations."""
    stated: float | None = None
    """Pages or minutes as asked (a range's lower bound); None when counted units were asked."""
    stated_high: float | None = None

    def __post_init__(self) -> None:
        _check_choices(self)
        _check_bound(self.value)
        if self.relation != "range":
            if self.high is not None:
                raise RequestError("Only a range has an upper bound", "Set relation to range.")
        elif self.high is None or self.high < self.value:
            raise RequestError(
                f"A range from {self.value:,} has no upper bound, or one below it",
                "Give both ends, the smaller first.",
            )
        else:
            _check_bound(self.high)

    @classmethod
    def asked(
        cls,
        amount: float,
        unit: Unit = "words",
        relation: Relation = "about",
        *,
        high: float | None = None,
        cjk: bool = False,
    ) -> "Length":
        """A length from an amount in any unit; pages and minutes become counted units.

        `cjk` tells whether the document is Chinese, Japanese or Korean: 800 characters a page
        and 250 a minute of speech, else 500 words a page and 150 a minute.
        """
        factor = units_in(unit, cjk=cjk)
        converted = factor != 1
        return cls(
            value=_counted(amount * factor),
            unit=unit,
            relation=relation,
            counter="characters" if unit == "characters" else "words",
            high=None if high is None else _counted(high * factor),
            stated=amount if converted else None,
            stated_high=high if converted else None,
        )

    @classmethod
    def default(cls) -> "Length":
        """About 1,000 words: what is written when nothing is said."""
        return cls(DEFAULT_WORDS)

    @property
    def required(self) -> int:
        """The number that scores are computed against: the value, or a range's midpoint."""
        return self.value if self.high is None else (self.value + self.high) // 2

    @property
    def aim(self) -> int:
        """Where steering aims: on the right side of a bound, in the middle of a range."""
        if self.relation == "at_least":
            return math.ceil(self.value * 1.02)
        if self.relation == "at_most":
            return math.floor(self.value * 0.985)
        return self.required

    @property
    def window(self) -> tuple[int, int]:
        """The accepted written lengths, both ends included."""
        if self.high is not None:
            return self.value, self.high
        below, above = math.floor(self.value * BELOW), math.floor(self.value * ABOVE)
        if self.value < SHORT:
            below, above = max(below, SENTENCE), max(above, SENTENCE)
        low = self.value if self.relation == "at_least" else max(1, self.value - below)
        high = self.value if self.relation == "at_most" else self.value + above
        return low, high

    def accepts(self, written: int) -> bool:
        """Whether a document of `written` counted units keeps the contract."""
        low, high = self.window
        return low <= written <= high

    def s_l(self, written: int) -> float:
        """LongBench-Write's length score, 0 to 100 (Bai et al. 2024, arXiv 2408.07055).

        A range scores 100 inside, outside it is scored against the nearest bound.
        """
        if self.high is None:
            return length_score(self.value, written)
        return length_score(min(max(written, self.value), self.high), written)

    def scaled(self, factor: float) -> "Length":
        """The same contract at `factor` times the length, in counted units."""
        high = None if self.high is None else _counted(self.high * factor)
        unit: Unit = "characters" if self.counter == "characters" else "words"
        value = _counted(self.value * factor)
        return replace(self, value=value, high=high, unit=unit, stated=None, stated_high=None)

    def describe(self, language: str = "en") -> str:
        """The length in words for a reader or a prompt, in Chinese for `zh`, else in English."""
        if language.lower().split("-")[0] == "zh":
            return _chinese(self)
        return _english(self, language)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Length":
        """The inverse of `to_dict`; raises `RequestError` for fields it does not know."""
        try:
            return cls(**data)
        except TypeError as error:
            raise RequestError("This is not a length", "Give value, unit and relation.") from error


def length_score(required: int, written: int) -> float:
    """S_l of LongBench-Write, 0 to 100: 0 from four times, and up to a third of, what is asked."""
    if written <= 0 or required <= 0:
        return 0.0
    if written > required:
        return 100 * max(0.0, 1 - (written / required - 1) / 3)
    return 100 * max(0.0, 1 - (required / written - 1) / 2)


def units_in(unit: Unit, *, cjk: bool = False) -> int:
    """Counted units (words, or CJK characters) in one `unit`."""
    if unit == "pages":
        return CHARACTERS_A_PAGE if cjk else WORDS_A_PAGE
    if unit == "minutes":
        return CHARACTERS_A_MINUTE if cjk else WORDS_A_MINUTE
    return 1


def _counted(amount: float) -> int:
    if not math.isfinite(amount):
        raise RequestError("The length is not a number", _REMEDY)
    return round(amount)


def _check_choices(length: Length) -> None:
    for value, choices in (
        (length.unit, Unit),
        (length.relation, Relation),
        (length.counter, Counter),
    ):
        if value not in get_args(choices):
            options = ", ".join(get_args(choices))
            raise RequestError(f"{value!r} is not known in a length", f"Use one of: {options}.")


def _check_bound(value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestError("The length is not a whole number", _REMEDY)
    if value < MIN_LENGTH:
        raise RequestError(f"A length of {value:,} is too short to plan", _REMEDY)
    if value > MAX_LENGTH:
        shown = f"{value:,}" if value < 10**15 else "that many"
        raise RequestError(f"A length of {shown} is beyond what can be written", _REMEDY)


def _english(length: Length, language: str) -> str:
    characters = length.counter == "characters" or language.split("-")[0] in _CJK_LANGUAGES
    noun = "characters" if characters else "words"
    counted = f"{length.value:,}"
    if length.high is not None:
        counted = f"{length.value:,} to {length.high:,}"
    text = f"{counted} {noun}"
    if length.stated is not None:
        plural = length.unit if length.stated != 1 else length.unit[:-1]
        amount = f"{length.stated:g}"
        if length.stated_high is not None:
            amount, plural = f"{amount} to {length.stated_high:g}", length.unit
        text = f"{amount} {plural} ({text})"
    lead = {"about": "about ", "at_least": "at least ", "at_most": "at most ", "range": ""}
    return lead[length.relation] + text


def _chinese(length: Length) -> str:
    noun = "个字符" if length.counter == "characters" else "字"
    counted = str(length.value) if length.high is None else f"{length.value}到{length.high}"
    text = counted + noun
    if length.stated is not None:
        amount = f"{length.stated:g}"
        if length.stated_high is not None:
            amount = f"{amount}到{length.stated_high:g}"
        text = f"{amount}{'页' if length.unit == 'pages' else '分钟'}（{text}）"
    lead = {"about": "约", "at_least": "不少于", "at_most": "不超过", "range": ""}
    return lead[length.relation] + text
