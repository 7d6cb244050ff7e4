"""What every template can be filled in with, so that a prompt can be seen before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from agents.material.evidence import Citing
from agents.material.kinds import NAMES
from agents.planner.contracts import contract, make_part, make_skeleton
from agents.planner.reply import PlannedOutline, PlannedSection
from agents.review.reviser import Around
from agents.review.support import Shown
from domain.constraints.duties import wanted
from domain.critique import Issue, Level
from domain.length.budget import section_count
from domain.outline.plan import Outline, Part, SectionPlan
from domain.request import WritingRequest
from evaluators.debts import Owed

_TEXT = "The sea rises twice a day.\n\nNobody on the quay looks up when it does."
_POINT = "What the reader knows at its end."


@dataclass(frozen=True)
class Material:
    """What a prompt would be about."""

    request: WritingRequest
    outline: Outline
    text: str
    """Of one section."""


def material(request: WritingRequest, outline: Outline | None = None, text: str = "") -> Material:
    """The request with the plan and a text that its document has, or with ones that stand for them.

    Args:
        request: a real one.
        outline: its plan; None, or one without sections: there is none yet.
        text: of a section.
    """
    plan = outline if outline is not None and outline.sections else _plan(request)
    return Material(request, plan, text or _TEXT)


def samples(about: Material) -> list[dict[str, Any]]:
    """Every variable of every template, in the cases that templates tell apart."""
    full, text = _variables(about), about.text
    bare = {
        **full, "kind": "", "audience": "", "tone": "", "must_include": (), "so_far": "",
        "sketch": "", "piece": "", "instruction": "", "present": "", "problems": [], "before": "",
        "after": "", "position": "", "around": Around(), "siblings": (), "with_points": False,
        "within": None, "section": _bare(full["section"]), "issues": full["issues"][:0],
        "missing": [], "unwanted": [],
        "graded": False, "titled": False, "closes": True, "mapped": True, "count": 1,
        "material": dict.fromkeys(NAMES, ""), "divided": False, "divisions": (), "chapters": (),
        "chapter": False, "story": "", "notes": "", "only_sources": False, "note": "",
        "several": [text], "findings": "", "passages": "", "cites": Citing(),
    }  # fmt: skip
    return [full, bare, {**full, "compact": True}, {**bare, "compact": True}]


def _variables(about: Material) -> dict[str, Any]:
    request, plan, text = about.request, about.outline, about.text
    info = request.language_info
    part = next((part for part in plan.parts if len(part.sections) > 1), None) or next(
        part for part in plan.parts if part.sections
    )
    section = contract(plan, part.sections[0].key, request.demands)
    paragraphs = text.split("\n\n")
    return {
        "prompt": request.prompt, "kind": request.kind, "audience": request.audience,
        "tone": request.tone, "must_include": wanted(request.demanded),
        "language": info.name if info.native == info.name else f"{info.name} ({info.native})",
        "title": plan.title, "unit": request.unit, "length": _length(request, section.target),
        "total": _length(request, plan.target), "text": text, "so_far": text,
        "parts": plan.parts, "part": part, "heading": part.heading, "point": part.point,
        "key": part.key, "siblings": part.sections, "sections": plan.sections,
        "section": section, "items": list(plan.parts), "count": max(2, len(part.sections)),
        "compact": False, "with_points": True, "within": part, "closes": False, "mapped": False,
        "before": paragraphs[0][-200:], "after": paragraphs[-1][:200],
        "focus": section.point or section.heading, "present": text, "sketch": text, "piece": text,
        "paragraph": paragraphs[0], "elsewhere": paragraphs[-1], "instruction": _POINT,
        "wish": _POINT, "problems": ["it ends in the middle of a sentence"],
        "around": Around(paragraphs[0], paragraphs[-1]),
        "issues": [Issue("language", Level.MAJOR, _POINT, _POINT, paragraphs[0][:80])],
        "missing": [_POINT], "unwanted": [Owed(_POINT, (paragraphs[0][:80],))],
        "answer": '{"title": ', "problem": "it breaks off", "schema": '{"type": "object"}',
        "position": "part 1 of 2", "questions": [_POINT, _POINT], "graded": True, "titled": True,
        "material": dict.fromkeys(NAMES, text), "divided": True, "divisions": plan.parts[:3],
        "chapters": plan.parts[:3], "chapter": True, "story": text,
        "notes": text, "only_sources": True, "note": text,
        "several": paragraphs[:2], "findings": text, "titles": plan.title, "number": 1, "of": 2,
        "passages": text, "cites": Citing(sourced=True, only=True, example=3),
        "claims": [Shown(_POINT, "[3]", "12")],
    }  # fmt: skip


def _bare(section: SectionPlan) -> SectionPlan:
    """A section of which no more is known than that it is there."""
    return replace(
        section,
        point="",
        key_points=(),
        opens_from="",
        hands_over="",
        avoid=(),
        must_include=(),
        must_not=(),
    )


def _length(request: WritingRequest, units: int) -> str:
    return f"{units}字" if request.language == "zh" else f"{units} {request.unit}"


def _plan(request: WritingRequest) -> Outline:
    """A plan as a planner might make it."""
    items = [
        PlannedSection(heading=f"Section {n}", point=_POINT, key_points=[_POINT])
        for n in range(1, min(section_count(request.length.aim)[1], 4) + 1)
    ]
    reply = PlannedOutline(title=request.prompt.splitlines()[0][:100], sections=items)
    outline = make_skeleton(reply, request.length.aim, "schema")
    for part in outline.parts:
        if not part.sections:
            outline = outline.with_part(_divided(part, items))
    return outline


def _divided(part: Part, items: list[PlannedSection]) -> Part:
    return make_part(part, PlannedOutline(sections=items[:2] or items), "schema")
