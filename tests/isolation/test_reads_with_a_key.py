"""Whatever an owner may read natively, a program of Orac's tier may read, too, but people's own."""

import re
from typing import Final

from tests.isolation.caller import Caller
from tests.isolation.conftest import BEFORE_EITHER
from tests.isolation.estate import Estate

OF_PEOPLE: Final = re.compile(
    r"/v1/(account|audit-log|api-keys|members|invitations|notices|notice-preferences|visitor)(/.*)?"
)
"""The account, the log, keys and members are only for people, who also have notices of their
own; visitors read their own conversations with their own tokens."""


@BEFORE_EITHER
def test_every_read_but_peoples_own_works_with_a_key(estate: Estate, caller: Caller) -> None:
    owner = estate.ours.credentials["jwt"]
    made = estate.made(
        "/v1/api-keys", owner, name="Orac", scopes=["read", "privacy:read"], prefix="orac_live_"
    )
    reads = [
        path
        for path, operations in estate.call("GET", "/openapi.json").json()["paths"].items()
        if path.startswith("/v1/") and "get" in operations
    ]
    assert len(reads) > 20
    for path in reads:
        key = ("GET", path)
        answer = caller.call(key, estate.ours, made["key"])
        if OF_PEOPLE.fullmatch(path):
            assert answer.status_code in (401, 403), f"{path}: {answer.text}"
        else:
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
