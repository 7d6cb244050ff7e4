"""Knows what is known about an endpoint's habits: what it takes, and what it does unasked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

_DROPPABLE = ("top_p", "seed", "stream_options")
_REFUSAL = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|"
    r"extra input|use 'max_completion_tokens'"
)
_NO_STREAMS = re.compile(
    r"\bstream(?:ing)?\b.{0,40}(?:not support|unsupported|not allowed|not available|disabled)|"
    r"(?:not support|unsupported).{0,40}\bstream(?:ing)?\b"
)


@dataclass(frozen=True)
class Profile:
    """What an endpoint takes, as far as it is known: from a test, or from its refusals."""

    window: int | None = None
    """Tokens of prompt and answer together, or None while unknown."""
    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    schema: bool | None = None
    """Whether it takes JSON schemas; None while unknown."""
    temperature: bool = True
    refused: frozenset[str] = frozenset()
    """Other parameters that it does not take and that are left out from now on."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further body fields that it needs, sent with every request."""
    streams: bool | None = None
    """Whether it streams; None while unknown."""
    usage: bool | None = None
    """Whether it says how many tokens a call took; None while unknown."""
    thinking: Literal["", "field", "tags", "hidden"] = ""
    """How it thinks before it answers: in a field of its own, between tags in the text, or
    unseen; empty: it was not seen to think."""
    quiet: Mapping[str, Any] = field(default_factory=dict)
    """Body fields that turn its thinking off; empty: none are known."""
    truncates: bool | None = None
    """Whether it cuts prompts that are too long without a word; None while unknown."""
    server: str = ""
    """Its make, as `EndpointFacts.server`."""
    model: str = ""
    """The model that was tested; empty: none was."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return {**asdict(self), "refused": sorted(self.refused)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Rebuild from `to_dict`'s value; fields of other versions are passed over."""
        known = {f.name for f in fields(cls)} - {"refused"}
        kept = {name: data[name] for name in known if name in data}
        return cls(**kept, refused=frozenset(data.get("refused", ())))

    def adapted(self, complaint: str) -> Profile | None:
        """The profile to try next after a 400, or None if nothing fits.

        Names are looked for in the order in which a change costs least; one step at a time.

        Args:
            complaint: the endpoint's own words, as `UnsupportedError.said`.
        """
        words = complaint.lower()
        if "response_format" in words or "json_schema" in words:
            return replace(self, schema=False) if self.schema is not False else None
        if self._names_max_tokens(words):
            return replace(self, max_tokens_name="max_completion_tokens")
        if self.temperature and _named("temperature", words):
            return replace(self, temperature=False)
        for name in _DROPPABLE:
            if name not in self.refused and _named(name, words):
                return replace(self, refused=self.refused | {name})
        if self.streams is not False and _NO_STREAMS.search(words):
            return replace(self, streams=False)
        return None

    def joined(self, other: Profile) -> Profile:
        """Both together: what concurrent calls learnt apart. What `self` knows goes first."""
        plain = self.max_tokens_name == "max_tokens"
        return replace(
            self,
            max_tokens_name=other.max_tokens_name if plain else self.max_tokens_name,
            schema=other.schema if self.schema is None else self.schema,
            temperature=self.temperature and other.temperature,
            refused=self.refused | other.refused,
            streams=False if other.streams is False else self.streams,
        )

    def _names_max_tokens(self, words: str) -> bool:
        """Whether the name, and not the value, of `max_tokens` is refused."""
        named = self.max_tokens_name == "max_tokens" and re.search(r"\bmax_tokens\b", words)
        return bool(named and _REFUSAL.search(words))


def _named(name: str, words: str) -> bool:
    """Whether a parameter is named: not in part of a longer name, which may be a model's."""
    return re.search(rf"(?<![\w-]){name}(?![\w-])", words) is not None
