"""Knows what a request asks for, as a model would read it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from tests.fakes.tokens import count_tokens
from tests.fakes.vocabulary import PLAIN

DEFAULT_WORDS = 200
MAX_ASKED = 100_000
CHARACTERS_PER_WORD = 6
"""Of English, the space included."""

_NUMBER = r"(?<![\d,])(\d[\d,]{0,9})"
_LENGTHS = re.compile(
    rf"{_NUMBER}\s{{0,3}}(?:(?P<words>[- ]?words?\b|(?:more|further|additional|extra)\s+words?\b)"
    r"|(?P<han>个?汉?字)|(?P<characters>(?:more |Chinese )?characters\b))",
    re.IGNORECASE,
)
_IN_CHINESE = re.compile(r"中文|\bin Chinese\b", re.IGNORECASE)
_CHINESE = re.compile(r"([一二两三四五六七八九])([百千万])字")
_DIGITS = dict(zip("一二三四五六七八九两", (*range(1, 10), 2), strict=True))
_PLACES = {"百": 100, "千": 1000, "万": 10_000}
_SECTIONS = re.compile(
    rf"{_NUMBER}\s{{0,3}}"
    r"(?:(?:main |top-level )?(?:sections?|parts?|chapters?)\b|个?(?:章节|部分|节))",
    re.IGNORECASE,
)
_MARKED = re.compile(r"number in square brackets", re.IGNORECASE)
_MARK = re.compile(r"^\[(\d+(?:\.\d+){0,2})\] ", re.MULTILINE)
_HEADING = re.compile(
    r"^[^\w\n]{0,12}(?:section )?(?:heading|title|标题)[^\w\n:：]{0,4}[:：][ \t]*(\S[^\n]{0,200})",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[\"“「《]([^\"“”「」《》\n]{2,80})[\"”」》]")
_LATIN = re.compile(r"[A-Za-z]{4,}")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_HAN_GLUE = re.compile("标题|中文|[的与和及或在是了从到对把被请写中第节个字约]")

Schema = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """What a request wants, as read from its messages."""

    kind: str
    """text, lines or json."""
    amount: int
    """Words, or Han characters when `in_chinese`."""
    in_chinese: bool
    topic: tuple[str, ...]
    heading: str
    sections: int | None
    marks: tuple[str, ...]
    """Numbers of the sections that a text is to be divided into, where it says so."""
    schema: Schema | None
    limit: int | None
    """Most tokens of an answer."""
    section_key: str
    """The heading, or else a hash of the first 400 characters of the last user message."""
    prompt: str
    prompt_tokens: int


def request_hash(request: dict[str, Any]) -> str:
    """Hash a whole request, except whether and how it is streamed."""
    kept = {k: v for k, v in request.items() if k not in ("stream", "stream_options")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def read(request: dict[str, Any]) -> Ask:
    """Read what is asked, as a model would: from the last user message."""
    messages = request["messages"]
    texts = [_text_of(message) for message in messages]
    asking = [t for t, m in zip(texts, messages, strict=True) if m.get("role") == "user"]
    prompt = asking[-1] if asking else texts[-1]
    schema = _schema_of(request)
    amount, in_chinese = _length(prompt)
    heading = _heading(prompt)
    lines = "one line per section" in prompt.lower()
    limit = request.get("max_completion_tokens") or request.get("max_tokens")
    opening = hashlib.sha256(prompt[:400].encode("utf-8", "replace")).hexdigest()
    return Ask(
        kind="json" if schema is not None else "lines" if lines else "text",
        amount=amount,
        in_chinese=in_chinese,
        topic=_topic(prompt, heading, in_chinese),
        heading=heading,
        sections=_sections(prompt),
        marks=tuple(_MARK.findall(prompt)) if _MARKED.search(prompt) else (),
        schema=schema,
        limit=limit if isinstance(limit, int) and limit > 0 else None,
        section_key=heading or opening,
        prompt=prompt,
        prompt_tokens=sum(count_tokens(t) + 4 for t in texts),
    )


def wants_schema(request: dict[str, Any]) -> bool:
    """Tell whether a request uses anything but plain text answers."""
    form = request.get("response_format") or {}
    return form.get("type", "text") != "text" or "structured_outputs" in request


def _text_of(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _schema_of(request: dict[str, Any]) -> Schema | None:
    form = request.get("response_format") or {}
    if form.get("type") == "json_schema":
        return dict((form.get("json_schema") or {}).get("schema") or {})
    if form.get("type") == "json_object":
        return {"type": "object", "properties": {"text": {"type": "string"}}}
    outputs = request.get("structured_outputs")
    schema = outputs.get("json") if isinstance(outputs, dict) else None
    return dict(schema) if isinstance(schema, dict) else None


def _length(prompt: str) -> tuple[int, bool]:
    """Read how many words are asked for, or Han characters, and whether it is those."""
    prompt = _CHINESE.sub(lambda m: f"{_DIGITS[m[1]] * _PLACES[m[2]]}字", prompt)
    found = list(_LENGTHS.finditer(prompt))
    last = found[-1] if found else None
    in_chinese = bool(last and last["han"]) or bool(_IN_CHINESE.search(prompt))
    if last is None:
        return DEFAULT_WORDS, in_chinese
    amount = max(1, min(int(last[1].replace(",", "")), MAX_ASKED))
    if last["characters"] and not in_chinese:
        amount = max(1, amount // CHARACTERS_PER_WORD)
    return amount, in_chinese


def _sections(prompt: str) -> int | None:
    found = _SECTIONS.findall(prompt)
    return max(1, min(int(found[-1].replace(",", "")), 500)) if found else None


def _heading(prompt: str) -> str:
    if found := _HEADING.findall(prompt):
        return str(found[-1]).strip(' \t*_#"“”《》「」')
    quoted = _QUOTED.findall("\n".join(prompt.splitlines()[-12:]))
    return str(quoted[-1]).strip() if quoted else ""


def _topic(prompt: str, heading: str, in_chinese: bool) -> tuple[str, ...]:
    """Take the heading's words, then the longest words of the prompt's last lines."""
    near = "\n".join(prompt.splitlines()[-8:])[-4000:]
    words: list[str] = []
    for text in (heading, near):
        if in_chinese:
            runs = [r for run in _HAN.findall(text) for r in _HAN_GLUE.split(run)]
            found = [r[:2] for r in runs if len(r) >= 2]
        else:
            found = [w.lower() for w in _LATIN.findall(text)]
            found = [w for w in found if w not in PLAIN]
        unused = [w for w in dict.fromkeys(found) if w not in words]
        words += sorted(unused, key=len, reverse=True)[: 6 - len(words)]
    return tuple(words)
