"""A transaction that one account leaves open delays no delivery of another."""

import time
from uuid import uuid4

import psycopg

from answerdesk.core.postgres import EmbeddedPostgres
from tests.conftest import Server
from tests.webhooks.deliveries.conftest import Hooks, hooks, receiver, server
from tests.webhooks.receiver import answer

__all__ = ["hooks", "receiver", "server"]

_BOUND = 5.0
_OPEN_SECONDS = 20.0


def test_events_are_delivered_beside_anothers_open_transaction(
    hooks: Hooks,
    server: Server,
) -> None:
    webhook = hooks.webhook(answer())
    hooks.lead()
    webhook.received()
    neighbour = (str(uuid4()), str(uuid4()))
    with EmbeddedPostgres.start(server.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin) as connection:
            connection.execute(
                "insert into account (account_id, name, plan) values (%s, 'N', 'unlimited')",
                neighbour[:1],
            )
            connection.execute(
                "insert into project (account_id, id, name) values (%s, %s, 'N')", neighbour
            )
            connection.commit()
            connection.execute(
                "select set_config('answerdesk.account_id', %s, true)", neighbour[:1]
            )
            connection.execute(
                "insert into event (account_id, project_id, type, payload)"
                " values (%s, %s, 'lead.created', '{}')",
                neighbour,
            )
            ends = time.monotonic() + _OPEN_SECONDS
            sent = 1
            while time.monotonic() < ends:
                began = time.monotonic()
                hooks.lead()
                sent += 1
                webhook.received(sent)
                assert time.monotonic() - began < _BOUND
                time.sleep(2)
            connection.rollback()
    assert sent > 3
