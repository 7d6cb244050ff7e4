"""How a planner's answer becomes an outline: JSON by schema, tolerant lines, or the fallback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.errors import FormatError
from evaluators.selfreference import self_references

MAX_HEADING = 100
MAX_POINT = 400
"""Characters."""
SHORT_HEADING = (8, 60)
SHORT_POINT = (30, 160)
"""Characters that a bounded form lets a very small model use."""
ALIKE = 0.9
"""Share of their letters, in order, from which two short headings are one with a slip."""

_NUMBERING = re.compile(
    r"^\s*(?:[-*•#>]+\s*)?(?:"
    r"(?:section|part|chapter|paragraph)\s+(?:\d{1,3}|[IVXLC]{1,6})(?:\s*[.):：–—-]\s*|$)"
    r"|\d{1,3}(?:\.\d{1,3})?[.)、:：]\s*(?!\d)"
    r"|第[\d一二三四五六七八九十百]{1,4}(?:章|[节部篇](?=[\s.、:：]|$))[\s.、:：]*"
    r"|[一二三四五六七八九十]{1,3}[、.．]\s*"
    r"|[IVX]{1,5}\.\s+"
    r")?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(\d[\d,]{0,9})")
_SEPARATOR = re.compile(r"\s*[|｜]\s*|\s+[-–—]\s+")
_LABEL = re.compile(
    r"^(?:main point|heading|title|word count|words|length|要点|标题|字数)\s*[:：]\s*",
    re.IGNORECASE,
)
_TITLE_LINE = re.compile(r"^\W*(?:title|标题|题目)\s*[:：]\s*(.+)$", re.IGNORECASE)
_UNUSABLE = re.compile(
    r"[{}\[\]<>\\]|\"\s*:|^plan this text"
    r"|\b(\w{3,40})(?:\W{1,5}\d{1,3}\W{1,5}\1\b){2}|\b(\w{3,40})(?:\W{1,5}\2\b){3}",
    re.IGNORECASE,
)
"""Marks of JSON that ran over, our own instruction repeated, one word or item again and again."""


def _number(value: object) -> float | None:
    if isinstance(value, str):
        found = _WORDS.search(value)
        return float(found[1].replace(",", "")) if found else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


class PlannedSection(BaseModel):
    """One item of a planner's answer, read generously: the budget repairs the numbers."""

    model_config = ConfigDict(extra="ignore")

    heading: str
    point: str = ""
    key_points: Annotated[list[str], BeforeValidator(_texts)] = []
    words: Annotated[float | None, BeforeValidator(_number)] = None


class PlannedOutline(BaseModel):
    """A planner's answer: a title (absent when only a part is planned) and sections."""

    model_config = ConfigDict(extra="ignore")

    title: str = ""
    sections: list[PlannedSection] = Field(min_length=1)


@dataclass(frozen=True)
class OutlineForm:
    """What an outline's answer must look like."""

    count: int
    """Sections asked for."""
    fewest: int
    """Below this an answer is refused."""
    most: int
    titled: bool
    with_points: bool
    even: bool
    """Whether the answer's own lengths are passed over: very small models cannot count."""
    bounded: bool
    """Whether string lengths stand in the schema: they keep very small models from rambling or
    leaving fields empty, and hosted endpoints may refuse them."""

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the answer."""
        heading: dict[str, Any] = {"type": "string"}
        point: dict[str, Any] = {"type": "string"}
        if self.bounded:
            heading |= dict(zip(("minLength", "maxLength"), SHORT_HEADING, strict=True))
            point |= dict(zip(("minLength", "maxLength"), SHORT_POINT, strict=True))
        item: dict[str, Any] = {"heading": heading, "point": point}
        if self.with_points:
            item["key_points"] = {"type": "array", "items": {"type": "string"}, "minItems": 2,
                                  "maxItems": 4}  # fmt: skip
        item["words"] = {"type": "integer", "minimum": 20}
        fewest, most = (self.count, self.count) if self.bounded else (self.fewest, self.most)
        sections = {"type": "array", "items": _object(item), "minItems": fewest,
                    "maxItems": most}  # fmt: skip
        fields: dict[str, Any] = {"title": heading} if self.titled else {}
        return _object({**fields, "sections": sections})

    def check(self, reply: PlannedOutline) -> PlannedOutline:
        """Tidy an answer: numbering gone, duplicates dropped, texts cut to size.

        Raises:
            FormatError: too few usable sections are left, or the title is unusable.
        """
        longest, farthest = (
            (SHORT_HEADING[1], SHORT_POINT[1]) if self.bounded else (MAX_HEADING, MAX_POINT)
        )
        title = tidy(reply.title, longest, numbered=False)
        sections, seen = [], {title.casefold()} if self.titled and self.count > 1 else set[str]()
        for item in reply.sections[: self.most]:
            heading = tidy(item.heading, longest).rstrip(".。")
            cut_off = self.bounded and len(item.heading) >= longest
            unusable = cut_off or not _worded(heading) or _UNUSABLE.search(heading)
            if unusable or self._known(heading.casefold(), seen):
                continue
            seen.add(heading.casefold())
            words = None if self.even else item.words
            point = tidy(item.point, farthest, numbered=False)
            points = [tidy(text, farthest, numbered=False) for text in item.key_points[:6]]
            if _UNUSABLE.search(point) or not _worded(point) or self_references(point):
                point = points[0] if points else heading
            sections.append(
                PlannedSection(heading=heading, point=point, key_points=points, words=words)
            )
        if len(sections) < self.fewest:
            raise FormatError(f"{len(sections)} usable sections, {self.fewest} needed")
        if self.titled and (not title or _UNUSABLE.search(title)):
            raise FormatError("the outline has no usable title")
        return PlannedOutline(title=title, sections=sections)

    def _known(self, heading: str, seen: set[str]) -> bool:
        """Whether a heading stands there already; very small models vary one by a letter."""
        return heading in seen or (self.bounded and any(_alike(heading, other) for other in seen))


def read_lines(text: str, form: OutlineForm, prompt: str) -> PlannedOutline:
    """Read `1. Heading | main point | words` lines, and AgentWrite's `Paragraph 1 - Main Point: …
    - Word Count: …`; what is no such line is passed over.

    Raises:
        FormatError: too few sections are found.
    """  # noqa: D205
    title, sections = "", []
    for line in text.splitlines():
        bare = line.strip().strip("*").strip()
        if found := _TITLE_LINE.match(bare):
            title = title or found[1].strip("*# ")
            continue
        fields = [_LABEL.sub("", field).strip("* ") for field in _SEPARATOR.split(bare)]
        fields = [field for field in fields if field]
        if len(fields) < 2 or not bare[:1].strip():
            continue
        words = _number(fields[-1]) if len(fields) > 2 or fields[-1][:1].isdigit() else None
        texts = fields[:-1] if words is not None else fields
        if re.fullmatch(r"(?:section|paragraph|part)\s*\d+", texts[0], re.IGNORECASE):
            texts = texts[1:]
        if texts:
            point = texts[1] if len(texts) > 1 else texts[0]
            heading = texts[0] if len(texts) > 1 else _short(texts[0])
            sections.append(PlannedSection(heading=heading, point=point, words=words))
    if not sections:
        raise FormatError("no line of the answer is a section of an outline")
    if form.titled and not title:
        title = _short(prompt)
    return form.check(PlannedOutline(title=title, sections=sections))


_FALLBACK = {
    "en": ("Introduction", "Background", "The main ideas", "How it works", "Examples",
           "Questions and difficulties", "What it means in practice", "Outlook"),
    "zh": ("引言", "背景", "主要观点", "具体过程", "实例", "问题与困难", "实际意义", "展望"),
}  # fmt: skip


def fallback(prompt: str, form: OutlineForm, language: str, subject: str = "") -> PlannedOutline:
    """The outline of last resort: generic headings over the request's own words."""
    topic = subject or _short(prompt)
    names = list(_FALLBACK.get(language, ()) or map(_roman, range(1, form.count + 1)))
    while len(names) < form.count:
        names.append(f"{names[len(names) % 8]} {len(names) // 8 + 1}")
    chosen = names[: form.count - 1] + names[-1:] if 1 < form.count < 8 else names[: form.count]
    sections = [PlannedSection(heading=name, point=f"{name}: {topic}") for name in chosen]
    return PlannedOutline(title=topic, sections=sections)


def _roman(number: int) -> str:
    """A heading that is right in any language."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def tidy(text: str, limit: int, *, numbered: bool = True) -> str:
    """One line without Markdown marks, numbering or a cut-off last word, at most `limit` long."""
    line = " ".join(text.replace("**", "").replace("`", "").split())
    if numbered:
        line = _NUMBERING.sub("", line, count=1)
    if len(line) >= limit:
        line = line[:limit].rsplit(" ", 1)[0]
    return line.strip().strip("\"“”'").strip(" ,;:，；：").strip()


def _alike(one: str, other: str) -> bool:
    """Whether two short texts hardly differ, and not by a number."""
    digits = [[c for c in text if c.isdigit()] for text in (one, other)]
    return digits[0] == digits[1] and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _worded(text: str) -> bool:
    """Whether a text is mostly letters: very small models fill fields with dates and digits."""
    return sum(character.isalpha() for character in text) * 2 > len(text.replace(" ", ""))


def _short(text: str) -> str:
    first = re.split(r"[.!?。！？\n]", text.strip(), maxsplit=1)[0]
    return tidy(first, 60) or tidy(text, 60) or "Text"


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
