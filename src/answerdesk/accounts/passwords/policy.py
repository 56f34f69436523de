"""Which passwords are taken: long enough, and none of those that are tried first.

No rule asks for digits or capitals (NIST SP 800-63B-4, section 3.1.1): they make people write
`Password1!`. What is refused instead are the commonest passwords, however they are decorated.
"""

import re
import unicodedata
from typing import Final

from answerdesk.accounts.passwords.commonest import COMMON_WORDS, KEYBOARD_ROWS
from answerdesk.core.errors import InvalidInput

LEAST: Final = 10
MOST: Final = 1024
RECOMMENDED: Final = 15

_LOOKALIKES: Final = str.maketrans("013457@$!|", "oieastasil")
_DECORATION: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SHORTEST_NAME: Final = 4
_LONGEST_PERIOD: Final = 4


def normalised(password: str) -> str:
    """Return a password as it is hashed: the same however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, email: str) -> None:
    """Raise InvalidInput, saying what to do, unless `password` can be the one of `email`."""
    text = normalised(password)
    if len(text) < LEAST:
        raise InvalidInput(
            f"A password has at least {LEAST} characters; {RECOMMENDED} or more are recommended",
            code="password_too_short",
        )
    if len(password) > MOST:
        raise InvalidInput(f"A password has at most {MOST:,} characters", code="password_too_long")
    if is_common(text) or _names(text, email):
        raise InvalidInput(
            "This password is one of the commonest, which are tried first; choose another, such as "
            "a few words that have nothing to do with each other",
            code="password_too_common",
        )


def is_common(password: str) -> bool:
    """Tell whether a password is a common one, with or without what people add to it."""
    text = password.casefold()
    inner = _DECORATION.sub("", text)
    forms = {text, _bare(text), _bare(inner.translate(_LOOKALIKES))}
    if not inner:
        # Nothing but digits and signs; around something else they are decoration.
        forms.add(re.sub(r"\D", "", text))
    return any(form in COMMON_WORDS or _is_pattern(form) for form in forms)


def _bare(text: str) -> str:
    """Return `text` without digits and signs at its ends, and without spaces and signs inside."""
    return re.sub(r"[\W_]+", "", _DECORATION.sub("", text))


def _is_pattern(text: str) -> bool:
    """Tell whether `text` repeats a few characters, or follows the alphabet or the keyboard."""
    if len(text) < _LONGEST_PERIOD:
        return False
    for period in range(1, _LONGEST_PERIOD + 1):
        if len(text) >= 2 * period and text == (text[:period] * len(text))[: len(text)]:
            return True
    return any(_runs_along(text, row) for row in KEYBOARD_ROWS)


def _runs_along(text: str, row: str) -> bool:
    endless = row * (len(text) // len(row) + 2)
    return text in endless or text in endless[::-1]


def _names(password: str, email: str) -> bool:
    """Tell whether a password is no more than the address, or the name in it, decorated."""
    local = email.casefold().partition("@")[0]
    bare = _bare(password.casefold())
    names = {_bare(local), _bare(email.casefold().partition("@")[2].rpartition(".")[0])}
    is_a_name = any(len(name) >= _SHORTEST_NAME and bare in (name, name * 2) for name in names)
    return is_a_name or password.casefold() == email.casefold()
