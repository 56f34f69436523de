"""A stale snapshot and the events since are a fresh snapshot, whatever happened, with counts."""

from collections.abc import Iterator

import httpx
import pytest

from tests.accounts.people import NOTHING_KEPT_OPEN
from tests.conftest import Rows, Server
from tests.inbox.live.actions import ACTIONS, FIRST, World
from tests.inbox.live.following import Following, all_closed
from tests.inbox.live.model import View
from tests.waiting import PATIENCE, attempts

STEPS = 25


@pytest.fixture(scope="module")
def world(server: Server, rows: Rows) -> Iterator[World]:
    with server.client() as visitor:
        yield World.of(server, visitor, rows, seed=1)


def viewers(world: World) -> list[httpx.Client]:
    """Return people, and a key for one project."""
    key = httpx.Client(
        base_url=world.team.server.url,
        headers=world.team.key("conversations:read", project_ids=[world.team.site.project_id]),
        timeout=PATIENCE,
        limits=NOTHING_KEPT_OPEN,
    )
    return [world.team.owner.client, world.team.ana.client, world.team.ben.client, key]


def expect_fresh(view: View, client: httpx.Client, *, polls: bool) -> None:
    """Hold that a view becomes what a new one is; timers and jobs may go on meanwhile."""
    for _ in attempts(PATIENCE):
        if polls:
            view.poll(client)
        if view.shown() == View.of(client).shown():
            return
    assert view.shown() == View.of(client).shown()


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    yield
    all_closed()


@pytest.mark.parametrize("name", ACTIONS)
def test_after_an_action(world: World, server: Server, name: str) -> None:
    talk = world.begin()
    if name in FIRST:
        assert ACTIONS[FIRST[name]](world, talk)
    clients = viewers(world)
    followings = [Following.of(server, one, View.of(one)) for one in clients]
    stale = [View.of(one) for one in clients]
    before = [one.shown() for one in stale]

    assert ACTIONS[name](world, talk)

    for view, client in zip(stale, clients, strict=True):
        expect_fresh(view, client, polls=True)
    for following, client in zip(followings, clients, strict=True):
        assert following.view is not None
        expect_fresh(following.view, client, polls=False)
    changed = [view.shown() != old for view, old in zip(stale, before, strict=True)]
    # All but what only lists' readers don't see: a note, a rating, a deleted draft.
    unseen = {"a visitor rates", "a person notes", "a person deletes a note"}
    assert any(changed) or name in unseen | {"a person drops a draft", "a person drafts"}


@pytest.mark.parametrize("seed", range(4))
def test_after_anything(server: Server, visitor: httpx.Client, rows: Rows, seed: int) -> None:
    world = World.of(server, visitor, rows, seed)
    clients = viewers(world)
    followings = [Following.of(server, one, View.of(one)) for one in clients]
    stale = [View.of(one) for one in clients]
    for _ in range(STEPS):
        name = world.rng.choice([*ACTIONS])
        ACTIONS[name](world, world.rng.choice(world.talks))
        if world.rng.random() < 0.1:
            view, client = world.rng.choice([*zip(stale, clients, strict=True)])
            view.poll(client)
    for view, client in zip(stale, clients, strict=True):
        expect_fresh(view, client, polls=True)
    for following, client in zip(followings, clients, strict=True):
        assert following.view is not None
        expect_fresh(following.view, client, polls=False)
    expect_told_once(world, followings[0])


def expect_told_once(world: World, following: Following) -> None:
    """Hold that each message of the conversations that are left came once, but for ratings."""
    assert following.view is not None
    come = [(one["id"], str(one["feedback"])) for one in following.all("message")]
    told = [data for name, data in following.view.told if name == "message"]
    assert len(told) == len(come)
    for talk in world.talks[1:]:
        for message in world.messages(talk):
            assert message["id"] in following.view.messages
    unrated = [id_ for id_, feedback in come if feedback == "None"]
    assert len(unrated) == len(set(unrated))
