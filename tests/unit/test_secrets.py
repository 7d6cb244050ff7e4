"""A secret opens only with its key and where it belongs; the key file is made once, for one."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError, StorageError
from core.secrets import FILE, SecretBox

GIVEN = "k" * 32
BOUND = ("local", "lab", "http://127.0.0.1:8000")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_what_is_sealed_can_be_opened(text: str, bound: list[str]) -> None:
    text = text.encode("utf-8", "replace").decode()
    box = SecretBox(Path("/nowhere"), GIVEN)
    sealed = box.seal(text, *bound)
    assert box.open(sealed, *bound) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_the_same_text_never_looks_the_same(tmp_path: Path) -> None:
    box = SecretBox(tmp_path)
    assert box.seal("sk-1", *BOUND) != box.seal("sk-1", *BOUND)


def test_the_key_file_is_the_owner_s_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    sealed = SecretBox(home).seal("sk-1", *BOUND)
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [FILE]
    assert SecretBox(home).open(sealed, *BOUND) == "sk-1"
    moved = SecretBox(tmp_path, (home / FILE).read_text().strip())
    assert moved.open(sealed, *BOUND) == "sk-1"


@pytest.mark.parametrize(
    "bound",
    [
        ("other", "lab", "http://127.0.0.1:8000"),
        ("local", "other", "http://127.0.0.1:8000"),
        ("local", "lab", "http://127.0.0.1:8001"),
        ("local", "lab"),
        ("local", "labhttp://127.0.0.1:8000", ""),
        ("locallab", "http://127.0.0.1:8000"),
    ],
)
def test_a_secret_opens_only_where_it_belongs(bound: tuple[str, ...]) -> None:
    box = SecretBox(Path("/nowhere"), GIVEN)
    sealed = box.seal("sk-canary", *BOUND)
    with pytest.raises(SettingsError) as caught:
        box.open(sealed, *bound)
    assert "canary" not in f"{caught.value.message} {caught.value.remedy}"


def test_every_damage_is_noticed() -> None:
    box = SecretBox(Path("/nowhere"), GIVEN)
    sealed = box.seal("sk-1", *BOUND)
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        for broken in (damaged, sealed[:at]):
            with pytest.raises(SettingsError):
                box.open(broken, *BOUND)


def test_a_lost_or_other_key_is_told_with_a_remedy(tmp_path: Path) -> None:
    box = SecretBox(tmp_path)
    sealed = box.seal("sk-1", *BOUND)
    (tmp_path / FILE).unlink()
    with pytest.raises(SettingsError, match=r"secret\.key is missing") as caught:
        box.open(sealed, *BOUND)
    assert "store the secrets again" in caught.value.remedy
    assert not (tmp_path / FILE).exists()
    box.seal("sk-2", *BOUND)
    with pytest.raises(SettingsError, match="cannot be decrypted"):
        box.open(sealed, *BOUND)


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="less than 32"):
        SecretBox(tmp_path, "short").seal("sk-1")
    (tmp_path / FILE).write_text("\n")
    with pytest.raises(SettingsError, match="less than 32"):
        SecretBox(tmp_path).seal("sk-1")
    (tmp_path / FILE).write_bytes(b"\xff" * 40)
    with pytest.raises(StorageError, match="cannot be read"):
        SecretBox(tmp_path).seal("sk-1")
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageError):
        SecretBox(tmp_path).seal("sk-1")
    with pytest.raises(StorageError, match="cannot be made"):
        SecretBox(Path(__file__)).seal("sk-1")


def test_all_who_begin_at_once_share_one_key(tmp_path: Path) -> None:
    boxes = [SecretBox(tmp_path / "home") for _ in range(32)]
    with ThreadPoolExecutor(32) as threads:
        sealed = list(threads.map(lambda box: box.seal("sk-1", *BOUND), boxes))
    assert {SecretBox(tmp_path / "home").open(one, *BOUND) for one in sealed} == {"sk-1"}
    assert os.listdir(tmp_path / "home") == [FILE]
