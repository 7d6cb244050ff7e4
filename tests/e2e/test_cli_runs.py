"""`runs`, `export` and `doctor`: what there is, getting it out, and what works here."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.support_cli import (
    assert_refused,
    at,
    command,
    environment,
    run,
    write_file,
)
from tests.fakes.endpoint import run_in_thread

PROMPTS = ("A text about kites", "A text about boats")
CHECKS = {"endpoint", "model", "window", "database", "SQLite", "disk", "fonts"}


@dataclass(frozen=True)
class Archive:
    """A data folder with two finished documents, the reports in the order of writing."""

    home: Path
    reports: list[dict[str, Any]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    home = tmp_path_factory.mktemp("archive") / "home"
    with run_in_thread(seed=3) as endpoint:
        results = [
            run(home, "write", prompt, "--words", "240", "--json", *at(endpoint))
            for prompt in PROMPTS
        ]
    assert [result.code for result in results] == [0, 0], results
    return Archive(home, [result.json for result in results])


def test_runs_are_listed_newest_first(archive: Archive) -> None:
    listed = run(archive.home, "runs", "--json", "--limit", "2")
    assert listed.code == 0, listed.err
    assert listed.err == ""
    older, newer = archive.reports
    assert listed.json == [newer, older]


def test_a_document_is_exported_by_any_of_its_names(archive: Archive, tmp_path: Path) -> None:
    report, _ = archive.reports
    document = str(report["document_id"])
    prefix = document[: len("doc_") + 4]
    markdown = run(archive.home, "export", report["run_id"]).out
    assert markdown.startswith(f"# {report['title']}\n")
    out = tmp_path / "out.json"
    saved = run(archive.home, "export", prefix, "--format", "json", "--out", out)
    assert saved.code == 0, saved.err
    assert saved.out == ""
    assert str(out) in saved.err
    data = json.loads(out.read_text(encoding="utf-8"))
    assert (data["id"], data["markdown"]) == (document, markdown)
    assert sum(section["words"] for section in data["sections"]) == report["words"]


def test_what_cannot_be_exported_is_refused(archive: Archive) -> None:
    document = archive.reports[0]["document_id"]
    wrong = run(archive.home, "export", document, "--format", "doc")
    assert_refused(wrong, 2, "unknown format 'doc'", "md")
    binary = run(archive.home, "export", document, "--format", "docx")
    assert_refused(binary, 2, "docx is no text to print", "--out document.docx")
    assert_refused(run(archive.home, "export", "doc_"), 2, "too short", "4 characters")


def test_a_reader_that_leaves_early_is_no_error_to_tell(archive: Archive) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command("export", archive.reports[0]["document_id"]),
        env=environment(archive.home), stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == b""


def test_a_full_disk_under_the_output_is_told(archive: Archive) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command("export", archive.reports[0]["document_id"]),
            env=environment(archive.home), stdout=full, stderr=subprocess.PIPE, check=False,
            encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 6
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1


def test_the_doctor_finds_a_good_endpoint(tmp_path: Path) -> None:
    with run_in_thread(models=("only",), window=16_384, publish="vllm") as endpoint:
        sound = run(tmp_path / "home", "doctor", "--json", "--base-url", endpoint.url)
    checks = {check["name"]: check for check in sound.json}
    assert checks.keys() >= CHECKS
    assert endpoint.url in checks["endpoint"]["found"]
    assert checks["model"]["found"] == "only"
    assert "16,384" in checks["window"]["found"]
    assert "longleaf.db" in checks["database"]["found"]
    assert not [name for name, check in checks.items() if not check["ok"] and not check["remedy"]]
    assert sound.code == 0, sound.out
    assert sound.err == ""


def test_the_doctor_tells_what_is_missing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = write_file(tmp_path, "longleaf.toml", "\n".join([
        'endpoint = "[gone]"', 'database_url = "sqlite:///%s"' % (tmp_path / "apart.db"),
        '[endpoints."[gone]"]', 'base_url = "http://127.0.0.1:9/v1"',
    ]))  # fmt: skip
    result = run(home, "doctor", COLUMNS="160", LONGLEAF_CONFIG=str(settings))
    assert result.code == 1
    assert "[gone] at http://127.0.0.1:9/v1" in result.out
    assert "is the server running" in result.out
    assert "apart.db" in result.out
    assert "Traceback" not in result.err
    unsettled = run(home, "doctor", "--json", "--endpoint", "nowhere")
    assert unsettled.code == 1
    [check] = [check for check in unsettled.json if not check["ok"]]
    assert check["name"] == "endpoint"
    assert check["remedy"]
