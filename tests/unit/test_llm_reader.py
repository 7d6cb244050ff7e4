import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    DegenerateError,
    EmptyAnswerError,
    FilteredError,
    LLMError,
    MalformedError,
    RateLimitError,
    TruncatedError,
    UnavailableError,
)
from llm.call import Call
from llm.cleaning import Cleaner, clean_text
from llm.endpoint import Endpoint
from llm.faults import OutOfRoomError
from llm.reader import AnswerReader
from llm.sink import Restartable
from llm.tokens import Tokens
from llm.types import Completion, Message, ModelRequest, StopWhen, TextSink, Usage

ENDPOINT = Endpoint("home", "http://127.0.0.1:9/v1", "m")
PROSE = "The harbour wakes before the town does, and an old man counts the boats one by one. " * 2
LONG = " ".join(f"Sentence {n} is about the number {n * 7}." for n in range(30))


class Estimate(Tokens):
    """Counts without the vocabulary: four bytes a token."""

    def __init__(self) -> None:
        super().__init__(Path("unused"))
        self._loaded = True


def _reader(
    *, partial_ok: bool = False, on_text: TextSink | None = None, stop_when: StopWhen | None = None
) -> AnswerReader:
    request = ModelRequest("m", (Message("user", "x" * 40),), partial_ok=partial_ok)
    return AnswerReader(Call(request, ENDPOINT, Estimate(), on_text, stop_when))


def _chunk(text: object = None, finish: object = None, **delta: object) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text, **delta}, "finish_reason": finish}]}


def _read(*payloads: object, broke: LLMError | None = None, **settings: Any) -> Completion:
    reader = _reader(**settings)
    for payload in payloads:
        reader.take(payload)
    return reader.close(broke)


def test_a_streamed_and_a_whole_answer_read_the_same() -> None:
    whole = {"choices": [{"message": {"content": "One. Two."}, "finish_reason": "stop"}]}
    streamed = _read(_chunk("One."), _chunk(" Two."), _chunk(None, "stop"))
    assert streamed == _read(whole)
    assert (streamed.text, streamed.finish, streamed.model) == ("One. Two.", "stop", "m")


def test_usage_is_the_endpoint_s_where_it_is_sane() -> None:
    usage = {
        "prompt_tokens": 12,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 8},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    answer = _read(_chunk("Text.", "stop"), {"choices": [], "usage": usage, "model": "real"})
    assert answer.usage == Usage(12, 5, 8, 2)
    assert answer.model == "real"


@pytest.mark.parametrize("odd", [-1, float("nan"), None, "5", True, 10**12])
def test_usage_that_makes_no_sense_is_counted(odd: object) -> None:
    usage = {"prompt_tokens": odd, "completion_tokens": odd, "prompt_tokens_details": odd}
    answer = _read(_chunk("12345678", "stop"), {"usage": usage})
    assert answer.usage == Usage(14, 2)


@pytest.mark.parametrize(
    ("payloads", "kind"),
    [
        (["text"], MalformedError),
        ([{"choices": ["x"]}], MalformedError),
        ([{"choices": [{"delta": "x"}]}], MalformedError),
        ([_chunk(5)], MalformedError),
        ([{}], MalformedError),
        ([{"choices": None}], MalformedError),
        ([_chunk("A text."), {"error": {"message": "busy", "code": 429}}], RateLimitError),
        ([{"object": "error", "message": "x", "code": 500}], UnavailableError),
        ([_chunk("A text."), _chunk(None, "tool_calls")], MalformedError),
        ([_chunk("A text."), _chunk(None, "function_call")], MalformedError),
        ([_chunk("A text."), _chunk(None, "content_filter")], FilteredError),
        ([_chunk(None, "stop", refusal="I cannot.")], FilteredError),
        ([_chunk("A text.")], TruncatedError),
        ([_chunk("A text."), _chunk(None, "abort")], TruncatedError),
        ([_chunk(None, "stop")], EmptyAnswerError),
        ([_chunk("  \n "), _chunk(None, "stop")], EmptyAnswerError),
        ([_chunk("<think>plan", "stop")], EmptyAnswerError),
        ([_chunk(None, "stop", reasoning_content="plan")], EmptyAnswerError),
        ([_chunk("<think>plan", "length")], OutOfRoomError),
        ([_chunk("A text. <think>plan", "stop")], TruncatedError),
    ],
)
def test_what_is_no_answer_is_an_error(payloads: list[object], kind: type[LLMError]) -> None:
    with pytest.raises(LLMError) as caught:
        _read(*payloads)
    assert type(caught.value) is kind
    assert caught.value.remedy


def test_a_limit_that_came_first_is_said_so() -> None:
    assert _read(_chunk("A text"), _chunk(None, "length")).finish == "length"


def test_content_in_parts_is_joined() -> None:
    parts = [{"type": "text", "text": "One "}, "odd", {"type": "image"}, {"text": "two."}]
    assert _read(_chunk(parts, "stop")).text == "One two."


def test_text_after_the_end_is_ignored() -> None:
    assert _read(_chunk("A text.", "stop"), _chunk(" Too late.", "length")).text == "A text."


def test_a_break_keeps_what_came_when_the_caller_can_use_it() -> None:
    lost = UnavailableError("reset")
    kept = _read(_chunk(PROSE), broke=lost, partial_ok=True)
    assert (kept.finish, kept.text) == ("cut", PROSE.strip())
    with pytest.raises(TruncatedError) as caught:
        _read(_chunk(PROSE), broke=lost)
    assert caught.value.partial == PROSE.strip()
    with pytest.raises(TruncatedError):
        _read(_chunk("Too short."), broke=lost, partial_ok=True)
    with pytest.raises(UnavailableError):
        _read(broke=lost, partial_ok=True)
    large = MalformedError("too large")
    large.retry = False
    with pytest.raises(MalformedError) as told:
        _read(_chunk(PROSE), broke=large, partial_ok=True)
    assert told.value.partial == PROSE.strip()


@pytest.mark.parametrize("broke", [RateLimitError("busy"), MalformedError("a broken event")])
def test_whatever_breaks_a_text_off_leaves_its_beginning(broke: LLMError) -> None:
    kept = _read(_chunk(PROSE), broke=broke, partial_ok=True)
    assert (kept.finish, kept.text, kept.broke) == ("cut", PROSE.strip(), broke)
    with pytest.raises(type(broke)) as caught:
        _read(_chunk(PROSE), broke=broke)
    assert caught.value.partial == PROSE.strip()
    with pytest.raises(type(broke)):
        _read(broke=broke, partial_ok=True)


def test_a_break_after_the_end_costs_nothing() -> None:
    answer = _read(_chunk("A text.", "stop"), broke=UnavailableError("reset"))
    assert answer.finish == "stop"


def test_a_loop_is_stopped_and_its_beginning_kept() -> None:
    reader = _reader(partial_ok=True)
    reader.take(_chunk(LONG + " "))
    while not reader.done:
        reader.take(_chunk("And so it goes. "))
    answer = reader.close()
    assert answer.finish == "loop"
    assert answer.text.startswith(LONG)
    assert answer.text.count("And so it goes.") <= 1


def test_a_loop_without_a_usable_beginning_is_an_error() -> None:
    for settings, text in (({"partial_ok": True}, "Yes. " * 300), ({}, LONG + "Yes. " * 300)):
        with pytest.raises(DegenerateError) as caught:
            _read(_chunk(text, "stop"), **settings)
        assert "Yes. Yes." not in caught.value.partial


def test_a_loop_of_thought_is_stopped() -> None:
    with pytest.raises(DegenerateError):
        _read(_chunk("<think>" + "Hmm, wait. " * 100), partial_ok=True)


def test_a_loop_at_a_token_limit_is_noticed() -> None:
    reader = _reader(partial_ok=True)
    reader.take(_chunk(LONG + " "))
    reader.take(_chunk("so on and " * 36))
    assert not reader.done
    reader.take(_chunk(None, "length"))
    assert reader.close().finish == "loop"


def test_enough_is_enough() -> None:
    reader = _reader(stop_when=lambda text: len(text) >= 200)
    for start in range(0, len(LONG), 10):
        reader.take(_chunk("<think>x</think>" + LONG[start : start + 10]))
        if reader.done:
            break
    answer = reader.close()
    assert answer.finish == "full"
    assert 200 <= len(answer.text) < 300


def test_the_sink_gets_visible_text_without_leading_blanks() -> None:
    shown: list[str] = []
    answer = _read(
        _chunk("<thi"), _chunk("nk>plan</think>\n\n"), _chunk("One\r"), _chunk("\ntwo.\x00"),
        _chunk(" end"), _chunk(None, "stop"), on_text=shown.append,
    )  # fmt: skip
    assert "".join(shown) == answer.text == "One\ntwo. end"


class Pane:
    """A sink that can forget."""

    def __init__(self) -> None:
        self.text = ""
        self.restarts = 0

    def __call__(self, piece: str) -> None:
        self.text += piece

    def restart(self) -> None:
        self.text = ""
        self.restarts += 1


def test_text_that_turns_out_to_be_reasoning_is_taken_back() -> None:
    pane = Pane()
    assert isinstance(pane, Restartable)
    answer = _read(
        _chunk("I plan. "), _chunk("</think>\n\nDone"), _chunk(".", "stop"), on_text=pane
    )
    assert (pane.text, pane.restarts) == (answer.text, 1)
    assert answer.text == "Done."


@given(st.text(st.characters(), max_size=80), st.lists(st.integers(0, 80), max_size=5))
def test_cleaning_does_not_depend_on_where_the_text_is_cut(text: str, cuts: list[int]) -> None:
    cleaner = Cleaner()
    places = [0, *sorted(cut for cut in cuts if cut <= len(text)), len(text)]
    pieces = [text[a:b] for a, b in zip(places, places[1:], strict=False)]
    joined = "".join(map(cleaner.feed, pieces)) + cleaner.close()
    assert joined == clean_text(text)
    joined.encode()
    assert "\r" not in joined
    assert "\x00" not in joined


def test_surrogate_pairs_are_joined_and_lone_ones_dropped() -> None:
    cleaner = Cleaner()
    assert cleaner.feed("a\ud83d") + cleaner.feed("\ude00b\ud83d") + cleaner.close() == "a😀b"
    assert clean_text("x\udc00y\ufffd\ufeffz\x85\x1b[0m\tt") == "xyz[0m\tt"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["choices", "delta", "message", "content", "finish_reason", "usage",
                         "error", "reasoning", "prompt_tokens", "model"]), inner, max_size=4,
    ),
    max_leaves=10,
)  # fmt: skip


@given(st.lists(_JSON, max_size=4))
def test_any_json_is_an_answer_or_an_error_of_ours(payloads: list[object]) -> None:
    reader = _reader()
    try:
        for payload in payloads:
            reader.take(json.loads(json.dumps(payload)))
        answer = reader.close()
    except LLMError:
        return
    assert answer.text.strip()
    assert answer.finish in ("stop", "length")


@pytest.mark.parametrize("end", ["<", "``", "a <thin"])
def test_a_text_that_ends_like_the_start_of_a_marker_is_shown_whole(end: str) -> None:
    pieces: list[str] = []
    answer = _read(_chunk(f"The text. {end}"), _chunk(None, "stop"), on_text=pieces.append)
    assert "".join(pieces) == answer.text == f"The text. {end}"


def test_a_break_inside_a_marker_leaves_nothing_of_it() -> None:
    broke = TruncatedError("cut")
    answer = _read(_chunk(PROSE), _chunk("<thi"), broke=broke, partial_ok=True)
    assert (answer.text, answer.finish) == (PROSE.strip(), "cut")
    assert _read(_chunk(f"{LONG} </thin", "length")).text == LONG
