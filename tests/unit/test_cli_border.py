from __future__ import annotations

import pytest

from cli.border import complain, guarded
from core.errors import (
    LongleafError,
    ModelNotFoundError,
    NotFoundError,
    RequestError,
    StaleHolderError,
)
from core.outcomes import OUTCOMES


def exit_code(error: BaseException) -> int:
    @guarded
    def command() -> None:
        raise error

    with pytest.raises(SystemExit) as caught:
        command()
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize("kind", OUTCOMES)
def test_every_error_has_its_exit_code_and_one_line(
    kind: type[LongleafError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(kind("it broke\nbadly.", "mend it")) == OUTCOMES[kind].exit_code
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err == "Error: it broke badly. Mend it\n"


def test_the_codes_are_those_that_the_help_names() -> None:
    assert exit_code(RequestError("x")) == 2
    assert exit_code(NotFoundError("x")) == 3
    assert exit_code(StaleHolderError("x")) == 4
    assert exit_code(ModelNotFoundError("x")) == 13
    assert exit_code(KeyboardInterrupt()) == 130


def test_our_own_mistakes_are_not_hidden() -> None:
    @guarded
    def command() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        command()


@pytest.mark.parametrize(
    ("message", "remedy", "line"),
    [
        ("no file", "", "Error: no file."),
        ("no file.", "look again.", "Error: no file. Look again."),
        ("a  b\n\tc", "", "Error: a b c."),
        ("", "", "Error: ."),
        ("empty.db is no file", "use another", "Error: empty.db is no file. Use another"),
    ],
)
def test_a_complaint_is_one_line(
    message: str, remedy: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    complain(message, remedy)
    assert capsys.readouterr().err == line + "\n"
