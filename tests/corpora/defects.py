"""Documents with one planted defect each: eleven kinds, thirty of a kind, with their places."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from domain.length.contract import Length
from evaluators.base import Subject
from tests.corpora import sayings
from tests.corpora.documents import CHINESE, ENGLISH, Document, essay, report

OF_EACH = 30


@dataclass(frozen=True)
class Planted:
    """A spoilt document, the gate whose business that is, and what was planted."""

    kind: str
    gate: str
    document: Document
    text: str
    place: str = ""
    """The text to be pointed at, or "" where the defect has no place; its last occurrence."""
    length: Length | None = None

    @property
    def subject(self) -> Subject:
        """What the gates are given."""
        return replace(self.document.subject(self.text), length=self.length)

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the defect stands in the text."""
        start = self.text.rindex(self.place) if self.place else -1
        return (start, start + len(self.place)) if self.place else None


Plant = Callable[[random.Random, Document], Planted]


def repeated(rng: random.Random, document: Document) -> Planted:
    """A paragraph of the first section stands again in a later one, word for word."""
    paragraph = document.sections[0][1].split("\n\n")[0]
    return _inserted(rng, document, "repeated paragraph", "repetition", paragraph)


def nearly_repeated(rng: random.Random, document: Document) -> Planted:
    """Likewise, with its first word changed and a clause added."""
    first = document.sections[0][1].split("\n\n")[0]
    lead, tail = sayings.CLAUSES[document.language]
    changed = f"{lead}{first[:-1]}{tail}"
    return _inserted(rng, document, "near-duplicate paragraph", "repetition", changed)


def looping(rng: random.Random, document: Document) -> Planted:
    """The end only says one sentence again and again."""
    sentence = rng.choice(sayings.PLAIN[document.language])
    glue = " " if document.language == "en" else ""
    loop = glue.join([sentence] * rng.randint(6, 20))
    text = document.text.rstrip() + "\n\n" + loop
    return Planted("looping end", "repetition", document, text, loop)


def doubled_heading(rng: random.Random, document: Document) -> Planted:
    """A section bears the heading of the one before."""
    number = rng.randrange(1, len(document.sections))
    heading = document.sections[number - 1][0]
    changed = list(document.sections)
    changed[number] = (heading, changed[number][1])
    spoilt = replace(document, sections=tuple(changed))
    return Planted("doubled heading", "headings", spoilt, spoilt.text, f"## {heading}")


def foreign(rng: random.Random, document: Document) -> Planted:
    """A paragraph stands in another language."""
    passage = rng.choice(sayings.FOREIGN[document.language])
    return _inserted(rng, document, "foreign passage", "language", passage)


def unfinished(rng: random.Random, document: Document) -> Planted:
    """The last paragraph breaks off."""
    text = document.text.rstrip()
    last = text[text.rindex("\n") + 1 :]
    # Behind a letter, so that the cut never falls on the end of a sentence.
    cut = rng.randint(len(last) // 3, len(last) - 8)
    while not (last[cut - 1].isalpha() and last[cut].isalpha()):
        cut -= 1
    return Planted(
        "unfinished", "ending", document, text[: len(text) - len(last) + cut], last[:cut]
    )


def leaked(rng: random.Random, document: Document) -> Planted:
    """A line of the machine's: a preamble, reasoning, a placeholder, a remark, a farewell."""
    where, line = rng.choice(sayings.LEAKS[document.language])
    if where == "first":
        text = f"{line}\n\n{document.text}"
    elif where == "last":
        text = f"{document.text.rstrip()}\n\n{line}"
    else:
        return _inserted(rng, document, "leaked scaffolding", "scaffolding", line)
    return Planted("leaked scaffolding", "scaffolding", document, text, line)


def lacking(rng: random.Random, document: Document) -> Planted:
    """Something that must be there is not."""
    item = rng.choice(sayings.REQUIRED[document.language])
    asked = replace(document, must_include=(document.title, item))
    return Planted("missing item", "constraints", asked, asked.text)


def refused(rng: random.Random, document: Document) -> Planted:
    """A refusal stands between two paragraphs."""
    line = rng.choice(sayings.REFUSALS[document.language])
    return _inserted(rng, document, "refusal inside", "refusal", line)


def off_length(rng: random.Random, document: Document) -> Planted:
    """Far more or far fewer words were asked for."""
    asked = rng.choice((Length(5_000), Length(60)))
    return Planted("length off", "length", document, document.text, length=asked)


def seam(rng: random.Random, document: Document) -> Planted:
    """A section repeats the end of the one before, or concludes the text too early."""
    number = rng.randrange(1, len(essay_part(document)))
    before, after = document.sections[number - 1][1], document.sections[number][1]
    if rng.random() < 0.5:
        line = rng.choice(sayings.CONCLUSIONS[document.language])
        spoilt = document.with_section(number - 1, f"{before}\n\n{line}")
    else:
        line = _last_sentence(before, document.language)
        glue = " " if document.language == "en" else ""
        spoilt = document.with_section(number, line + glue + after)
    return Planted("seam", "seams", spoilt, spoilt.text, line)


def essay_part(document: Document) -> tuple[tuple[str, str], ...]:
    """The sections before the first that is no plain prose."""
    plain = [s for s in document.sections if not any(mark in s[1] for mark in ("|", "\n[", ">"))]
    return tuple(plain)


KINDS: tuple[Plant, ...] = (
    repeated, nearly_repeated, looping, doubled_heading, foreign, unfinished, leaked, lacking,
    refused, off_length, seam,
)  # fmt: skip


def planted() -> Iterator[Planted]:
    """All of them, the same ones every time."""
    for number, plant in enumerate(KINDS):
        for count in range(OF_EACH):
            rng = random.Random(1_000 * number + count)
            language = ("en", "zh")[count % 2]
            material = rng.choice(ENGLISH if language == "en" else CHINESE)
            genre = essay if plant in (seam, unfinished) else rng.choice((essay, report))
            yield plant(rng, genre(material, language))


def _inserted(rng: random.Random, document: Document, kind: str, gate: str, block: str) -> Planted:
    """A block between two paragraphs of a section that is not the first."""
    numbers = [n for n, (_, text) in enumerate(document.sections) if n and "\n\n" in text]
    number = rng.choice(numbers)
    blocks = document.sections[number][1].split("\n\n")
    spoilt = document.with_section(number, "\n\n".join([blocks[0], block, *blocks[1:]]))
    return Planted(kind, gate, spoilt, spoilt.text, block)


def _last_sentence(text: str, language: str) -> str:
    stop = ". " if language == "en" else "。"
    return text[text.rstrip(".。").rindex(stop) + len(stop) :]
