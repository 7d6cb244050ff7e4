"""What is to be said of an endpoint's habits in plain words, each weakness with its remedy."""

from __future__ import annotations

from dataclasses import dataclass

from llm.endpoint import Endpoint
from llm.probe import ProbeReport
from llm.profile import Profile

_THINKS = {
    "field": "in a field of its own",
    "tags": "between tags in its text",
    "hidden": "without showing it",
}


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def findings(endpoint: Endpoint, report: ProbeReport) -> list[Check]:
    """What a test has found: who answers, as which model, with which window, and its habits."""
    made = f" ({report.facts.server})" if report.facts.server else ""
    where = f"{endpoint.name} at {report.endpoint.base_url}{made}"
    if report.error is not None or report.profile is None:
        return [Check("endpoint", False, where)]
    window = report.profile.window
    return [
        Check("endpoint", True, f"{where}: answers; {report.calls} calls"),
        Check("model", True, report.profile.model),
        Check("window", True, f"{window:,} tokens" if window else "unknown: 8,192 assumed",
              "" if window else "Set it with --window, or as `window` in longleaf.toml."),
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
    if profile.truncates is None:
        return Check("long prompts", True, "not known whether they are read whole")
    if not profile.truncates:
        return Check("long prompts", True, "read whole, or refused")
    shown = f"{profile.window:,}" if profile.window else "unknown"
    where = f"set at {shown}" if endpoint.window else f"about {shown}"
    return Check(
        "long prompts", False, f"their beginning is cut off without a word; the window is {where}",
        "Start the server with a larger context (Ollama: OLLAMA_CONTEXT_LENGTH=16384) and test "
        "again, or set `window` to what it really reads.",
    )  # fmt: skip


def _schema(profile: Profile) -> Check:
    if profile.schema is None:
        return Check("JSON schemas", True, "not known; found out with the first outline")
    if profile.schema:
        return Check("JSON schemas", True, "followed")
    return Check(
        "JSON schemas", True, "not followed: outlines are asked for in plain text",
        "vLLM, SGLang, llama.cpp and Ollama follow them; there outlines are surer.",
    )  # fmt: skip


def _parameters(profile: Profile) -> Check:
    refused = sorted(profile.refused) + ([] if profile.temperature else ["temperature"])
    limit = f"the limit is called {profile.max_tokens_name}"
    if not refused:
        return Check("parameters", True, limit)
    return Check(
        "parameters", True, f"{limit}; not taken: {', '.join(refused)}",
        "They are left out. A text that loops cannot be sampled anew more warmly."
        if "temperature" in refused else "They are left out.",
    )  # fmt: skip


def _streaming(profile: Profile) -> Check:
    if profile.streams is None:
        return Check("streaming", True, "not known")
    if profile.streams:
        return Check("streaming", True, "works")
    return Check(
        "streaming", True, "not there: texts show when they are complete",
        "Turn it on at the server, or buffering off at its proxy.",
    )  # fmt: skip


def _usage(profile: Profile) -> Check:
    if profile.usage is not False:
        return Check("usage", True, "told with each answer")
    return Check(
        "usage", True, "not told: tokens are counted here, within some 15 %",
        "Caps and costs of a run are estimates with this server.",
    )  # fmt: skip


def _thinking(endpoint: Endpoint, profile: Profile) -> Check:
    if not profile.thinking:
        return Check("thinking", True, "none seen")
    said = f"it thinks before it answers, {_THINKS[profile.thinking]}"
    if not profile.quiet:
        return Check("thinking", True, said, "No way to turn it off was found: allow for the time.")
    if not endpoint.thinking:
        return Check("thinking", True, f"{said}; turned off by `thinking = false`")
    return Check("thinking", True, said, "To save time: `thinking = false`, or --no-thinking.")
