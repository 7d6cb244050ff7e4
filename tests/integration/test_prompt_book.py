"""A person's copies of prompts: tried before they are kept, never able to break a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.request import make_request
from prompts import own
from prompts.library import PromptFaultError, PromptLibrary, new_fence
from services.settings.prompt_book import EXAMPLE, role_of
from services.settings.prompt_samples import material, samples
from tests.door import PROMPT, door

PROMPTS = "/api/v1/prompts"
NAMES = PromptLibrary().names()
SECTION = PromptLibrary().source("writer/section")


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_kept_as_it_is_and_be_filled_in(name: str) -> None:
    library = PromptLibrary()
    source = library.source(name)
    copy = own.editable(source)
    own.check(source, copy)
    assert own.locked(source) not in copy
    assert role_of(name) or name.startswith("judge/")
    for request in (EXAMPLE, {"prompt": "潮汐", "words": 30}, {"prompt": "x", "words": 90_000}):
        for sample in samples(material(make_request(dict(request)))):
            built_in = library.render(name, "0badcafe", **sample)
            tried = library.trial(name, copy, "0badcafe", **sample)
            assert (tried.system, tried.user) == (built_in.system, built_in.user)


TASK = "{% block system %}You write.{% endblock %}\n{% block shared %}{% endblock %}\n"


FAULTY = (
    ("{{ colour }}", 3, "colour"),
    ("{{ section.colour }}", 3, "colour"),
    ("{% if %}", 3, ""),
    ("\n\n{{ prompt", 5, ""),
    ("{% include 'planner/part.md.j2' %}", 3, "include"),
    ("{{ section.__class__.__mro__ }}", 3, "__class__"),
    ("{{ 'a' * 99999 }}", 3, "*"),
    ("{{ prompt | center(99999) }}", 3, "center"),
    ("{{ range(9) }}", 3, "range"),
    ("{{ prompt + 1 }}", 3, ""),
    ("{{ problems[0].x.y }}", 3, ""),
    ("{{ problems[0] }}", 3, ""),
    ("{% macro m() %}{% endmacro %}", 3, "macro"),
    ("{% block format %}x{% endblock %}", 3, "format"),
    ("{% block more %}x{% endblock %}", 3, "more"),
    ("{{ " + "(" * 20_000, 0, ""),
)
"""What stands in the block `task`, the line of the fault (0: none is told), what is said of it."""


async def test_what_could_break_a_run_is_refused_with_its_line(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        for task, line, said in FAULTY:
            body = {"text": f"{TASK}{{% block task %}}{task}{{% endblock %}}"}
            for ask in (http.put, http.post):
                where = "" if ask == http.put else "/preview"
                refused = await ask(f"{PROMPTS}/writer/section{where}", json=body)
                assert refused.status_code == 422, task
                detail = refused.json()["detail"]
                assert said in detail
                assert not line or detail.startswith(f"line {line}: "), detail
        assert not list(tmp_path.glob("prompts/**/*.j2"))


async def test_a_copy_is_used_from_the_next_run_on_and_taken_back(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        path = f"{PROMPTS}/planner/skeleton"
        seen = (await http.get(path)).json()
        assert (seen["own"], seen["overridden"], seen["role"]) == ("", False, "planner")
        assert "Answer in JSON" in seen["locked"]
        assert "Answer in JSON" not in seen["original"]
        assert {"prompt", "count", "language"} <= set(seen["variables"])
        text = seen["original"].replace("Plan this text.", "Plan this text with care.")
        shown = await http.post(
            f"{path}/preview",
            json={"text": text, "request": {"prompt": PROMPT.format(700), "words": 700}},
        )
        assert "Plan this text with care." in shown.json()["user"]
        assert PROMPT.format(700) in shown.json()["user"]
        assert shown.json()["tokens"] > 100
        kept = await http.put(path, json={"text": text})
        assert kept.json()["overridden"] is True
        report = await made.place.write(words=500)
        told = [call.request["messages"][-1]["content"]
                for call in await made.place.journal(report.run_id)]  # fmt: skip
        assert "Plan this text with care." in told[0]
        listed = (await http.get(PROMPTS)).json()["prompts"]
        assert [each["name"] for each in listed if each["overridden"]] == ["planner/skeleton"]
        last = (await http.post(f"{path}/preview", json={})).json()
        assert "with care" in last["user"]
        assert (await http.delete(path)).json()["overridden"] is False
        assert (await http.get(f"{PROMPTS}/writer/poem")).status_code == 404


def test_a_fault_is_told_in_words() -> None:
    sample = samples(material(make_request(dict(EXAMPLE))))[0]
    with pytest.raises(PromptFaultError, match="colour") as caught:
        PromptLibrary().trial(
            "writer/section", "\n{% block task %}\n{{ section.colour }}{% endblock %}",
            new_fence(), **sample,
        )  # fmt: skip
    assert caught.value.line == 3
