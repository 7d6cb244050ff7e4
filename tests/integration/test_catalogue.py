"""Strategies, kinds and templates: every form is a sound schema, and what it gives is a request."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from agents.strategies.registry import NAMES
from core.errors import NotFoundError, RequestError, SettingsError
from domain.request import make_request
from services.requests.catalogue import Catalogue
from services.requests.template import Template
from tests.door import door

NAMES_OF_TEMPLATES = [template.name for template in Catalogue(Path("/nowhere")).templates()]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path)


def example_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Values for what is needed."""
    return {
        name: (field.get("examples") or ["Something"])[0]
        for name, field in schema["properties"].items()
        if name in schema["required"]
    }


@pytest.mark.parametrize("language", ["", "zh"])
@pytest.mark.parametrize("name", NAMES_OF_TEMPLATES)
def test_a_template_makes_a_request_of_what_its_schema_takes(
    name: str, language: str, catalogue: Catalogue
) -> None:
    template = catalogue.template(name, language)
    schema = template.schema_of_fields
    jsonschema_rs.meta.validate(schema)
    order = [field["x-order"] for field in schema["properties"].values()]
    assert order == list(range(1, len(order) + 1))
    defaults = {n: f["default"] for n, f in schema["properties"].items() if "default" in f}
    for values in (example_of(schema), {**defaults, **example_of(schema)}):
        jsonschema_rs.validate(schema, values)
        request = make_request(template.render(values))
        assert "{" not in request.prompt
        assert request.kind == template.kind
        assert request.language == (language or "en")
    with pytest.raises(RequestError, match="is needed"):
        template.render({})


def test_every_kind_has_a_form_that_makes_a_request(catalogue: Catalogue) -> None:
    kinds = catalogue.kinds()
    assert {"report", "article", "story", "essay", "course", "proposal", "documentation"} <= {
        kind.name for kind in kinds
    }
    for kind in kinds:
        jsonschema_rs.meta.validate(kind.to_dict()["schema"])
        request = make_request(kind.as_template.render({"prompt": "Write about {tides}."}))
        assert (request.kind, request.length.value) == (kind.name, kind.words)
        assert request.prompt == "Write about {tides}."


def test_the_strategies_are_those_that_can_be_named(catalogue: Catalogue) -> None:
    assert [each["name"] for each in catalogue.strategies()] == list(NAMES)


def test_lines_without_a_value_go_and_values_are_not_read_as_places() -> None:
    template = Template.model_validate(
        {
            "title": "T",
            "prompt": "About {a}.\n\nWith {b}.\n{c?It has pictures.}\nBy {d}.",
            "fields": [{"name": n, "title": n} for n in "ab"]
            + [{"name": "c", "title": "c", "type": "boolean"}]
            + [{"name": "d", "title": "d", "type": "list"}],
        }
    )
    said = template.render({"a": "{b} {c?x}", "c": True, "d": ["x", "y"]})["prompt"]
    assert said == "About {b} {c?x}.\n\nIt has pictures.\nBy x; y."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"topic": 3}, "must be a text"),
        ({"topic": "x" * 301}, "more than 300"),
        ({"topic": "x", "colour": "red"}, "no such field"),
        ({"topic": "x", "words": "many"}, "whole number"),
        ({"topic": "x", "words": True}, "whole number"),
        ({"topic": "x", "words": 3}, "at least 300"),
        ({"topic": "x", "must_include": "y"}, "must be a list"),
        ({"topic": "x", "must_include": [1]}, "must be a text"),
        ({"topic": " "}, "is needed"),
    ],
)
def test_a_value_that_is_none_is_told(
    catalogue: Catalogue, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(RequestError, match=said):
        catalogue.template("report").render(values)


def test_every_template_is_there_in_chinese_with_the_same_fields(catalogue: Catalogue) -> None:
    for english, chinese in zip(catalogue.templates(), catalogue.templates("zh"), strict=True):
        assert [x.name for x in chinese.fields] == [x.name for x in english.fields], english.name
        assert chinese.title != english.title
    for language in ("fr", "..", "/", "zh/../zh", "*"):
        assert catalogue.templates(language) == catalogue.templates()


def test_own_templates_and_kinds_go_first_and_broken_ones_are_left_out(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "report.toml").write_text(
        'title = "Mine"\nprompt = "About {x}"\nfields = [{name = "x", title = "X"}]'
    )
    for name, text in {
        "a": "title = ", "b": 'title = "B"\nprompt = "{y}"\nfields = []',
        "c": 'title = "C"\nprompt = "x"\nfields = [{name = "x", title = "X", type = "choice"}]',
        "d": 'title = "D"\nprompt = "x"\n'
        'fields = [{name = "x", title = "X", type = "integer", default = "no"}]',
    }.items():  # fmt: skip
        (own / f"{name}.toml").write_text(text)
        with pytest.raises(SettingsError, match=f"{name}.toml"):
            catalogue.template(name)
    assert [each.name for each in catalogue.templates()] == NAMES_OF_TEMPLATES
    assert catalogue.template("report").title == "Mine"
    with pytest.raises(NotFoundError, match="no template"):
        catalogue.template("../../etc/passwd")
    (tmp_path / "kinds.toml").write_text('[poem]\ntitle = "Poem"\nwords = 100')
    assert catalogue.kinds()[-1].name == "poem"
    (tmp_path / "kinds.toml").write_text("poem = 3")
    with pytest.raises(SettingsError, match="kinds.toml"):
        catalogue.kinds()


async def test_the_catalogue_over_http(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        for path in ("strategies", "kinds", "templates"):
            reply = await http.get(f"/api/v1/{path}")
            assert reply.status_code == 200
            assert len(reply.json()) > 3
        chinese = (await http.get("/api/v1/templates/report?language=zh")).json()
        assert chinese["title"] == "专题报告"
        form = (await http.get("/api/v1/templates/report")).json()["schema"]
        assert form["required"] == ["topic"]
        render = "/api/v1/templates/report/render"
        body = {"values": {"topic": "tides", "words": 400, "must_include": ["the Rance"]}}
        request = (await http.post(render, json=body)).json()["request"]
        assert request["words"] == 400
        started = await http.post("/api/v1/runs", json={**request, "rounds": 0})
        assert started.status_code == 202
        assert (await http.get("/api/v1/templates/none")).status_code == 404
        assert (await http.post(render, json={"values": {}})).status_code == 422
        assert (await http.post(render, json={})).status_code == 422
