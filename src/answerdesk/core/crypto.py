"""Sealing what must be read again, and keys for signing: all from secret keys outside the database.

The secret keys are given by `ANSWERDESK_SECRET_KEYS`, newest first, or kept in the file
`secret.keys` of the data folder, which the first start makes, one key a line, newest first. The
newest seals; all open. Each is at least 32 random characters.
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
    """A secret under lock: `key_id` names the key, `data` is nonce and ciphertext with its tag."""

    key_id: str
    data: bytes


class _SecretKey:
    """One secret key; what is used is derived from it, by purpose."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        # Tells keys apart without telling anything about them.
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
        """Take the secret keys, newest first; raises InvalidInput for one that is too weak.

        `reload` reads them again when a key is met that is not among them: another process may have
        begun a new one since.
        """
        self._reload = reload
        self._take(secret_keys)

    def _take(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise InvalidInput("There is no secret key", code="invalid_settings")
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
        """Return what tells each key from others without telling anything about it, newest first.

        It is salted: the same key has another fingerprint in another installation.
        """
        return self.derive_all(f"fingerprint:{salt.hex()}")

    def seal(self, plain: bytes, *, bound_to: str) -> Sealed:
        """Seal `plain`; it opens only where `bound_to` is said again."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._keys[0].cipher
        return Sealed(self.key_id, nonce + cipher.encrypt(nonce, plain, bound_to.encode()))

    def open(self, sealed: Sealed, *, bound_to: str) -> bytes:
        """Return what was sealed.

        Raises Unavailable when its key is not among ours, or when it was changed or moved.
        """
        key = self._by_id.get(sealed.key_id)
        if key is None and self._reload is not None:
            self._take(self._reload())
            key = self._by_id.get(sealed.key_id)
        if key is None:
            raise Unavailable(
                f"A stored secret is sealed with the key {sealed.key_id}, which is not among the "
                "secret keys; put it back until `answerdesk keys rotate` has run",
                code="secret_key_missing",
            )
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return key.cipher.decrypt(nonce, data, bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Unavailable(
                "A stored secret does not open: it was changed or moved", code="secret_damaged"
            ) from error

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for `purpose` from the newest key, the same at every call."""
        return self._keys[0].derive(purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """Return the bytes for `purpose` from every key: the first signs, all verify."""
        return tuple(key.derive(purpose) for key in self._keys)


def _require_strength(key: str, position: int) -> None:
    if len(key) < LEAST_CHARACTERS or len(set(key)) < _LEAST_DISTINCT:
        raise InvalidInput(
            f"Secret key {position} is too weak: it has at least {LEAST_CHARACTERS} random "
            "characters, such as `openssl rand -base64 32` prints",
            code="invalid_settings",
        )


def new_secret_key() -> str:
    """Return a fresh secret key of 256 random bits."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode().rstrip("=")


def load_secret_keys(data_dir: Path) -> tuple[str, ...]:
    """Return the keys in `data_dir`, newest first; the first is made on first use with mode 0600.

    However many processes start at once, all return the same keys. Raises Unavailable when the file
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
            f"The secret keys in {path} cannot be read or made: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise Unavailable(
            f"{path} is damaged: put it back from your backup", code="secret_key_missing"
        ) from error
    keys = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise Unavailable(
            f"{path} holds no key. Put the file back from your backup: without it stored secrets "
            "cannot be opened. Remove it only if there are none.",
            code="secret_key_missing",
        )
    return keys


def save_secret_keys(data_dir: Path, keys: Sequence[str]) -> None:
    """Write the keys of `data_dir` anew, newest first, whole or not at all. Raises DiskFull."""
    with storing_in(data_dir):
        _write(data_dir / FILE_NAME, keys, replace=True)


def _write(path: Path, keys: Sequence[str], *, replace: bool) -> None:
    """Write the file whole; without `replace`, the first of several writers wins."""
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
