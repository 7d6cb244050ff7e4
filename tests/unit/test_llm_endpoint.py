import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from llm.endpoint import Endpoint, normalise_base_url
from llm.profile import Profile


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("http://a:1/v1", "http://a:1/v1"),
        ("127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("localhost:8000", "http://localhost:8000"),
        ("https://x.org/v1/chat/completions/", "https://x.org/v1"),
        ("https://x.org/v1/models", "https://x.org/v1"),
        ("  https://x.org/api/openai/v1?k=1#f ", "https://x.org/api/openai/v1"),
        ("HTTP://x.org", "http://x.org"),
        ("[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_addresses_are_normalised(given_url: str, normal: str) -> None:
    assert normalise_base_url(given_url) == normal


@pytest.mark.parametrize(
    "bad",
    ["", "  ", "http://", "ftp://a/v1", "http://a:b/v1", "http://a b/v1", "http://u:p@a/v1",
     "http://[::1/v1", "http://a:99999/v1", "http://a\x00b"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_remedy(bad: str) -> None:
    with pytest.raises(SettingsError) as caught:
        normalise_base_url(bad)
    assert caught.value.remedy
    assert "p@a" not in caught.value.message


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_settings_error(text: str) -> None:
    try:
        once = normalise_base_url(text)
    except SettingsError:
        return
    assert normalise_base_url(once) == once


def test_an_endpoint_is_valid_and_hides_its_key() -> None:
    endpoint = Endpoint("e", "host:1/v1/", api_key="sk-secret")
    assert endpoint.base_url == "http://host:1/v1"
    assert endpoint.origin == "http://host:1"
    assert "sk-secret" not in repr(endpoint)
    assert Endpoint("e", "host", api_key=" sk-1\n").api_key == "sk-1"
    with pytest.raises(SettingsError):
        Endpoint("e", "host", concurrency=0)
    for key in ("sk-\u2013x", "a\nb"):
        with pytest.raises(SettingsError) as caught:
            Endpoint("e", "host", api_key=key)
        assert key not in caught.value.message


@pytest.mark.parametrize(
    ("url", "local"),
    [("localhost:1", True), ("127.0.0.9:1", True), ("[::1]", True), ("10.0.0.1", False),
     ("a.localhost", True), ("localhost.example.org", False)],
)  # fmt: skip
def test_local_means_this_machine(url: str, local: bool) -> None:
    assert Endpoint("e", url).local is local


@pytest.mark.parametrize(
    ("complaint", "changed"),
    [
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
         Profile(max_tokens_name="max_completion_tokens")),
        ("'temperature' does not support 0.7 with this model", Profile(temperature=False)),
        ("response_format is not supported", Profile(schema=False)),
        ("unknown field json_schema", Profile(schema=False)),
        ("body.seed: extra inputs are not permitted", Profile(refused=frozenset({"seed"}))),
        ("stream_options is not allowed", Profile(refused=frozenset({"stream_options"}))),
        ("Streaming is not supported by this deployment.", Profile(streams=False)),
        ("unexpected end of stream", None),
        ("this model does not support stream=true", Profile(streams=False)),
        ("an upstream error", None),
        ("max_tokens is too large: 99999", None),
        ("max_completion_tokens is not supported", None),
        ("something else", None),
    ],
)  # fmt: skip
def test_a_profile_learns_from_a_refusal(complaint: str, changed: Profile | None) -> None:
    assert Profile().adapted(complaint) == changed


def test_a_profile_never_learns_the_same_thing_twice() -> None:
    profile = Profile()
    words = "unsupported: max_tokens temperature top_p seed stream_options"
    for _ in range(5):
        following = profile.adapted(words)
        assert following is not None
        profile = following
    assert profile.adapted(words) is None
    assert Profile(schema=False).adapted("response_format") is None


def test_what_concurrent_calls_learn_is_joined() -> None:
    first = Profile(window=9, schema=False, refused=frozenset({"seed"}))
    second = Profile(
        schema=True, temperature=False, max_tokens_name="max_completion_tokens",
        refused=frozenset({"top_p"}),
    )  # fmt: skip
    joined = first.joined(second)
    assert joined == Profile(9, "max_completion_tokens", False, False, frozenset({"seed", "top_p"}))
    assert second.joined(first).max_tokens_name == "max_completion_tokens"
    assert Profile().joined(second).schema is True


def test_a_server_that_does_not_stream_is_remembered() -> None:
    assert Profile(streams=True).joined(Profile(streams=False)).streams is False
    assert Profile(streams=True).joined(Profile()).streams is True
    assert Profile(streams=False).adapted("streaming is not supported") is None


def test_a_profile_survives_being_stored() -> None:
    profile = Profile(
        4096, "max_completion_tokens", False, False, frozenset({"seed", "top_p"}), {"a": 1}, True,
        False, "tags", {"chat_template_kwargs": {"enable_thinking": False}}, True, "ollama", "m",
    )  # fmt: skip
    stored = json.loads(json.dumps(profile.to_dict()))
    assert Profile.from_dict(stored) == profile
    assert Profile.from_dict({**stored, "of another version": 1}) == profile
    assert Profile.from_dict({}) == Profile()
