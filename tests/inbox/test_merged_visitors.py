"""An anonymous visitor becomes an identified one in the same browser, and by nothing else."""

import time

import jwt

from answerdesk.core.crypto import Sealer, load_secret_keys
from tests.accounts.people import refused
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest, Site
from tests.inbox.team import Team, bare, ok


def log_in(team: Team, guest: Guest, who: str = "ada") -> Guest:
    return team.site.guest(identity_token=team.site.sign(who), visitor_token=guest.token)


def test_what_was_asked_before_logging_in_is_theirs_then(team: Team, rows: Rows) -> None:
    before = team.version(rows)
    ada = log_in(team, team.guest)
    assert ada.id != team.guest.id
    assert ada.conversations() == [team.conversation_id]
    assert ada.messages(team.conversation_id)[0]["author"] == "visitor"
    # The old token reaches it no longer: it proves nothing about who is logged in.
    assert team.guest.conversations() == []
    answer = team.guest.get(f"conversations/{team.conversation_id}/messages")
    refused(answer, 404, "conversation_not_found")
    refused(
        team.guest.send("And now?", conversation_id=team.conversation_id),
        404,
        "conversation_not_found",
    )
    assert team.version(rows) > before
    assert ("changed", "contact") in team.told(rows)
    ada.ask("And to Norway?", conversation_id=team.conversation_id)
    shown = ok(team.ana.client.get(f"/v1/visitors/{ada.id}"))
    assert (shown["verified"], shown["identity"], shown["conversation_count"]) == (True, "ada", 1)
    # Logging in again moves nothing, and tells nobody.
    told = team.told(rows)
    log_in(team, team.guest)
    assert team.told(rows) == told


def test_what_is_known_of_who_was_proved_stays(team: Team) -> None:
    def noted(guest: Guest, **fields: object) -> None:
        ok(team.ana.client.patch(f"/v1/visitors/{guest.id}", json=fields))

    noted(team.guest, name="Anonymous", email="a@example.com", attributes={"a": 1, "b": 1})
    token = team.site.sign("ada", name="Ada")
    ada = team.site.guest(identity_token=token)
    noted(ada, attributes={"b": 2, "c": 2})
    log_in(team, team.guest)
    shown = ok(team.ana.client.get(f"/v1/visitors/{ada.id}"))
    assert (shown["name"], shown["email"]) == ("Ada", "a@example.com")
    assert shown["attributes"] == {"a": 1, "b": 2, "c": 2}


def test_one_person_logging_in_after_another_gets_nothing_of_theirs(team: Team) -> None:
    ada = log_in(team, team.guest)
    ben = log_in(team, ada, "ben")
    assert ben.id != ada.id
    assert ben.conversations() == []
    assert ada.conversations() == [team.conversation_id]


def test_a_token_that_does_not_hold_moves_nothing_and_refuses_nobody(
    team: Team, server: Server
) -> None:
    elsewhere = Site(team.owner.client, team.site.visitor)
    stranger = elsewhere.guest()
    conversation_id = stranger.start()
    claims = jwt.decode(team.guest.token, options={"verify_signature": False})
    sealer = Sealer(load_secret_keys(server.data_dir))
    weeks_ago = {**claims, "exp": int(time.time()) - 30 * 24 * 3600}
    tokens = [
        *("x", "a.b.c", stranger.token),
        jwt.encode(claims, b"k" * 32, algorithm="HS256"),
        jwt.encode(weeks_ago, sealer.derive("visitor"), algorithm="HS256"),
    ]
    for token in tokens:
        ada = team.site.guest(identity_token=team.site.sign("ada"), visitor_token=token)
        assert ada.conversations() == []
    assert team.guest.conversations() == [team.conversation_id]
    assert stranger.conversations() == [conversation_id]
    # And an identity token that does not hold moves nothing.
    begun = team.site.begin(identity_token="x", visitor_token=team.guest.token)
    refused(begun, 401, "identity_token_invalid")
    assert team.guest.conversations() == [team.conversation_id]


def test_a_lead_goes_along(team: Team, rows: Rows) -> None:
    ok(
        team.guest.post(f"conversations/{team.conversation_id}/escalate", email="a@example.com"),
        204,
    )
    ada = log_in(team, team.guest)
    assert ok(team.ana.client.get(f"/v1/visitors/{ada.id}"))["lead_count"] == 1
    assert rows("select state from conversation where id = %s", bare(team.conversation_id)) == [
        ("waiting",)
    ]
