"""Clean documents of six genres, built from the material in English and in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.constraints.allocation import Duty
from domain.constraints.constraint import included
from evaluators.base import Subject
from evaluators.seams import SectionEdge
from tests.corpora import chinese, chinese_more, english, english_more
from tests.corpora.material import Material

ENGLISH = (english.LIGHTHOUSE, english.TREES, english.BREAD, english_more.TIMETABLE,
           english_more.RIVER, english_more.JUDGING)  # fmt: skip
CHINESE = (chinese.CHAGUAN, chinese.DUKOU, chinese.ZHONGBIAO, chinese_more.TUSHUGUAN,
           chinese_more.YUEJUAN)  # fmt: skip

_WORDS = {
    "en": ("References", "In figures", "A scene", "Verses", "In practice"),
    "zh": ("参考文献", "几个数字", "一个场景", "短歌", "实际操作"),
}


@dataclass(frozen=True)
class Document:
    """A document as sections under one title."""

    name: str
    language: str
    title: str
    sections: tuple[tuple[str, str], ...]
    """(heading, text); a section without a heading stands directly under the title."""
    must_include: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole as Markdown."""
        blocks = [f"# {self.title}"]
        for heading, text in self.sections:
            blocks += ([f"## {heading}"] if heading else []) + [text]
        return "\n\n".join(blocks) + "\n"

    @property
    def edges(self) -> list[SectionEdge]:
        """The sections, as the seams are judged."""
        return [
            SectionEdge(str(number), heading, text)
            for number, (heading, text) in enumerate(self.sections, start=1)
        ]

    def subject(self, text: str = "") -> Subject:
        """The document, or a spoilt form of it, with what its gates need to know."""
        return Subject(
            text=text or self.text,
            language=self.language,
            scope="document",
            headings=(self.title, *(heading for heading, _ in self.sections if heading)),
            duties=tuple(Duty(one, "", 1) for one in included(self.must_include)),
            last=True,
        )

    def with_section(self, number: int, text: str) -> Document:
        """The document with another text in one of its sections."""
        changed = list(self.sections)
        changed[number] = (changed[number][0], text)
        return replace(self, sections=tuple(changed))


def essay(material: Material, language: str) -> Document:
    """Three headings with two paragraphs each."""
    pairs = zip(material.paragraphs[::2], material.paragraphs[1::2], strict=True)
    texts = [f"{one}\n\n{other}" for one, other in pairs]
    sections = tuple(zip(material.headings, texts, strict=True))
    return Document("essay", language, material.title, sections)


def report(material: Material, language: str) -> Document:
    """An essay with a table, a quotation and references."""
    references, figures, *_ = _WORDS[language]
    plain = essay(material, language)
    first, second, third = plain.sections
    sections = (
        first,
        (second[0], f"{second[1]}\n\n{material.quote}"),
        (figures, f"{material.paragraphs[1]}\n\n{material.table}"),
        third,
        (references, "\n".join(material.references)),
    )
    sections = ((first[0], material.paragraphs[0]), *sections[1:])
    return replace(plain, name="report", sections=sections)


def guide(material: Material, language: str) -> Document:
    """A list, numbered steps and code between paragraphs."""
    practice = _WORDS[language][4]
    bullets = "\n".join(f"- {item}" for item in material.items)
    sections = (
        (material.headings[0], "\n\n".join(material.paragraphs[:2])),
        (practice, f"{material.items_intro}\n\n{bullets}\n\n{material.paragraphs[3]}"),
        (material.headings[2], f"{material.paragraphs[4]}\n\n```python\n{material.code}\n```\n\n"
                               f"{material.paragraphs[5]}"),
    )  # fmt: skip
    return Document("guide", language, material.title, sections)


def story(material: Material, language: str) -> Document:
    """A scene in dialogue between two passages of prose, with breaks instead of headings."""
    rows = [material.paragraphs[0], material.dialogue, material.paragraphs[5]]
    return Document("story", language, material.title, (("", "\n\n* * *\n\n".join(rows)),))


def verses(material: Material, language: str) -> Document:
    """A poem with a refrain, and a paragraph on it."""
    heading = _WORDS[language][3]
    sections = (
        (material.headings[0], material.paragraphs[0]),
        (heading, material.poem),
        (material.headings[2], material.paragraphs[4]),
    )
    return Document("verses", language, material.title, sections)


def magazine(material: Material, language: str) -> Document:
    """Everything at once: prose, a scene, a list, a table, a quotation."""
    _, figures, scene, _, practice = _WORDS[language]
    numbered = "\n".join(f"{n}. {item}" for n, item in enumerate(material.items, start=1))
    sections = (
        (material.headings[0], "\n\n".join(material.paragraphs[:2])),
        (scene, material.dialogue),
        (material.headings[1], f"{material.paragraphs[2]}\n\n{material.quote}\n\n"
                               f"{material.paragraphs[3]}"),
        (practice, f"{material.items_intro}\n\n{numbered}"),
        (material.headings[2], material.paragraphs[4]),
        (figures, f"{material.paragraphs[5]}\n\n{material.table}"),
    )  # fmt: skip
    return Document("magazine", language, material.title, sections)


GENRES = (essay, report, guide, story, verses, magazine)


def clean_documents() -> Iterator[Document]:
    """Every material in every genre: 36 English documents and 30 Chinese ones."""
    for language, materials in (("en", ENGLISH), ("zh", CHINESE)):
        for material in materials:
            for genre in GENRES:
                yield genre(material, language)
