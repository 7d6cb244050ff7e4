"""`endpoints`: stored, tested, used, shown without keys, found on this machine.

Most commands run inside this process, which saves their start; the whole way runs as users do.
"""

from __future__ import annotations

import base64
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from tests.e2e import support_cli
from tests.e2e.support_cli import Result, assert_refused, finish, start, write_file
from tests.e2e.test_cli_help import SLOW, helped
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

KEY = "sk-canary-9Qx2"
NOWHERE = "http://127.0.0.1:9/v1"


def run(home: Path, *arguments: object, input: str = "", **env: str) -> Result:
    """Run a command in this process, with the data in `home`."""
    texts = [str(argument) for argument in arguments]
    environment = {"LONGLEAF_HOME": str(home), "COLUMNS": "200", **env}
    done = CliRunner().invoke(app.app, texts, input=input, env=environment)
    return Result(done.exit_code, done.stdout, done.stderr)


@dataclass(frozen=True)
class Place:
    """A data folder, and a server that wants the key."""

    home: Path
    server: FakeEndpoint
    said: list[str]
    """Everything that any command here has printed."""

    def run(self, *arguments: object, input: str = "", **env: str) -> Result:
        result = run(self.home, *arguments, input=input, **env)
        self.said.append(result.out + result.err)
        return result

    def outside(self, *arguments: object, input: str = "", **env: str) -> Result:
        """As `run`, in a process of its own."""
        result = support_cli.run(self.home, *arguments, input=input, **env)
        self.said.append(result.out + result.err)
        return result

    def endpoints(self, *arguments: object, input: str = "") -> Result:
        return self.run("endpoints", *arguments, input=input)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with run_in_thread(models=("only",), api_key=KEY, publish="vllm", window=16_384) as server:
        yield Place(tmp_path / "home", server, [])


def _canaries(home: Path) -> list[str]:
    """Files in which the key stands, plain or encoded."""
    forms = (KEY.encode(), base64.b64encode(KEY.encode()), KEY.encode().hex().encode())
    files = [file for file in home.parent.rglob("*") if file.is_file()]
    return [file.name for file in files if any(form in file.read_bytes() for form in forms)]


def test_from_adding_to_writing_and_the_key_is_nowhere(place: Place) -> None:
    added = place.outside(
        "endpoints", "add", "lab", "--base-url", place.server.url, "--api-key", "-", "--default",
        "--concurrency", "3", input=f"{KEY}\n",
    )  # fmt: skip
    assert added.code == 0, added.err
    assert "endpoints test lab" in added.out
    assert stat.S_IMODE((place.home / "secret.key").stat().st_mode) == 0o600

    tested = place.outside("endpoints", "test", "lab", "--json")
    assert tested.code == 0, tested.out
    checks = {check["name"]: check for check in tested.json}
    assert checks["model"]["found"] == "only"
    assert checks["JSON schemas"]["found"] == "followed"
    assert "16,384" in checks["window"]["found"]

    [row] = place.endpoints("list", "--json").json
    assert (row["name"], row["key"], row["default"], row["from"]) == ("lab", True, True, "stored")
    assert row["tested_at"]
    shown = place.endpoints("list")
    assert re.search(r"lab \(default\) .* key: set", shown.out)

    looked = place.run("doctor", "--json")
    assert looked.code == 0, looked.out
    assert {check["name"] for check in looked.json} >= checks.keys()

    before = len(place.server.calls)
    written = place.outside("write", "A text about kites", "--words", "150", LONGLEAF_LOG="debug")
    assert written.code == 0, written.err
    assert len(place.server.calls) > before
    for moved in (NOWHERE, place.server.fault_url("bad_key")):
        moved_to = place.endpoints("add", "lab", "--base-url", moved, "--model", "only")
        assert ("deleted" in moved_to.err) == (moved == NOWHERE)
    assert place.endpoints("test", "lab").code == 12
    assert _canaries(place.home) == []
    assert not [said for said in place.said if "canary" in said]


def test_a_wrong_key_and_a_lost_one_are_told(place: Place) -> None:
    place.endpoints("add", "lab", "--base-url", place.server.url, "--api-key", "sk-canary-wrong")
    assert place.endpoints("test", "lab").code == 12
    assert place.run("write", "A text", "--endpoint", "lab").code == 12
    (place.home / "secret.key").unlink()
    lost = place.endpoints("test", "lab")
    assert_refused(lost, 5, "secret.key is missing")
    assert_refused(place.run("write", "A text", "--endpoint", "lab"), 5, "endpoints add lab")
    doctor = place.run("doctor", "--json", "--endpoint", "lab")
    [check] = [check for check in doctor.json if not check["ok"]]
    assert "secret.key" in check["found"]
    assert place.endpoints("list").code == 0
    again = place.endpoints("add", "lab", "--base-url", place.server.url, "--api-key", KEY)
    assert again.code == 0
    assert place.endpoints("test", "lab").code == 0
    assert place.endpoints("remove", "lab").code == 0
    assert place.endpoints("list").out.startswith("No endpoints yet")
    assert_refused(place.endpoints("remove", "lab"), 3, "no stored endpoint")
    assert not [said for said in place.said if "canary" in said]


def test_the_key_in_the_environment_opens_what_it_closed(place: Place) -> None:
    secret = {"LONGLEAF_SECRET_KEY": "s" * 40}
    address = ("--base-url", place.server.url)
    assert place.run("endpoints", "add", "lab", *address, "--api-key", KEY, **secret).code == 0
    assert not (place.home / "secret.key").exists()
    assert place.run("endpoints", "test", "lab", **secret).code == 0
    assert_refused(place.endpoints("test", "lab"), 5, "secret.key is missing")
    other = {"LONGLEAF_SECRET_KEY": "o" * 40}
    assert_refused(place.run("endpoints", "test", "lab", **other), 5, "cannot be decrypted")
    short = place.run("endpoints", "test", "lab", LONGLEAF_SECRET_KEY="short-canary")
    assert_refused(short, 5, "less than 32")
    assert not [said for said in place.said if "canary" in said]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "lab", "--base-url", ""], 5, "not an address"),
        (["add", "lab", "--base-url", "http://me:sk-canary-1@127.0.0.1/v1"], 5, "password"),
        (["add", "a/b", "--base-url", NOWHERE], 2, "cannot be called"),
        (["add", "embedded", "--base-url", NOWHERE], 2, "cannot be called"),
        (["add", "file", "--base-url", NOWHERE], 4, "called file"),
        (["add", "lab", "--base-url", NOWHERE, "--api-key", "-"], 2, "no key"),
        (["remove", "file"], 4, "longleaf.toml"),
        (["remove", "lab"], 3, "lab"),
        (["test", "lab"], 5, "There are: embedded, file"),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_refused(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    toml = write_file(tmp_path, "set.toml", f'[endpoints.file]\nbase_url = "{NOWHERE}"\n')
    result = run(tmp_path / "home", "endpoints", *arguments, LONGLEAF_CONFIG=str(toml))
    assert_refused(result, code, said)
    assert "canary" not in result.err


def test_what_the_settings_say_goes_before_what_is_stored(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_in_thread(models=("a",)) as first, run_in_thread(models=("b",)) as second:
        toml = write_file(tmp_path, "set.toml", "\n".join([
            'endpoint = "file"', "[endpoints.file]", f'base_url = "{first.url}"',
            'api_key = "sk-canary-file"',
        ]))  # fmt: skip
        run(home, "endpoints", "add", "mine", "--base-url", second.url, "--default")
        listed = run(home, "endpoints", "list", "--json", LONGLEAF_CONFIG=str(toml))
        assert [(row["name"], row["from"], row["default"], row["key"]) for row in listed.json] == [
            ("file", "settings", True, True), ("mine", "stored", False, False),
        ]  # fmt: skip
        assert run(home, "endpoints", "test", "file", LONGLEAF_CONFIG=str(toml)).code == 0
        doctors = [
            run(home, "doctor", "--json", *more, LONGLEAF_CONFIG=str(config))
            for config, more in ((toml, ()), (toml, ("--endpoint", "mine")),
                                 (write_file(tmp_path, "empty.toml", ""), ()))
        ]  # fmt: skip
    models = [{c["name"]: c["found"] for c in d.json}["model"] for d in doctors]
    assert models == ["a", "b", "b"]
    assert "canary" not in listed.out + listed.err + "".join(d.out + d.err for d in doctors)


def test_a_server_that_cuts_prompts_is_something_to_mend(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with run_in_thread(truncates=2048) as server:
        run(home, "endpoints", "add", "small", "--base-url", server.url, "--model", "fake")
        tested = run(home, "endpoints", "test", "small", "--json")
        looked = run(home, "doctor", "--json", "--endpoint", "small")
    for result in (tested, looked):
        assert result.code == 1
        [check] = [check for check in result.json if not check["ok"]]
        assert check["name"] == "long prompts"
        assert "OLLAMA_CONTEXT_LENGTH" in check["remedy"]


def test_servers_on_this_machine_are_found_with_the_command_that_adds_them(place: Place) -> None:
    with run_in_thread(models=("x y", "\x1b[2J")) as open_one:
        ports = [fake.address.rpartition(":")[2] for fake in (open_one, place.server)]
        found = place.endpoints("discover", "--port", ports[0], "--port", ports[1])
        assert found.code == 0, found.err
        commands = re.findall(r"^  python app\.py (endpoints add .+)$", found.out, re.MULTILINE)
        [plain] = [line for line in commands if ports[0] in line]
        assert plain.endswith("--model 'x y'")
    [locked] = [line for line in commands if ports[1] in line]
    assert locked.endswith("--api-key -")
    assert place.run(*locked.split(), input=KEY).code == 0
    assert "\x1b" not in found.out
    assert place.endpoints("discover", "--port", "0").code == 2


def test_two_processes_that_begin_at_once_share_one_key(place: Place) -> None:
    started = [
        start(place.home, "endpoints", "add", f"lab-{n}", "--base-url", place.server.url,
              "--api-key", KEY)
        for n in range(2)
    ]  # fmt: skip
    assert [finish(process).code for process in started] == [0, 0]
    assert [place.endpoints("test", f"lab-{n}").code for n in range(2)] == [0, 0]


OPTIONS = {
    "add": ["--base-url", "--model", "--api-key", "--window", "--concurrency", "--compact",
            "--no-thinking", "--default"],
    "list": ["--json"],
    "test": ["--json"],
    "remove": ["name"],
    "discover": ["--port"],
}  # fmt: skip


def test_the_help_is_complete_and_quick(tmp_path: Path) -> None:
    said, imported = helped("endpoints", "--help")
    assert not imported & SLOW
    for name, options in OPTIONS.items():
        assert name in said
        own = run(tmp_path, "endpoints", name, "--help").out
        assert not [option for option in options if option not in own]
        assert "…" not in own, "the help is cut off"
