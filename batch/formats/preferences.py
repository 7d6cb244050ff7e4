"""The formats of preference tuning: two answers to one prompt, as each trainer wants them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from batch.formats.base import Column, Data, Format
from batch.formats.turns import Order, alternating, answer, messages, values
from batch.records import Pair

_VALUES = ("from", "value")


class _Preferences(Format[Pair]):
    takes = Pair

    def bodies(self, record: Pair) -> Iterator[tuple[str, Data]]:
        """The rows of a pair whose answers are there and differ."""
        order = alternating(record.turns)
        chosen, rejected = record.chosen.strip(), record.rejected.strip()
        if order is not None and chosen and rejected and chosen != rejected:
            yield from self.forms(order, record)

    def forms(self, order: Order, pair: Pair) -> Iterator[tuple[str, Data]]:
        """What is added to the id, and the columns."""
        raise NotImplementedError


class TrlDpo(_Preferences):
    """Explicit prompt and two completions, all lists of messages."""

    name = "trl-dpo"
    read_by = "TRL (DPO, CPO, ORPO)"
    body = (Column("prompt", "turns"), Column("chosen", "turns"), Column("rejected", "turns"))

    def forms(self, order: Order, pair: Pair) -> Iterator[tuple[str, Data]]:
        """One row."""
        yield (
            "",
            {
                "prompt": messages(order.turns),
                "chosen": messages((answer(pair.chosen),)),
                "rejected": messages((answer(pair.rejected),)),
            },
        )


class LlamaFactoryDpo(_Preferences):
    """ShareGPT's turns up to the user's last, and one answer each in `chosen` and `rejected`."""

    name = "llamafactory-dpo"
    read_by = "LLaMA-Factory (`ranking: true`)"
    body = (
        Column("conversations", "turns", _VALUES), Column("chosen", "turn", _VALUES),
        Column("rejected", "turn", _VALUES), Column("system", blank=True),
    )  # fmt: skip
    llamafactory: ClassVar[Any] = {
        "formatting": "sharegpt", "ranking": True,
        "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected",
                    "system": "system"},
    }  # fmt: skip

    def forms(self, order: Order, pair: Pair) -> Iterator[tuple[str, Data]]:
        """One row."""
        yield (
            "",
            {
                "conversations": values(order.spoken),
                "chosen": values((answer(pair.chosen),))[0],
                "rejected": values((answer(pair.rejected),))[0],
                "system": order.system,
            },
        )


class AxolotlDpo(_Preferences):
    """`messages` up to the user's last, and one message each in `chosen` and `rejected`."""

    name = "axolotl-dpo"
    read_by = "axolotl (`chat_template.default`)"
    body = (Column("messages", "turns"), Column("chosen", "turn"), Column("rejected", "turn"))

    def forms(self, order: Order, pair: Pair) -> Iterator[tuple[str, Data]]:
        """One row."""
        yield (
            "",
            {
                "messages": messages(order.turns),
                "chosen": messages((answer(pair.chosen),))[0],
                "rejected": messages((answer(pair.rejected),))[0],
            },
        )


class Kto(_Preferences):
    """Unpaired: each pair is a desirable and an undesirable completion of the same prompt."""

    name = "kto"
    read_by = "TRL (KTO)"
    body = (Column("prompt", "turns"), Column("completion", "turns"), Column("label", "bool"))

    def forms(self, order: Order, pair: Pair) -> Iterator[tuple[str, Data]]:
        """Two rows."""
        for suffix, text, label in (("-chosen", pair.chosen, True),
                                    ("-rejected", pair.rejected, False)):  # fmt: skip
            yield (
                suffix,
                {
                    "prompt": messages(order.turns),
                    "completion": messages((answer(text),)),
                    "label": label,
                },
            )
