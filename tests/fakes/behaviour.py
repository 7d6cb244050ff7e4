"""Knows what a request asks for and how each kind of model would obey it.

`read` turns a request's JSON into an `Ask`; `answer` is a pure function of the request, the
server's seed, the habits and the number of the try. Nothing here touches a socket.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.fakes import prose


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODES = _words(
    """obey short long ceiling noisy deaf loop broken_json no_schema reasoning reasoning_content
    scaffold refuse wrong_language heading_echo unfinished repeats"""
)
SPELLS = _words("scaffold refuse wrong_language unfinished repeats broken_json")
"""Modes that `tries` limits to the first answers for a section."""

TOKENS_PER_WORD = 1.3
LOOP_WORDS = 20_000
DEFAULT_WORDS = 200
MAX_ASKED = 100_000

_NUMBER = r"(?<![\d,])(\d[\d,]{0,9})"
_LENGTHS = re.compile(
    rf"{_NUMBER}\s{{0,3}}(?:(?P<words>[- ]?words?\b|(?:more|further|additional|extra)\s+words?\b)"
    r"|(?P<han>个?汉?字)|(?P<characters>(?:more |Chinese )?characters\b))",
    re.IGNORECASE,
)
_SECTIONS = re.compile(
    rf"{_NUMBER}\s{{0,3}}(?:(?:main |top-level )?(?:sections?|parts?)\b|个?(?:章节|部分|节))",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^[^\w\n]{0,12}(?:section )?(?:heading|title|标题)[^\w\n:：]{0,4}[:：][ \t]*(\S[^\n]{0,200})",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"[\"“「《]([^\"“”「」《》\n]{2,80})[\"”」》]")
_LATIN = re.compile(r"[A-Za-z]{4,}")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_HAN_GLUE = re.compile("标题|中文|[的与和及或在是了从到对把被请写中第节个字约]")
_PIECE = re.compile(r"\s*(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff]+)")
_PLAIN = _words(
    """about above after before below between chapter characters chinese could each english exactly
    following from give have heading headings here language length line lines main more must next
    only outline part parts point points reader report return section sections should story that
    text than their them then there these they this those title until what when which will with
    word words write written writing your json please plan total"""
)

Schema = dict[str, Any]


@dataclass(frozen=True)
class Habits:
    """How the model behaves, whatever it is asked."""

    modes: frozenset[str] = frozenset({"obey"})
    tries: int | None = None
    """Spells are cast on this many first answers for a section; None: on all."""
    loop_tries: int | None = None
    hopeless_json: bool = False
    """Broken JSON is prose without any JSON in it."""


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
    schema: Schema | None
    limit: int | None
    """Most tokens of an answer."""
    section_key: str
    """The heading, or else a hash of the first 400 characters of the last user message."""
    prompt: str
    prompt_tokens: int


@dataclass(frozen=True)
class Answer:
    """One answer; `content` holds a think block when the model mixes reasoning into text."""

    content: str
    finish: str
    reasoning: str = ""

    @cached_property
    def written(self) -> int:
        """Words of the content, or Han characters if those are most of it."""
        characters = len(prose.han(self.content))
        return characters if characters > len(self.content) / 3 else len(self.content.split())

    @cached_property
    def tokens(self) -> int:
        return count_tokens(self.content) + count_tokens(self.reasoning)


def parse_modes(text: str) -> frozenset[str]:
    """Read `short+noisy`.

    Raises:
        ValueError: a mode that does not exist.
    """
    modes = frozenset(part for part in text.split("+") if part)
    if unknown := modes - MODES:
        raise ValueError(f"unknown modes: {', '.join(sorted(unknown))}; known: {sorted(MODES)}")
    return modes or frozenset({"obey"})


def request_hash(request: dict[str, Any]) -> str:
    """Hash a whole request, except whether and how it is streamed."""
    kept = {k: v for k, v in request.items() if k not in ("stream", "stream_options")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def count_tokens(text: str) -> int:
    """Count 1.3 tokens a word, one a Han character and none for punctuation by itself."""
    characters = len(prose.han(text))
    spaced = "".join(" " if prose.is_han(c) else c for c in text) if characters else text
    words = sum(any(map(str.isalnum, word)) for word in spaced.split())
    return math.ceil(words * TOKENS_PER_WORD) + characters


def read(request: dict[str, Any]) -> Ask:
    """Read what is asked, as a model would: from the last user message."""
    messages = request["messages"]
    texts = [_text_of(message) for message in messages]
    asking = [t for t, m in zip(texts, messages, strict=True) if m.get("role") == "user"]
    prompt = asking[-1] if asking else texts[-1]
    schema = _schema_of(request)
    amount, unit = _length(prompt)
    in_chinese = unit == "han" or "中文" in prompt or "chinese" in prompt.lower()
    if unit == "characters" and not in_chinese:
        amount = max(1, amount // 6)
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


def answer(
    request: dict[str, Any],
    habits: Habits,
    seed: int,
    attempt: int = 1,
    ask: Ask | None = None,
) -> Answer:
    """Answer a request.

    Args:
        request: The request's JSON.
        habits: How the model behaves.
        seed: The server's seed.
        attempt: Which answer for the same section this is, from 1.
        ask: What the request asks, if it has been read before.
    """
    ask = ask or read(request)
    rng = random.Random(f"{seed}:{request_hash(request)}")
    modes = habits.modes
    if habits.tries is not None and attempt > habits.tries:
        modes = modes - SPELLS
    if habits.loop_tries is not None and attempt > habits.loop_tries:
        modes = modes - {"loop"}
    if ask.kind == "json":
        content, endless = _json(ask, rng, modes, habits.hopeless_json), False
    elif ask.kind == "lines":
        content, endless = _lines(ask, rng), False
    else:
        content, endless = _text(ask, rng, modes)
    return _limited(ask, rng, modes, content, "length" if endless else "stop")


def _limited(ask: Ask, rng: random.Random, modes: frozenset[str], text: str, end: str) -> Answer:
    """Add reasoning and cut what does not fit the limit, reasoning first as it comes first."""
    thought = ""
    if modes & {"reasoning", "reasoning_content"}:
        thought = "Let me think about this. " + prose.english(rng, rng.randint(40, 90), ask.topic)
    if "reasoning" in modes:
        text, thought = f"<think>\n{thought}\n</think>\n\n{text}", ""
    kept_thought, _ = _cut(thought, ask.limit)
    left = None if ask.limit is None else ask.limit - count_tokens(kept_thought)
    kept, whole = _cut(text, left)
    return Answer(kept, end if whole else "length", kept_thought)


def _cut(text: str, limit: int | None) -> tuple[str, bool]:
    """Keep as many words (or Han characters) as fit, and tell whether that is all of them."""
    if limit is None or count_tokens(text) <= limit:
        return text, True
    cost = 0.0
    kept = []
    for piece in _PIECE.findall(text):
        if prose.is_han(piece[-1]):
            cost += 1
        elif any(map(str.isalnum, piece)):
            cost += TOKENS_PER_WORD
        if cost > limit:
            break
        kept.append(piece)
    return "".join(kept), False


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


def _length(prompt: str) -> tuple[int, str]:
    found = list(_LENGTHS.finditer(prompt))
    if not found:
        return DEFAULT_WORDS, "words"
    amount = int(found[-1][1].replace(",", ""))
    unit = next(name for name in ("words", "han", "characters") if found[-1][name])
    return max(1, min(amount, MAX_ASKED)), unit


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
            found = [w for w in found if w not in _PLAIN]
        unused = [w for w in dict.fromkeys(found) if w not in words]
        words += sorted(unused, key=len, reverse=True)[: 6 - len(words)]
    return tuple(words)


def _amount(ask: Ask, rng: random.Random, modes: frozenset[str]) -> int:
    amount = float(ask.amount)
    if "deaf" in modes:
        amount = rng.randint(325, 375)
    amount *= 0.4 if "short" in modes else 1
    amount *= 2.5 if "long" in modes else 1
    amount *= rng.uniform(0.7, 1.3) if "noisy" in modes else 1
    amount = min(amount, 700) if "ceiling" in modes else amount
    return max(1, round(amount))


def _text(ask: Ask, rng: random.Random, modes: frozenset[str]) -> tuple[str, bool]:
    """Write a passage, and tell whether it would have gone on for ever."""
    if "refuse" in modes:
        if ask.in_chinese:
            return "很抱歉，作为人工智能语言模型，我无法协助完成这个请求。", False
        return "I'm sorry, but as an AI language model I can't help with that request.", False
    in_chinese = ask.in_chinese != ("wrong_language" in modes)
    write = prose.chinese if in_chinese else prose.english
    if "loop" in modes:
        return _looping(ask, rng, in_chinese), True
    text = write(rng, _amount(ask, rng, modes), ask.topic)
    decorations: list[tuple[str, Callable[[str], str]]] = [
        ("repeats", _repeating),
        ("unfinished", lambda t: _unfinished(t, in_chinese)),
        ("heading_echo", lambda t: f"## {_named(ask, rng)}\n\n{t}"),
        ("scaffold", lambda t: _scaffold(ask, rng, t)),
    ]
    for mode, change in decorations:
        if mode in modes:
            text = change(text)
    return text, False


def _named(ask: Ask, rng: random.Random) -> str:
    return ask.heading or prose.heading(rng, ask.topic, ask.in_chinese)


def _looping(ask: Ask, rng: random.Random, in_chinese: bool) -> str:
    start = (prose.chinese if in_chinese else prose.english)(rng, 80, ask.topic)
    again = prose.sentence(rng, ask.topic, in_chinese)
    size = len(prose.han(again)) if in_chinese else len(again.split())
    glue = "" if in_chinese else " "
    return start + glue + glue.join([again] * ((LOOP_WORDS - 80) // size))


def _repeating(text: str) -> str:
    """Say the first paragraph twice: instead of the last one if there are enough of them."""
    paragraphs = text.split("\n\n")
    kept = paragraphs[:-1] if len(paragraphs) > 2 else paragraphs
    return "\n\n".join([*kept, paragraphs[0]])


def _unfinished(text: str, in_chinese: bool) -> str:
    if in_chinese:
        return text[:-4].rstrip("，。")
    return " ".join(text.rsplit(" ", 3)[:-2]).rstrip(".,")


def _scaffold(ask: Ask, rng: random.Random, text: str) -> str:
    name = _named(ask, rng)
    return (
        f"Sure! Here is the section:\n\n## {name}\n\n{text}\n\n"
        f"Let me know if you need changes! (Word count: {ask.amount})"
    )


def _lines(ask: Ask, rng: random.Random) -> str:
    """Write an outline, one `number. heading | main point | words` a line."""
    count = ask.sections or 6
    maker = _Instance(ask, rng)
    rows = []
    for number in range(1, count + 1):
        words = max(1, round(ask.amount / count * rng.uniform(0.9, 1.1)))
        rows.append(f"{number}. {maker.text('heading')} | {maker.text('point')} | {words}")
    return "\n".join(rows)


def _json(ask: Ask, rng: random.Random, modes: frozenset[str], hopeless: bool) -> str:
    value = _Instance(ask, rng).make(ask.schema or {})
    text = json.dumps(value, ensure_ascii=False)
    if "broken_json" not in modes:
        return text
    if hopeless:
        return "Here is the outline you asked for. " + prose.english(rng, 60, ask.topic)
    return rng.choice(
        [
            text[: max(2, len(text) * 7 // 10)],
            f"Here is the JSON:\n```json\n{text}\n```\nI hope this helps!",
            re.sub(r"(\n\s*[}\]])", r",\1", json.dumps(value, ensure_ascii=False, indent=1)),
            repr(value),
        ]
    )


class _Instance:
    """Makes an instance of a JSON schema; `pattern` and `format` are not honoured."""

    def __init__(self, ask: Ask, rng: random.Random) -> None:
        self._ask, self._rng = ask, rng
        self._said: set[str] = set()

    def make(self, schema: Schema, name: str = "", at: int = 0, of: int = 1, depth: int = 0) -> Any:
        """Make a value.

        Args:
            schema: What it must be.
            name: The property it is for.
            at: Its place, from 0, in the nearest list of objects.
            of: The length of that list.
            depth: How many lists and references it is inside of.
        """
        schema = self._resolved(schema, depth)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._rng.choice(schema["enum"])
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        if kind == "object":
            members = schema.get("properties") or {}
            return {k: self.make(v, k, at, of, depth) for k, v in members.items()}
        if kind == "array":
            return self._list(schema, name, depth)
        if kind == "boolean":
            return self._rng.random() < 0.5
        if kind in ("integer", "number"):
            return self._number(schema, name, at, of, kind == "integer")
        return None if kind == "null" else self.text(name, schema.get("maxLength"))

    def text(self, name: str, longest: int | None = None) -> str:
        """Make a string nobody has said yet, fit for the property's name."""
        for _ in range(8):
            text = self._string(name.lower())
            if text not in self._said:
                break
        self._said.add(text)
        return text[:longest].rstrip() if longest else text

    def _string(self, name: str) -> str:
        ask, rng = self._ask, self._rng
        if name in ("heading", "title", "name"):
            return prose.heading(rng, ask.topic, ask.in_chinese)
        if name in ("quote", "excerpt", "find", "old", "original", "span"):
            lines = sorted(ask.prompt.splitlines() or [""], key=len)[-3:]
            return rng.choice(re.split(r"(?<=[.。!?！？]) ?", rng.choice(lines))) or lines[-1]
        return prose.sentence(rng, ask.topic, ask.in_chinese)

    def _resolved(self, schema: Schema, depth: int) -> Schema:
        """Follow $ref, anyOf, oneOf and allOf; deep inside prefer null, so recursion ends."""
        for _ in range(20):
            if "$ref" in schema:
                node: Any = self._ask.schema or {}
                for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
                    node = node.get(step, {}) if step else node
                schema = node
            elif options := schema.get("anyOf") or schema.get("oneOf"):
                nulls = [o for o in options if o.get("type") == "null"]
                schema = nulls[0] if nulls and depth > 4 else next(
                    (o for o in options if o.get("type") != "null"), options[0])  # fmt: skip
            elif parts := schema.get("allOf"):
                schema = {k: v for part in parts for k, v in self._resolved(part, depth).items()}
            else:
                break
        return schema

    def _list(self, schema: Schema, name: str, depth: int) -> list[Any]:
        low = int(schema.get("minItems", 0))
        high = int(schema.get("maxItems", max(low, 3)))
        item = schema.get("items") or {}
        kind = self._resolved(item, depth)
        objects = kind.get("type") == "object" or "properties" in kind
        size = (low + high + 1) // 2
        if objects and depth == 0 and self._ask.sections:
            size = max(low, min(self._ask.sections, schema.get("maxItems", 500)))
        size = low if depth > 4 else size
        return [self.make(item, name, at, size, depth + 1) for at in range(size)]

    def _number(self, schema: Schema, name: str, at: int, of: int, whole: bool) -> int | float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1 if whole else None)
        high = schema.get("maximum")
        if high is None and "exclusiveMaximum" in schema:
            high = schema["exclusiveMaximum"] - 1
        wanted: float
        if whole and ("words" in name or "characters" in name):
            wanted = self._ask.amount / of * (self._rng.uniform(0.9, 1.1) if of > 1 else 1)
        elif whole and name in ("number", "index", "position", "order", "id"):
            wanted = at + 1
        else:
            start = 0 if low is None else low
            wanted = self._rng.uniform(start, start + 5 if high is None else high)
        wanted = round(wanted) if whole else round(wanted, 3)
        wanted = wanted if low is None else max(low, wanted)
        return wanted if high is None else min(high, wanted)
