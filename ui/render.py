"""What a person reads: views of runs as Markdown. Pure; model text leaves it only as Markdown."""

from __future__ import annotations

import re
from textwrap import shorten

from services.reports import RunReport
from services.views import RunView, SectionView
from ui.words import Words

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
FILES = ("md", "docx", "pdf", "epub", "json")
"""Formats that the page offers, of those there are; the API makes the others too."""
_BUSY = {"queued", "planning", "writing", "reviewing", "checking"}


def plain(text: str) -> str:
    """A text as one line that Markdown shows letter by letter."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def problem(message: str, remedy: str = "") -> str:
    """An error and what can be done about it, as a status line."""
    text = plain(message[:1].upper() + message[1:]).rstrip(". ")
    return f"**{text}.** {plain(remedy[:1].upper() + remedy[1:])}".rstrip()


def status(view: RunView, words: Words) -> str:
    """Phase, section k of n, words and target, calls."""
    phase = words[f"phase_{view.phase}"]
    if view.live or view.phase == "done":
        facts = [f"**{phase}**", *_progress(view, words), length(view, words), calls(view, words),
                 quality(view, words)]  # fmt: skip
        missed = f" {words['short_of']}" if view.phase == "done" and not view.accepted else ""
        return " · ".join(fact for fact in facts if fact) + missed
    reason = f": {plain(view.reason.rstrip('. '))}" if _tells(view) else ""
    return f"**{phase}**{reason}. {kept(view, words)}"


def _tells(view: RunView) -> bool:
    """Whether the reason says more than the phase; who stopped a run knows that."""
    return bool(view.reason) and view.phase in ("paused", "failed")


def _progress(view: RunView, words: Words) -> list[str]:
    total = len(view.sections)
    if not total:
        return []
    written = sum(1 for section in view.sections if _finished(section))
    if view.phase == "writing":
        return [words["section_of"].format(number=min(written + 1, total), total=total)]
    return [words["one_section"] if total == 1 else words["sections"].format(total=total)]


def _finished(section: SectionView) -> bool:
    return section.state in ("draft", "sealed", "locked")


def length(view: RunView, words: Words) -> str:
    """Written and wanted, in the request's own unit."""
    return f"{view.words:,} / {view.target:,} {words[view.unit]}"


def calls(view: RunView, words: Words) -> str:
    """How often models were asked."""
    return words["one_call"] if view.calls == 1 else words["calls"].format(calls=view.calls)


def quality(view: RunView, words: Words) -> str:
    """What the critic says of a finished document; empty where none was asked."""
    if view.phase != "done" or not view.review.why:
        return ""
    value = view.review.quality
    if value is None:
        return f"{words['unscored']} ({plain(view.review.why)})"
    return words["quality"].format(value=f"{value:.0f}")


def kept(view: RunView, words: Words) -> str:
    """What a run that stopped has left, and how it goes on."""
    written = sum(1 for section in view.sections if _finished(section))
    what = words["nothing_kept"]
    if written:
        what = words["kept"].format(
            words=length(view, words), written=written, total=len(view.sections)
        )
    return f"{what[:1].upper()}{what[1:]}. {words['goes_on']}"


def title(view: RunView) -> str:
    """The document's title as a heading; empty before there is a plan."""
    return f"# {plain(view.title)}" if view.title else ""


def blocks(view: RunView, words: Words, slots: int) -> tuple[str, ...]:
    """One Markdown text a section; where there are more than `slots`, the last says so."""
    shown = [section(each, view.unit, words) for each in view.sections[:slots]]
    if (more := len(view.sections) - slots) > 0:
        shown[-1] += "\n\n" + words["more_sections"].format(more=more)
    return tuple(shown)


def section(view: SectionView, unit: str, words: Words) -> str:
    """Headings, how far it is, and its text."""
    lines = [f"{'#' * level} {plain(text)}" for level, text in view.headings]
    state = words[f"state_{view.state}"]
    measure = f"{view.words:,} / {view.target:,} {words[unit]}"
    lines.append(f"<small>{measure}{f' · {state}' if state else ''}</small>")
    return "\n\n".join([*lines, view.text] if view.text else lines)


def downloads(view: RunView, words: Words) -> str:
    """Links to the export of what is written; empty while it is worked on."""
    if view.live or not any(_finished(section) for section in view.sections):
        return ""
    address = f"/api/v1/documents/{view.document_id}/export?format="
    links = [f"[{words[f'format_{name}']}]({address}{name})" for name in FILES]
    return f"{words['download']}: {' · '.join(links)}"


def label(report: RunReport, live: bool, words: Words) -> str:
    """A run in the list of recent ones, as plain text."""
    name = shorten(report.title, 60, placeholder=" …") or report.run_id
    if live:
        return f"{name} — {words['in_work']}"
    phase = "interrupted" if report.status in _BUSY else report.status
    return f"{name} — {report.words:,} / {report.target_words:,} · {words[f'phase_{phase}']}"


def writer(name: str, demonstration: bool, words: Words) -> str:
    """Who writes; as code, so that an address does not become a link."""
    shown = f"`{' '.join(name.replace('`', '').split())}`"
    return words["demonstration"] if demonstration else words["with"].format(writer=shown)
