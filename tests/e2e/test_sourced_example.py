"""The example with sources, as a person runs it: a cited report, in Word and as PDF."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from domain.length.contract import Length
from tests.e2e.support_cli import at, environment
from tests.fakes.endpoint import run_in_thread
from tests.file_readers import read
from tests.program import ROOT

EXAMPLE = ROOT / "examples" / "sourced"
TITLES = ("The tide mill of Hollen", "A small turbine in the wheel pit", "meeting")
_MARK = re.compile(r"\[(\d+(?:[,–] ?\d+)*)\]")


def used(text: str) -> list[int]:
    """The numbers cited, in order of first use."""
    found: list[int] = []
    for mark in _MARK.findall(text):
        for part in mark.split(","):
            first, _, last = part.strip().partition("–")
            found += range(int(first), int(last or first) + 1)
    return list(dict.fromkeys(found))


@pytest.mark.verify  # 25 s
def test_the_example_becomes_a_cited_report_in_word_and_as_pdf(tmp_path: Path) -> None:
    with run_in_thread(mode="invents") as fake:
        done = subprocess.run(
            [EXAMPLE / "write.sh", tmp_path / "out", *at(fake)], capture_output=True, text=True,
            env=environment(tmp_path / "home", PYTHON=sys.executable), timeout=600, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    markdown = (tmp_path / "out" / "report.md").read_text()
    assert Length(3000).accepts(report["words"])
    body, heading, listed = markdown.rpartition("\n## References\n")
    assert heading
    entries = [int(number) for number in re.findall(r"^\[(\d+)\] ", listed, re.MULTILINE)]
    assert used(body) == entries == list(range(1, len(entries) + 1))
    cited = {title for title in TITLES if title in listed}
    assert all(any(title in line for title in cited) for line in listed.split("\n") if line)
    offered = "".join(str(call.messages) for call in fake.calls)
    assert all(title in offered for title in TITLES)  # a writer need not cite each of them
    for format in ("docx", "pdf"):
        text = read(format, (tmp_path / "out" / f"report.{format}").read_bytes())
        before, _, after = text.rpartition("References")
        assert used(before) == entries
        assert [int(number) for number in re.findall(r"\[(\d+)\] ", after)] == entries
        assert all(title in after for title in cited)
