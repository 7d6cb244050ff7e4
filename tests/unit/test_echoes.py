"""Where a repeated passage stands elsewhere, and which edge an opening belongs to."""

from evaluators.echoes import Echoes, Spot

SAID = "The tide turns the wheel twice a day, and the wheel grinds the corn of the whole village."
NEARLY = "The tide turns the wheel twice a day, and the wheel grinds all the corn of the village."
OLDER = "pond is older than the church."
TEXTS = {
    "1": f"A mill stands at the mouth of the river.\n\n{SAID}\n\nIts {OLDER}",
    "2": f"Nobody lives there now.\n\n{NEARLY}\n\n```\n{SAID}\n```\n\nThe {OLDER}",
    "3": "The pond is quite old. It is deep. Herons fish in it at dawn.",
}


def spot(key: str, words: str) -> Spot:
    start = TEXTS[key].index(words)
    return key, start, start + len(words)


def read(found: Spot | None) -> tuple[str, str] | None:
    return (found[0], TEXTS[found[0]][found[1] : found[2]]) if found else None


def test_a_passage_is_found_elsewhere_word_for_word_or_nearly() -> None:
    assert read(Echoes({**TEXTS, "2": SAID}).of(spot("1", SAID))) is not None
    assert read(Echoes(TEXTS).of(spot("1", SAID))) == ("2", NEARLY)
    assert read(Echoes(TEXTS).of(spot("2", NEARLY))) == ("1", SAID)


def test_a_passage_that_stands_once_has_no_echo() -> None:
    assert Echoes(TEXTS).of(spot("1", "A mill stands at the mouth of the river.")) is None
    assert Echoes({"1": SAID}).of(("1", 0, len(SAID))) is None


def test_an_opening_belongs_to_the_edge_that_it_resembles() -> None:
    echoes = Echoes(TEXTS)
    assert read(echoes.across(spot("3", "The pond is quite old."))) == (
        "2", "The pond is older than the church.",
    )  # fmt: skip
    assert echoes.across(spot("1", "A mill stands at the mouth of the river.")) is None


def test_an_end_belongs_to_the_next_beginning() -> None:
    found = Echoes(TEXTS).across(spot("1", "Its pond is older than the church."))
    assert read(found) == ("2", "Nobody lives there now.")
    assert Echoes(TEXTS).across(spot("3", "Herons fish in it at dawn.")) is None
