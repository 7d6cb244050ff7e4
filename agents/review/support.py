"""Who judges whether a section's cited sentences are supported by the passages that they cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agents.material.evidence import numbers_of, shown
from agents.material.kinds import Material
from agents.review.critic import TOO_SMALL, unreadable
from agents.review.reply import Text
from agents.run.calls import Composed
from agents.run.forms import ask_form
from agents.writer.job import Draft, Job
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError, LLMError
from domain.critique import UNSUPPORTED, Issue, Level
from domain.edits import locate
from domain.score import Score
from evaluators.faithfulness import Judged, doubt_of, faithfulness
from sources.claims import Claim, claims
from sources.marks import written

MOST = 24
"""Claims that are judged in a section: those in doubt first."""
MENDED = 6
"""Unsupported claims that are given to the reviser at a time."""
_PER_CLAIM = 60
"""Tokens of a verdict."""
_FRAME = 200
_BEYOND = f"no more than {MOST} are judged in a section"
_FIX = "Say no more than the passage says, or take the claim out together with its number."
_VERDICTS = {"supported": True, "unsupported": False}


@dataclass(frozen=True)
class Support:
    """What was found out about a section's claims."""

    score: Score
    issues: tuple[Issue, ...] = ()
    """For the reviser: unsupported claims."""


@dataclass(frozen=True)
class Shown:
    """A claim as the judge sees it."""

    sentence: str
    cites: str
    doubt: str


class VerdictReply(BaseModel):
    """One verdict; one that is not understood is none."""

    model_config = ConfigDict(extra="ignore")

    sentence: int = Field(ge=0, le=1_000)
    verdict: Annotated[str, BeforeValidator(lambda value: str(value).strip().lower())] = Field(
        json_schema_extra={"enum": ["supported", "unsupported", "unclear"]}
    )
    why: Text = ""


class SupportReply(BaseModel):
    """What the judge answers."""

    model_config = ConfigDict(extra="ignore")

    verdicts: Annotated[list[VerdictReply], Field(max_length=2 * MOST)]


async def judge_support(job: Job, draft: Draft, step: str) -> Support:
    """The verdicts on a draft's claims; unscored where there are none or none can be read.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    key, found = job.section.key, claims(draft.text, job.given)
    if not found:
        return Support(faithfulness(found, {}, key))
    if job.ctx.compact("critic"):
        return Support(faithfulness(found, {}, key, TOO_SMALL))
    ordered = sorted(range(len(found)), key=lambda n: (not doubt_of(found[n]), n))[:MOST]
    asked = sorted(ordered)
    try:
        reply = await _asked(job, [found[n] for n in asked], step)
    except LLMError as error:
        if error.pauses:
            raise
        return Support(faithfulness(found, {}, key, unreadable(error)))
    verdicts = {
        asked[each.sentence - 1]: Judged(_VERDICTS.get(each.verdict), each.why)
        for each in reversed(reply.verdicts)  # of two on one sentence, the first counts
        if 0 < each.sentence <= len(asked)
    }
    beyond = _BEYOND if len(found) > MOST else "the judge left some out"
    return Support(
        faithfulness(found, verdicts, key, beyond), _issues(job, draft.text, found, verdicts)
    )


async def _asked(job: Job, found: Sequence[Claim], step: str) -> SupportReply:
    ctx = job.ctx
    cited = dict.fromkeys(number for claim in found for number in claim.numbers)
    passages = shown(ctx, {number: job.given[number] for number in cited})
    told = [Shown(c.sentence, written(c.numbers), doubt_of(c)) for c in found]
    room = _FRAME + _PER_CLAIM * len(found)

    def compose() -> Composed:
        return _composed(job, passages, told, room, step)

    return (await ask_form(ctx, step, "critic", SupportReply, compose)).form


def _composed(
    job: Job, passages: Material, told: Sequence[Shown], room: int, step: str
) -> Composed:
    ctx = job.ctx
    prompt = ctx.prompts.render(
        "critic/support", ctx.fence, passages=passages.text, claims=told,
        language=ctx.language_name,
    )  # fmt: skip
    if ctx.tokens.budget_count(prompt.system + prompt.user) + room + MARGIN > ctx.window("critic"):
        raise ContextOverflowError("the passages leave no room for a verdict")
    return Composed(
        prompt, max_tokens=room, temperature=ctx.policy.critic.temperature, seed=ctx.seed(step),
        context=numbers_of(ctx, passages),
    )  # fmt: skip


def _issues(
    job: Job, text: str, found: Sequence[Claim], verdicts: dict[int, Judged]
) -> tuple[Issue, ...]:
    """The unsupported claims that an edit can find."""
    made = []
    for number in sorted(verdicts):
        claim, verdict = found[number], verdicts[number]
        quote = text[claim.start : claim.end]
        if verdict.supported is not False or locate(text, quote) is None:
            continue
        why = f": {verdict.why}" if verdict.why else "."
        problem = f"Passage {written(claim.numbers)} does not say this{why}"
        made.append(Issue(UNSUPPORTED, Level.MAJOR, problem, _FIX, quote, job.section.key))
    return tuple(made[:MENDED])
