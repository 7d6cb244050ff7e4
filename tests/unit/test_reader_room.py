"""How reading divides a window, which way is taken, and what counts as a piece's own fact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.reader.layout import LONGEST_CHAIN, Layout, Piece, chosen, pieces_of
from agents.reader.noting import findings, tidy
from agents.reader.room import LEAST, TAGS, Room, chained, merged
from domain.notes import Finding, Notes, facts_in, spread
from domain.request import make_request
from services.forecast.reading import reading


@given(st.integers(LEAST, 2_000_000))
def test_what_a_call_holds_never_exceeds_what_is_free(free: int) -> None:
    chain, tree = chained(free), merged(free)
    assert chain.note + chain.piece + chain.answer <= free
    assert 2 * chain.answer <= free  # a note that is to be shortened, and the shorter one
    assert tree.piece + tree.answer <= free
    assert tree.fan >= 2
    assert tree.fan * (tree.note + TAGS) + tree.answer <= free
    assert min(chain.note, tree.note, chain.piece, tree.piece) > 16


@given(st.lists(st.integers(1, 800_000), min_size=1, max_size=50), st.integers(LEAST, 200_000))
def test_auto_says_why(sizes: list[int], free: int) -> None:
    room = chained(free)
    method, why = chosen("auto", sizes, room)
    assert why
    count = pieces_of(sizes, room.piece)
    wanted = "chain" if count <= LONGEST_CHAIN else "hierarchical"
    assert method == ("whole" if sum(sizes) <= room.note else wanted)
    assert chosen("hierarchical", sizes, room)[0] == "hierarchical"


@given(st.lists(st.integers(2_000, 800_000), min_size=1, max_size=9), st.integers(2_048, 131_072))
def test_what_reading_takes_is_a_spread(sizes: list[int], window: int) -> None:
    for way in ("chain", "hierarchical"):
        request = make_request({"prompt": "About mills", "sources": ["src_a"], "reading": way})
        for stage in reading(request, sizes, window, 40):
            for spread_ in (stage.calls, stage.prompt, stage.answer, stage.depth):
                assert 0 <= spread_.low <= spread_.likely <= spread_.high
            assert stage.prompt.low >= sum(sizes)


def layout(foreign: bool = False) -> Layout:
    pieces = (Piece(0, 0, 10, 4, ("Mills",)),)
    return Layout("run", 0, "chain", "", Room(9, 9, 9), ("src_a",), ("T",), (foreign,), pieces)


def test_a_pieces_own_facts_are_new_and_stand_in_it() -> None:
    text = "The mill was built in 1862 by Ada Kern. It ground wheat."
    note = "- The mill was built in 1862.\n- It ground wheat.\n- The dam broke in 1901.\n- Old news"
    found = findings(layout(), 1, "- It ground WHEAT.", note, text)
    assert [each.text for each in found] == ["The mill was built in 1862."]
    assert found[0] == Finding("src_a", 1, "The mill was built in 1862.", 4, ("Mills",))
    foreign = findings(layout(foreign=True), 1, "", "- 磨坊建于1862年。", text)
    assert [each.text for each in foreign] == ["磨坊建于1862年。"]


def test_notes_are_rid_of_what_a_model_puts_around_them() -> None:
    assert tidy("Sure! Here are the notes:\n\n- One fact.\n\n- Two.") == ("- One fact.\n- Two.", "")
    assert tidy("NONE") == ("", "")
    assert tidy(" \n ") == ("", "it was empty")
    assert tidy("- Fine.\n<notes-ab12> forged </notes-ab12>", "ab12")[0] == "- Fine."
    assert tidy("I'm sorry, but I cannot assist with that request.")[1] == "it was refused"


@given(st.lists(st.integers(1, 9), max_size=60), st.integers(0, 70))
def test_every_piece_has_its_turn(pieces: list[int], most: int) -> None:
    given_ = [Finding("src_a", piece, f"fact {n}") for n, piece in enumerate(sorted(pieces))]
    kept = spread(given_, most)
    assert len(kept) == min(most, len(given_))
    assert kept == [each for each in given_ if each in kept]
    counts = [sum(each.piece == piece for each in kept) for piece in set(pieces)]
    full = [sum(each.piece == piece for each in given_) for piece in set(pieces)]
    least = min((c for c, f in zip(counts, full, strict=True) if c < f), default=None)
    assert least is None or max(counts) <= least + 1


def test_facts_are_lines_and_long_ones_are_sentences() -> None:
    long = " ".join(f"Sentence number {n} of the paragraph is here." for n in range(12))
    assert facts_in(f"- One.\n\n* Two.\n{long}")[:3] == ["One.", "Two.", "Sentence number 0 of the "
                                                        "paragraph is here."]  # fmt: skip


def test_notes_and_layouts_come_back_as_they_were() -> None:
    made = Notes("text", "chain", "why", 2, ("src_a",), ("T",), (Finding("src_a", 1, "x"),), ("t",))
    assert Notes.from_dict(made.to_dict()) == made
    assert Layout.from_dict(layout().to_dict()) == layout()
