"""How often somebody may try to log in, sign up or reset a password.

Each attempt is counted in two windows: one per client address, one per client address and e-mail
address. None counts the e-mail address alone, because strangers could then lock people out.
"""

import hmac
from dataclasses import dataclass
from typing import Final, Literal

from answerdesk.accounts.sessions.tokens import token_keys
from answerdesk.core.database import Database
from answerdesk.core.errors import RateLimited
from answerdesk.core.ratelimit import take
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import UserId

Attempt = Literal["log-in", "sign-up", "reset", "token"]

_SECONDS: Final = 15 * 60
_MOST_LETTERS: Final = 5
_LETTERS_SECONDS: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """Maximum attempts in 15 minutes; 0 means no limit.

    `of_address` applies to each kind of attempt per client address, `of_person` per client address
    and e-mail address.
    """

    of_address: int
    of_person: int
    sign_ups: int

    @classmethod
    def of(cls, settings: Settings) -> "AttemptLimits":
        """Return the limits that the operator has set."""
        return cls(
            of_address=settings.log_in_attempts_per_address,
            of_person=settings.log_in_attempts,
            sign_ups=settings.sign_ups_per_address,
        )


async def count_attempt(
    database: Database, limits: AttemptLimits, what: Attempt, address: str, email_key: str = ""
) -> None:
    """Count an attempt before anything is looked up. Raises RateLimited, whoever it is about."""
    of_address = limits.sign_ups if what == "sign-up" else limits.of_address
    await _take(database, f"{what}:address", address, of_address)
    if email_key:
        await _take(database, f"{what}:person", f"{address} {email_key}", limits.of_person)


async def count_letter(database: Database, user_id: UserId) -> None:
    """Count a letter that a person has mailed to an address that may be a stranger's.

    Raises RateLimited beyond five an hour.
    """
    await _take(database, "letter:person", user_id.hex, _MOST_LETTERS, _LETTERS_SECONDS)


async def _take(
    database: Database, what: str, whose: str, limit: int, seconds: int = _SECONDS
) -> None:
    if limit == 0:
        return
    # Keyed, so that nobody can find the person by hashing all addresses.
    key = token_keys(database).limits[0]
    name = hmac.new(key, f"{what}:{whose}".encode(), "sha256").hexdigest()
    try:
        await take(database, f"{what}:{name}", limit, seconds)
    except RateLimited as error:
        minutes = max(1, round(error.retry_after / 60))
        message = f"Too many attempts. Try again in {minutes} minutes."
        raise RateLimited(
            message, retry_after=error.retry_after, code="too_many_attempts"
        ) from error
