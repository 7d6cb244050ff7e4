"""How a secret is kept: encrypted under one key, and bound to what it belongs to.

AES-256-GCM with a random nonce. The key comes from `LONGLEAF_SECRET_KEY`, else from a file in the
data folder that only its owner may read and that is made when something is first encrypted.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import SettingsError, StorageError

FILE = "secret.key"
VARIABLE = "LONGLEAF_SECRET_KEY"
SHORTEST = 32
"""Characters of a key's text: anything shorter could be guessed."""
_FORM = b"\x01"
_NONCE = 12
_MAKE = 'make one: python -c "import secrets; print(secrets.token_urlsafe(32))"'


class SecretBox:
    """Encrypts and decrypts texts; reads its key when it is first needed.

    Args:
        folder: where the key file lies.
        given: the key's text, in place of the file; empty: the file.
    """

    def __init__(self, folder: Path, given: str = "") -> None:
        self._file = folder / FILE
        self._given = given

    def seal(self, text: str, *bound: str) -> bytes:
        """The text, encrypted; it can be opened with the same `bound` only.

        Args:
            text: what is to be kept secret.
            bound: whose it is and what for; stored nowhere.

        Raises:
            SettingsError: the key that was given is too short.
            StorageError: the key file cannot be made.
        """
        if not self._given and not self._file.exists():
            _make(self._file)
        nonce = os.urandom(_NONCE)
        return _FORM + nonce + self._cipher().encrypt(nonce, text.encode(), _context(bound))

    def open(self, sealed: bytes, *bound: str) -> str:
        """The text that `seal` was given.

        Raises:
            SettingsError: the key is missing or another one, or the secret belongs elsewhere.
            StorageError: the key file cannot be read.
        """
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        cipher = self._cipher()
        try:
            if sealed[:1] != _FORM:
                raise InvalidTag
            return cipher.decrypt(nonce, body, _context(bound)).decode()
        except (InvalidTag, ValueError):
            where = VARIABLE if self._given else str(self._file)
            raise SettingsError(
                f"a stored secret cannot be decrypted with the key in {where}",
                "Put the former key back, or store the secret again.",
            ) from None

    def _cipher(self) -> AESGCM:
        text = self._given or self._read()
        if len(text) < SHORTEST:
            where = VARIABLE if self._given else str(self._file)
            raise SettingsError(f"the key in {where} has less than {SHORTEST} characters", _MAKE)
        key = HKDF(SHA256(), 32, None, b"longleaf secrets").derive(text.encode("utf-8", "replace"))
        return AESGCM(key)

    def _read(self) -> str:
        try:
            return self._file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise SettingsError(
                f"the key file {self._file} is missing, so stored secrets cannot be read",
                f"Put it back, set {VARIABLE}, or store the secrets again.",
            ) from None
        except (OSError, ValueError) as error:
            raise StorageError(
                f"the key file {self._file} cannot be read ({type(error).__name__})",
                "It must be a text file of your own.",
            ) from error


def _context(bound: tuple[str, ...]) -> bytes:
    """What a secret belongs to, so written that no two contexts look alike."""
    return json.dumps(bound).encode()


def _make(file: Path) -> None:
    """Make the key file, whole from its first moment; whoever comes second takes the first's."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _scratch(file.parent) as (handle, name):
            os.write(handle, secrets.token_urlsafe(32).encode() + b"\n")
            os.fsync(handle)
            with contextlib.suppress(FileExistsError):
                os.link(name, file)
    except OSError as error:
        raise StorageError(
            f"the key file {file} cannot be made: {error.strerror}",
            f"Free some space or correct its rights, or set {VARIABLE}.",
        ) from error


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[tuple[int, str]]:
    """A file of ours alone (mode 0600), gone afterwards."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE}-")
    try:
        yield handle, name
    finally:
        os.close(handle)
        os.unlink(name)
