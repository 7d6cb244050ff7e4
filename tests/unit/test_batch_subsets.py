"""What a dataset holds is said once: what nobody names stays as it was."""

from __future__ import annotations

import pytest

from batch.formats import FORMATS, parse_formats
from batch.records import Pair, Sample
from batch.subsets import (
    DOCUMENTS,
    PAIR_KINDS,
    RECORDS,
    STEMS,
    dataset_info,
    parse_names,
    subset_named,
    subsets,
)
from core.errors import RequestError
from services.requests.conversations import Turn

ASK = (Turn("user", "Write."),)


def names(
    formats: str, records: tuple[str, ...] = (), kinds: tuple[str, ...] = (),
    known: tuple[str, ...] = (),
) -> list[str]:  # fmt: skip
    forms = parse_formats(formats) if formats else ()
    return [each.name for each in subsets(forms, records, kinds, known)]


def test_documents_in_messages_are_the_beginning() -> None:
    assert names("") == ["messages"]
    assert names("kto") == ["messages", "kto"]
    assert names("sharegpt,trl-dpo,alpaca") == ["sharegpt", "alpaca", "trl-dpo"]
    assert names("", kinds=("all",)) == ["messages", "trl-dpo"]


def test_what_is_named_takes_the_place_of_its_own_sort_only() -> None:
    known = ("messages", "trace-messages", "section-kto")
    assert names("", known=known) == list(known)
    assert names("alpaca", known=known) == ["alpaca", "trace-alpaca", "section-kto"]
    assert names("", ("documents",), known=known) == ["messages", "section-kto"]
    assert names("trl-dpo", known=known) == ["messages", "trace-messages", "section-trl-dpo"]
    assert names("", kinds=("all", "draft"), known=known) == [
        "messages", "trace-messages", "kto", "draft-kto",
    ]  # fmt: skip
    assert names("", known=("messages", "of another version")) == ["messages"]


def test_each_record_knows_its_subsets() -> None:
    section = Pair("p", ASK, "Good.", "Bad.", "en", "section")
    trace = Sample("s", ASK, "Text.", "en", kind="trace")
    taking = {name for name in STEMS - {"train"} for each in (subset_named(name),)
              if each.takes(section)}  # fmt: skip
    pairs = {form.name for form in FORMATS if form.preferences}
    assert taking == pairs | {f"section-{name}" for name in pairs}
    assert subset_named("trace-longwriter").takes(trace)
    assert not subset_named("longwriter").takes(trace)
    assert all(subset_named(name).holds for name in STEMS - {"train"})
    with pytest.raises(RequestError, match="format"):
        subset_named("nothing")


def test_names_are_read_from_lists() -> None:
    assert parse_names(" traces,documents,traces,", RECORDS, "records") == (
        "traces",
        DOCUMENTS + "s",
    )
    assert parse_names("", PAIR_KINDS, "pairs") == ()
    with pytest.raises(RequestError, match="there are no pairs 'step'"):
        parse_names("step", PAIR_KINDS, "pairs")


def test_llamafactory_finds_the_files_of_every_subset() -> None:
    found = dataset_info({
        "section-llamafactory-dpo": ["data/a.jsonl"], "kto": ["data/b.jsonl"],
        "trace-messages": ["data/t-00000.jsonl", "data/t-00001.jsonl"], "alpaca": [],
    })  # fmt: skip
    assert {name: entry["file_name"] for name, entry in found.items()} == {
        "section-llamafactory-dpo": "data/a.jsonl", "t-00000": "data/t-00000.jsonl",
        "t-00001": "data/t-00001.jsonl",
    }  # fmt: skip
    assert found["section-llamafactory-dpo"]["ranking"] is True
