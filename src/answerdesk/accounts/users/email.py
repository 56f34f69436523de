"""E-mail addresses, each in one spelling, however people type them."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Final

import idna
from pydantic import AfterValidator

LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
_LONGEST_READ: Final = 1000
"""Longer text is rejected before it is parsed."""

_FORBIDDEN: Final = re.compile(r'[\x00-\x20\x7f-\xa0"(),:;<>@\[\]\\]|^\.|\.$|\.\.')
"""Characters that a local part can have only in quotes, which nobody uses."""


@dataclass(frozen=True, slots=True)
class Email:
    """An address: `address` to send mail to, `key` the same for all its spellings."""

    address: str
    key: str


def parse_email(text: str) -> Email:
    """Parse an address; raises ValueError saying what is wrong with it.

    The domain is converted to its ASCII form (IDNA 2008, UTS 46), so that one address has one key.
    Case is ignored, even before the @: no provider in use distinguishes it.
    """
    if len(text) > _LONGEST_READ:
        raise ValueError(f"is longer than an e-mail address can be ({LONGEST} characters)")
    whole = unicodedata.normalize("NFKC", text.strip())
    local, at, domain = whole.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("is not an e-mail address, such as ann@example.com")
    if _FORBIDDEN.search(local) or any(unicodedata.category(c)[0] in "CZ" for c in local):
        raise ValueError("is not an e-mail address: the part before the @ is not accepted")
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("is not an e-mail address: what follows the @ is not a domain") from error
    address = f"{local}@{encoded}"
    if len(local.encode()) > _LONGEST_LOCAL or len(address.encode()) > LONGEST:
        raise ValueError(f"is longer than an e-mail address can be ({LONGEST} characters)")
    key = unicodedata.normalize("NFKC", local.casefold())
    return Email(address=address, key=f"{key}@{encoded}")


def _check(text: str) -> str:
    return parse_email(text).address


EmailText = Annotated[str, AfterValidator(_check)]
"""An e-mail address in a request's body, in the form that mail is sent to."""


_SEARCHED: Final = 20_000
"""Characters of a text that are searched for an address."""

_CANDIDATES: Final = 20
"""How many words with an @ are looked at."""

# The domain's last label has letters only, so that a version (`tool@1.2`) is no address.
_CANDIDATE: Final = re.compile(
    r"(?<![\w.%+'-])([\w.%+'-]{1,64})"
    r"@((?:[\w-]{1,63}\.){1,10}(?:xn--[\w-]{1,59}|[^\W\d_]{2,63}))(?!\w)"
)
_URL_BEFORE: Final = re.compile(r"://[^\s/?#]{0,300}\Z")


def find_email(text: str) -> Email | None:
    """Return the first e-mail address in a text, such as a message; None if it has none.

    User names in URLs don't count. The work is linear in the text's length, and bounded.
    """
    searched = text[:_SEARCHED]
    for found in islice(_CANDIDATE.finditer(searched), _CANDIDATES):
        if _URL_BEFORE.search(searched[max(0, found.start() - 310) : found.start()]):
            continue
        try:
            return parse_email(found[1].strip(".'") + "@" + found[2])
        except ValueError:
            continue
    return None
