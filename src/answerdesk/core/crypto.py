"""Sealing of secrets, and keys for signing, all derived from secret keys outside the database.

The secret keys come from `ANSWERDESK_SECRET_KEYS`, newest first, or from the file `secret.keys` in
the data folder. The first start creates that file; it has one key per line, newest first. The
newest key seals; all open. Each has at least 32 random characters.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from answerdesk.core.disk import storing_in
from answerdesk.core.errors import InvalidInput, Unavailable

FILE_NAME: Final = "secret.keys"
LEAST_CHARACTERS: Final = 32
_LEAST_DISTINCT: Final = 10
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed secret: `key_id` names the key, `data` is the nonce and the authenticated cipher."""

    key_id: str
    data: bytes


class _SecretKey:
    """One secret key, from which keys for each purpose are derived."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        # Distinguishes keys without revealing anything about them.
        self.id = hashlib.sha256(b"answerdesk key id:" + self._secret).hexdigest()[:16]

    def derive(self, purpose: str) -> bytes:
        return HKDF(
            algorithm=SHA256(), length=_KEY_BYTES, salt=b"answerdesk", info=purpose.encode()
        ).derive(self._secret)

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.derive("seal"))


class Sealer:
    """Seals and opens with AES-256-GCM, and derives keys for other purposes."""

    def __init__(
        self, secret_keys: Sequence[str], reload: Callable[[], Sequence[str]] | None = None
    ) -> None:
        """Take the secret keys, newest first; raises InvalidInput if one is too weak.

        `reload` reads them again when an unknown key is needed: another process may have added a
        new one.
        """
        self._reload = reload
        self._take(secret_keys)

    def _take(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise InvalidInput("No secret key is set", code="invalid_settings")
        for position, key in enumerate(secret_keys, 1):
            _require_strength(key, position)
        self._keys = [_SecretKey(key) for key in secret_keys]
        self._by_id = {key.id: key for key in self._keys}

    @property
    def key_id(self) -> str:
        """The id of the newest key, which seals."""
        return self._keys[0].id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys that open, newest first."""
        return tuple(key.id for key in self._keys)

    def fingerprints(self, salt: bytes) -> tuple[bytes, ...]:
        """Return what identifies each key without revealing anything about it, newest first.

        It is salted: the same key has a different fingerprint in another installation.
        """
        return self.derive_all(f"fingerprint:{salt.hex()}")

    def seal(self, plain: bytes, *, bound_to: str) -> Sealed:
        """Seal `plain`; it can be opened only with the same `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._keys[0].cipher
        return Sealed(self.key_id, nonce + cipher.encrypt(nonce, plain, bound_to.encode()))

    def open(self, sealed: Sealed, *, bound_to: str) -> bytes:
        """Return what was sealed.

        Raises Unavailable if its key is not among ours, or if it was changed or moved.
        """
        key = self._by_id.get(sealed.key_id)
        if key is None and self._reload is not None:
            self._take(self._reload())
            key = self._by_id.get(sealed.key_id)
        if key is None:
            raise Unavailable(
                f"A stored secret is sealed with the key {sealed.key_id}, which is not among the "
                "secret keys; restore that key until `answerdesk keys rotate` has completed",
                code="secret_key_missing",
            )
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return key.cipher.decrypt(nonce, data, bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Unavailable(
                "A stored secret cannot be opened: it was changed or moved", code="secret_damaged"
            ) from error

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for `purpose` from the newest key, the same on every call."""
        return self._keys[0].derive(purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """Return the bytes for `purpose` from every key: the first signs, all verify."""
        return tuple(key.derive(purpose) for key in self._keys)


def _require_strength(key: str, position: int) -> None:
    if len(key) < LEAST_CHARACTERS or len(set(key)) < _LEAST_DISTINCT:
        raise InvalidInput(
            f"Secret key {position} is too weak: it needs at least {LEAST_CHARACTERS} random "
            "characters, such as the output of `openssl rand -base64 32`",
            code="invalid_settings",
        )


def new_secret_key() -> str:
    """Return a new secret key with 256 random bits."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode().rstrip("=")


def load_secret_keys(data_dir: Path) -> tuple[str, ...]:
    """Return the keys in `data_dir`, newest first; the first use creates one, with mode 0600.

    All processes return the same keys, even if they start together. Raises Unavailable if the file
    cannot be read or written.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            with storing_in(data_dir):
                _write(path, [new_secret_key()], replace=False)
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise Unavailable(
            f"The secret keys in {path} cannot be read or created: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise Unavailable(
            f"{path} is damaged; restore it from your backup", code="secret_key_missing"
        ) from error
    keys = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise Unavailable(
            f"{path} contains no key. Restore the file from your backup: without it, stored "
            "secrets cannot be opened. Remove it only if there are none.",
            code="secret_key_missing",
        )
    return keys


def save_secret_keys(data_dir: Path, keys: Sequence[str]) -> None:
    """Replace the keys in `data_dir`, newest first, completely or not at all. Raises DiskFull."""
    with storing_in(data_dir):
        _write(data_dir / FILE_NAME, keys, replace=True)


def _write(path: Path, keys: Sequence[str], *, replace: bool) -> None:
    """Write the file completely; without `replace`, the first of several writers wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
            return
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
