"""The mailer of an installation without a mail server: its operator reads the letters in a file.

Letters contain links that let people in, so they never go to the log, which is copied and kept
where more people can read it.
"""

import asyncio
import fcntl
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from answerdesk.providers.mailer import Mail, MailUnavailable

_MOST_BYTES: Final = 1 << 20
"""Size at which a new file is begun; about a thousand letters."""

_ATTEMPTS: Final = 100
"""Maximum attempts to open the file while other processes replace it."""

# Don't follow symbolic links, and don't block on a pipe.
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK


class FileMailer:
    """Appends each mail to a file that only its owner can read; safe for concurrent processes.

    A file that is full or readable by others is renamed to `….old`, which replaces the previous
    one, and a new file is begun. There are never more than two.
    """

    def __init__(self, path: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self.path = path
        self._most_bytes = most_bytes
        self._closed = False

    async def send(self, mail: Mail) -> None:
        if self._closed:
            raise MailUnavailable("The server is shutting down.", code="shutting_down")
        try:
            await asyncio.to_thread(self._append, _written(mail, datetime.now(UTC)).encode())
        except OSError as error:
            # The operator needs the path; the reason is kept with the job.
            raise MailUnavailable(
                f"{self.path} cannot be written: {error.strerror or error}"
            ) from error

    async def close(self) -> None:
        """Refuse further mail; idempotent."""
        self._closed = True

    def _append(self, letter: bytes) -> None:
        with self._opened(len(letter)) as file:
            size = os.fstat(file).st_size
            try:
                _write_whole(file, letter)
            except OSError:
                # Write a whole letter or nothing: the next attempt writes it again.
                with suppress(OSError):
                    os.ftruncate(file, size)
                raise

    @contextmanager
    def _opened(self, room: int) -> Iterator[int]:
        """Open the file under an exclusive lock, with room for `room` bytes."""
        for _ in range(_ATTEMPTS):
            file = os.open(self.path, _FLAGS, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                found = os.fstat(file)
                if not self._is_the_file(found):
                    continue
                if _is_ours_alone(found) and (
                    found.st_size == 0 or found.st_size + room <= self._most_bytes
                ):
                    yield file
                    return
                self.path.replace(self.path.with_suffix(f"{self.path.suffix}.old"))
            finally:
                os.close(file)
        raise OSError(0, "other processes keep replacing it")

    def _is_the_file(self, found: os.stat_result) -> bool:
        """Tell whether the path still names the file that we have locked."""
        try:
            now = self.path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return False
        return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)


def _write_whole(file: int, letter: bytes) -> None:
    if os.write(file, letter) < len(letter):
        raise OSError(0, "the disk is full")
    os.fsync(file)


def _is_ours_alone(found: os.stat_result) -> bool:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "it is not a regular file")
    return not found.st_mode & 0o077


def _written(mail: Mail, now: datetime) -> str:
    """Format a letter for a person; its text can neither end it nor begin another."""
    text = "".join(f"    {line}\n" if line else "\n" for line in _visible(mail.text).split("\n"))
    return (
        f"--- {now:%Y-%m-%d %H:%M:%S} UTC, not mailed: ANSWERDESK_SMTP_URL is not set ---\n"
        f"To:      {_visible(mail.to)}\n"
        f"Subject: {_visible(mail.subject)}\n\n"
        f"{text.rstrip()}\n\n"
    )


def _visible(text: str) -> str:
    """Replace characters that could move a terminal's cursor or that UTF-8 can't encode."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        else character
        for character in text.replace("\r\n", "\n")
    )
