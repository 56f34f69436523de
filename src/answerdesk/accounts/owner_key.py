"""The owner's key: made at the first start, kept where only the owner can read it."""

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from answerdesk.core.errors import NotAuthenticated, Unavailable

FILE_NAME: Final = "owner.key"
PREFIX: Final = "ad_live_"


def load_owner_key(data_dir: Path) -> str:
    """Return the key in `data_dir`, made on first use with mode 0600.

    However many processes start at once, all return the same key. Raises Unavailable when the file
    cannot be read or written.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            _write_once(path, PREFIX + secrets.token_urlsafe(32))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"The owner's key in {path} cannot be read: {error}") from error
    if len(key) < 24:
        raise Unavailable(f"{path} holds no key; remove it, and the next start makes a new one")
    return key


def _write_once(path: Path, key: str) -> None:
    """Write `key` whole or not at all; the first of several writers wins."""
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


def require_owner(given: str | None, expected: str) -> None:
    """Raise NotAuthenticated unless `given` is the owner's key; takes the same time either way."""
    if given is None:
        raise NotAuthenticated(
            "This needs the owner's key: send `Authorization: Bearer <key>`; "
            f"it is in the file {FILE_NAME} of the data folder"
        )
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise NotAuthenticated("This is not the owner's key")
