"""Knows how to fill a data folder with documents of which a model wrote every word to do harm.

Beside them an endpoint that names its models so, and says why it refuses in the same words.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy.orm import Session

from bootstrap import database_file
from core.settings import load_settings
from domain.outline.plan import Outline, Part, SectionPlan
from domain.request import make_request
from domain.run import RunStatus
from storage import documents, edits, events, outlines, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.ids import new_id
from storage.migrate import upgrade
from storage.tables import CallRow, RunRow, ScoreRow

LONGEST = 300
"""Characters of a heading."""
PROSE = "Boats wait for the tide."


@dataclass(frozen=True)
class Seeded:
    """Ids of documents, by what has become of their runs."""

    done: str
    waiting: str
    failed: str


def seed(home: Path, payloads: Sequence[str]) -> Seeded:
    """Store documents whose titles, headings, plans, texts, findings and calls are these.

    There is one more for each payload, which is its title.
    """
    db = Database.open(database_file(load_settings(home=home)))
    upgrade(db)
    try:
        return db.run_sync(lambda s: _seed(s, payloads))
    finally:
        db.close()


def _seed(s: Session, payloads: Sequence[str]) -> Seeded:
    for payload in payloads:
        documents.create(s, LOCAL_OWNER, _line(payload), _request(payload))
    made = [_document(s, payloads, status) for status in ("failed", "awaiting_approval", "done")]
    return Seeded(made[2], made[1], made[0])


def _document(s: Session, payloads: Sequence[str], status: str) -> str:
    document = documents.create(s, LOCAL_OWNER, _line(payloads[0]), _request(payloads[-1]))
    run = runs.create(s, document.id, LOCAL_OWNER, "parallel", {}, None, {})
    outline = Outline(_line(payloads[0]), 100 * len(payloads), _parts(payloads))
    outlines.save(s, None, document.id, outline)
    sections.sync(s, None, document.id, outline)
    if status != "awaiting_approval":
        outlines.approve(s, document.id)
        for key, payload in enumerate(payloads, start=1):
            _section(s, run, str(key), payload)
    reason = "\n".join(payloads)
    told = {"status": status, "reason": reason, "kind": "malformed", "remedy": payloads[0]}
    events.append(s, run.id, "status", told)
    events.append(s, run.id, "reviewed", _reviewed(payloads[0]))
    run.status, run.reason = RunStatus(status).value, reason
    s.flush()
    return document.id


def _parts(payloads: Sequence[str]) -> tuple[Part, ...]:
    made = []
    for key, payload in enumerate(payloads, start=1):
        line = _line(payload)
        own = SectionPlan(str(key), line, payload, 100, (payload,), (payload,))
        made.append(Part(str(key), line, payload, 100, (own,)))
    return tuple(made)


def _section(s: Session, run: RunRow, key: str, payload: str) -> None:
    text = f"{payload}\n\n{PROSE} {payload}\n\n{PROSE}"
    stored = edits.write(s, LOCAL_OWNER, run.document_id, key, text, len(text.split()))
    shown = stored.text.find(PROSE)
    finding = {
        "gate": "judge", "severity": "warn", "message": payload, "section": key,
        "start": 0, "end": max(1, shown - 2),
    }  # fmt: skip
    s.add(
        ScoreRow(
            document_id=run.document_id, owner_id=LOCAL_OWNER, run_id=run.id, section_key=key,
            name="judge", version=1, value=50.0, reason=payload, findings=[finding],
        )
    )  # fmt: skip
    s.add(_call(run, key, payload))


def _call(run: RunRow, key: str, payload: str) -> CallRow:
    messages = [{"role": role, "content": payload} for role in ("system", "user")]
    context = {"pieces": {payload: 7}, "dropped": [payload], "tokens": 7, "asked": 7}
    return CallRow(
        id=new_id("call"), owner_id=LOCAL_OWNER, run_id=run.id, step=f"section/{key}/write/1",
        attempt=1, role="writer", request={"messages": messages, "model": payload},
        request_sha="0", prompt_name=payload, prompt_version=1, prompt_sha="0", context=context,
        model=payload, endpoint=payload, text=payload, finish=payload, error_kind="malformed",
        error_message=payload,
    )  # fmt: skip


def _request(payload: str) -> dict[str, object]:
    given = {"prompt": f"Write. {payload}", "words": 2000, "kind": payload, "audience": payload,
             "tone": payload, "must_include": [_line(payload)], "language": "en"}  # fmt: skip
    return make_request(given).model_dump(mode="json")


def _reviewed(payload: str) -> dict[str, object]:
    return {
        "key": "", "rounds": 1, "kept": 0, "why": payload, "before": 50.0, "after": 50.0,
        "issues": 1,
    }  # fmt: skip


def _line(payload: str) -> str:
    return " ".join(payload.split())[:LONGEST]


@contextmanager
def endpoint(payloads: Sequence[str]) -> Iterator[str]:
    """The address of a server whose models and whose errors are called like that."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, {"data": [{"id": each, "object": "model"} for each in payloads]})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._say(400, {"error": {"message": " ".join(payloads), "type": payloads[0]}})

        def _say(self, status: int, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
