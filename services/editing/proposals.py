"""Changes of a section that a model proposes and a person decides on; nothing is stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from agents.editor.asking import ROLE, Editor
from agents.editor.mending import Mending, mend
from agents.editor.order import Action, Order
from agents.editor.place import Place
from agents.editor.whole import carry_out
from core.errors import ConflictError, FormatError, NotFoundError
from domain.critique import Issue, Level
from domain.edits import locate
from domain.text.counter import count
from domain.text.diff import Piece, diff
from prompts.library import PromptLibrary
from services.editing.alignment import issues, joined, told
from services.editing.case import Case
from services.editing.editor import editor_of
from services.endpoints.directory import Endpoints
from services.evaluation.examination import Examinations
from services.evaluation.remarks import Remark
from services.settings.policies import Policies
from storage.base import LOCAL_OWNER
from storage.database import Database

SAME = "Keep the section as it is, or say in your own words what is to be different."


@dataclass(frozen=True)
class Proposal:
    """A text that may come to stand in a section's place."""

    text: str
    words: int
    """In the document's counted units, without headings."""
    pieces: tuple[Piece, ...]
    """How the present text becomes it."""
    accepted: bool
    """Whether the gates say nothing worse of it, and what was to be mended is."""
    usage: dict[str, Any]
    """Tokens, calls and cost of all that was sent for it."""
    revision: int
    """Id of the text that it was made from."""


@dataclass
class Proposals:
    """Asks the editor's model for changes of the owner's sections."""

    db: Database
    endpoints: Endpoints
    prompts: PromptLibrary
    policies: Policies
    owner: str = LOCAL_OWNER

    async def fix(self, document: str, key: str, finding: str, instruction: str = "") -> Proposal:
        """Have one finding mended.

        Args:
            document: its id, or a run's.
            key: the section's.
            finding: the finding's id.
            instruction: what else is wanted.

        Raises:
            NotFoundError: no such document or section.
            ConflictError: the finding holds no more, or no change of words mends it.
            RequestError: the section does not fit the model's window.
            LLMError: no answer came, or none that can be used.
        """
        case = await self._case(document, key)
        remark = next((one for one in case.mine.remarks if one.id == finding), None)
        if remark is None:
            raise ConflictError(
                "this finding holds no more: the text has changed", "Load the review again."
            )
        if not remark.fixable:
            raise ConflictError("no change of words mends this", "Have the section written anew.")
        editor = await editor_of(self.endpoints, self.prompts, case.policy)
        text = await _fixed(editor, case, remark, instruction.strip())
        return await asyncio.to_thread(_proposal, case, editor, text, remark.finding.gate)

    async def align(self, document: str, key: str, instruction: str = "") -> Proposal:
        """Have a stale section brought in line with what was changed around it.

        Raises:
            NotFoundError: no such document or section.
            ConflictError: nothing was changed that it does not fit.
            RequestError: the section does not fit the model's window.
            LLMError: no answer came, or none that can be used.
        """
        case = await self._case(document, key)
        if not case.mine.reasons:
            raise ConflictError(
                f"section {key} fits: nothing was changed around it since it was written",
                "Give an order of your own: rewrite it, or have it written anew.",
            )
        editor = await editor_of(self.endpoints, self.prompts, case.policy)
        text = await _aligned(editor, case, instruction.strip())
        return await asyncio.to_thread(_proposal, case, editor, text)

    async def _case(self, document: str, key: str) -> Case:
        seen = await Examinations(self.db, self.policies, self.owner).of(document)
        mine = next((x for x in seen.sections if x.section.key == key), None)
        outline = seen.document.outline
        known = {section.key for section in outline.sections} if outline else set()
        if mine is None or outline is None or key not in known:
            there = f"There are: {', '.join(sorted(known))}." if known else "It has no plan yet."
            raise NotFoundError(f"document {seen.document.id} has no section {key!r}", there)
        if not mine.section.text:
            raise ConflictError(f"section {key} has no text yet", "Wait until it is written.")
        return Case(seen, mine, outline, self.policies.now())


async def _fixed(editor: Editor, case: Case, remark: Remark, instruction: str) -> str:
    """Quoted words by exact edits; what is about the section as a whole by writing it anew."""
    wish = f"{_problem(remark)} {instruction}".rstrip()
    if remark.place is None:
        if remark.finding.gate == "length":
            return await _sized(editor, case, instruction)
        return await _ordered(editor, case, "rewrite", wish)
    unclear = locate(case.text, remark.place.quote) is None
    if unclear or editor.models.endpoint(ROLE).compact:  # edits need words that stand there once
        place = Place(case.text, remark.place.start, remark.place.end)
        order = _order(case, "rewrite", place.selected.strip(), place.around, wish)
        new = place.replacing((await carry_out(editor, order)).text)
        return case.text[: place.start] + new + case.text[place.end :]
    issue = Issue(
        "language", Level.MAJOR, _problem(remark), instruction, remark.place.quote, case.key
    )
    return await mend(editor, _mending(case, (issue,)))


async def _aligned(editor: Editor, case: Case, instruction: str) -> str:
    """By exact edits where only neighbours have changed; a changed plan needs more."""
    reasons = case.mine.reasons
    changed = {name for reason in reasons for name in reason.change.fields}
    if changed == {"target"} and len(reasons) == 1:
        return await _sized(editor, case, instruction)
    if not changed and not editor.models.endpoint(ROLE).compact:
        return await mend(editor, _mending(case, issues(reasons, instruction)))
    changes = "\n\n".join([*map(told, reasons), *([instruction] if instruction else [])])
    words = case.goal if "target" in changed else None
    return await _ordered(editor, case, "align", changes, words)


def _mending(case: Case, found: tuple[Issue, ...]) -> Mending:
    return Mending(
        case.outline.title, case.outline.section(case.key), case.text, found,
        case.language_name, joined(*case.around),
    )  # fmt: skip


async def _sized(editor: Editor, case: Case, instruction: str) -> str:
    """The section at its planned length."""
    action: Action = "extend" if count(case.text) < case.goal else "shorten"
    return await _ordered(editor, case, action, instruction, case.goal)


async def _ordered(
    editor: Editor, case: Case, action: Action, instruction: str, words: int | None = None
) -> str:
    order = _order(case, action, case.text.strip(), case.around, instruction, words)
    return (await carry_out(editor, order)).text


def _order(
    case: Case, action: Action, passage: str, around: tuple[str, str], instruction: str,
    words: int | None = None,
) -> Order:  # fmt: skip
    language = case.seen.document.request.language
    return Order(action, passage, *around, language, instruction, words)


def _problem(remark: Remark) -> str:
    """What was found, with the words elsewhere that it speaks of."""
    lines = [remark.finding.message]
    lines += [f"In section {place.section}: {place.quote}" for place in remark.others]
    return "\n".join(lines)


def _proposal(case: Case, editor: Editor, text: str, gate: str = "") -> Proposal:
    """Measured and judged; raises FormatError for a text that must not stand there."""
    if text.strip() == case.text.strip():
        raise FormatError("the model proposes no change", SAME)
    before, after = case.verdict(case.text), case.verdict(text)
    if after.badness[0] > before.badness[0]:
        why = "; ".join(after.problems)
        raise FormatError(f"the model's proposal cannot stand in the text: {why}", SAME)
    left = [
        sum(f.gate == gate for x in each.scores for f in x.findings) for each in (before, after)
    ]
    return Proposal(
        text,
        count(text, case.seen.document.request.length.counter),
        tuple(diff(case.text, text)),
        after.badness <= before.badness and (not left[0] or left[1] < left[0]),
        editor.spent.to_dict(),
        case.mine.section.revision_id or 0,
    )
