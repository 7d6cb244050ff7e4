"""A demand on a text's contents, in the page's words."""

from __future__ import annotations

from domain.constraints.constraint import Place
from domain.constraints.countables import SORTS
from domain.constraints.demand import Demand
from domain.constraints.place_line import line_of, place_of
from ui.words import Words


def in_words(demand: Demand, words: Words) -> str:
    """What, how often where it is not just once, and where unless it is anywhere."""
    least, most = demand.least, demand.most
    kind = "forbid" if most == 0 else demand.kind
    what = words[f"demands.sort_{demand.text.replace(' ', '_')}"] if _sort(demand) else demand.text
    said = words[f"demands.told_{kind}"].format(what=f'"{what}"' if demand.exact else what)
    often = "" if kind == "forbid" else _often(least, most, words)
    return words["demands.told_comma"].join(filter(None, (said, often, _where(demand, words))))


def _sort(demand: Demand) -> bool:
    return demand.kind == "count" and demand.text in SORTS


def _often(least: int, most: int | None, words: Words) -> str:
    if (least, most) == (1, None):
        return ""
    after = words["demands.times_after"]
    if most is None:
        return f"{words['demands.often_least']} {least} {after}"
    if least == most:
        return f"{words['demands.often_exactly']} {least} {after}"
    if not least:
        return f"{words['demands.often_most']} {most} {after}"
    return f"{words['demands.often_between']} {least} {words['demands.to']} {most} {after}"


def _where(demand: Demand, words: Words) -> str:
    place = place_of(demand.place)
    if place.anywhere:
        return ""
    name, n = _known(place)
    told = words[f"demands.{name}"]
    return told.format(n=n, twice=2 * n, thrice=3 * n, low=place.first, high=place.last,
                       place=line_of(place))  # fmt: skip


def _known(place: Place) -> tuple[str, int]:
    """The name of the words for a place, and its one number."""
    if place.unit == "part" and (place.first, place.last) == (1, -1):
        return ("told_every", place.every) if place.every > 1 else ("where_each", 1)
    if place.unit == "section" or place.every or place.last < -1:
        return "told_other", 0
    if place.first == place.last:
        known = {1: "where_first", -1: "where_last"}
        return known.get(place.first, "told_part"), place.first
    return ("told_range", 0) if 0 < place.first < place.last else ("told_other", 0)
