"""`write` from end to end: a process, a fake endpoint over HTTP, a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.length.contract import Length
from domain.text.counter import count
from tests.e2e.support_cli import ROOT, at, run, soundness, stored, write_file
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

FIGURES = {
    "run_id", "document_id", "status", "words", "target_words", "length_score", "outline_from",
    "sections", "calls", "prompt_tokens", "completion_tokens", "seconds",
}  # fmt: skip


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeEndpoint]:
    with run_in_thread(seed=11, models=("only",)) as endpoint:
        yield endpoint


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_example_becomes_an_article(home: Path, fake: FakeEndpoint, tmp_path: Path) -> None:
    out = tmp_path / "article.md"
    before = len(fake.calls)
    result = run(
        home, "write", "--file", ROOT / "examples" / "article.toml", "--out", out, "--json",
        "--base-url", fake.url, "--seed", 5,
    )  # fmt: skip
    assert result.code == 0, result.err
    figures = result.json
    assert figures.keys() >= FIGURES
    assert figures["status"] == "done"
    assert figures["target_words"] == 800
    assert figures["outline_from"] == "schema"
    assert figures["calls"] == len(fake.calls) - before
    assert figures["models"]["writer"] == "only"
    assert {call.model for call in fake.calls[before:]} == {"only"}
    assert {call.request.get("seed") is not None for call in fake.calls[before:]} == {True}
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert count(text) == pytest.approx(figures["words"], abs=figures["sections"] + 12)
    assert figures["length_score"] == round(Length(800).s_l(figures["words"]), 2)
    assert figures["length_score"] >= 98
    assert figures["completion_tokens"] > figures["words"] * 0.8
    for said in ("planning", "writing", "section 1 of", "Saved to", "length score"):
        assert said in result.err
    assert str(out) in result.err
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".longleaf-")]


def test_without_a_file_the_document_is_all_of_standard_output(
    home: Path, fake: FakeEndpoint
) -> None:
    result = run(home, "write", "A text on [/tidal] power", "--words", "300", *at(fake, "only"))
    assert result.code == 0, result.err
    assert result.out.startswith("# ")
    assert result.out.endswith("\n")
    assert 270 <= count(result.out) <= 340
    assert "length score" in result.err
    assert "run_" not in result.out


@pytest.mark.verify
def test_the_chinese_example_becomes_a_chinese_report(home: Path, fake: FakeEndpoint) -> None:
    result = run(
        home, "write", "--file", ROOT / "examples" / "report.zh.md", *at(fake, "only"),
        PYTHONIOENCODING="ascii",
    )  # fmt: skip
    assert result.code == 0, result.err
    assert _han(result.out) == pytest.approx(3000, rel=0.1)
    assert _han(result.out) > 0.7 * len(result.out)


def test_a_chinese_prompt_gets_chinese_of_that_length(home: Path, fake: FakeEndpoint) -> None:
    out = home.parent / "文章.md"
    result = run(
        home, "write", "写一篇800字左右的文章，介绍潮汐发电", "--out", out, "--json",
        *at(fake, "only"),
    )  # fmt: skip
    assert result.code == 0, result.err
    assert result.json["target_words"] == 800
    assert result.json["length_score"] >= 98
    assert result.json["length_score"] == round(Length(800).s_l(result.json["words"]), 2)
    text = out.read_text(encoding="utf-8")
    assert _han(text) == pytest.approx(800, rel=0.12)


def test_a_key_may_come_from_the_environment(home: Path) -> None:
    with run_in_thread(api_key="sk-kept-to-itself", models=("only",)) as endpoint:
        result = run(
            home, "write", "A text of 250 words", "--json", "--base-url", endpoint.url,
            LONGLEAF_API_KEY="sk-kept-to-itself",
        )  # fmt: skip
    assert result.code == 0, result.err
    assert "sk-kept" not in result.out + result.err
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"sk-kept" in path.read_bytes()]


def test_an_endpoint_that_fails_for_good_pauses_the_run(home: Path) -> None:
    faults = dict.fromkeys(range(2, 60), "bad_key")
    with run_in_thread(models=("only",), faults=faults) as endpoint:
        paused = run(home, "write", "A text of 700 words", "--json", "--base-url", endpoint.url)
    assert paused.code == 12, paused.err
    assert ".." not in paused.err
    assert paused.json["status"] == "paused"
    assert paused.json["reason"]
    assert f"--resume {paused.json['run_id']}" in paused.err
    assert "Traceback" not in paused.err
    with run_in_thread(models=("only",)) as endpoint:
        resumed = run(
            home, "write", "--resume", paused.json["run_id"], "--json",
            "--base-url", endpoint.url,
        )  # fmt: skip
    assert resumed.code == 0, resumed.err
    assert resumed.json["status"] == "done"
    assert stored(home) == {"documents": 1, "runs": 1}
    assert soundness(home) == "ok"


@pytest.mark.verify
def test_a_prompt_that_is_no_utf8_is_written_all_the_same(home: Path, fake: FakeEndpoint) -> None:
    prompt = b"A text about caf\xe9s [/b] \x1b[31m".decode(errors="surrogateescape")
    result = run(home, "write", prompt, "--words", "200", "--json", *at(fake, "only"))
    assert result.code == 0, result.err
    assert run(home, "runs").code == 0


@pytest.mark.verify
@pytest.mark.parametrize("name", ["request.json", "request.md", "request.txt"])
def test_every_kind_of_request_file_is_written(
    home: Path, fake: FakeEndpoint, tmp_path: Path, name: str
) -> None:
    content = {
        "request.json": '\ufeff{"prompt": "On tides", "words": 240, "strategy": "agentwrite"}',
        "request.md": "---\nwords: 240\nstrategy: agentwrite\n---\nOn tides",
        "request.txt": "On tides",
    }[name]
    options = ["--words", "240", "--strategy", "agentwrite"] if name.endswith("txt") else []
    result = run(
        home, "write", "--file", write_file(tmp_path, name, content), "--json",
        *options, *at(fake, "only"),
    )  # fmt: skip
    assert result.code == 0, result.err
    assert (result.json["target_words"], result.json["strategy"]) == (240, "agentwrite")


def _han(text: str) -> int:
    return sum("一" <= character <= "鿿" for character in text)
