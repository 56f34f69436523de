"""Polish complaints."""

import re
from typing import Final

from answerdesk.answering.message.complaints.rule import complaints, rule

_WH: Final = (
    r"(?:jak|gdzie|kiedy|co|ile|któr\w{1,4}|dlaczego|czy|skąd|kto|kogo|jaki\w{0,3}|do kogo"
    r"|na czym)\b"
)


def _why(found: re.Match[str]) -> str:
    what = found["what"].strip()
    first = what.split(maxsplit=1)[0]
    # Polish writes only names with a capital, and a name rarely complains first.
    return f"Dlaczego {what if first.isupper() else what[:1].lower() + what[1:]}?"


POLISH: Final = complaints(
    r"nie|nigdy|jest|są",
    rule(
        rf"(?:ja )?nie (?:wiem|rozumiem|widzę|pamiętam|wiemy),? (?P<what>{_WH}.+)",
        "{what}?",
    ),
    rule(
        r"(?:ja )?nie (?:mogę|możemy|potrafię|umiem|udaje mi się|da się|mogłem|mogłam)(?: już)?"
        r" (?P<what>.+)",
        "Jak mogę {what}?",
    ),
    rule(r"(?:ja )?nie (?:widzę|znajduję) (?P<what>.+)", "Jak znaleźć {what}?"),
    rule(
        r"(?P<what>(?!(?:ja )?nie (?:chcę|mam|potrzebuję|jestem|mówię|sądzę|jem|piję)\b"
        r"|(?:jeśli|gdy|kiedy|jak)\b).{0,100}?\b(?:nie|nigdy) \w.*)",
        _why,
    ),
    rule(
        r"(?P<what>.{2,80}? (?:jest|są) (?:\w{1,12} ){0,2}(?:zepsut[yae]|pust[yae]|zablokowan[yae]"
        r"|woln[yae]|uszkodzon[yae]|opóźnion[yae]|nieczyteln[yae])\b.*)",
        _why,
    ),
)
