"""`styles` as a person uses it: made of files, listed, written in, deleted.

All but one command run inside this process, which saves their start.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpora import english
from tests.e2e import support_cli
from tests.e2e.support_cli import assert_refused, at
from tests.e2e.test_cli_endpoints import run
from tests.fakes import stylist
from tests.fakes.endpoint import run_in_thread
from tests.support import section_calls, user_text


@pytest.mark.verify
def test_a_style_is_made_of_files_and_written_in(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "light.md"
    file.write_text("\n\n".join(english.LIGHTHOUSE.paragraphs), encoding="utf-8")
    with run_in_thread() as fake:
        made = run(home, "styles", "make", "My essays", file, "--json", *at(fake)).json
        assert made["name"] == "My essays"
        assert set(stylist.GOOD) <= set(made["lines"])
        shown = run(home, "styles", "show", made["id"]).out
        assert "sentence spread" in shown
        assert "●" in shown
        assert f"- {made['lines'][0]}" in shown
        assert run(home, "styles", "list", "--json").json == [made]
        assert "My essays" in run(home, "styles", "list").out
        told = support_cli.run(home, "write", "On rain", "--words", 300, "--rounds", 0, "--style",
                               "My essays", *at(fake))  # fmt: skip
        assert told.code == 0
        assert made["lines"][0] in user_text(section_calls(fake)[0])
        assert run(home, "styles", "delete", "My essays").code == 0
        gone = run(home, "write", "On rain", "--words", 300, "--style", "My essays", *at(fake))
    assert_refused(gone, 3, "My essays", "styles list")
    assert run(home, "styles", "list", "--json").json == []


def test_without_a_model_the_figures_are_kept(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "light.txt"
    file.write_text("\n\n".join(english.TREES.paragraphs), encoding="utf-8")
    nowhere = ("--base-url", "http://127.0.0.1:9/v1", "--model", "none")
    made = run(home, "styles", "make", "A", file, *nowhere)
    assert made.code == 0
    assert "The figures are kept" in made.err
    counted = run(home, "styles", "make", "B", file, "--figures-only", "--json").json
    assert (counted["note"], counted["words"] > 200) == ("", True)


def test_files_that_tell_nothing_are_refused(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "short.md"
    file.write_text("Too short.", encoding="utf-8")
    assert_refused(run(home, "styles", "make", "A", file), 2, "a style needs 200")
    assert_refused(run(home, "styles", "make", "A", tmp_path / "none.md"), 2, "none.md")
    assert_refused(run(home, "styles", "show", "A"), 3, "no style 'A'")
