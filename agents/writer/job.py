"""One section as its agents see it: the plan, the goal, and the drafts made for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from agents.material.evidence import shown
from agents.material.kinds import Material
from agents.run.context import WritingContext
from agents.run.feed import Feed
from agents.strategies.base import Written
from domain.constraints.allocation import Duty
from domain.constraints.duties import allot
from domain.outline.plan import Outline, SectionPlan
from domain.outline.sketch import Sketch
from evaluators.cleaning import clean_section
from evaluators.selfreference import without_self_reference
from evaluators.trimming import drop_repeats, head_to
from llm.types import Finish
from sources.grounding import cited, grounded
from sources.passages import Passage

SENTENCE = 12
"""Counted units: what is less than this away from its goal cannot be steered any closer."""

EXACT = 0.03
"""The tolerance where the whole document's length hangs on one section."""


@dataclass(frozen=True)
class Draft:
    """A text on its way to becoming a section."""

    text: str
    units: int
    kind: str
    """What was done last: draft, enrich, shorten, trim …"""
    calls: tuple[str, ...] = ()
    ratio: float = 1.0
    """Counted units that came for one that was asked for, in this section so far."""


@dataclass(frozen=True)
class Deltas:
    """Shows a section's text as it streams; the client calls `restart` when a try is void."""

    feed: Feed
    section: str
    part: str

    def __call__(self, delta: str) -> None:
        """Show one piece."""
        self.feed.emit("delta", section=self.section, part=self.part, text=delta)

    def restart(self) -> None:
        """Take back what this try has shown."""
        self.feed.emit("restart", section=self.section, part=self.part)


@dataclass(frozen=True)
class Job:
    """What is to be done for one section."""

    ctx: WritingContext
    outline: Outline
    section: SectionPlan
    """With its contract."""
    goal: int
    """Counted units of the body: the target without the headings printed above."""
    step: str
    """Prefix of the journal's step names."""
    tolerance: float
    """Share of the goal that the body may be away from it."""
    visible: tuple[Written, ...] = ()
    instruction: str = ""
    """What a person wants of a section that is written anew."""
    present: str = ""
    """Its text until then."""
    sketch: Sketch | None = None
    """The short draft of the whole document."""
    materials: tuple[Material, ...] = ()
    """What else it is written from."""
    given: Mapping[int, Passage] = field(default_factory=dict)
    """The passages that it may cite, best first."""

    @property
    def duties(self) -> tuple[Duty, ...]:
        """What the section has to bring and to leave out."""
        return allot(self.ctx.request.demands, self.outline).of(self.section.key)

    earlier: tuple[str, ...] = ()
    """Texts that go before and must not be copied."""

    @property
    def statements(self) -> tuple[str, ...]:
        """What the section must say, where a summary is written out in full."""
        return self.section.key_points if self.ctx.options.expansion is not None else ()

    @property
    def slack(self) -> int:
        """How far from the goal the body may be."""
        return max(SENTENCE, round(self.goal * self.tolerance))

    @property
    def closes(self) -> bool:
        """Whether this is the last section."""
        return not self.section.hands_over

    def fits(self, units: int) -> bool:
        """Whether a body of this length is accepted."""
        return abs(units - self.goal) <= self.slack

    def clean(self, text: str) -> str:
        """A model's answer without what does not belong to the section."""
        return clean_answer(text, self.section.heading, self.outline.title, self.given.keys())

    def told(self, numbers: Collection[int], text: str = "") -> Job:
        """The same job with no other passages than a call was shown.

        Args:
            numbers: of passages in its prompt.
            text: the section's text in its prompt: what that cites was shown too.
        """
        if not self.given:
            return self
        kept = {*numbers, *cited(text, self.given.keys())}
        return replace(self, given={n: passage for n, passage in self.given.items() if n in kept})

    @property
    def passages(self) -> Material:
        """The passages that it may cite, as prompts show them."""
        return shown(self.ctx, self.given)

    def head(self, text: str, units: int) -> str:
        """The longest beginning of whole sentences within `units`."""
        return head_to(text, units, self.ctx.request.length.counter)

    def draft(self, text: str, kind: str, calls: tuple[str, ...], ratio: float) -> Draft:
        """A draft of this text, measured."""
        return Draft(text, self.ctx.count(text), kind, calls, ratio)

    def at_step(self, step: str) -> Job:
        """The same job under another step prefix."""
        return replace(self, step=step)

    def common(self) -> dict[str, object]:
        """What every prompt about this section is rendered with."""
        return {
            "compact": self.ctx.compact("writer"),
            "prompt": self.ctx.request.prompt,
            "kind": self.ctx.request.kind,
            "audience": self.ctx.request.audience,
            "tone": self.ctx.request.tone,
            "title": self.outline.title,
            "language": self.ctx.language_name,
            "section": self.section,
        }

    def on_text(self, part: str) -> Deltas:
        """A sink that shows the streamed text; `part` tells a draft from a passage."""
        return Deltas(self.ctx.feed, self.section.key, part)


def clean_answer(text: str, heading: str, title: str, known: Collection[int] = ()) -> str:
    """A model's text of a section without headings of ours, remarks and repeats.

    Args:
        text: the answer.
        heading: the section's.
        title: the document's.
        known: numbers that it may cite; other citations go, since nothing stands behind them.
    """
    own = clean_section(text, heading=heading, title=title)
    return drop_repeats(without_self_reference(grounded(own, known).text.strip()))


def learnt(ratio: float, asked: int, came: int) -> float:
    """The produced/asked ratio after one more answer, kept within a factor of three."""
    if asked <= 0 or came <= 0:
        return ratio
    return min(3.0, max(1 / 3, came / asked))


def broke_off(finish: Finish) -> bool:
    """Whether the endpoint did not end the text by itself."""
    return finish != "stop"
