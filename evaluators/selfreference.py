"""Knows sentences in which a text talks about itself instead of its subject."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from domain.text.sentences import spans
from evaluators.base import Reporter, Subject
from evaluators.structure import without_code
from evaluators.thresholds import DEFAULTS, Thresholds
from evaluators.voice import in_quotes

_THING = r"(?:article|section|essay|blog(?: post)?|post|passage|paragraph|piece|text)"
_VERB = (
    r"(?:will|would|can|also|then|further|aims?|explores?|explained?|explains|discusse[sd]|discuss"
    r"|covers?|highlights?|concludes?|goes on|is (?:written|part|about|a part|intended)|provides?"
    r"|examines?|has (?:explored|discussed|shown)|delves?|looks? at|ends?|describes?|focuses"
    r"|touches|presents?|emphasi[sz]es|serves)"
)
_MATTER = (
    r"(?:how|why|what|topics?|history|role|basics|aspects?|issues?|importance|benefits|challenges"
    r"|key|main|various|different)"
)
_WRITING = (
    r"(?:articles?|sections?|essays?|blog|posts?|passages?|paragraphs?|texts?|words|version|draft"
    r"|writing|overview|summary|outline|examples?|details?|information|list|explanation)"
)
"""What an assistant offers; a narrator gives, keeps and writes other things."""
_LAW = re.compile(
    r"\bthis (?:article|section|paragraph) (?:also )?(?:covers|describes|provides|will|would)\b"
    r".{0,160}?\b(?:provides that|shall|contracts?|offen[cs]es?|liab\w+|vessels?|parties"
    r"|persons? who|penalt\w+|damages)\b",
    re.IGNORECASE,
)
"""An article or a section of a law, which is no article about it."""
_SELF = re.compile(
    rf"\b(?:this|the (?:present|following|next|above)) (?:\w+ )?{_THING} {_VERB}\b"
    rf"|\bthe (?:article|essay|blog post|passage) (?:will|aims to|goes on to|ends (?:by|with))\b"
    rf"|\b(?:the|this) (?:article|essay|blog post|passage|paragraph)s? (?:can|could|should) "
    r"(?:also )?(?:be (?:edited|improved|expanded|revised|written)|include|explore|become)\b"
    r"|\bin th(?:e|is) (?:article|essay|blog post|text),? (?:you|we) (?:will|can)\b"
    r"|\b(?:paragraphs?|text|sentences?),? (?:is |are )?written in (?:plain )?[A-Z][a-z]+\b"
    r"|\bthe (?:writing )?(?:style|tone) (?:is|will be|should be)\b[^.!?]{0,60}"
    r"\b(?:professional|informative|no (?:slang|jargon))\b"
    rf"|\b(?:will|should|must) be used throughout (?:the|this) {_THING}\b"
    r"|\b(?:clear|concise|logical) structure,? with (?:bullet points|headings|paragraphs)\b"
    r"|\b(?:discussed|covered|explored|described|mentioned)\b[^.!?]{0,40} (?:in|throughout)"
    rf" th(?:is|e) {_THING}\b"
    r"|^\W*(?:it|we) will (?:also )?(?:discuss|talk about|explain)\b"
    rf"|^\W*(?:it|we) will (?:also )?(?:explore|cover|describe)\b.{{0,40}}\b{_MATTER}\b"
    rf"|^\W*(?:in|throughout|by the end of) this (?:\w+ )?{_THING}\b"
    rf"|^\W*(?:here (?:is|are)|here[’']s|below (?:is|are)|the following (?:is|are))\b.{{0,80}}"
    rf"\b(?:{_THING}s?|sentences?|version|draft|words)\b"
    r"|^\W*(?:i will|i[’']ll|let me|i can|i would|i have) (?:now )?(?:provide|write|give|continue"
    rf"|add|expand|keep|present|help|share|written|added)\b.{{0,60}}\b{_WRITING}\b"
    r"|\b(?:write|written|writing|add|adding) (?:about )?(?:\d+|one|two|three|another|more)"
    r" (?:more )?(?:words|paragraphs?)\b"
    r"|^\W*this is an? (?:rewritten|revised|improved|edited|expanded|shortened|updated) "
    r"(?:version|form) of the (?:original|previous|above|given) "
    rf"(?:{_THING}|content|paragraphs)\b"
    r"|\bparagraphs?, (?:no|not) more than \d+ words\b"
    r"|^\W*(?:here (?:is|are)|here[’']s|below is)\b.{0,60}\b(?:outline|content|paragraphs?) "
    r"(?:that )?you (?:requested|asked for)\b"
    r"|^\W*(?:sounds like|what a (?:wonderful|great|fascinating)|a fascinating topic)\b"
    r"|^\W*(?:本节|本段|这一节|这一段|本部分|这篇文章)(?:将|会|旨在|主要)"
    r"|^\W*在(?:本节|本段|这一节|这一段|这篇文章)(?:中|里)",
    re.IGNORECASE,
)
_WIDE_ENDS = ("。", "！", "？", "」", "』")
"""After these no space stands between sentences."""
_MOST = 0.5
"""Above this share of sentences nothing is dropped: too little would be left."""


@dataclass(frozen=True)
class SelfReference:
    """Warns of sentences about the text itself. Reports and papers ("this report …") are exempt."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "self_reference"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 without findings."""
        report = Reporter(self.name, self.version, subject.key)
        found = self_references(without_code(subject.text))
        return report.score(report.warn("the text talks about itself", span) for span in found)


def self_references(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences that talk about the text; speech is exempt."""
    return [
        (start, end)
        for start, end in spans(text)
        if _SELF.search(text[start:end])
        and not _LAW.search(text[start:end])
        and not in_quotes(text, start)
    ]


def without_self_reference(text: str) -> str:
    """The text without sentences about itself; unchanged if more than half would go.

    A paragraph left empty goes with them.
    """
    found = self_references(text)
    if not found or len(found) > _MOST * len(spans(text)):
        return text
    kept, at = [], 0
    for start, end in found:
        kept.append(text[at:start].rstrip(" "))
        at = end
    kept.append(text[at:])
    joined = "".join(_spaced(kept))
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _spaced(pieces: list[str]) -> list[str]:
    """Pieces with one space where two sentences of a spaced script now meet."""
    out = pieces[:1]
    for piece in pieces[1:]:
        bare = piece.lstrip(" ")
        before = out[-1] if out else ""
        meets = bool(before) and not before.endswith("\n") and bare and not bare.startswith("\n")
        spaced = meets and not before.endswith(_WIDE_ENDS)
        out.append((" " if spaced else "") + bare)
    return out
