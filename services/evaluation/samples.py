"""Texts from a paste, a file or the library: what is found in one, and how two differ."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import RequestError, TooLargeError
from domain.length.contract import Length
from domain.outline.dissection import dissect
from domain.request import read_length
from domain.score import Finding, Score
from domain.text.diff import Piece, diff
from evaluators.edges import SectionEdge
from evaluators.seams import Seams
from evaluators.thresholds import Thresholds
from llm.cleaning import clean_text
from llm.lines import Lines
from prompts.library import PromptLibrary
from services.documents.imports import Imports
from services.documents.lookup import Documents
from services.documents.revisions import Revisions
from services.endpoints.directory import Endpoints
from services.evaluation.checks import MAX_TEXT
from services.evaluation.texts import Evaluation, evaluate_text
from services.judging.judge import Judge
from services.judging.quality import Bill, Quality, judge_quality, quality_bill


@dataclass(frozen=True)
class Source:
    """Where a text is: the first of these that is not empty."""

    document: str = ""
    """Id of a stored one."""
    section: str = ""
    """Its section's key; empty: all of it."""
    revision: int = 0
    """Which text the section had; 0: the present one."""
    file: str = ""
    """A path."""
    text: str = ""


@dataclass(frozen=True)
class Sample:
    """A text, and what is known of how it came about."""

    name: str
    text: str
    length: Length | None = None
    """What was asked for."""
    language: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Examiner:
    """Reads the owner's texts and says what is found in them; stores nothing."""

    documents: Documents
    revisions: Revisions
    imports: Imports
    endpoints: Endpoints
    lines: Lines
    prompts: PromptLibrary
    thresholds: Thresholds

    async def sample(self, source: Source) -> Sample:
        """The text.

        Raises:
            NotFoundError: no such document, section or revision.
            RequestError: there is no text, or the file is none.
            MediaTypeError: a kind of file that is not read.
            TooLargeError: more than a million characters, or more than a file may have.
        """
        found = await self._found(source)
        if not found.text.strip():
            raise RequestError("there is no text yet", "Paste one, or choose a file or a document.")
        if len(found.text) > MAX_TEXT:
            raise TooLargeError(f"the text has more than {MAX_TEXT:,} characters", "Take a part.")
        return found

    async def _found(self, source: Source) -> Sample:
        if source.document:
            return await self._stored(source)
        if source.file:
            path = Path(source.file)
            data = await asyncio.to_thread(path.read_bytes)
            return Sample(path.name, await self.imports.markdown(path.name, data))
        return Sample("", clean_text(source.text))

    async def _stored(self, source: Source) -> Sample:
        document = await self.documents.get(source.document)
        asked = document.request
        known = Sample(
            document.title, document.markdown, asked.length, asked.language, asked.prompt
        )
        if not source.section:
            return known
        history = await self.revisions.history(document.id, source.section)
        wanted = [each for each in history if source.revision in (0, each.id)]
        if not wanted or document.outline is None:
            return Sample("", "")
        heading = document.outline.section(source.section).heading
        return Sample(heading or document.title, wanted[-1].text, None, asked.language)

    async def examine(self, sample: Sample, words: str = "", language: str = "") -> Evaluation:
        """What is found without asking a model; runs in a thread.

        Args:
            sample: the text.
            words: the length asked for, as a phrase; empty: as known of it.
            language: a code or a name; empty: as known of it, else found.

        Raises:
            RequestError: the length is none, or the language unknown.
        """
        length = read_length(words) if words.strip() else sample.length
        known = replace(sample, length=length, language=language.strip() or sample.language)
        return await asyncio.to_thread(examined, known, self.thresholds)

    async def bill(self, sample: Sample) -> Bill:
        """What asking the critic's model would take; raises SettingsError or LLMError."""
        judge = await self._judge()
        return await asyncio.to_thread(quality_bill, judge, sample.text, sample.prompt)

    async def quality(self, sample: Sample) -> Quality:
        """What the critic's model says; raises SettingsError or LLMError."""
        return await judge_quality(await self._judge(), sample.text, sample.prompt)

    async def _judge(self) -> Judge:
        endpoint = (await self.endpoints.models()).endpoint("critic")
        await self.lines.tokens.warm()
        return Judge(self.lines.to(endpoint), self.prompts, self.lines)

    async def compare(self, old: Sample, new: Sample) -> list[Piece]:
        """How one became the other."""
        return await asyncio.to_thread(diff, old.text, new.text)


def examined(sample: Sample, thresholds: Thresholds) -> Evaluation:
    """What the evaluators say of a text, and of the seams between its sections if it has some."""
    found = evaluate_text(
        sample.text, prompt=sample.prompt, length=sample.length, language=sample.language,
        thresholds=thresholds,
    )  # fmt: skip
    return found.with_score(_seams(sample.text, thresholds), sample.text)


def _seams(text: str, thresholds: Thresholds) -> Score:
    """The seams' score, its findings at offsets of the whole text."""
    taken = dissect(text)
    edges = [SectionEdge(section.key, section.heading, taken.texts[section.key])
             for section in taken.outline.sections]  # fmt: skip
    score = Seams(thresholds).evaluate(edges)
    starts, at = dict[str, int](), 0
    for edge in edges:
        found = text.find(edge.text, at)
        if found >= 0:
            starts[edge.key] = at = found
    return replace(score, findings=tuple(_moved(each, starts) for each in score.findings))


def _moved(finding: Finding, starts: Mapping[str, int]) -> Finding:
    by = starts.get(finding.section)
    if by is None or finding.start is None or finding.end is None:
        return replace(finding, start=None, end=None)
    return replace(finding, start=finding.start + by, end=finding.end + by)
