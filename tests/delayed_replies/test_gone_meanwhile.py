"""A reply that goes with its webhook while it is looked up."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Rows, Server
from tests.delayed_replies.conftest import PATH, Agent
from tests.delayed_replies.test_refusals import refused
from tests.delayed_replies.test_replies import uuid_of
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, answer

_WAITS = """
  select 1 from pg_stat_activity where wait_event_type = 'Lock'
   and starts_with(query, 'select id, state from webhook_delivery')"""


def test_a_reply_that_goes_while_it_is_looked_up_is_not_found(
    agent: Agent, receiver: Receiver, server: Server, rows: Rows
) -> None:
    receiver.at(PATH, answer(503, retry_after="3600"))
    accepted = agent.later(agent.webhook(receiver))
    receiver.wait_for(PATH, 1)
    with (
        EmbeddedPostgres.start(server.data_dir) as postgres,
        psycopg.connect(
            **postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        ) as other,
        ThreadPoolExecutor(1) as beside,
    ):
        other.execute("lock table webhook_delivery in access exclusive mode")
        shown = beside.submit(agent.call, "GET", f"/v1/delayed-replies/{accepted['id']}")
        # The reply has been found, and now its delivery is looked for.
        assert any(rows(_WAITS) for _ in attempts(PATIENCE))
        other.execute(
            "delete from webhook_delivery where id ="
            " (select delivery_id from delayed_reply where id = %s)",
            [uuid_of(accepted["id"])],
        )
        other.commit()
        refused(shown.result(), 404, "delayed_reply_not_found")
