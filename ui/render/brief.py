"""What the form of a new document says of it: what was read from it, and what it would take."""

from __future__ import annotations

from collections.abc import Callable

from domain.length.contract import Length
from domain.length.spread import Spread
from domain.request import WritingRequest
from domain.text.language import parse_language
from domain.text.language_table import chinese_names
from services.documents.demands import demanded
from services.forecast.estimates import Estimate
from ui.render.demands import in_words
from ui.words import Words

LANGUAGES = (
    "en", "zh", "es", "fr", "de", "pt", "it", "nl", "pl", "ru", "uk", "tr", "ar", "hi", "ja", "ko",
)  # fmt: skip
"""Offered by name; any other can be typed."""
Shown = Callable[[float, Words], str]


def reading(request: WritingRequest, given: Length | None, words: Words, language: str) -> str:
    """Length and language, and whether they were read from the prompt.

    Args:
        request: as it would be begun.
        given: the length of the form's own field, if it has one.
        words: the page's.
        language: the page's.
    """
    spoken = language_name(request.language, language)
    told = request.length.describe(language)
    if given is not None:
        name, told = "brief.read_given", _capital(told)
    else:
        name = "brief.read_language" if request.length == Length.default() else "brief.read_both"
    return words[name].format(length=told, language=spoken) + _found(request, words)


def _found(request: WritingRequest, words: Words) -> str:
    """What the prompt itself demands of the contents, as code: its words are no markup."""
    found = [in_words(one.demand, words) for one in demanded(request) if one.origin == "prompt"]
    shown = "".join(f"\n- `{line.replace('`', chr(39))}`" for line in found)
    return f"\n\n{words['brief.read_demands']}\n{shown}" if found else ""


def estimate(found: Estimate, words: Words) -> str:
    """Calls, tokens, time and cost as ranges, and what they rest on."""
    tokens = found.prompt_tokens + found.completion_tokens
    facts = [
        _sections(found.sections, words),
        _range("brief.estimate_time", found.seconds, words, _time),
        _range("brief.estimate_calls", found.calls, words, _count),
        _range("brief.estimate_tokens", tokens, words, _count),
    ]
    if found.cost.high:
        facts.append(_range("brief.estimate_cost", found.cost, words, _money))
    seen = found.past_runs
    basis = words["brief.estimate_seen" if seen else "brief.estimate_unseen"].format(n=seen)
    return f"**{words['brief.estimate']}** {' · '.join(facts)}\n\n{basis}"


def language_name(code: str, language: str) -> str:
    """What a language is called in the page's language, or else in itself."""
    info = parse_language(code)
    if language != "zh":
        return info.name
    return next((name for name, each in chinese_names().items() if each == code), info.native)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sections(spread: Spread, words: Words) -> str:
    number = round(spread.likely)
    if number <= 1:
        return words["brief.estimate_one_section"]
    return words["brief.estimate_sections"].format(n=number)


def _range(name: str, spread: Spread, words: Words, shown: Shown) -> str:
    low, likely, high = (shown(x, words) for x in (spread.low, spread.likely, spread.high))
    return words[name].format(low=low, likely=likely, high=high)


def _count(number: float, _: Words) -> str:
    """Large numbers to two digits: more would pretend to know."""
    return f"{round(number):,}" if number < 100 else f"{float(f'{number:.2g}'):,.0f}"


def _time(seconds: float, words: Words) -> str:
    if seconds < 90:
        return words["brief.seconds"].format(n=max(1, round(seconds)))
    if seconds < 5400:
        return words["brief.minutes"].format(n=round(seconds / 60))
    return words["brief.hours"].format(n=f"{seconds / 3600:.1f}")


def _money(value: float, _: Words) -> str:
    return f"{value:,.2f}" if value >= 0.1 or not value else f"{value:.2g}"
