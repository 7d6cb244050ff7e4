"""The choice of a strategy where the request leaves it open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.strategies.auto import choose
from agents.strategies.registry import AUTO, NAMES, STRATEGIES, check_name, strategy
from core.errors import RequestError
from core.setting_groups import BookSettings
from domain.request import make_request


def chosen(words: int, window: int, *, compact: bool = False) -> tuple[str, str]:
    request = make_request({"prompt": "A report on tides", "words": words, "strategy": AUTO})
    return choose(request, window, compact=compact, book=BookSettings())


@pytest.mark.parametrize(
    ("words", "window", "name"),
    [
        (800, 8192, "agentwrite"),
        (1500, 32_768, "agentwrite"),
        (1500, 4096, "parallel"),
        (6000, 32_768, "self_lengthen"),
        (6000, 4096, "parallel"),
        (20_000, 131_072, "parallel"),
        (40_000, 131_072, "parallel"),
        (40_001, 4096, "book"),
    ],
)
def test_length_and_window_decide(words: int, window: int, name: str) -> None:
    found, why = chosen(words, window)
    assert found == name
    assert f"{words:,} words" in why or "window" in why


@given(st.integers(60, 200_000), st.integers(512, 1_000_000), st.booleans())
def test_there_is_always_a_strategy_and_a_reason(words: int, window: int, compact: bool) -> None:
    name, why = chosen(words, window, compact=compact)
    assert strategy(name).name == name
    assert why
    assert name == "parallel" or not compact


def test_a_request_may_name_a_strategy_or_leave_it_open() -> None:
    for name in (*STRATEGIES, AUTO):
        check_name(name)
    with pytest.raises(RequestError, match="fast") as caught:
        check_name("fast")
    assert all(name in caught.value.remedy for name in NAMES)
    with pytest.raises(RequestError):
        strategy(AUTO)
