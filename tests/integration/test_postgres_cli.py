"""The command line on a PostgreSQL database: it writes, it looks, it says what is wrong."""

from pathlib import Path

import pytest

from tests.e2e.support_cli import at, run
from tests.fakes.endpoint import run_in_thread
from tests.postgres import LOCKED_OUT, Server


def test_a_document_is_written_listed_and_looked_after(tmp_path: Path, postgres: Server) -> None:
    url = postgres.fresh(migrated=False)
    with run_in_thread() as endpoint:
        written = run(
            tmp_path, "write", "A report about tides", "--words", "300", "--json", *at(endpoint),
            LONGLEAF_DATABASE_URL=url,
        )  # fmt: skip
        assert written.code == 0, written.err
        looked = run(tmp_path, "doctor", *at(endpoint), LONGLEAF_DATABASE_URL=url)
    listed = run(tmp_path, "runs", "--json", LONGLEAF_DATABASE_URL=url)
    assert written.json["run_id"] in listed.out
    assert "postgresql" in looked.out + looked.err
    assert not (tmp_path / "longleaf.db").exists()


@pytest.mark.parametrize(("place", "code"), [("@127.0.0.1:1/x", 6), ("@more@127.0.0.1/x", 5)])
def test_a_refusal_ends_with_its_code_and_without_the_password(
    tmp_path: Path, place: str, code: int
) -> None:
    done = run(tmp_path, "runs", LONGLEAF_DATABASE_URL=f"postgresql://someone:hunter2{place}")
    assert done.code == code, done.err
    assert "hunter2" not in done.out + done.err
    assert "Traceback" not in done.err


def test_doctor_shows_no_password(tmp_path: Path, postgres: Server) -> None:
    url = postgres.url("postgres", f"{LOCKED_OUT}:hunter2")
    done = run(tmp_path, "doctor", LONGLEAF_DATABASE_URL=url)
    assert done.code != 0
    assert "refused the user" in " ".join((done.out + done.err).split())
    assert "hunter2" not in done.out + done.err
