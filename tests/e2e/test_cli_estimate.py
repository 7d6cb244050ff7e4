"""`write --estimate` as the shell sees it: figures, and no model is asked for anything."""

from pathlib import Path

import pytest

from cli.estimate import print_estimate
from cli.options import WriteOptions, request_from
from core.errors import RequestError
from domain.length.spread import Spread
from services.forecast.estimates import Estimate
from tests.e2e.support_cli import NOTHING, at, run, stored
from tests.fakes.endpoint import run_in_thread


def test_an_estimate_writes_nothing(tmp_path: Path) -> None:
    with run_in_thread() as fake:
        asked = ("write", "A report on tides", "--words", 2000, "--estimate", "--json")
        told = run(tmp_path / "home", *asked, *at(fake)).json
        assert told["calls"]["low"] < told["calls"]["likely"] < told["calls"]["high"]
        assert told["sections"]["likely"] == 5
        assert not fake.calls
    assert stored(tmp_path / "home") == NOTHING


def test_an_estimate_is_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    spread = Spread(1, 2, 4000)
    estimate = Estimate("parallel", "it is long", "en", 2000, *[spread] * 6, (), 0, "nothing")
    print_estimate(estimate, "words")
    shown = capsys.readouterr().out
    for words in ("2,000 words with parallel", "1:06:40", "4,000", "cost", "it is long."):
        assert words in shown


def test_a_run_that_is_begun_has_no_estimate() -> None:
    nothing: list[None] = [None] * 8
    options = WriteOptions(*nothing, "run_abcd", False, *[None] * 4, estimate=True)
    with pytest.raises(RequestError, match="--estimate"):
        request_from(options)
