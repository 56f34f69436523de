"""What the active agent decides: the welcome, and when people are there."""

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.agents.test_agents import agents, make_agent, path
from tests.conftest import Desk
from tests.dialects.orac.chat import ask

_DEFAULT = "Hi! Ask me anything about our docs."
_CLOSED = {"timezone": "Europe/Berlin", "days": {"mon": []}}


def config(desk: Desk) -> dict[str, Any]:
    shown = desk.visitor.get("/api/widget/config", params={"id": desk.project_id})
    assert shown.status_code == 200, shown.text
    told: dict[str, Any] = shown.json()
    return told


def availability(desk: Desk) -> dict[str, Any]:
    shown = desk.owner.get(f"{desk.path}/availability")
    assert shown.status_code == 200, shown.text
    told: dict[str, Any] = shown.json()
    return told


def set_up(desk: Desk, **settings: Any) -> None:
    changed = desk.owner.patch(desk.path, json={"settings": settings})
    assert changed.status_code == 200, changed.text


def test_the_welcome_is_the_looks_else_the_agents_else_the_default(desk: Desk) -> None:
    [agent] = agents(desk)
    assert config(desk)["settings"]["welcome"] == _DEFAULT
    desk.owner.patch(path(desk, agent), json={"greeting": "Moin!"})
    assert config(desk)["settings"]["welcome"] == "Moin!"
    set_up(desk, look={"welcome": "Welcome to the shop"})
    assert config(desk)["settings"]["welcome"] == "Welcome to the shop"
    set_up(desk, look={"welcome": ""})
    assert config(desk)["settings"]["welcome"] == ""
    set_up(desk, look={"welcome": None})
    other = make_agent(desk, "Other", greeting="Servus!")
    assert config(desk)["settings"]["welcome"] == "Moin!"
    desk.owner.post(f"{path(desk, other)}/activate")
    assert config(desk)["settings"]["welcome"] == "Servus!"


def test_the_page_welcomes_and_suggests_as_the_project_says(
    desk: Desk, visitor: httpx.Client
) -> None:
    desk.add_item("Where are you?", "In Berlin.")
    [agent] = agents(desk)
    desk.owner.patch(path(desk, agent), json={"greeting": "Moin <b>moin</b>!"})
    set_up(desk, look={"quick_prompts": ["Where do you ship to?"]})
    page = visitor.get("/", params={"project": desk.project_id}).text
    assert "Moin &lt;b&gt;moin&lt;/b&gt;!" in page
    assert "Where do you ship to?" in page


def test_the_agent_decides_by_which_hours_people_are_there(desk: Desk) -> None:
    [agent] = agents(desk)
    one = path(desk, agent)
    set_up(desk, office_hours=_CLOSED)
    assert config(desk)["office_hours"]["open_now"] is False
    assert availability(desk)["open_now"] is False
    assert availability(desk)["next_opening"] is None

    desk.owner.patch(one, json={"availability": "always"})
    assert config(desk)["office_hours"] == {
        "timezone": "Europe/Berlin",
        "days": {},
        "holidays": [],
        "open_now": True,
    }
    told = availability(desk)
    assert (told["open_now"], told["timezone"]) == (True, "Europe/Berlin")
    now = datetime.now(UTC)
    assert abs((datetime.fromisoformat(told["next_opening"]) - now).total_seconds()) < 60

    closed = {"timezone": "Asia/Tokyo", "days": {"mon": []}}
    desk.owner.patch(one, json={"availability": "own_hours", "hours": closed})
    set_up(desk, office_hours=None)
    assert config(desk)["office_hours"]["timezone"] == "Asia/Tokyo"
    assert config(desk)["office_hours"]["open_now"] is False
    desk.owner.patch(one, json={"availability": "office_hours"})
    assert config(desk)["office_hours"]["open_now"] is True


def test_a_holiday_is_told_by_name(desk: Desk) -> None:
    days = [
        {"date": (datetime.now(UTC).date()).isoformat(), "name": "Founders' Day"},
    ]
    set_up(desk, office_hours={"holidays": days})
    told = availability(desk)
    # Around midnight the day may have changed since it was written.
    assert told["open_now"] is (told["holiday"] is None)
    if told["holiday"] is not None:
        assert told["holiday"]["name"] == "Founders' Day"


def test_whoever_asks_for_a_person_is_told_by_the_agents_hours(
    desk: Desk, visitor: httpx.Client
) -> None:
    [agent] = agents(desk)
    set_up(desk, office_hours=_CLOSED)
    wish = "I want to talk to a human, please"
    assert "Nobody is there at the moment" in ask(visitor, desk.project_id, wish).text
    desk.owner.patch(path(desk, agent), json={"availability": "always"})
    assert "as soon as they are free" in ask(visitor, desk.project_id, wish).text
