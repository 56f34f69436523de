"""Novaro's API as its clients use it: verify, realtime responses, agents, contexts."""

import json
import time
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.conftest import Desk
from tests.dialects.keys import key_of
from tests.dialects.novaro.api import FERRY, QUESTION, Api, events_of
from tests.waiting import PATIENCE

HOURS = {"mon": [["09:00", "12:30"], ["13:00", "00:00"]], "sun": []}


def test_a_good_credential_is_verified_whatever_its_prefix_or_scopes(
    api: Api, owner: httpx.Client
) -> None:
    assert api.call("GET", "/auth/verify").json() == {"authenticated": True}
    for fields in ({"prefix": "sk_live_"}, {"scopes": ["knowledge:read"]}):
        key = key_of(owner, **fields)
        answer = api.call("GET", "/auth/verify", headers=key)
        assert (answer.status_code, answer.json()) == (200, {"authenticated": True})


def test_a_chat_is_responded_to_from_the_knowledge(api: Api) -> None:
    api.desk.add_text("Ferry", FERRY)
    assert "Tuesday at nine" in api.respond(("user", QUESTION))
    # What came before is what makes this clear.
    answer = api.respond(
        ("system", "Be brief."),
        ("assistant", "Welcome!"),
        ("user", "Is there a ferry to Norway?"),
        ("assistant", "Yes."),
        ("user", "When does it leave?"),
    )
    assert "Tuesday at nine" in answer


def test_times_unknown_fields_and_two_hundred_messages_are_accepted(api: Api) -> None:
    message = {"role": "user", "content": "Hello, how are you?", "createdAt": 1679553200}
    body = {"agentId": api.agent_id, "messages": [message] * 200, "temperature": 0.5}
    before = int(time.time())
    answer = api.call("POST", "/messages", json=body)
    assert answer.status_code == 200, answer.text
    [said] = answer.json()["messages"]
    assert before <= said["createdAt"] <= time.time() + 1


def test_a_stream_has_the_response_in_pieces_and_ends_with_done(api: Api) -> None:
    api.desk.add_text("Ferry", FERRY)
    events = api.stream(("user", QUESTION))
    *pieces, (last, done) = events
    assert {name for name, _ in pieces} == {"message"}
    assert all(set(data) == {"role", "content"} for _, data in pieces)
    assert len(pieces) > 1
    assert last == "done"
    assert set(done) == {"createdAt"}
    told = "".join(data["content"] for _, data in pieces)
    assert told == api.respond(("user", QUESTION))


def test_a_stream_is_read_as_it_comes(api: Api) -> None:
    """Line by line, as an event source does."""
    url = f"{api.desk.visitor.base_url}{api.prefix}/api/v1/messages".replace("//api", "/api")
    headers = {**api.key, "Accept": "text/event-stream; q=1.0"}
    with httpx.stream(
        "POST", url, json=api.asked(("user", QUESTION)), headers=headers, timeout=PATIENCE
    ) as response:
        assert response.headers["cache-control"] == "no-cache, no-transform"
        lines = list(response.iter_lines())
    assert events_of("\n".join(lines))[-1][0] == "done"


def test_a_request_for_a_person_is_answered_in_words(api: Api) -> None:
    text = api.respond(("user", "I want to talk to a human being"))
    assert text.startswith("I can't connect you with a person here.")
    events = api.stream(("user", "I want to talk to a human being"))
    assert "".join(data["content"] for name, data in events if name == "message") == text
    listed = api.desk.owner.get(f"{api.desk.path}/conversations").json()
    assert listed["items"] == []


def test_small_talk_is_replied_to_in_words(api: Api) -> None:
    name = api.desk.owner.get(f"{api.desk.path}/agents").json()["items"][0]["name"]
    text = api.respond(("user", "Who are you?"))
    assert text.startswith(f"I'm {name}, an automated assistant.")
    assert "person" not in text
    events = api.stream(("user", "Who are you?"))
    assert "".join(data["content"] for kind, data in events if kind == "message") == text
    before = (("user", "Wann fährt die Fähre nach Norwegen?"), ("assistant", "Am Dienstag."))
    assert api.respond(*before, ("user", "ok")).startswith("Alles klar.")


def test_a_follow_up_after_thanks_refers_to_the_question(api: Api) -> None:
    api.desk.add_text("Ferry", FERRY)
    answer = api.respond(
        ("user", "Is there a ferry to Norway?"),
        ("assistant", "Yes."),
        ("user", "Thanks a lot!"),
        ("assistant", "You're welcome!"),
        ("user", "When does it leave?"),
    )
    assert "Tuesday at nine" in answer


def test_a_response_may_use_contexts_that_it_names(api: Api) -> None:
    context = api.made("/contexts", name="Ferry", text=FERRY)
    assert "Tuesday" not in api.respond(("user", QUESTION))
    assert "Tuesday at nine" in api.respond(("user", QUESTION), contexts=[context["id"]])
    twice = [context["id"], context["id"]]
    assert "Tuesday at nine" in api.respond(("user", QUESTION), contexts=twice)


def test_an_agent_is_created_shown_changed_and_deleted(api: Api) -> None:
    fields: dict[str, Any] = {
        "name": "Anna",
        "instructions": "Be brief.",
        "timezone": "Europe/Berlin",
        "workingHours": HOURS,
    }
    made = api.made("/agents", **fields, unknown="ignored")
    assert made == {**fields, "id": made["id"], "projectId": api.desk.project_id}
    one = f"/agents/{made['id']}"
    assert api.call("GET", one).json() == made
    assert api.call("PUT", one, json={}).json() == made

    renamed = api.call("PUT", one, json={"name": "Berta"}).json()
    assert renamed == {**made, "name": "Berta"}
    elsewhere = api.call("PUT", one, json={"timezone": "Asia/Tokyo"}).json()
    assert elsewhere == {**renamed, "timezone": "Asia/Tokyo"}
    always = api.call("PUT", one, json={"workingHours": None, "instructions": None}).json()
    assert always == {**elsewhere, "workingHours": None, "instructions": ""}
    # All of what was shown may be sent back.
    assert api.call("PUT", one, json=made).json() == made
    listed = api.call("GET", "/agents").json()
    assert (listed["agents"][-1], listed["nextCursor"]) == (made, None)

    gone = api.call("DELETE", one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.call("GET", one).status_code == 404


def test_an_agent_without_more_than_a_name_is_always_available(api: Api) -> None:
    made = api.made("/agents", name="Anna")
    assert (made["timezone"], made["workingHours"], made["instructions"]) == ("UTC", None, "")


def test_the_native_api_and_novaro_change_the_same_agent(api: Api) -> None:
    made = api.made("/agents", name="Anna", workingHours=HOURS, timezone="Europe/Berlin")
    native = f"{api.desk.path}/agents/{made['id']}"
    changed = api.desk.owner.patch(native, json={"persona": "Kind.", "instructions": "Be brief."})
    assert changed.status_code == 200, changed.text
    one = f"/agents/{made['id']}"
    assert api.call("GET", one).json() == {**made, "instructions": "Be brief."}
    api.call("PUT", one, json={"name": "Berta"})
    shown = api.desk.owner.get(native).json()
    assert (shown["name"], shown["persona"]) == ("Berta", "Kind.")
    # Its hours are about delayed replies, not about when people are there.
    assert (shown["availability"], shown["hours"]) == ("office_hours", None)


def test_a_batch_creates_agents_in_order(api: Api) -> None:
    rows = [{"name": f"Agent {number}", "timezone": "Europe/Paris"} for number in range(100)]
    made = api.made("/agents/batch", agents=rows)["agents"]
    assert [one["name"] for one in made] == [row["name"] for row in rows]
    listed: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 60}
    while True:
        page = api.call("GET", "/agents", params=query).json()
        listed += page["agents"]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert sorted(one["id"] for one in listed) == sorted(
        [api.agent_id, *(one["id"] for one in made)]
    )
    # The agent that was there still speaks for the project.
    native = api.desk.owner.get(f"{api.desk.path}/agents", params={"limit": 200}).json()["items"]
    assert [one["id"] for one in native if one["active"]] == [api.agent_id]


def test_the_first_of_a_batch_speaks_for_a_project_without_agents(api: Api) -> None:
    api.call("DELETE", f"/agents/{api.agent_id}")
    made = api.made("/agents/batch", agents=[{"name": "Anna"}, {"name": "Berta"}])["agents"]
    native = api.desk.owner.get(f"{api.desk.path}/agents").json()["items"]
    assert [one["id"] for one in native if one["active"]] == [made[0]["id"]]


def test_a_context_is_created_shown_changed_and_deleted(api: Api) -> None:
    made = api.made("/contexts", name="Ferry", text=FERRY)
    assert made == {
        "id": made["id"],
        "name": "Ferry",
        "text": FERRY,
        "projectId": api.desk.project_id,
    }
    one = f"/contexts/{made['id']}"
    assert api.call("GET", one).json() == made
    changed = api.call("PUT", one, json={"text": "Half the price."}).json()
    assert changed == {**made, "text": "Half the price."}
    listed = api.call("GET", "/contexts").json()
    assert listed == {"contexts": [changed], "nextCursor": None}
    assert api.call("DELETE", one).status_code == 204
    assert api.call("GET", one).status_code == 404


def test_a_project_is_named_or_the_first_one(owner: httpx.Client, visitor: httpx.Client) -> None:
    first, second = Desk(owner, visitor), Desk(owner, visitor)
    projects = [first.project_id, second.project_id]
    key = key_of(owner, project_ids=projects)
    for path in ("/api/v1/agents", "/api/v1/contexts"):
        body = {"name": "x", "text": "x"}
        made = visitor.post(path, headers=key, json=body)
        assert made.json()["projectId"] == first.project_id
        named = {**body, "projectId": second.project_id}
        made = visitor.post(path, headers=key, json=named)
        assert made.json()["projectId"] == second.project_id


def test_an_idempotency_key_is_ignored(api: Api) -> None:
    headers = {"Idempotency-Key": "the-same"}
    asked = api.asked(("user", QUESTION))
    for _ in range(2):
        answer = api.call("POST", "/messages", json=asked, headers=headers)
        assert answer.status_code == 200
        assert "idempotency-replayed" not in answer.headers


def test_pages_of_any_origin_may_call(api: Api) -> None:
    answer = api.desk.visitor.options(
        f"{api.prefix}/api/v1/messages",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/openapi.json", "/novaro/openapi.json"])
def test_the_description_holds_every_operation(visitor: httpx.Client, path: str) -> None:
    description = visitor.get(path).json()
    own = {
        (method, one)
        for one, item in description["paths"].items()
        for method in item
        if one.startswith("/api/v1/")
    }
    assert own == {
        ("get", "/api/v1/auth/verify"),
        ("post", "/api/v1/messages"),
        ("post", "/api/v1/messages/async"),
        ("get", "/api/v1/messages/async/{reply_id}"),
        ("delete", "/api/v1/messages/async/{reply_id}"),
        ("get", "/api/v1/webhooks"),
        ("post", "/api/v1/webhooks"),
        ("get", "/api/v1/agents"),
        ("post", "/api/v1/agents"),
        ("post", "/api/v1/agents/batch"),
        ("get", "/api/v1/agents/{agent_id}"),
        ("put", "/api/v1/agents/{agent_id}"),
        ("delete", "/api/v1/agents/{agent_id}"),
        ("get", "/api/v1/contexts"),
        ("post", "/api/v1/contexts"),
        ("get", "/api/v1/contexts/{context_id}"),
        ("put", "/api/v1/contexts/{context_id}"),
        ("delete", "/api/v1/contexts/{context_id}"),
    }
    assert ("/v1/projects" in description["paths"]) == (path == "/openapi.json")
    told = json.dumps(description)
    for name in {one.split('"')[0] for one in told.split("#/components/schemas/")[1:]}:
        assert name in description["components"]["schemas"], name


def test_the_reference_page_shows_it(visitor: httpx.Client) -> None:
    page = visitor.get("/scalar")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


def test_the_times_are_those_of_a_known_zone(api: Api) -> None:
    made = api.made("/agents", name="Anna", timezone="America/Sao_Paulo")
    assert ZoneInfo(made["timezone"]).key == "America/Sao_Paulo"
