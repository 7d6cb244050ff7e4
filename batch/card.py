"""The dataset's card: what `datasets` reads in front, what people want to know behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from batch.card_picture import draw
from batch.card_text import Rows, bullet, code, table
from batch.census import Census
from batch.funnel import Funnel
from batch.limits import Limits
from batch.subsets import Subset, dataset_info, subset_named
from batch.token_lengths import TokenLengths
from core.files import replace_text

PICTURE = "lengths.png"
_SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"),
)  # fmt: skip
_LICENCE = """\
None is stated yet: it is for whoever publishes these data to decide. Write `license: …` between
the two lines of dashes on top; it stays there when the card is written anew. What the models'
providers allow to be done with their answers, and whose the prompts are, goes before."""
_AGAIN = """\
Model servers do not promise the same text for the same seed. What makes these rows reproducible
is the journal of calls: from it they can be exported, filtered and paired anew without a model."""


@dataclass(frozen=True)
class Card:
    """All that a card says."""

    title: str
    files: Mapping[str, Sequence[str]]
    """Each subset's files, as paths under the dataset's folder with `/`; the first with rows is
    the default."""
    rows: Mapping[str, int]
    """How many rows each subset has."""
    census: Census
    funnel: Funnel
    limits: Limits
    commands: Sequence[str] = ()
    """Which made the dataset, in order."""
    source: str = ""
    """What the prompts are from, such as a file's name and hash."""
    made_with: str = "Longleaf"
    """Name and version."""
    pairs: Funnel | None = None
    """What became of the candidates for preference pairs; None: there was no asking for any."""
    leans: Mapping[str, float] = field(default_factory=dict)
    """By kind of pair, the mean of ln(chosen / rejected length)."""

    @property
    def filled(self) -> Mapping[str, Subset]:
        """The subsets that have rows: what has none cannot be loaded."""
        return {name: subset_named(name) for name, paths in self.files.items() if paths}


def write_card(folder: Path, card: Card) -> None:
    """Write README.md, its picture, and LLaMA-Factory's `dataset_info.json`.

    The lines about a licence that a person has put into the card stay.

    Raises:
        OSError: the disk refused.
    """
    path = folder / "README.md"
    before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if card.census.written:
        draw(folder / PICTURE, card.census.written, card.census.shares)
    told = json.dumps(dataset_info(card.files), indent=2, ensure_ascii=False) + "\n"
    replace_text(folder / "dataset_info.json", told)
    replace_text(path, card_text(card, licence_of(before)))


def card_text(card: Card, licence: Sequence[str] = ()) -> str:
    """The card as Markdown, with what `datasets.load_dataset` reads in front.

    Args:
        card: what it says.
        licence: lines of the front matter about the licence, as a person wrote them.
    """
    lines = licence or ["# license: still to be decided, see below"]
    front = yaml.safe_dump(_front(card), sort_keys=False, allow_unicode=True, width=100)
    blocks = [
        "---\n" + "\n".join(lines) + "\n" + front + "---",
        f"# {' '.join(card.title.split())}",
        f"Synthetic long-form texts, written and measured with {card.made_with}.",
        *_contents(card), *_sources(card), *_lengths(card), *_left_out(card), *_again(card),
        "## Licence", "As stated above." if licence else _LICENCE,
    ]  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def licence_of(text: str) -> list[str]:
    """The front matter's lines about a licence; none where there is no front matter."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return []
    ends = [n for n, line in enumerate(lines) if n and line.strip() == "---"]
    return [line for line in lines[1 : ends[0] if ends else 0] if line.startswith("license")]


def size_category(rows: int) -> str:
    """The name that the Hub has for so many rows."""
    return next((name for most, name in _SIZES if rows < most), "n>100M")


def _front(card: Card) -> dict[str, Any]:
    filled = card.filled
    configs = [
        {"config_name": name, "data_files": [{"split": "train", "path": list(card.files[name])}],
         **({"default": True} if number == 0 else {})}
        for number, name in enumerate(filled)
    ]  # fmt: skip
    features = [
        {"config_name": name, "features": [column.feature() for column in subset.form.columns]}
        for name, subset in filled.items()
    ]
    preferences = any(subset.form.preferences for subset in filled.values())
    return {
        "pretty_name": " ".join(card.title.split()),
        "language": sorted(code for code in card.census.languages if code),
        "task_categories": ["text-generation"],
        "size_categories": [size_category(max(card.rows.values(), default=0))],
        "tags": ["synthetic", "long-form", *(["dpo"] if preferences else [])],
        "configs": configs,
        "dataset_info": features,
    }


def _contents(card: Card) -> list[str]:
    forms: Rows = [
        (f"`{name}`", _pattern(card.files[name]), f"{card.rows.get(name, 0):,}", subset.holds,
         subset.form.read_by)
        for name, subset in ((name, subset_named(name)) for name in card.files)
    ]  # fmt: skip
    kinds = ", ".join(f"{kind} {n:,}" for kind, n in sorted(card.census.kinds.items()))
    first = next(iter(card.filled), "messages")
    return [
        "## What is in it",
        table(("config", "files", "rows", "each is", "read by"), forms),
        f"They are forms of the same records: {kinds or 'none'}. `meta` is JSON: models, prompts, "
        "strategy, seed, scores, tokens, cost and run of each row, and which kind, round and "
        "section it is.",
        code("python", f'from datasets import load_dataset\nload_dataset("FOLDER", "{first}")'),
    ]  # fmt: skip


def _pattern(paths: Sequence[str]) -> str:
    """The files of a subset by one name."""
    if len(paths) < 2:
        return f"`{paths[0]}`" if paths else "none"
    return f"`{paths[0]}` to `{paths[-1].removeprefix('data/')}`"


def _sources(card: Card) -> list[str]:
    census = card.census
    spent = f"{census.prompt_tokens:,} prompt and {census.completion_tokens:,} completion tokens"
    if census.cost:
        spent += f", a cost of {census.cost:,.2f}"
    if census.unpriced and census.cost:
        spent += f" beside {census.unpriced:,} runs without a price"
    told = {
        "prompts from": [card.source] if card.source else [],
        "models": sorted(census.models),
        "strategies": sorted(census.strategies),
        "languages": [f"{name} {n:,}" for name, n in census.languages.most_common()],
        "spent": [spent],
    }
    prompts: Rows = [(f"`{name}`", f"`{digest[:16]}`") for name, digest in
                     sorted(census.prompts.items())]  # fmt: skip
    shown = [bullet(name, values) for name, values in told.items() if values]
    templates = [table(("prompt template", "version, SHA-256"), prompts)] if prompts else []
    return ["## Where it is from", "\n".join(shown), *templates]


def _lengths(card: Card) -> list[str]:
    blocks = ["## How long it is"]
    if card.census.written:
        blocks.append(f"![Lengths of the documents]({PICTURE})")
    return blocks + [block for kind, found in sorted(card.census.lengths.items())
                     for block in _cut(f"{kind}s", found)]  # fmt: skip


def _cut(name: str, found: TokenLengths) -> list[str]:
    cells: Rows = [
        (f"{share:.0%}", f"{tokens:,}", f"{found.cut_off(share):,}")
        for share, tokens in found.percentiles
    ]
    counted = "counted in o200k_base" if found.exact else "estimated from bytes"
    return [
        f"Tokens of the {name}, {counted}; the cut-off has 15 % room for other vocabularies:",
        table(("rows", "tokens up to", "cut-off"), cells),
        f"**A trainer needs a cut-off of {found.cut_off():,} tokens** (`cutoff_len`, `max_length`, "
        "`sequence_len`); below that it cuts the ends of texts without a word.",
    ]  # fmt: skip


def _left_out(card: Card) -> list[str]:
    asked = ", ".join(f"{name} {value}" for name, value in card.limits.told().items())
    leans = ", ".join(f"{kind} {lean:+.1%}" for kind, lean in sorted(card.leans.items()))
    pairs = [] if card.pairs is None else [
        "Of the candidates for preference pairs, these are none. Lengths are matched one by one "
        "and balanced over all, so that length is not what is preferred:",
        card.pairs.markdown(),
        *([f"What is chosen is longer on the mean by: {leans}."] if leans else []),
    ]  # fmt: skip
    return ["## What was left out", card.funnel.markdown(), f"Limits: {asked}.", *pairs]


def _again(card: Card) -> list[str]:
    commands = [code("bash", "\n".join(card.commands))] if card.commands else []
    return ["## How to make it again", *commands, _AGAIN]
