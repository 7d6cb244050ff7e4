"""The card is read by machines in front and by people behind, and says what a trainer must know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from batch.card import Card, card_text, licence_of, size_category, write_card
from batch.card_text import code, table
from batch.census import Census
from batch.formats import FORMATS, format_named, line_of
from batch.funnel import Funnel
from batch.limits import Limits
from batch.records import Pair, Provenance, Sample
from batch.token_lengths import TokenLengths
from domain.length.contract import Length
from services.requests.conversations import Turn
from tests.support import TOKENS

ASK = Turn("user", "Write on tides.")


def source(run: str, **more: Any) -> Provenance:
    return Provenance(
        run_id=run, strategy="parallel", models=("m|<b>",), prompts={"write@3": "ab" * 32},
        prompt_tokens=1_000, completion_tokens=500, **more,
    )  # fmt: skip


def records() -> list[Sample | Pair]:
    return [
        Sample("a", (ASK,), "The tide comes in. " * 100, "en", Length(400),
               provenance=source("r1", cost=0.5)),
        Sample("b", (ASK,), "潮水来了。" * 60, "zh", Length(300), provenance=source("r2")),
        Sample("a", (ASK, Turn("assistant", "Plan."), ASK), "Text.", "en", kind="trace",
               provenance=source("r1", cost=0.5)),
        Pair("p", (ASK,), "Better.", "Worse still.", "en", provenance=source("r1", cost=0.5)),
    ]  # fmt: skip


def card(**more: Any) -> Card:
    census = Census(TOKENS)
    for record in records():
        census.add(record)
    return Card(
        **{"title": "Tides: a\nset", "files": {"messages": ["data/messages-00000.jsonl"],
           "kto": ["data/kto-00000.jsonl"]}, "rows": {"messages": 3, "kto": 2}, "census": census,
           "funnel": Funnel.of(9, [("read", "empty"), ("filtered", "length")]),
           "limits": Limits(), "commands": ["python app.py batch in.jsonl --out tides"], **more}
    )  # fmt: skip


def front(text: str) -> dict[str, Any]:
    _, told, _ = text.split("---\n", 2)
    found = yaml.safe_load(told)
    assert isinstance(found, dict)
    return found


def test_what_stands_in_front_declares_every_config() -> None:
    found = front(card_text(card()))
    assert found["configs"] == [
        {"config_name": "messages", "default": True,
         "data_files": [{"split": "train", "path": ["data/messages-00000.jsonl"]}]},
        {"config_name": "kto",
         "data_files": [{"split": "train", "path": ["data/kto-00000.jsonl"]}]},
    ]  # fmt: skip
    assert found["language"] == ["en", "zh"]
    assert found["tags"] == ["synthetic", "long-form", "dpo"]
    assert (found["pretty_name"], found["size_categories"]) == ("Tides: a set", ["n<1K"])
    assert "license" not in found
    assert [told["config_name"] for told in found["dataset_info"]] == ["messages", "kto"]


def test_people_read_counts_lengths_losses_and_how_to_make_it_again() -> None:
    text = card_text(card())
    assert "document 2, document pair 1, trace 1" in text
    assert "m\\|\\<b>" in text
    assert "2,000 prompt and 1,000 completion tokens, a cost of 0.50 beside 1 runs" in text
    assert "`write@3`" in text
    assert "needs a cut-off of 1,024 tokens" in text
    assert "| filtered | length | -1 | 7 |" in text
    assert "min-length-score 80," in text
    assert "python app.py batch in.jsonl --out tides" in text
    assert "None is stated yet" in text


def test_people_read_which_candidates_made_no_pair_and_how_lengths_lean() -> None:
    found = Funnel(10, {("pairs", "section: length"): 4})
    text = card_text(card(pairs=found, leans={"section": 0.004, "document": -0.012}))
    assert "| pairs | section: length | -4 | 6 |" in text
    assert "longer on the mean by: document -1.2%, section +0.4%." in text
    assert "candidates" not in card_text(card())


def test_a_licence_that_a_person_wrote_stays(tmp_path: Path) -> None:
    write_card(tmp_path, card())
    path = tmp_path / "README.md"
    assert licence_of(path.read_text(encoding="utf-8")) == []
    stated = path.read_text(encoding="utf-8").replace("---\n", "---\nlicense: cc-by-4.0\n", 1)
    path.write_text(stated, encoding="utf-8")
    write_card(tmp_path, card())
    again = path.read_text(encoding="utf-8")
    assert front(again)["license"] == "cc-by-4.0"
    assert "None is stated yet" not in again
    assert (tmp_path / "lengths.png").read_bytes().startswith(b"\x89PNG")
    info = json.loads((tmp_path / "dataset_info.json").read_text(encoding="utf-8"))
    assert list(info) == ["messages"]
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "README.md", "dataset_info.json", "lengths.png",
    ]  # fmt: skip


def test_a_card_of_nothing_is_a_card(tmp_path: Path) -> None:
    write_card(tmp_path, card(census=Census(TOKENS), rows={}, funnel=Funnel.of(0, [])))
    assert front((tmp_path / "README.md").read_text(encoding="utf-8"))["language"] == []
    assert not (tmp_path / "lengths.png").exists()


@given(st.text(max_size=40), st.text(max_size=40))
def test_names_break_nothing(title: str, command: str) -> None:
    text = card_text(card(title=title, commands=[command]))
    assert front(text)["pretty_name"] == " ".join(title.split())
    assert text.count("\n## Licence\n") == 1 + command.count("\n## Licence\n")


def test_markdown_keeps_cells_and_code_apart() -> None:
    assert table(["a"], [["x|y\nz"]]).splitlines()[-1] == "| x\\|y z |"
    assert code("bash", "```") == "````bash\n```\n````"


@pytest.mark.parametrize(
    ("rows", "name"), [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (10**9, "n>100M")]
)
def test_sizes_have_the_hubs_names(rows: int, name: str) -> None:
    assert size_category(rows) == name


def test_percentiles_are_those_of_rows() -> None:
    found = TokenLengths.of(range(1, 101))
    assert found.percentiles[0] == (0.5, 50)
    assert found.percentiles[-1] == (1.0, 100)
    assert TokenLengths.of([]).cut_off() == 0
    assert TokenLengths.of([1_024]).cut_off() == 2_048
    assert TokenLengths.of([10] * 99 + [9_000]).cut_off(0.99) == 1_024
    assert TokenLengths.of([10] * 99 + [9_000]).cut_off() == 11 * 1_024


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_the_cut_off_cuts_nothing(sizes: list[int]) -> None:
    assert TokenLengths.of(sizes).cut_off() >= max(sizes) * 1.15


@pytest.mark.verify
def test_datasets_reads_every_config(tmp_path: Path) -> None:
    """Four seconds."""
    datasets = pytest.importorskip(
        "datasets", reason='not installed: pip install -c constraints.txt -e ".[datasets]"'
    )
    files = {known.name: [f"data/{known.name}-00000.jsonl"] for known in FORMATS}
    rows = {known.name: [row for one in records() for row in known.rows(one)] for known in FORMATS}
    (tmp_path / "data").mkdir()
    for name, [path] in files.items():
        (tmp_path / path).write_text("".join(map(line_of, rows[name])), encoding="utf-8")
    write_card(tmp_path, card(files=files, rows={name: len(rows[name]) for name in rows}))
    for name, made in rows.items():
        read = datasets.load_dataset(str(tmp_path), name, split="train",
                                     cache_dir=str(tmp_path / "cache"))  # fmt: skip
        assert read.column_names == [column.name for column in format_named(name).columns]
        assert [dict(row) for row in read] == made
