"""`evaluate`: a text from a file, judged for people and for programs."""

from pathlib import Path

from tests.e2e.support_cli import assert_refused, run


def test_a_text_is_judged(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    line = "The tide rises twice a day and turns the wheels of the old mill by the bay."
    text.write_text(f"# Tides\n\n{line}\n\nSure! Here is more.\n\n{line}\n", encoding="utf-8")
    shown = run(tmp_path / "home", "evaluate", text, "--words", "200")
    assert shown.code == 0, shown.err
    assert "length contract missed" in shown.out
    assert "line 7" in shown.out
    told = run(tmp_path / "home", "evaluate", text, "--json")
    assert told.code == 0
    assert told.json["failed"] is True
    assert told.json["s_l"] is None
    assert told.json["counts"]["words"] > 30
    assert_refused(run(tmp_path / "home", "evaluate", tmp_path / "none.md"), 2, "No such file")
    assert_refused(run(tmp_path / "home", "evaluate", text, "--words", "lots"), 2, "no length")
