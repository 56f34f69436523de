"""What the passwords that are tried first are made of.

`commonest.txt` was written for this project: words, and words together, without spaces, in small
letters. Published lists of leaked passwords are long because they repeat few words with different
digits and signs around them; what is at the ends is taken off before a look here, and `0` for `o`
and the like are undone.
"""

from importlib.resources import files
from typing import Final

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
"""Along these, in either direction and over and over, fingers run by themselves."""
