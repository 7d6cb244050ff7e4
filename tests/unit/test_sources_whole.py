"""From a pasted source to a cited text and back: how the parts go together."""

from __future__ import annotations

import re

from prompts.library import fence_of
from sources.chunks import chunks
from sources.citations import Bibliography
from sources.claims import claims, doubts
from sources.index import Index
from sources.passages import passages
from sources.reading import read_pasted
from sources.references import heading, listed
from sources.showing import numbered, shown
from tests.corpora.facts import report


def test_from_a_source_to_a_cited_text() -> None:
    text, facts = report(20)
    source = read_pasted(text)
    assert source.title == "Accounts of the coast"
    notes = chunks(source, lambda part: len(part) // 4 + 1, 1_000)
    assert "".join(chunk.text for chunk in notes) == source.text

    index = Index(passages(source, "s1"))
    bibliography = Bibliography()
    written = []
    for fact in facts[:3]:
        given = numbered(hit.passage for hit in index.search(fact.question, 4))
        prompt = shown(given, fence_of("run"))
        assert fact.sentence in prompt
        number = next(n for n, each in given.items() if fact.sentence in each.text)
        wrong = re.sub(r"\d+", "77777", fact.sentence)
        model = f"{fact.sentence[:-1]} [{number}]. {wrong[:-1]} [{number}, 99]."
        assert [claim.passages for claim in claims(model, given)] == [(given[number],)] * 2
        written.append(bibliography.resolve(model, given))

    assert [len(each.findings) for each in written] == [1, 1, 1]
    pages = {facts.index(fact) + 1 for fact in facts[:3]}
    assert {each.place.headings[-1] for each in bibliography.references} == {
        f"Account {page}" for page in pages
    }
    made = [doubt for each in written for doubt in doubts(claims(each.text, bibliography.given))]
    assert [doubt.numbers for doubt in made] == [("77777",)] * 3
    entries = listed(bibliography.references, "en").split("\n\n")
    assert entries[0] == "[1] *Accounts of the coast*, “Account 1”."
    assert len(entries) == 3
    assert heading("en") == "References"
