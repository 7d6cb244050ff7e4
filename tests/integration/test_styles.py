"""Styles: made from texts that are not kept, told to every section, gone when they are removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConflictError, NotFoundError, RequestError, TooLargeError
from domain.request import make_request
from domain.text.ngrams import tokens
from evaluators.borrowing import RUN
from tests.corpora import chinese, english
from tests.fakes import stylist
from tests.support import desk, section_calls, user_text

TEXTS = ["\n\n".join(each.paragraphs) for each in (english.LIGHTHOUSE, english.TREES)]


async def test_a_style_holds_the_manner_and_nothing_of_the_texts(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        styles = place.services.styles
        made = await styles.make("Mine", TEXTS)
        assert made.manner.language == "en"
        assert made.description == stylist.GOOD
        assert made.texts == len(TEXTS)
        assert made.note == ""
        assert len(place.fake.calls) == 1
        runs = {" ".join(words[at : at + RUN]) for text in TEXTS for words in [tokens(text)]
                for at in range(len(words))}  # fmt: skip
        for line in made.lines:
            words = tokens(line)
            assert not {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)} & runs
        assert await styles.all() == [made]
        assert await styles.get("Mine") == await styles.get(made.id) == made
        await styles.delete("Mine")
        assert await styles.all() == []


async def test_without_a_usable_answer_the_figures_remain(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse") as place:
        made = await place.services.styles.make("Mine", TEXTS)
        assert made.description == ()
        assert made.note
        assert made.lines
        quiet = await place.services.styles.make("Other", TEXTS, ask=False)
        assert (quiet.description, quiet.note) == ((), "")
        assert quiet.manner == made.manner


async def test_what_cannot_become_a_style_is_refused_with_a_reason(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        styles = place.services.styles
        with pytest.raises(RequestError, match="a style needs 200"):
            await styles.make("Mine", ["Too short."])
        with pytest.raises(RequestError, match="name has 1 to 80"):
            await styles.make(" ", TEXTS)
        with pytest.raises(TooLargeError, match="11 texts"):
            await styles.make("Mine", ["text"] * 11)
        with pytest.raises(TooLargeError, match="more than 1,000,000"):
            await styles.make("Mine", ["word " * 200_001])
        await styles.make("Mine", TEXTS, ask=False)
        with pytest.raises(ConflictError, match="already"):
            await styles.make("Mine", TEXTS)
        assert place.fake.calls == []


async def test_every_section_is_told_the_same_manner(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        made = await place.services.styles.make("Mine", TEXTS)
        before = len(place.fake.calls)
        report = await place.write(words=900, style="Mine")
        assert report.done
        calls = section_calls(place.fake)
        assert len(calls) > 1
        told = "\n".join(made.lines)
        assert all(told in user_text(call) for call in calls)
        openings = {user_text(call).split("</style-")[0] for call in calls}
        assert len(openings) == 1, "what is the same for all sections comes first"
        others = place.fake.calls[before:]
        assert sum(told in user_text(call) for call in others) == len(calls)
        document = await place.document(report)
        assert document.request.style == made.id


async def test_a_compact_model_is_told_two_lines(tmp_path: Path) -> None:
    async with desk(tmp_path, endpoint={"compact": True}) as place:
        made = await place.services.styles.make("Mine", TEXTS)
        await place.write(words=500, style=made.id)
        prompts = [user_text(call) for call in place.fake.calls]
        told = [text for text in prompts if f"Its manner: {' '.join(made.lines[:2])}\n" in text]
        assert told
        assert not any(made.lines[2] in text for text in told)


async def test_figures_of_one_language_are_not_told_in_another(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        texts = ["\n\n".join(each.paragraphs) for each in (chinese.CHAGUAN, chinese.DUKOU)]
        made = await place.services.styles.make("Mine", texts)
        assert made.manner.language == "zh"
        await place.write(words=600, style="Mine")
        told = user_text(section_calls(place.fake)[0])
        assert stylist.GOOD[0] in told
        assert made.lines[0] not in told


async def test_a_style_that_is_gone_or_another_ones_is_not_used(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        with pytest.raises(NotFoundError, match="no style 'Mine'"):
            await place.start(style="Mine")
        made = await place.services.styles.make("Mine", TEXTS, ask=False)
        user = await place.services.accounts.add("ada")
        other = place.services.of(user.id)
        assert await other.styles.all() == []
        with pytest.raises(NotFoundError):
            await other.styles.get(made.id)
        models = await place.services.endpoints.models()
        request = make_request({"prompt": "A report on rain", "style": made.id})
        with pytest.raises(NotFoundError):
            await other.runs.start(request, models)
        run = await place.start(words=400, style="Mine")
        await place.services.styles.delete("Mine")
        report = await place.carry_out(run)
        assert report.done
        assert made.lines[0] not in user_text(section_calls(place.fake)[0])


async def test_a_text_is_compared_with_a_style(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        styles = place.services.styles
        await styles.make("Mine", TEXTS, ask=False)
        _, same = await styles.likeness("Mine", "\n\n".join(TEXTS))
        _, near = await styles.likeness("Mine", "\n\n".join(english.BREAD.paragraphs))
        _, far = await styles.likeness("Mine", "You stop! I don't know why. It's cold. " * 60)
        assert same == 0
        assert same < near < far <= 1
        with pytest.raises(RequestError):
            await styles.likeness("Mine", "Short.")


async def test_files_are_read_and_not_kept(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        styles = place.services.styles
        text = await styles.read_file("essay.md", b"# Rain\n\nIt rains.\n\n```\ncode\n```\n")
        assert "It rains." in text
        assert "code" not in text
        with pytest.raises(RequestError):
            await styles.read_file("essay.exe", b"MZ\x00\x01")
