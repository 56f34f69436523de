"""A model is asked for a word before it is saved; its key is kept sealed, and shown to nobody."""

import httpx
import pytest

from tests.agents.language_models.conftest import CHAT, KEY, Models, path, refuses, says
from tests.conftest import Desk, Rows, Server, serving
from tests.projects.problems import assert_problem, refusal
from tests.webhooks.receiver import Answer, answer, hang_up, receiving


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (refuses(401), "it rejects the key"),
        (refuses(404), "no such model"),
        (refuses(400), "it rejects the request"),
        (refuses(429), "responded with 429"),
        (refuses(503), "responded with 503"),
        (hang_up, "cannot be reached, or closes the connection"),
        (answer(200, b"Hello", content_type="text/plain"), "ended before its answer"),
        (answer(200, b"data: {\n\n", content_type="text/event-stream"), "can't be read"),
        (answer(302, location="https://elsewhere.example/"), "responded with 302"),
    ],
)
def test_what_does_not_answer_is_not_saved(models: Models, told: Answer, reason: str) -> None:
    models.answers(told)
    refused = models.post("Mine", key=KEY)
    detail = refusal(refused, 422, "language_model_unusable")
    assert reason in detail
    assert "?unchecked=true" in detail
    assert KEY not in refused.text
    assert models.list() == []
    assert len(models.asked()) == 1


def test_a_private_address_is_refused_with_the_setting_that_opens_it() -> None:
    with serving() as server, server.client(owner=True) as owner, receiving() as receiver:
        desk = Desk(owner, owner)
        refused = Models(desk, receiver).post("Mine")
        detail = refusal(refused, 422, "language_model_unusable")
        assert "ANSWERDESK_PROVIDER_NETWORKS" in detail
        assert receiver.received == []


def test_a_change_that_does_not_answer_changes_nothing(models: Models) -> None:
    model = models.add("Mine", key=KEY)
    models.answers(refuses(401))
    for patch in ({"key": "another"}, {"model": "huge"}, {"url": f"{models.url}/"}, {"key": None}):
        refused = models.owner.patch(path(model), json=patch)
        assert_problem(refused, 422, "language_model_unusable")
    assert models.owner.get(path(model)).json() == model
    # Nothing else asks the model.
    asked = len(models.asked())
    renamed = models.owner.patch(path(model), json={"name": "Yours", "max_tokens": 5})
    assert renamed.json()["version"] == 2
    assert len(models.asked()) == asked


def test_it_is_asked_for_one_word_with_its_key(models: Models) -> None:
    model = models.add("Mine", unchecked=False, key=f"  {KEY} ")
    [asked] = models.asked()
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert (asked.json["model"], asked.json["max_tokens"]) == ("tiny", 8)
    assert [one["content"] for one in asked.json["messages"]] == ["Reply with: ok"]
    assert (model["has_key"], model["key_end"]) == (True, KEY[-4:])
    tested = models.owner.post(f"{path(model)}/test").json()
    assert (tested["answer"], tested["error"]) == ("ok", None)
    assert models.asked()[1].headers["authorization"] == f"Bearer {KEY}"


def test_a_model_without_a_key_is_asked_without(models: Models) -> None:
    model = models.add("Mine", unchecked=False)
    assert (model["has_key"], model["key_end"]) == (False, None)
    assert "authorization" not in models.asked()[0].headers


def test_a_short_key_shows_nothing_of_itself(models: Models) -> None:
    model = models.add("Mine", key="0123456789a")
    assert (model["has_key"], model["key_end"]) == (True, None)


def test_a_test_tells_why_it_failed(models: Models) -> None:
    model = models.add("Mine", key=KEY)
    models.answers(refuses(403))
    tested = models.owner.post(f"{path(model)}/test")
    assert tested.json()["answer"] is None
    assert "doesn't permit this model" in tested.json()["error"]
    assert KEY not in tested.text


def test_a_stored_key_goes_to_no_other_host(models: Models) -> None:
    model = models.add("Mine", key=KEY)
    with receiving() as other:
        elsewhere = {"url": f"{other.url}/v1"}
        for query in ({}, {"unchecked": "true"}):
            refused = models.owner.patch(path(model), json=elsewhere, params=query)
            assert "send the key again" in refusal(refused, 422, "key_needed")
        assert other.received == []
        other.at(CHAT, says("ok"))
        for key in ("another-key-of-theirs", None):
            assert models.owner.patch(path(model), json={**elsewhere, "key": key}).is_success
        assert [one.headers.get("authorization") for one in other.of(CHAT)] == [
            *("Bearer another-key-of-theirs", None),
        ]


def test_the_key_is_sealed_for_its_account_and_goes_with_the_model(
    models: Models, rows: Rows, server: Server
) -> None:
    model = models.add("Mine", key=KEY)
    subject = model["id"].removeprefix("model_")
    stored = "select sealed from stored_secret where subject_id = %s"
    [[sealed]] = rows(stored, subject)
    assert KEY.encode() not in bytes(sealed)
    for table in ("language_model", "audit_entry", "idempotent_request", "event", "due_job"):
        assert KEY not in str(rows(f"select to_jsonb(t) from {table} t"))
    shown = models.owner.get(path(model)).text + str(models.list())
    assert KEY not in shown
    assert KEY not in server.log()
    models.owner.patch(path(model), json={"key": None}, params={"unchecked": "true"})
    assert rows(stored, subject) == []
    models.owner.patch(path(model), json={"key": KEY}, params={"unchecked": "true"})
    models.owner.delete(path(model))
    assert rows(stored, subject) == []


def test_a_key_that_was_moved_to_another_model_opens_nothing(models: Models, rows: Rows) -> None:
    one, other = models.add("One", key=KEY), models.add("Other", key="another key"[:7])
    rows(
        "update stored_secret s set key_id = o.key_id, sealed = o.sealed from stored_secret o"
        " where s.subject_id = %s and o.subject_id = %s returning 1",
        *(other["id"].removeprefix("model_"), one["id"].removeprefix("model_")),
    )
    assert_problem(models.owner.post(f"{path(other)}/test"), 503, "secret_damaged")
    assert models.asked() == []


def test_tests_are_bounded(models: Models, rows: Rows) -> None:
    rows("delete from rate_window where name like %s returning 1", "language_models:%")
    model = models.add("Mine")
    made: list[httpx.Response] = [models.owner.post(f"{path(model)}/test") for _ in range(31)]
    assert [one.status_code for one in made] == [200] * 30 + [429]
    assert len(models.asked()) == 30
    rows("delete from rate_window where name like %s returning 1", "language_models:%")
