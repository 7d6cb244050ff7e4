"""What is to be said of an endpoint after a test, each weakness with its remedy.

Every sentence has a name, so that a page can say it in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from llm.endpoint import Endpoint
from llm.probe import ProbeReport
from llm.profile import Profile

SAID: Mapping[str, str] = {
    "silent": "{name} at {address}",
    "answers": "{name} at {address}: answers; {calls} calls",
    "model_is": "{model}",
    "window_known": "{window} tokens",
    "window_unknown": "unknown: 8,192 assumed",
    "window_remedy": "Set it with --window, or as `window` in longleaf.toml.",
    "prompts_unknown": "not known whether they are read whole",
    "prompts_whole": "read whole, or refused",
    "prompts_cut": "their beginning is cut off without a word; the window is about {window}",
    "prompts_cut_unknown": "their beginning is cut off without a word; the window is unknown",
    "prompts_cut_set": "their beginning is cut off without a word; the window is set at {window}",
    "prompts_remedy": "Start the server with a larger context (Ollama: "
    "OLLAMA_CONTEXT_LENGTH=16384) and test again, or set `window` to what it really reads.",
    "schema_unknown": "not known; found out with the first outline",
    "schema_followed": "followed",
    "schema_not": "not followed: outlines are asked for in plain text",
    "schema_remedy": "vLLM, SGLang, llama.cpp and Ollama follow them; there outlines are surer.",
    "parameters_all": "the limit is called {limit}",
    "parameters_some": "the limit is called {limit}; not taken: {refused}",
    "parameters_remedy": "They are left out.",
    "parameters_remedy_warmth": "They are left out. A text that loops cannot be sampled anew more "
    "warmly.",
    "streaming_unknown": "not known",
    "streaming_works": "works",
    "streaming_not": "not there: texts show when they are complete",
    "streaming_remedy": "Turn it on at the server, or buffering off at its proxy.",
    "usage_told": "told with each answer",
    "usage_not": "not told: tokens are counted here, within some 15 %",
    "usage_remedy": "Caps and costs of a run are estimates with this server.",
    "thinking_none": "none seen",
    "thinking_field": "it thinks before it answers, in a field of its own",
    "thinking_tags": "it thinks before it answers, between tags in its text",
    "thinking_hidden": "it thinks before it answers, without showing it",
    "thinking_off": "it thinks before it answers; turned off by `thinking = false`",
    "thinking_remedy": "To save time: `thinking = false`, or --no-thinking.",
    "thinking_remedy_none": "No way to turn it off was found: allow for the time.",
}
"""Name of a sentence → the sentence, with places for values."""


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    said: str = ""
    """Name of the sentence in `found`; empty: it has none."""
    advice: str = ""
    """Likewise of the remedy."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in both."""


def _check(on: str, said: str, advice: str = "", /, ok: bool = True, **values: str) -> Check:
    remedy = SAID[advice].format(**values) if advice else ""
    return Check(on, ok, SAID[said].format(**values), remedy, said, advice, values)


def findings(endpoint: Endpoint, report: ProbeReport) -> list[Check]:
    """What a test has found: who answers, as which model, with which window, and its habits."""
    made = f" ({report.facts.server})" if report.facts.server else ""
    name, address = endpoint.name, f"{report.endpoint.base_url}{made}"
    if report.error is not None or report.profile is None:
        return [_check("endpoint", "silent", ok=False, name=name, address=address)]
    window = report.profile.window
    return [
        _check("endpoint", "answers", name=name, address=address, calls=str(report.calls)),
        _check("model", "model_is", model=report.profile.model),
        _check("window", "window_known", window=f"{window:,}") if window
        else _check("window", "window_unknown", "window_remedy"),
        *habits(endpoint, report.profile),
    ]  # fmt: skip


def habits(endpoint: Endpoint, profile: Profile) -> list[Check]:
    """What a test found, each weakness with its remedy; only a cut prompt is none to live with."""
    return [
        _prompts(endpoint, profile),
        _schema(profile),
        _parameters(profile),
        _streaming(profile),
        _usage(profile),
        _thinking(endpoint, profile),
    ]


def _prompts(endpoint: Endpoint, profile: Profile) -> Check:
    if not profile.truncates:
        known = "prompts_unknown" if profile.truncates is None else "prompts_whole"
        return _check("long prompts", known)
    window = f"{profile.window:,}" if profile.window else ""
    said = "prompts_cut" if window else "prompts_cut_unknown"
    if endpoint.window:
        said, window = "prompts_cut_set", window or f"{endpoint.window:,}"
    return _check("long prompts", said, "prompts_remedy", ok=False, window=window)


def _schema(profile: Profile) -> Check:
    if profile.schema is False:
        return _check("JSON schemas", "schema_not", "schema_remedy")
    return _check("JSON schemas", "schema_followed" if profile.schema else "schema_unknown")


def _parameters(profile: Profile) -> Check:
    refused = sorted(profile.refused) + ([] if profile.temperature else ["temperature"])
    limit = profile.max_tokens_name
    if not refused:
        return _check("parameters", "parameters_all", limit=limit)
    advice = "parameters_remedy_warmth" if "temperature" in refused else "parameters_remedy"
    return _check("parameters", "parameters_some", advice, limit=limit, refused=", ".join(refused))


def _streaming(profile: Profile) -> Check:
    if profile.streams is False:
        return _check("streaming", "streaming_not", "streaming_remedy")
    return _check("streaming", "streaming_works" if profile.streams else "streaming_unknown")


def _usage(profile: Profile) -> Check:
    if profile.usage is False:
        return _check("usage", "usage_not", "usage_remedy")
    return _check("usage", "usage_told")


def _thinking(endpoint: Endpoint, profile: Profile) -> Check:
    if not profile.thinking:
        return _check("thinking", "thinking_none")
    said = f"thinking_{profile.thinking}"
    if not profile.quiet:
        return _check("thinking", said, "thinking_remedy_none")
    if not endpoint.thinking:
        return _check("thinking", "thinking_off")
    return _check("thinking", said, "thinking_remedy")
