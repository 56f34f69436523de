"""After requests, nothing that they said is anywhere: tables, statements, files, logs."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg import sql

from answerdesk.core.postgres import EmbeddedPostgres
from tests.agents.language_models.conftest import CHAT, says
from tests.dialects.novaro.api import FERRY, events_of
from tests.entrypoints.installation import Installation
from tests.entrypoints.test_secrets_stay_out_of_logs import serving
from tests.ready_database import lay_ready_database
from tests.waiting import PATIENCE, attempts
from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.receiver import answer as respond

CANARY = "quillonbrake"
"""A word that nothing else says."""

STEM = "quillonbr"
"""How every form of it begins that search looks up."""

QUESTION = f"When does the {CANARY} ferry to Norway leave?"


def test_nothing_of_a_realtime_request_is_kept() -> None:
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder, receiving() as receiver:
        desk = Installation(
            Path(folder) / "data",
            ANSWERDESK_LOG_LEVEL="debug",
            ANSWERDESK_PROVIDER_NETWORKS="127.0.0.0/8",
        )
        lay_ready_database(desk.data_dir)
        log = Path(folder) / "log"
        with serving(desk, log) as told:
            key = (desk.data_dir / "owner.key").read_text().strip()
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=told["url"], headers=headers, timeout=PATIENCE) as client:
                agent, context = _prepare(client)
                _ask_in_every_way(client, agent, context)
                _use_model(client, agent, receiver)
                _ask_in_every_way(client, agent, context)
                _ask_a_model_that_fails(client, agent, receiver)
            with EmbeddedPostgres.start(desk.data_dir) as server:
                admin = server.conninfo(user=server.admin_user, password=server.admin_password)
                with psycopg.connect(**admin, autocommit=True) as connection:
                    assert _rows_with(connection, "pier seven"), "this finds what is kept"
                    assert _rows_with(connection, STEM) == []
                    assert connection.execute("select count(*) from action_call").fetchone() == (0,)
                    assert _statements_with(connection, STEM) == []
                    _break_search(connection)
                    with httpx.Client(
                        base_url=told["url"], headers=headers, timeout=PATIENCE
                    ) as client:
                        _ask_of_what_is_broken(client, agent)
                    assert _rows_with(connection, STEM) == []
        written = log.read_text("utf-8")
        assert '"event": "stateless_answer_failed"' in written
        assert STEM not in written.lower()
        assert _files_with(desk.data_dir, b"pier seven"), "this finds what is kept"
        assert _files_with(desk.data_dir, STEM.encode()) == []


def test_nothing_of_an_asynchronous_request_is_kept_after_its_end() -> None:
    """Delivered, cancelled before and while it is sent, failed for good, never answered."""
    with tempfile.TemporaryDirectory(prefix="answerdesk-") as folder, receiving() as receiver:
        desk = Installation(
            Path(folder) / "data",
            ANSWERDESK_LOG_LEVEL="debug",
            ANSWERDESK_REPLY_DELAYS="0.1:100",
            ANSWERDESK_WEBHOOK_NETWORKS="127.0.0.0/8",
            ANSWERDESK_PROVIDER_NETWORKS="127.0.0.0/8",
            ANSWERDESK_WEBHOOK_SCHEDULE="0,1.5",
        )
        lay_ready_database(desk.data_dir)
        log = Path(folder) / "log"
        with serving(desk, log) as told:
            key = (desk.data_dir / "owner.key").read_text().strip()
            headers = {"Authorization": f"Bearer {key}"}
            with (
                httpx.Client(base_url=told["url"], headers=headers, timeout=PATIENCE) as client,
                EmbeddedPostgres.start(desk.data_dir) as server,
                psycopg.connect(
                    **server.conninfo(user=server.admin_user, password=server.admin_password),
                    autocommit=True,
                ) as connection,
            ):
                later = Later(client, *_prepare(client))
                _use_model(client, later.agent, receiver)
                ended = _end_in_every_way(later, receiver, connection)
                assert _rows_with(connection, "pier seven"), "this finds what is kept"
                assert _rows_with(connection, STEM) == []
                assert _statements_with(connection, STEM) == []
                _expect_no_texts(connection, ended)
        assert receiver.of(CHAT), "the model was asked"
        for one in receiver.received:
            assert CANARY in one.body.decode()
        written = log.read_text("utf-8")
        assert '"event": "stateless_answer_failed"' in written
        assert STEM not in written.lower()
        assert _files_with(desk.data_dir, b"pier seven"), "this finds what is kept"
        assert _files_with(desk.data_dir, STEM.encode()) == []


@dataclass(frozen=True)
class Later:
    """Requests responses of an agent asynchronously."""

    client: httpx.Client
    agent: str
    context: str

    def webhook(self, url: str) -> str:
        made: str = self.client.post("/api/v1/webhooks", json={"url": url}).json()["id"]
        return made

    def request(self, webhook: str, **fields: Any) -> str:
        body = {
            **_asked(self.agent, QUESTION),
            "webhookId": webhook,
            "reference": CANARY,
            "contexts": [self.context],
            **fields,
        }
        accepted = self.client.post("/api/v1/messages/async", json=body)
        assert accepted.status_code == 202, accepted.text
        request: str = accepted.json()["id"]
        return request

    def cancel(self, request: str) -> None:
        cancelled = self.client.delete(f"/api/v1/messages/async/{request}")
        assert cancelled.status_code == 204, cancelled.text

    def wait_for(self, request: str, state: str) -> None:
        shown: dict[str, Any] = {}
        for _ in attempts(PATIENCE):
            shown = self.client.get(f"/api/v1/messages/async/{request}").json()
            if shown["state"] == state:
                return
        raise AssertionError(shown)


def _end_in_every_way(
    later: Later, receiver: Receiver, connection: psycopg.Connection[Any]
) -> list[str]:
    """Have requests end in every way; each receiver says the canary, too. Return their ids."""
    echo = CANARY.encode()
    accepts = later.webhook(receiver.at("/accepts", respond(200, echo, x_said=CANARY)))
    refuses = later.webhook(receiver.at("/refuses", respond(500, echo, x_said=CANARY)))
    leads = later.webhook(receiver.at("/leads", respond(307, echo, location=f"/{CANARY}")))
    rests = later.webhook(receiver.at("/rests", respond(503, echo, retry_after="3600")))
    delivered = [later.request(accepts), later.request(accepts, reference="")]
    failed = [later.request(refuses), later.request(leads)]
    on_its_way = later.request(rests)
    receiver.wait_for("/rests")
    later.cancel(on_its_way)
    for one in delivered:
        later.wait_for(one, "delivered")
    for one in failed:
        later.wait_for(one, "failed")
    away = time.strftime("%a", time.gmtime(time.time() + 3 * 86_400)).lower()
    hours = {"workingHours": {away: [["09:00", "17:00"]]}}
    changed = later.client.put(f"/api/v1/agents/{later.agent}", json=hours)
    assert changed.status_code == 200, changed.text
    waiting = later.request(accepts)
    assert _rows_with(connection, STEM) == [], "what waits is sealed"
    later.cancel(waiting)
    wrong = {"webhookId": accepts, "reference": f"{CANARY} \0", **_asked(later.agent, CANARY)}
    assert later.client.post("/api/v1/messages/async", json=wrong).status_code == 400
    later.client.put(f"/api/v1/agents/{later.agent}", json={"workingHours": None})
    _break_search(connection)
    unanswered = later.request(accepts)
    failed_once = "select 1 from due_job where name = 'delayed_replies.answer' and error <> ''"
    for _ in attempts(PATIENCE):
        if connection.execute(failed_once).fetchone():
            break
    assert connection.execute(failed_once).fetchone()
    assert _rows_with(connection, STEM) == [], "what failed is tried again, and sealed"
    later.cancel(unanswered)
    return [*delivered, *failed, on_its_way, waiting, unanswered]


def _expect_no_texts(connection: psycopg.Connection[Any], ended: list[str]) -> None:
    """Count what is left of requests that have ended: their states, and no texts."""
    ids = [UUID(one.removeprefix("reply_")) for one in ended]
    replies = connection.execute(
        "select delivery_id from delayed_reply where id = any(%s)", (ids,)
    ).fetchall()
    assert len(replies) == len(ended)
    subjects = [*ids, *(one for (one,) in replies if one is not None)]
    assert len(subjects) > len(ended)
    counted = connection.execute(
        "select (select count(*) from stored_secret where subject_id = any(%(subjects)s)),"
        " (select count(*) from due_job where name = 'delayed_replies.answer'),"
        " (select count(*) from webhook_attempt where delivery_id = any(%(subjects)s)),"
        " (select count(*) from webhook_attempt where answer is not null or headers is not null)",
        {"subjects": subjects},
    ).fetchone()
    assert counted is not None
    secrets, jobs, tried, told = counted
    assert (secrets, jobs, told) == (0, 0, 0)
    assert tried >= 6


def _prepare(client: httpx.Client) -> tuple[str, str]:
    project = client.post("/v1/projects", json={"name": "Ferries"}).json()["id"]
    body = {"title": "Ferry", "content": FERRY}
    document = client.post(f"/v1/projects/{project}/texts", json=body).json()["id"]
    for _ in attempts(PATIENCE):
        shown = client.get(f"/v1/projects/{project}/documents/{document}").json()
        if shown["status"] == "ready":
            break
    # A stateless request calls no action, so its words reach neither a log nor another server.
    action = {"name": "Times", "url": "https://1.2.3.4/times", "triggers": ["ferry"]}
    added = client.post(f"/v1/projects/{project}/actions", json=action)
    assert added.status_code == 201, added.text
    named = {"projectId": project}
    agent = client.post("/api/v1/agents", json={"name": "Anna", **named}).json()["id"]
    text = {"name": "Fares", "text": "A ferry costs ten euros.", **named}
    return agent, client.post("/api/v1/contexts", json=text).json()["id"]


def _ask_in_every_way(client: httpx.Client, agent: str, context: str) -> None:
    """Ask plainly, as a stream, with all that may come along, and with every kind of mistake."""
    asked = _asked(agent, QUESTION)
    follow_up = {
        "agentId": agent,
        "messages": [
            {"role": "system", "content": f"Speak of {CANARY}."},
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": f"The {CANARY} leaves at nine."},
            {"role": "user", "content": "And how much does it cost?"},
        ],
        "contexts": [context],
    }
    once = {"Idempotency-Key": "once"}
    for body in (asked, follow_up, _asked(agent, f"Let me talk to a human about {CANARY}")):
        for headers in ({}, once, {"Accept": "text/event-stream"}):
            answer = client.post("/api/v1/messages", json=body, headers=headers)
            assert answer.status_code == 200, answer.text
            if "Accept" in headers:
                assert events_of(answer.text)[-1][0] == "done"
    wrong: tuple[dict[str, Any], ...] = (
        {"json": _asked(agent, f"{CANARY} \0")},
        {"json": {**asked, "messages": [{"role": CANARY, "content": CANARY}]}},
        {"json": {**asked, "messages": CANARY}},
        {"json": {**asked, "agentId": CANARY}},
        {"json": {**asked, "contexts": [CANARY]}},
        {"json": [CANARY]},
        {"content": f'{{"{CANARY}'},
        {"content": f"{CANARY}\xff".encode("latin-1")},
        {"data": {CANARY: CANARY}},
    )
    for options in wrong:
        answer = client.post("/api/v1/messages", **options)
        assert 400 <= answer.status_code < 500, answer.text


def _use_model(client: httpx.Client, agent: str, receiver: Receiver) -> None:
    """Have the agent answer with a model that repeats what it was asked."""
    receiver.at(CHAT, says("The ferry to Norway leaves on Tuesday. ", f"The {CANARY} is fine."))
    named = {"name": "Echo", "provider": "compatible", "url": f"{receiver.url}/v1", "model": "x"}
    query = {"unchecked": "true"}
    added = client.post("/v1/language-models", json=named, params=query)
    assert added.status_code == 201, added.text
    shown = client.get(f"/api/v1/agents/{agent}").json()
    path = f"/v1/projects/{shown['projectId']}/agents/{agent}"
    changed = client.patch(path, json={"model": "Echo"})
    assert changed.status_code == 200, changed.text


def _ask_a_model_that_fails(client: httpx.Client, agent: str, receiver: Receiver) -> None:
    """Have the model refuse, and break off, saying what it was asked."""
    asked = len(receiver.of(CHAT))
    assert asked, "the model was asked"
    cut = f'data: {{"choices": [{{"delta": {{"content": "The {CANARY} "}}}}]}}\n\n'.encode()
    for failing in (
        respond(400, f'{{"error": "{CANARY}"}}'.encode(), content_type="application/json"),
        respond(200, cut, content_type="text/event-stream"),
    ):
        receiver.at(CHAT, failing)
        for headers in ({}, {"Accept": "text/event-stream"}):
            answer = client.post("/api/v1/messages", json=_asked(agent, QUESTION), headers=headers)
            assert answer.status_code == 200, answer.text
    assert len(receiver.of(CHAT)) > asked


def _asked(agent: str, text: str) -> dict[str, Any]:
    return {"agentId": agent, "messages": [{"role": "user", "content": text}]}


def _break_search(connection: psycopg.Connection[Any]) -> None:
    """Take away what search reads, so that its statements fail with their parameters."""
    connection.execute("alter table term rename to term_taken_away")


def _ask_of_what_is_broken(client: httpx.Client, agent: str) -> None:
    answer = client.post("/api/v1/messages", json=_asked(agent, QUESTION))
    assert answer.status_code == 500, answer.text
    assert set(answer.json()) == {"error", "message"}
    assert CANARY not in answer.text
    headers = {"Accept": "text/event-stream"}
    answer = client.post("/api/v1/messages", json=_asked(agent, QUESTION), headers=headers)
    [(name, data)] = events_of(answer.text)
    assert (name, set(data)) == ("error", {"error", "message"})
    assert CANARY not in answer.text


def _rows_with(connection: psycopg.Connection[Any], word: str) -> list[str]:
    """Return the tables that have a row with the word in it, as text or as bytes."""
    tables = connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(tables) > 30
    found = []
    for (name,) in tables:
        query = sql.SQL(
            "select count(*) from {} t where strpos(lower(t::text), %(word)s) > 0"
            " or strpos(t::text, encode(convert_to(%(word)s, 'UTF8'), 'hex')) > 0"
        ).format(sql.Identifier(name))
        row = connection.execute(query, {"word": word}).fetchone()
        if row is not None and row[0]:
            found.append(name)
    return found


def _statements_with(connection: psycopg.Connection[Any], word: str) -> list[Any]:
    """Return the running or latest statements of any connection that have the word in them."""
    return connection.execute(
        "select query from pg_stat_activity where pid <> pg_backend_pid()"
        " and strpos(lower(query), %s) > 0",
        (word,),
    ).fetchall()


def _files_with(folder: Path, word: bytes) -> list[str]:
    """Return the files that have the word in them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 100
    return [str(path) for path in files if word in path.read_bytes().lower()]
