"""The owner's key: generated at the first start, readable only by the owner."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from answerdesk.core.disk import storing_in
from answerdesk.core.errors import Unavailable

FILE_NAME: Final = "owner.key"
PREFIX: Final = "ad_live_"


def load_owner_key(data_dir: Path) -> str:
    """Return the key in `data_dir`; the first use generates it, with mode 0600.

    All processes return the same key, even if they start together. Raises Unavailable if the file
    cannot be read or written.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            with storing_in(data_dir):
                _write_once(path, PREFIX + secrets.token_urlsafe(32))
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Unavailable(
            f"The owner's key in {path} cannot be read or created: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path} is damaged: it does not contain a key") from error
    if len(key) < 24:
        raise Unavailable(
            f"{path} is empty; restore it, or remove it and run `answerdesk keys adopt`, "
            "which generates a new key"
        )
    return key


def owner_key_fingerprint(key: str, salt: bytes) -> bytes:
    """Return the key's fingerprint. It takes 40 ms, because the key may be a guessable password."""
    return hashlib.scrypt(key.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def _write_once(path: Path, key: str) -> None:
    """Write `key` completely or not at all; the first of several writers wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
