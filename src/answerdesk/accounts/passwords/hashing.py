"""Hashing with argon2id: slow on purpose, one at a time, beside the server's other work."""

import asyncio
import base64
import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from answerdesk.accounts.passwords.policy import MOST, normalised
from answerdesk.core.errors import Unavailable

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
"""The first recommendation for argon2id in the OWASP Password Storage Cheat Sheet."""

_MOST_WAITING: Final = 200
"""At about 30 ms each, the last one waits about six seconds."""

_NICENESS: Final = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a password was right; `renewed` is its new hash if the stored one is outdated."""

    right: bool
    renewed: str | None = None


class Passwords:
    """Hashes and verifies on one thread of its own, however many callers there are.

    argon2 releases the GIL while it works, so this uses at most one core: a hundred people who log
    in together wait for each other, but chats do not wait for them. With more than `most_waiting`
    calls waiting, a call raises Unavailable immediately.
    """

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        passes: int = PASSES,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=LANES)
        self._threads = ThreadPoolExecutor(1, "passwords", initializer=_step_back)
        self._most_waiting = most_waiting
        self._waiting = 0
        # Verified for unknown addresses, so that these take as long as known ones.
        self._nobodys = _hash_of_nothing(self._hasher)

    async def hash(self, password: str) -> str:
        """Return the hash to store, in PHC form. The password must have been checked before."""
        return await self._run(lambda: self._hasher.hash(normalised(password)))

    async def verify(self, stored: str | None, password: str) -> Verified:
        """Tell whether `password` matches the hash `stored`.

        None never matches, but takes as long.
        """
        return await self._run(lambda: self._verify(stored, password))

    async def close(self) -> None:
        """Refuse further calls and wait for the running one."""
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._most_waiting:
            raise Unavailable(
                "Too many people are logging in at the moment; try again in a few seconds",
                code="log_in_busy",
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except RuntimeError as error:
            raise Unavailable("The server is shutting down.", code="shutting_down") from error
        finally:
            self._waiting -= 1

    def _verify(self, stored: str | None, password: str) -> Verified:
        if len(password) > MOST:
            return Verified(right=False)
        text = normalised(password)
        try:
            self._hasher.verify(stored or self._nobodys, text)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return Verified(right=False)
        if stored is None:
            return Verified(right=False)  # Nobody has this password, but it must not match.
        renewed = self._hasher.hash(text) if self._hasher.check_needs_rehash(stored) else None
        return Verified(right=True, renewed=renewed)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """Return a hash with the hasher's parameters that no password matches, without computing it."""
    salt, digest = (
        base64.b64encode(os.urandom(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def _step_back() -> None:
    """Lower this thread's priority: on Linux each thread has its own niceness."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
