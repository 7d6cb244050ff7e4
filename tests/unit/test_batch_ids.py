"""Which rows a list of ids means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.ids import MOST, parse_ids
from core.errors import RequestError

NAMES = st.lists(st.from_regex(r"[a-z0-9_\-]{1,12}", fullmatch=True), min_size=1, max_size=8)


@given(NAMES)
def test_a_list_is_its_ids_once_and_in_order(names: list[str]) -> None:
    assert parse_ids(" , ".join([*names, "", names[0]])) == tuple(dict.fromkeys(names))


def test_a_file_has_an_id_a_line_or_rows(tmp_path: Path) -> None:
    path = tmp_path / "ids"
    lines = ["a, b", "", json.dumps({"id": 7}), json.dumps({"custom_id": "c"}), '{"id": ""}']
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert parse_ids(f"@{path}") == ("a, b", "7", "c")


@pytest.mark.parametrize("line", ['{"prompt": "x"}', '{"id": [1]}', "{"])
def test_a_line_without_an_id_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "ids"
    path.write_text(f"a\n{line}\n", encoding="utf-8")
    with pytest.raises(RequestError, match="line 2"):
        parse_ids(f"@{path}")


def test_none_and_too_many_are_refused(tmp_path: Path) -> None:
    for text in ("", " , ", f"@{tmp_path / 'none'}"):
        with pytest.raises(RequestError):
            parse_ids(text)
    with pytest.raises(RequestError, match="more than"):
        parse_ids(",".join(map(str, range(MOST + 1))))
