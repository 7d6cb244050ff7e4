"""Error messages read well wherever they are shown, and the Chinese page has them in Chinese."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain, product, zip_longest
from pathlib import Path

import pytest

from domain.critique import KINDS
from llm.fault_rules import RULES
from tests.messages import GAP, QUOTED, messages, nodes, shape, unquoted
from ui.messages import catalogue, said

ROOT = Path(__file__).parents[2]
GAPS = re.compile(r"\{(\w+)\}")
COMMANDS = ("python ", "pip ", "pg_")
LAYERS = ("agents", "api", "batch", "core", "domain", "evaluators", "llm", "prompts", "services",
          "sources", "storage", "ui")  # fmt: skip

ELSEWHERE = {
    "the command line, its files and its checks": (
        "batch/cluster/", "batch/contamination.py", "batch/folder.py", "batch/formats/",
        "batch/ids.py", "batch/intake.py", "batch/kept.py", "batch/limits.py", "batch/lines.py",
        "batch/merge", "batch/near.py", "batch/pairs.py", "batch/parquet.py", "batch/parts.py",
        "batch/shard.py", "batch/subsets.py", "evaluators/published/", "services/benchmark",
        "services/endpoints/connection.py", "services/batches/picks.py", "services/housekeeping.py",
        "services/judging/answers.py", "services/requests/file.py",
    ),
    "who sets up and starts a server": (
        "api/application.py", "core/logging.py", "core/setting_groups.py", "core/settings.py",
        "llm/embedded.py", "services/users/access.py", "services/users/accounts.py",
        "core/passwords.py", "services/requests/catalogue.py", "storage/backup.py",
        "storage/migrate.py", "storage/postgres", "storage/restore.py", "storage/sqlite.py",
        "storage/tokens.py", "storage/users.py",
    ),
    "clients of other programs": (
        "api/languagetool.py", "api/openai/", "services/runs/answers.py",
        "services/requests/conversations.py", "services/editing/orders.py",
    ),
    "who has made a mistake in the code": (
        "domain/length/budget.py", "domain/run.py", "evaluators/structure.py", "llm/events.py",
        "sources/chunks.py", "sources/cutting.py", "sources/index.py", "storage/base.py",
        "storage/dataset_rows.py", "storage/journal.py", "storage/sections.py", "ui/assets.py",
        "ui/messages/", "ui/words/",
    ),
}  # fmt: skip
"""Whom the messages of a module are for, where it is nobody at the page."""

UNTRANSLATED = {
    "the page's own forms do not send it": {
        "{} rounds", "{} summaries", "{} words",
        "its default: {}", "options belong to a choice, and a choice has some",
        "the prompt names no field of its own: {}", "two fields have the same name",
    },
    "it only tells of a mistake in the code, or is told on in other words": {
        "a grade is a whole number from 1 to 5",
        "a transaction must not start another one: it would wait for itself",
        "a vector of {} numbers, not {}", "{} vectors for {} passages",
        "entities of its own, which no Word document has", "no prompt template {}",
        "prompt template {} does not begin with its version", "too large", "unreachable",
        "{} contains itself and cannot be inlined",
    },
    "it is told when the program starts": {
        'make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        "the database's address cannot be read", "use a file's path or postgresql://user@host/name",
        "{} databases are not supported",
    },
}  # fmt: skip
"""Messages of the other modules that the Chinese page need not have, and why."""

MADE = {
    "has {} {}, {}": ("has 3 tables, at most 2 are asked for", "has 3 lists (part 2), none may be"),
    "it {} {}, and no later section comes back to it": (
        "it promises 'a list', and no later section comes back to it",
        "it leaves open 'who came', and no later section comes back to it",
    ),
    "setting 'gates.{}': {}": ("setting 'gates.seam_words': Input should be greater than 0",),
    "the file holds no row that can be written{}": (
        "the file holds no row that can be written",
        "the file holds no row that can be written: line 3 is refused, the prompt is empty",
    ),
    "the plan's {}: {}": ("the plan's title: Field required",),
    "too {}: {} written, {} to {} accepted": (
        "too short: 10 written, 20 to 30 accepted", "too long: 40 written, 20 to 30 accepted",
    ),
    "{} (model {}) sent an empty answer": ("lab (model small) sent an empty answer",),
    "{} withheld the answer": ("lab withheld the answer",),
    "{} {} are copied from the text that goes before: say it in new words": (
        "90 words are copied from the text that goes before: say it in new words",
        "90 characters are copied from the text that goes before: say it in new words",
    ),
    "{}: {} is {} here (“{}”), but {} {}{}": (
        "Mill: year is '1901' here (“of 1901”), but section '2' says '1910': “of 1910”",
        "Mill: year is '1901' here (“of 1901”), but the ledger has '1910'",
    ),
    "{}Give a code or a name: {}": (
        "Give a code or a name: en, zh.", "Did you mean en or es? Give a code or a name: en, zh.",
    ),
}  # fmt: skip
"""Messages that are put together from parts, as they can be."""


@cache
def spoken() -> dict[str, str]:
    """The shapes of all messages that can come to the page, and a module that has each."""
    elsewhere = tuple(start for starts in ELSEWHERE.values() for start in starts)
    found: dict[str, str] = {}
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(elsewhere):
                found |= dict.fromkeys(messages(path), name)
    return {text: name for text, name in found.items() if letters(text) > 2}


def fitting(text: str) -> set[str]:
    """The shapes of patterns that a message fits: quotation marks belong to them or to the gaps."""
    pieces = text.split(QUOTED)
    marks = product((QUOTED, GAP), repeat=len(pieces) - 1)
    return {"".join(chain(*zip_longest(pieces, each, fillvalue=""))) for each in marks}


def letters(pattern: str) -> int:
    return len(re.sub(r"\{\w*\}|[^a-zA-Z]", "", pattern))


def plain(text: str) -> str:
    return text.lower().replace("_", " ")


def remedies(path: Path) -> Iterator[str]:
    """How the remedies of the errors that a module makes begin, where they are written out."""
    for node in nodes(path):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Name) and len(node.args) > 1:
            remedy = node.args[1]
            first = remedy.values[0] if isinstance(remedy, ast.JoinedStr) else remedy
            if called.id.endswith("Error") and isinstance(first, ast.Constant):
                yield str(first.value)


@pytest.mark.parametrize("folder", ["llm", "storage", "agents", "services", "cli", "core", "api"])
def test_no_remedy_begins_with_a_command(folder: str) -> None:
    found = [text for path in (ROOT / folder).rglob("*.py") for text in remedies(path)]
    assert found
    assert [text for text in found if text.startswith(COMMANDS)] == []


def test_every_message_that_can_come_to_the_page_is_translated() -> None:
    known = {shape(pattern) for pattern in catalogue("zh")}
    listed = {*MADE, *(text for texts in UNTRANSLATED.values() for text in texts)}
    lacking = [
        f"{name}: {text}"
        for text, name in spoken().items()
        if known.isdisjoint(fitting(text)) and unquoted(text) not in listed
    ]
    assert not lacking, "translate it in ui/messages, or say in this file why not"


def test_messages_of_parts_and_of_tables_are_translated() -> None:
    made = [text for examples in MADE.values() for text in examples]
    made += [f"lab (model small) {rule.says}: no" for rule in RULES]
    made += [rule.remedy for rule in RULES]
    made += [f"{kind.replace('_', ' ')}: it is so" for kind in KINDS]
    assert [text for text in made if said(text, "zh") == text] == []


def test_what_is_listed_here_is_still_said() -> None:
    listed = {*MADE, *(text for texts in UNTRANSLATED.values() for text in texts)}
    assert listed - set(map(unquoted, spoken())) == set()
    for starts in ELSEWHERE.values():
        for start in starts:
            assert list(ROOT.glob(f"{start}*")), start


def test_nothing_is_translated_that_nobody_says() -> None:
    """But for what libraries say: pydantic, of fields."""
    library = {*tomllib.loads((ROOT / "ui/messages/requests.toml").read_text())["fields"]}
    source = [
        node.value
        for layer in LAYERS
        for path in (ROOT / layer).rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    words = plain("\n".join(chain(source, *MADE.values())))
    for pattern in catalogue("zh").keys() - library:
        longest = max(re.split(r"'?\{\w+\}'?", pattern), key=len)
        assert plain(longest).strip(" (:“") in words, pattern


def test_a_translation_fits_its_sentence() -> None:
    for pattern, translation in catalogue("zh").items():
        gaps = GAPS.findall(pattern)
        assert len(gaps) == len(set(gaps)), pattern
        assert set(GAPS.findall(translation)) <= set(gaps), pattern
        assert "}{" not in pattern, "nobody can tell where one gap ends and the next begins"
        telling = re.sub(r"\{\w+\}|\s", "", pattern)
        assert len(telling) >= (6 if pattern.startswith("{") else 4), f"{pattern} fits too much"
        assert not pattern.endswith("."), pattern
        assert not translation.endswith("。"), pattern


def test_no_sentence_is_translated_twice() -> None:
    files = sorted((ROOT / "ui/messages").glob("*.toml"))
    tables = [table for path in files for table in tomllib.loads(path.read_text()).values()]
    shapes = Counter(shape(pattern) for table in tables for pattern in table)
    assert [text for text, times in shapes.items() if times > 1] == []
