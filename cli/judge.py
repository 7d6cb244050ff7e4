"""How a command comes by the judge that its options name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import RequestError

if TYPE_CHECKING:
    from bootstrap import Services
    from services.judging.judge import Judge


@dataclass(frozen=True)
class JudgeOptions:
    """The options as given."""

    where: str
    """An endpoint's name, `name/model`, or an address."""
    model: str = ""
    key: str = ""


def judge_options(where: str | None, model: str | None, key: str | None) -> JudgeOptions | None:
    """The options together; None: nobody is to judge. Raises RequestError for a model alone."""
    if where is None:
        if model:
            raise RequestError("--judge-model needs --judge", "Say which endpoint offers it.")
        return None
    return JudgeOptions(where, model or "", key or "")


async def open_judge(built: Services, options: JudgeOptions) -> Judge:
    """The judge, reached, its model known; raises SettingsError or LLMError."""
    from services.judging.judge import find_judge

    return await find_judge(
        built.endpoints, built.lines, built.runs.prompts, options.where,
        model=options.model, api_key=options.key,
    )  # fmt: skip
