"""Which records a dataset holds in which forms: each a subset with a name and files of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, get_args

from batch.formats import FORMATS, Format, format_named
from batch.records import Pair, PairKind, Sample, SampleKind
from core.errors import RequestError

DOCUMENTS, ALL = "document", "all"
PAIR_KINDS: tuple[str, ...] = (ALL, *get_args(PairKind))
"""All pairs, or those of one kind."""
RECORDS = {"documents": DOCUMENTS, "traces": "trace", "generator": "generator",
           "extender": "extender"}  # fmt: skip
"""What people call the kinds of samples."""
_USUAL, _USUAL_PAIRS = format_named("messages"), format_named("trl-dpo")
_HOLDS = {
    "document": "the document for its prompt",
    "trace": "a plan, then a section a turn: what was asked and answered",
    "generator": "long texts for prompts (Self-Lengthen), the first draft as round 0",
    "extender": "a text made longer (Self-Lengthen), of documents and of sections",
    "all": "pairs of all kinds",
    "document pair": "documents before and after their critic's revisions",
    "section pair": "sections before and after their critic's revisions",
    "draft pair": "sections that the gates refused and those written anew",
}


@dataclass(frozen=True)
class Subset:
    """Records of one kind in one form."""

    kind: str
    """Of `SampleKind`, or for a format of preferences one of `PAIR_KINDS`."""
    form: Format[Any]

    @property
    def name(self) -> str:
        """Such as `messages`, `trace-messages`, `trl-dpo`, `section-trl-dpo`."""
        return self.form.name if self.kind in self._plain else f"{self.kind}-{self.form.name}"

    @property
    def holds(self) -> str:
        """What it is, for people."""
        return _HOLDS[ALL if self.kind == ALL else self.labels[0]]

    @property
    def labels(self) -> tuple[str, ...]:
        """The kinds of records in it, as records tell them."""
        if not self.form.preferences:
            return (self.kind,)
        return tuple(f"{kind} pair" for kind in get_args(PairKind) if self.kind in (kind, ALL))

    def takes(self, record: Sample | Pair) -> bool:
        """Whether the record belongs here."""
        return record.label in self.labels

    @property
    def _plain(self) -> tuple[str, ...]:
        return (ALL,) if self.form.preferences else (DOCUMENTS,)


def subset_named(name: str) -> Subset:
    """The subset of this name; raises RequestError if there is none."""
    return _NAMED.get(name) or Subset(DOCUMENTS, format_named(name))


def subsets(
    formats: Sequence[Format[Any]],
    records: Sequence[str],
    kinds: Sequence[str],
    known: Sequence[str],
) -> tuple[Subset, ...]:
    """What a dataset is to hold: what is asked for, and for the rest what it holds already.

    Samples are documents in `messages` where nobody has said anything else; pairs are there once
    somebody has asked for them, all in `trl-dpo` where no format was named.

    Args:
        formats: of samples, of pairs, or of both.
        records: kinds of samples, as people call them (`RECORDS`); none: as they are.
        kinds: of pairs (`PAIR_KINDS`); none: as they are.
        known: names of the subsets that it holds already.
    """
    before = [_NAMED[name] for name in known if name in _NAMED]
    samples = [each for each in before if not each.form.preferences]
    pairs = [each for each in before if each.form.preferences]
    return (
        *_chosen([form for form in formats if not form.preferences],
                 [RECORDS[name] for name in records], samples or [Subset(DOCUMENTS, _USUAL)]),
        *_chosen([form for form in formats if form.preferences], kinds,
                 pairs or [Subset(ALL, _USUAL_PAIRS)] if kinds else pairs),
    )  # fmt: skip


def stems_of(subsets: Sequence[Subset]) -> list[str]:
    """What the subsets' files are called; those of documents that come first `train`."""
    names = [each.name for each in subsets]
    return ["train", *names[1:]] if subsets and subsets[0].kind == DOCUMENTS else names


def dataset_info(files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What LLaMA-Factory's `dataset_info.json` says: how each file is read that it can read.

    Args:
        files: names of subsets, each with its files as seen from the folder of this one. A subset
            of one file is entered under its own name, else each file under its stem.
    """
    entries: dict[str, Any] = {}
    for name, paths in files.items():
        told = subset_named(name).form.llamafactory
        for path in paths if told is not None else ():
            entry = name if len(paths) == 1 else PurePosixPath(path).stem
            entries[entry] = {"file_name": path, **(told or {})}
    return entries


def parse_names(text: str, known: Iterable[str], what: str) -> tuple[str, ...]:
    """The names of a list such as `documents,traces`, each once; raises RequestError."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    listed = tuple(known)
    for name in names:
        if name not in listed:
            raise RequestError(
                f"there are no {what} {name[:40]!r} here", f"Use of these: {', '.join(listed)}."
            )
    return names


def _chosen(
    formats: Sequence[Format[Any]], kinds: Sequence[str], before: Sequence[Subset]
) -> list[Subset]:
    """Every kind in every format; what is not said is as before."""
    if not formats and not kinds:
        return list(before)
    forms = formats or list(dict.fromkeys(each.form for each in before))
    of = kinds or list(dict.fromkeys(each.kind for each in before)) or [ALL]
    return [Subset(kind, form) for form in forms for kind in of]


_NAMED = {
    each.name: each
    for form in FORMATS
    for each in (
        Subset(kind, form) for kind in (PAIR_KINDS if form.preferences else get_args(SampleKind))
    )
}
STEMS = frozenset({"train", *_NAMED})
"""What files of any subset may be called."""
