"""A notice comes on the stream of the person that it is for, and on no other."""

from tests.conftest import Rows, Server
from tests.inbox.live.following import Following, all_closed
from tests.inbox.notices.told import BY_BROWSER, escalated, prefer, settled
from tests.inbox.team import Team


def test_a_notice_comes_on_the_persons_own_stream(team: Team, server: Server, rows: Rows) -> None:
    prefer(team.ana, waiting=BY_BROWSER)
    prefer(team.ben)
    try:
        ana, ben = (Following.of(server, one.client) for one in (team.ana, team.ben))
        escalated(team.guest.post(f"conversations/{team.conversation_id}/escalate"))
        told = ana.first("notice", kind="waiting")
        assert told["conversation_id"] == team.conversation_id
        assert told["text"] == "A visitor waits for a person."
        settled(rows, team.owner.account_id)
        ben.first("conversation", id=team.conversation_id, state="waiting")
        assert ben.all("notice") == []
        assert len(ana.all("notice")) == 1
    finally:
        all_closed()
