"""What a batch's journal teaches beside its documents: pairs, traces, lengthenings; no model."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from batch.formats import FORMATS
from batch.lengthenings import GROWTH
from batch.lessons import lessons
from batch.records import Sample
from batch.samples import Samples
from domain.dataset import Terms
from domain.text.counter import count
from tests.batches import BatchPlace, place, rows
from tests.fakes.judge import SLIP
from tests.support import FORBIDDEN, desk
from tests.trainer_schemas import check

PAIRS = ",".join(form.name for form in FORMATS if form.preferences)
SAMPLES = ",".join(form.name for form in FORMATS if not form.preferences)
RECORDS = ("documents", "traces", "generator", "extender")


@asynccontextmanager
async def written(
    path: Path, number: int = 1, words: int = 300, strategy: str = "parallel", rounds: int = 0,
    **fake: Any,
) -> AsyncIterator[BatchPlace]:  # fmt: skip
    """A batch that is done, of a fake that is like this."""
    async with desk(path / "home", **fake) as there:
        batch = place(there, path, rows(number, words))
        runner = await batch.runner(terms=Terms(strategy=strategy, rounds=rounds))
        await runner.work()
        assert runner.why is None
        calls = len(there.fake.calls)
        yield batch
        assert len(there.fake.calls) == calls


def meta(row: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(row["meta"]))


def text(row: dict[str, Any], column: str) -> str:
    return str(row[column][-1]["content"])


async def learnt(batch: BatchPlace, *kinds: str) -> tuple[Sample, list[Any]]:
    """The first row's document, and what else its making teaches, pairs before they are chosen."""
    built = batch.desk.services
    [item] = await batch.items()
    samples = Samples(built.documents, built.calls)
    sample = await samples.of(item)
    return sample, list(lessons(sample, await samples.history(item), kinds))


async def test_a_critic_s_revisions_are_candidates(tmp_path: Path) -> None:
    async with written(tmp_path, 1, 500, rounds=1, mode="slips", tries=1) as batch:
        sample, found = await learnt(batch, "document pair", "section pair")
        done = await batch.export(f"messages,{PAIRS}")
        for name, stem in zip(done.files, ("train", *list(done.files)[1:]), strict=True):
            check(name, batch.data(stem))
    whole, *sections = found
    assert done.pairs is not None
    assert done.pairs.entered == len(found) > 1
    assert done.rows["kto"] == 2 * done.rows["trl-dpo"]
    for pair in found:
        assert pair.chosen_score > pair.rejected_score
        assert SLIP[False] in pair.rejected
        assert SLIP[False] not in pair.chosen
        told = json.loads(pair.meta)
        assert (told["strategy"], told["models"], told["line"]) == ("parallel", ["fake"], 1)
        assert {"reviser/edits", "writer/section"} <= set(told["prompts"])
    for pair in sections:
        assert f"Write section {pair.section} now." in pair.turns[-1].text
        assert pair.turns[-1].text.endswith(f"Length: about {count(pair.chosen)} words.")
    assert (whole.turns, whole.chosen) == (sample.turns, sample.answer)
    headings = [re.findall(r"^#+ .*", text, re.M) for text in (whole.chosen, whole.rejected)]
    assert headings[0] == headings[1]
    assert whole.rejected.count(SLIP[False]) == len(headings[0]) - 1 == whole.round


async def test_what_the_gates_refused_stands_beside_what_was_written_anew(tmp_path: Path) -> None:
    async with written(tmp_path, mode="wrong_language", tries=1) as batch:
        _, found = await learnt(batch, "draft pair")
        done = await batch.export("trl-dpo")
    assert done.pairs is not None
    assert done.pairs.entered == len(found) > 0
    for pair in found:
        assert (pair.why, pair.round) == ("failed: language", 1)
        assert (pair.chosen_score, pair.rejected_score) == (100, 0)
        assert pair.rejected[0] > "\u3000" > pair.chosen[0]
        assert "An earlier attempt" not in pair.turns[-1].text


async def test_refusals_are_too_short_to_be_paired(tmp_path: Path) -> None:
    async with written(tmp_path, mode="refuse", tries=1) as batch:
        done = await batch.export("trl-dpo")
    assert done.rows == {"messages": 1, "trl-dpo": 0}
    assert done.files["trl-dpo"] == []
    assert done.pairs is not None
    assert set(done.pairs.dropped) == {("pairs", "draft: length")}
    card = (batch.folder.root / "README.md").read_text(encoding="utf-8")
    assert "config_name: trl-dpo" not in card
    assert "| pairs | draft: length |" in card


async def test_a_text_that_grew_teaches_generator_and_extender(tmp_path: Path) -> None:
    async with written(tmp_path, 1, 500, "self_lengthen", mode="short") as batch:
        await batch.export("messages", records=RECORDS)
        [document] = batch.data("train")
        generator, extender = batch.data("generator-messages"), batch.data("extender-messages")
        check("messages", [*generator, *extender])
    assert [meta(row)["round"] for row in generator] == [0, 2]
    assert generator[1]["messages"] == document["messages"]
    whole = [row for row in extender if not meta(row)["section"]]
    assert [meta(row)["round"] for row in whole] == [1, 2]
    assert text(whole[0], "messages") in whole[1]["messages"][0]["content"]
    assert text(whole[1], "messages") == text(document, "messages")
    pieces = [row for row in extender if meta(row)["section"]]
    assert pieces
    for row in pieces:
        piece = re.search(r"<piece-\w+>\n(.*?)\n</piece", row["messages"][1]["content"], re.S)
        assert piece is not None
        assert count(text(row, "messages")) > GROWTH * count(piece[1])
        assert text(row, "messages") in text(document, "messages")


@pytest.mark.parametrize("strategy", ["agentwrite", "self_lengthen"])
async def test_a_trace_says_everything_once(tmp_path: Path, strategy: str) -> None:
    async with written(tmp_path, 1, 600, strategy) as batch:
        await batch.export(SAMPLES, records=("documents", "traces"))
        [document], [trace] = batch.data("train"), batch.data("trace-messages")
        for name in ("messages", "prompt-completion", "sharegpt", "longwriter"):
            check(name, batch.data(f"trace-{name}"))
        assert not batch.data("trace-alpaca")
    turns = [turn["content"] for turn in trace["messages"]]
    plan = json.loads(turns[2])
    answers = turns[4::2] if strategy == "agentwrite" else turns[6::2]
    assert len(answers) == len(plan["sections"]) > 1
    told = "\n".join(turns)
    for answer in answers:
        assert told.count(answer) == 1
        assert answer in text(document, "messages")
    assert told.count("Write about harbour 0\n") == 1
    assert len(re.findall("^Write section", told, re.M)) == len(answers)
    assert not FORBIDDEN.search("\n".join(answers))


async def test_what_is_not_named_stays_as_it_was(tmp_path: Path) -> None:
    async with written(tmp_path, mode="wrong_language", tries=1) as batch:
        await batch.export("messages", records=("documents", "traces"), commands=["first"])
        await batch.export("trl-dpo", kinds=("draft",), commands=["second"])
        names = {path.name for path in batch.folder.data.iterdir()}
        assert {"train-00000.jsonl", "trace-messages-00000.jsonl"} <= names
        assert names <= {"train-00000.jsonl", "trace-messages-00000.jsonl",
                         "draft-trl-dpo-00000.jsonl"}  # fmt: skip
        before = {path.name: path.read_bytes() for path in batch.folder.data.iterdir()}
        await batch.export()
        assert {path.name: path.read_bytes() for path in batch.folder.data.iterdir()} == before
        info = json.loads((batch.folder.root / "dataset_info.json").read_text(encoding="utf-8"))
        assert set(info) == {"messages", "trace-messages"}
        done = await batch.export("llamafactory-dpo,alpaca")
        assert list(done.rows) == ["alpaca", "trace-alpaca", "draft-llamafactory-dpo"]
        assert not batch.data("trace-messages") + batch.data("draft-trl-dpo")
        card = (batch.folder.root / "README.md").read_text(encoding="utf-8")
        assert "first\nsecond\n" in card


@pytest.mark.verify
async def test_datasets_reads_every_subset_of_a_real_batch(tmp_path: Path) -> None:
    """Some 15 seconds."""
    datasets = pytest.importorskip(
        "datasets", reason='not installed: pip install -c constraints.txt -e ".[datasets]"'
    )
    async with written(
        tmp_path, 3, 500, "self_lengthen", rounds=1, mode="slips+short", tries=1
    ) as batch:
        done = await batch.export(f"{SAMPLES},{PAIRS}", records=RECORDS)
    stems = {name: name for name in done.rows} | {"messages": "train"}
    assert len(done.rows) == 5 * 4 + 4
    for name, number in done.rows.items():
        form = next(form for form in FORMATS if f"-{name}".endswith(f"-{form.name}"))
        check(form.name, batch.data(stems[name]))
        if number:
            read = datasets.load_dataset(str(batch.folder.root), name, split="train",
                                         cache_dir=str(tmp_path / "cache"))  # fmt: skip
            assert [dict(row) for row in read] == batch.data(stems[name])
    empty = {name for name, number in done.rows.items() if not number}
    assert {"trace-alpaca"} <= empty <= {"trace-alpaca", *PAIRS.split(",")}
