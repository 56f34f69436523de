"""E-mail addresses: one spelling each, whoever types them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final

import idna
from pydantic import AfterValidator

LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
_LONGEST_READ: Final = 1000
"""Longer text is not even looked at."""

_FORBIDDEN: Final = re.compile(r'[\x00-\x20\x7f-\xa0"(),:;<>@\[\]\\]|^\.|\.$|\.\.')
"""What a local part cannot have unless it is quoted, which nobody's is."""


@dataclass(frozen=True, slots=True)
class Email:
    """An address: `address` to write to, `key` the same for all of its spellings."""

    address: str
    key: str


def parse_email(text: str) -> Email:
    """Read an address; raises ValueError, saying what is wrong with it.

    The domain is taken to its ASCII form (IDNA 2008, UTS 46), so that one address has one key.
    Capitals make no difference, before the @ neither: no provider in use tells them apart.
    """
    if len(text) > _LONGEST_READ:
        raise ValueError(f"is longer than an e-mail address can be ({LONGEST} characters)")
    whole = unicodedata.normalize("NFKC", text.strip())
    local, at, domain = whole.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("is no e-mail address, such as ann@example.com")
    if _FORBIDDEN.search(local) or any(unicodedata.category(c)[0] in "CZ" for c in local):
        raise ValueError("is no e-mail address: what stands before the @ is not taken")
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("is no e-mail address: what stands after the @ is no domain") from error
    address = f"{local}@{encoded}"
    if len(local.encode()) > _LONGEST_LOCAL or len(address.encode()) > LONGEST:
        raise ValueError(f"is longer than an e-mail address can be ({LONGEST} characters)")
    key = unicodedata.normalize("NFKC", local.casefold())
    return Email(address=address, key=f"{key}@{encoded}")


def _check(text: str) -> str:
    return parse_email(text).address


EmailText = Annotated[str, AfterValidator(_check)]
"""An e-mail address in a request's body, as it is to be written to."""
