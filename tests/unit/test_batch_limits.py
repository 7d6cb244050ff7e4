"""Limits as people write them: read, refused with the nearest name, told back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.limits import DEFAULT, Limits
from core.errors import RequestError

SCORES = st.sampled_from(["off", None]) | st.floats(0.5, 100)
SHARES = st.sampled_from(["off"]) | st.floats(0.01, 1)


@given(st.fixed_dictionaries({}, optional={
    "min-length-score": SCORES, "min-judge": SCORES, "similar-answers": SHARES,
    "similar_prompts": SHARES, "require-judge": st.booleans(),
    "gates": st.sampled_from(["on", "off"]),
    "max-words": st.integers(1, 10**6), "contamination": st.integers(5, 100),
}))  # fmt: skip
def test_what_is_written_is_what_holds(values: dict[str, Any]) -> None:
    found = DEFAULT.but(values)
    assert Limits().but(found.to_dict()) == found
    assert set(found.differing(DEFAULT)) <= {name.replace("_", "-") for name in values}
    for name, value in values.items():
        if value == "off":
            assert not getattr(found, name.replace("-", "_"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"min-lenght-score": 70}, "min-length-score"),
        ({"colour": 1}, "There are"),
        ({"min-judge": "high"}, "min-judge is a number"),
        ({"max-words": 2.5}, "whole number"),
        ({"max-words": True}, "whole number"),
        ({"gates": 3}, "gates is `on` or `off`"),
        ({"contamination": "off"}, "contamination is a whole number"),
        ({"contamination": 2}, "5 to 100"),
        ({"min-words": 100, "max-words": 99}, "more than max-words"),
        ({"similar-answers": float("nan")}, "above 0"),
        ({"min-judge": []}, "number"),
    ],
)
def test_what_is_no_limit_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError) as refused:
        DEFAULT.but(values)
    assert said in f"{refused.value.message} {refused.value.remedy}"


def test_only_what_differs_is_told() -> None:
    loose = DEFAULT.but({"min-length-score": "off", "require-judge": True})
    assert loose.differing(DEFAULT) == {
        "min-length-score": ("off", "80"), "require-judge": ("on", "off"),
    }  # fmt: skip
