"""How a prompt says the length that was asked for beside it."""

from __future__ import annotations

from dataclasses import replace

from batch.records import Sample
from domain.length.parser import parse_length
from services.requests.conversations import Turn

_SAID = {"zh": "请写{}。"}
_SAID_ELSE = "Write {}."


def stating(sample: Sample) -> Sample:
    """The sample with its length in the user's last turn, unless the prompt states one itself.

    In Chinese for texts in Chinese, else in English.
    """
    if sample.length is None or parse_length(sample.prompt) is not None:
        return sample
    last = max(n for n, turn in enumerate(sample.turns) if turn.role == "user")
    phrase = _SAID.get(sample.language, _SAID_ELSE)
    said = phrase.format(sample.length.describe(sample.language))
    turn = Turn("user", f"{sample.turns[last].text.rstrip()}\n\n{said}")
    return replace(sample, turns=(*sample.turns[:last], turn, *sample.turns[last + 1 :]))
