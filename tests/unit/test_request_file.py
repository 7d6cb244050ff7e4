from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from services.requests.file import _READERS, MAX_BYTES, read_request

BOM = b"\xef\xbb\xbf"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
@pytest.mark.parametrize(
    ("name", "content", "fields"),
    [
        ("r.json", '{"prompt": "写潮汐", "words": 300}', {"prompt": "写潮汐", "words": 300}),
        ("r.toml", 'prompt = "Tides"\nwords = 300', {"prompt": "Tides", "words": 300}),
        ("r.txt", "---\nTides\n", {"prompt": "---\nTides\n"}),
        ("r.md", "# Tides\n\nOn them.", {"prompt": "# Tides\n\nOn them."}),
        ("r.md", "---\nwords: 300\n---\nTides\n", {"prompt": "Tides\n", "words": 300}),
        ("r.md", "---\r\nwords: 300\r\n---\r\nTides", {"prompt": "Tides", "words": 300}),
        ("r.md", "---\n---\nTides", {"prompt": "Tides"}),
        ("r.md", "---\nwords: 9\n--- \n- Tides\n---\n", {"prompt": "- Tides\n---\n", "words": 9}),
        ("r.md", "---\ntone: a\n\n  ---b\n---\nTides", {"prompt": "Tides", "tone": "a\n---b"}),
        ("r.md", "---\nno end of it", {"prompt": "---\nno end of it"}),
        ("R.MD", "Tides", {"prompt": "Tides"}),
    ],
)
def test_every_kind_of_file_is_read(
    tmp_path: Path, name: str, content: str, fields: dict[str, object], mark: bytes
) -> None:
    assert read_request(written(tmp_path, name, mark + content.encode())) == fields


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.doc", b"Tides", "unknown kind of file"),
        ("r.json", b"{", "r.json"),
        ("r.json", b"3", "not a request"),
        ("r.json", b'"Tides"', "not a request"),
        ("r.json", b"[" * 100_000, "nested too deeply"),
        ("r.toml", b"prompt = ", "r.toml"),
        ("r.md", b"---\na: [1\n---\nTides", "front matter"),
        ("r.md", b"---\njust words\n---\nTides", "front matter"),
        ("r.md", b"---\na: !!python/object:os.system {}\n---\nTides", "front matter"),
        ("r.txt", b"\xff\xfe", "not UTF-8"),
        ("r.txt", b"x" * (MAX_BYTES + 1), "1.0 MB"),
    ],
)
def test_what_is_no_request_is_told(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        read_request(written(tmp_path, name, content))
    assert caught.value.remedy


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    for name in ("missing.md", "folder.md", "pipe.md", "n" * 300 + ".md"):
        with pytest.raises(RequestError) as caught:
            read_request(tmp_path / name)
        assert caught.value.remedy


@given(st.sampled_from(sorted(_READERS)), st.binary(max_size=200) | st.text().map(str.encode))
def test_any_content_is_fields_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = written(tmp_path_factory.getbasetemp(), f"any{suffix}", content)
    found: object
    try:
        found = read_request(path)
    except RequestError as error:
        found = error
    assert isinstance(found, dict) or found.remedy
