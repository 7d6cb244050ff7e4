"""Chunks and passages cover a text exactly once, within their bound, at good places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.counter import count
from sources import markdown
from sources.chunks import SMALLEST, chunks
from sources.extract import Extract, Piece, placed
from sources.passages import LEAST, MOST, passages
from tests.corpora.facts import chinese_report, report

_TOKEN = re.compile(r"\w{1,4}|\s+|.", re.DOTALL)


def tokens(text: str) -> int:
    """As a tokenizer does it: pieces of words, spaces, marks; not additive."""
    return len(_TOKEN.findall(text))


def extract(pieces: list[Piece]) -> Extract:
    return Extract("A title", "en", "md", "utf-8", 0, placed(pieces))


def read(text: str) -> Extract:
    return extract(list(markdown.read(text.encode()).pieces))


PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(["heading", "paragraph", "paragraph", "code"]),
        st.text("ab .!?。中\n", min_size=1, max_size=400).filter(str.strip),
        st.integers(1, 3),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(PIECES, st.integers(SMALLEST, 120))
def test_chunks_cover_the_text_once_and_none_is_over(pieces: list[Piece], most: int) -> None:
    source = extract(pieces)
    found = chunks(source, tokens, most)
    assert "".join(chunk.text for chunk in found) == source.text
    assert all(tokens(chunk.text) <= most for chunk in found)
    assert all(source.text[chunk.start : chunk.end] == chunk.text for chunk in found)
    assert [chunk.number for chunk in found] == list(range(1, len(found) + 1))
    assert len({chunk.id for chunk in found}) == len(found)
    assert chunks(source, tokens, most) == found


def test_a_giant_sentence_is_cut_at_words() -> None:
    source = extract([Piece("paragraph", "word " * 5_000 + "end.")])
    found = chunks(source, tokens, 100)
    assert all(tokens(chunk.text) <= 100 for chunk in found)
    assert all(chunk.text.endswith(" ") for chunk in found[:-1])
    assert len(found) <= 1.3 * tokens(source.text) / 100


def test_a_giant_word_is_cut_too() -> None:
    source = extract([Piece("paragraph", "x" * 10_000)])
    assert [len(chunk.text) for chunk in chunks(source, tokens, 50)] == [200] * 50


def test_a_heading_goes_with_its_text() -> None:
    text = "\n\n".join(f"# Part {n}\n\n" + f"Sentence number {n} is here. " * 6 for n in range(20))
    for chunk in chunks(read(text), tokens, 160):
        assert not re.search(r"Part \d+\s*$", chunk.text)
        assert re.search(rf"{chunk.place.headings[-1].removeprefix('Part')} is here", chunk.text)


def test_a_chunk_ends_before_a_heading_that_comes_soon() -> None:
    text = "\n\n".join(f"# Part {n}\n\n" + f"Sentence number {n} is here. " * 6 for n in range(20))
    for chunk in chunks(read(text), tokens, 180):
        assert chunk.text.startswith("Part")


def test_ends_are_sentence_ends() -> None:
    source = read("\n\n".join("One sentence here. Another one there! " * 20 for _ in range(5)))
    assert all(chunk.text.rstrip()[-1] in ".!" for chunk in chunks(source, tokens, 70))


def test_ids_are_those_of_the_content() -> None:
    text, _ = report(6)
    first = [chunk.id for chunk in chunks(read(text), tokens, 200)]
    longer = [chunk.id for chunk in chunks(read(f"{text}\n\n# More\n\nWords."), tokens, 200)]
    assert longer[: len(first) - 2] == first[:-2]
    twice = chunks(read("Same words.\n\n" * 40), tokens, 16)
    assert [chunk.id.partition("-")[2] for chunk in twice[:3]] == ["", "2", "3"]


def test_a_bound_is_not_too_small() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        chunks(read("Words."), tokens, SMALLEST - 1)


def test_passages_are_of_some_hundred_words() -> None:
    text, _ = report(30)
    source = read(text)
    found = passages(source, "source")
    sizes = [count(passage.text) for passage in found]
    assert max(sizes) <= MOST
    assert min(sizes) >= LEAST
    words = "".join("".join(passage.text.split()) for passage in found)
    assert words == "".join(source.text.split())
    assert {passage.source for passage in found} == {"source"}
    assert found[5].place.headings[0] == "Accounts of the coast"
    assert found[5].place.headings[1].startswith("Account ")


def test_chinese_passages_have_more_characters() -> None:
    text, _ = chinese_report(10)
    sizes = [count(passage.text) for passage in passages(read(text))]
    assert max(sizes) <= 1.6 * MOST
    assert min(sizes) >= 1.6 * LEAST


def test_a_short_text_is_one_passage() -> None:
    (found,) = passages(read("# Title\n\nA few words."))
    assert (found.text, found.title) == ("Title\n\nA few words.", "A title")
    assert found.place.headings == ("Title",)
