"""The examples of docs/api.md and README.md, one after the other, by curl itself (about 3 s)."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.corpora.files import book, word
from tests.door import Door, door

ROOT = Path(__file__).parents[2]
PAGES = ("docs/api.md", "README.md")
ADDRESS = "http://127.0.0.1:7860"
CURL = """curl() { command curl -q -sS --noproxy '*' --max-time 60 -w '\\n%{http_code}' "$@"; }
"""


def commands() -> Iterator[str]:
    """Every command in a block marked bash, with the indented lines that belong to it."""
    text = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    for block in re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"^\S.*\n(?: .*\n)*", block, re.MULTILINE)


@dataclass
class Reader:
    """Somebody who tries the page, and puts in the ids that they are given."""

    made: Door
    folder: Path
    known: dict[str, str] = field(default_factory=dict)

    async def run(self, command: str) -> tuple[int, str]:
        """Status (0: nothing was asked) and answer of a command."""
        for name in re.findall(r'run_\w+|doc_7\w+|src_\w+|"41"', command):
            self.known.setdefault(name, await self.meant(name))
            command = command.replace(name, self.known[name])
        script = CURL + command.replace(ADDRESS, self.made.address)
        process = await asyncio.create_subprocess_exec(
            "bash", "-ec", script, cwd=self.folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        assert (process.returncode, err) == (0, b""), (command, err)
        answer, _, status = out.decode().rpartition("\n")
        return int(status or 0), answer

    async def meant(self, name: str) -> str:
        """What an example's id stands for where it comes up first."""
        services = self.made.place.services
        if name.startswith("src_"):
            return (await services.sources.listing())[0].id
        newest = (await services.runs.newest(1))[0]
        if name.startswith("run_"):
            return newest.run_id
        if name.startswith("doc_"):
            return newest.document_id
        document = next(value for value in self.known.values() if value.startswith("doc_"))
        return f'"{(await services.sections.get(document, "1")).revision_id}"'


def curl_knows_json() -> bool:
    """Whether there is a curl of 2022 or later."""
    if not shutil.which("curl"):
        return False
    asked = subprocess.run(["curl", "--help", "all"], capture_output=True, text=True)
    return "--json" in asked.stdout


@pytest.mark.skipif(not curl_knows_json(), reason="there is no curl, or none that knows --json")
async def test_the_examples_work(tmp_path: Path) -> None:
    answers = []
    async with door(tmp_path / "home") as made:
        reader = Reader(made, tmp_path)
        (tmp_path / "report.pdf").write_bytes(book())
        (tmp_path / "minutes.docx").write_bytes(word())
        for command in commands():
            status, answer = await reader.run(command)
            expected = re.search(r"# answers (\d+)$", command.strip())
            if command.startswith("curl"):
                good = (int(expected[1]),) if expected else (200, 201, 202)
                assert status in good, (command, answer)
            answers.append(answer)
    assert len(answers) > 20
    told = "\n".join(answers)
    for event in ("outline", "draft", "reviewed", "finished", "end"):
        assert f"event: {event}\n" in told
    assert '"status": "awaiting_approval"' in told
    assert (tmp_path / "tides.docx").read_bytes()[:2] == b"PK"
