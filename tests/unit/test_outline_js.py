"""The outline editor's pure functions, by cases in JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.javascript import RUNS, evaluate

pytestmark = pytest.mark.skipif(not RUNS, reason="neither Node nor Chromium")


def test_the_outline_is_edited_as_the_cases_say(tmp_path: Path) -> None:
    assert evaluate("tests/js/outline_edit.js", "module.failures()", tmp_path) == {}
