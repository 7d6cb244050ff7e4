"""Every text that the page shows of its own accord, by language and name."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import RequestError

Words = Mapping[str, str]

ENGLISH: dict[str, str] = {
    "title": "Longleaf",
    "tagline": "Long documents, planned, written to length and checked.",
    "prompt": "What shall be written?",
    "prompt_hint": "A guide to planting street trees, for city councils …",
    "length": "Length",
    "length_hint": "2,000 words",
    "language": "Language",
    "language_hint": "as in the request",
    "strategy": "Strategy",
    "write": "Write",
    "stop": "Stop",
    "continue": "Continue",
    "approve": "Approve and write",
    "recent": "Recent",
    "no_recent": "Nothing written yet.",
    "empty": "The document appears here, section by section, while it is written.",
    "ready": "Ready.",
    "starting": "Starting: reaching the model …",
    "resuming": "Going on where it stopped …",
    "stopping": "Stopping …",
    "with": "Writes with {writer}.",
    "demonstration": "Writes with the embedded demonstration model: it shows how the application "
    "works, not good prose. `--base-url` names a better one.",
    "download": "Download",
    "format_md": "Markdown",
    "format_docx": "Word",
    "format_pdf": "PDF",
    "format_epub": "EPUB",
    "format_json": "JSON",
    "words": "words",
    "characters": "characters",
    "section_of": "section {number} of {total}",
    "sections": "{total} sections",
    "one_section": "1 section",
    "calls": "{calls} calls",
    "one_call": "1 call",
    "quality": "quality {value} of 100, by its own critic",
    "unscored": "quality unscored",
    "kept": "{words} kept in {written} of {total} sections",
    "nothing_kept": "no section is finished yet",
    "goes_on": "Continue goes on from there.",
    "in_work": "being written",
    "short_of": "The length could not be met.",
    "more_sections": "*{more} more sections are in the download.*",
    "state_planned": "waiting",
    "state_writing": "writing",
    "state_unfinished": "unfinished: will be written anew",
    "state_draft": "draft",
    "state_sealed": "",
    "state_locked": "yours",
    "state_failed": "could not be written",
    "phase_queued": "Starting",
    "phase_planning": "Planning",
    "phase_awaiting_approval": "The outline waits for your approval",
    "phase_writing": "Writing",
    "phase_reviewing": "Reviewing",
    "phase_checking": "Checking",
    "phase_paused": "Paused",
    "phase_cancelled": "Stopped",
    "phase_failed": "Failed",
    "phase_done": "Done",
    "phase_interrupted": "Interrupted",
}

LANGUAGES: dict[str, Words] = {"en": ENGLISH}
"""A second language has exactly the names that English has."""


def words_in(language: str = "en") -> Words:
    """The page's words in a language; raises RequestError naming those there are."""
    try:
        return LANGUAGES[language]
    except KeyError:
        raise RequestError(
            f"the page does not speak {language!r}", f"Use one of: {', '.join(LANGUAGES)}."
        ) from None
