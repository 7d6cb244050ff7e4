"""`import` and `export` as a person types them."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.support_cli import assert_refused, run
from tests.file_readers import read


def test_a_file_comes_in_and_goes_out_as_another(tmp_path: Path) -> None:
    home, notes, out = tmp_path / "home", tmp_path / "notes.md", tmp_path / "notes.pdf"
    notes.write_text("# Notes\n\n## One\n\nWords of mine.\n\n## 二\n\n我的话。\n", encoding="utf-8")
    taken = run(home, "import", notes, "--json")
    assert taken.code == 0, taken.err
    assert taken.json["title"] == "Notes"
    assert (taken.json["sections"], taken.json["words"]) == (2, 9)
    document = taken.json["document_id"]
    made = run(home, "export", document, "--format", "pdf", "--numbered", "--out", out)
    assert made.code == 0, made.err
    assert "我的话" in read("pdf", out.read_bytes())


def test_what_cannot_be_taken_in_is_refused(tmp_path: Path) -> None:
    image = tmp_path / "x.png"
    image.write_bytes(b"\x89PNG")
    assert_refused(run(tmp_path / "home", "import", image), 2, "'.png'", ".docx")
