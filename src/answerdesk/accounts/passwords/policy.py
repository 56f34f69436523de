"""Which passwords are accepted: long enough, and not among those that attackers try first.

No rule requires digits or capitals (NIST SP 800-63B-4, section 3.1.1): such rules make people write
`Password1!`. Instead, the commonest passwords are refused, however they are decorated.
`commonest.txt` was written for this project: words and joined words, without spaces, in lower
case. Published lists of leaked passwords are long because they repeat few words with different
digits and signs around them. So digits and signs at the ends are removed before the look-up, and
substitutions such as `0` for `o` are undone.
"""

import re
import unicodedata
from importlib.resources import files
from typing import Final

from answerdesk.core.errors import InvalidInput

COMMON_WORDS: Final = frozenset(
    (files("answerdesk.accounts.passwords") / "commonest.txt").read_text(encoding="utf-8").split()
)

KEYBOARD_ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890qwertyuiop",
    "qwertzuiop",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiop",
    "azertyuiopqsdfghjklmwxcvbn",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "1qazxsw23edcvfr45tgbnhy6",
    "!@#$%^&*()",
    "abcd1234",
    "abc123",
    "pass1234",
    "qwer1234",
    "asdf1234",
    "test1234",
    "147258369",
    "12345678910111213141516171819202122232425",
)
"""Keyboard and alphabet sequences, matched in either direction and repeated."""


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
    """Raise InvalidInput, saying what to do, unless `email` may have this password."""
    text = normalised(password)
    if len(text) < LEAST:
        raise InvalidInput(
            f"A password needs at least {LEAST} characters; {RECOMMENDED} or more are recommended",
            code="password_too_short",
        )
    if len(password) > MOST:
        raise InvalidInput(
            f"A password can have at most {MOST:,} characters", code="password_too_long"
        )
    if is_common(text) or _names(text, email):
        raise InvalidInput(
            "This password is too common: attackers try it first. Choose another, such as "
            "a few unrelated words",
            code="password_too_common",
        )


def is_common(password: str) -> bool:
    """Tell whether a password is common, with or without typical decoration."""
    text = password.casefold()
    inner = _DECORATION.sub("", text)
    forms = {text, _bare(text), _bare(inner.translate(_LOOKALIKES))}
    if not inner:
        # Only digits and signs; around other characters they would be decoration.
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
    """Tell whether a password is only the address, or a name in it, decorated."""
    local = email.casefold().partition("@")[0]
    bare = _bare(password.casefold())
    names = {_bare(local), _bare(email.casefold().partition("@")[2].rpartition(".")[0])}
    is_a_name = any(len(name) >= _SHORTEST_NAME and bare in (name, name * 2) for name in names)
    return is_a_name or password.casefold() == email.casefold()
