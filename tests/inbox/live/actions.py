"""Everything that can happen to what the inbox shows. Add to `ACTIONS` what is new."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from tests.accounts.people import Person
from tests.conftest import Rows, Server
from tests.conversations.visitors.site import Guest, Site
from tests.inbox.team import Team, ok


@dataclass
class Talk:
    """A visitor's conversation."""

    guest: Guest
    id: str

    @property
    def path(self) -> str:
        return f"/v1/conversations/{self.id}"


@dataclass
class World:
    """A team's account with two sites, and conversations to act on."""

    team: Team
    rows: Rows
    rng: random.Random
    other: Site
    talks: list[Talk] = field(default_factory=list)

    @classmethod
    def of(cls, server: Server, visitor: httpx.Client, rows: Rows, seed: int) -> "World":
        team = Team(server, visitor)
        world = cls(team, rows, random.Random(seed), Site(team.owner.client, visitor))
        world.talks.append(Talk(team.guest, team.conversation_id))
        return world

    def begin(self, site: Site | None = None) -> Talk:
        """Have a new visitor begin a conversation."""
        guest = (site or self.team.site).guest()
        talk = Talk(guest, guest.start("What does express shipping cost?"))
        self.talks.append(talk)
        return talk

    @property
    def somebody(self) -> Person:
        return self.rng.choice([self.team.owner, self.team.ana, self.team.ben])

    def messages(self, talk: Talk) -> list[dict[str, Any]]:
        return talk.guest.messages(talk.id)


Action = Callable[[World, Talk], Any]


def _sent(response: httpx.Response) -> bool:
    """Tell whether it was done; what can't be done now is refused."""
    assert response.status_code < 500, response.text
    return response.is_success


def _visitor_writes(world: World, talk: Talk) -> bool:
    said = f"And number {world.rng.random()}?"
    return _sent(talk.guest.send(said, conversation_id=talk.id))


def _wants_person(world: World, talk: Talk) -> bool:
    return _sent(talk.guest.post(f"conversations/{talk.id}/escalate"))


def _leaves_contact(world: World, talk: Talk) -> bool:
    email = f"v{world.rng.randrange(10**9)}@example.com"
    return _sent(talk.guest.post(f"conversations/{talk.id}/escalate", email=email))


def _post(path: str, **body: Any) -> Action:
    def act(world: World, talk: Talk) -> bool:
        return _sent(world.somebody.client.post(f"{talk.path}/{path}", json=body))

    return act


def _person_replies(world: World, talk: Talk) -> bool:
    body = {"content": f"Hello {world.rng.random()}", "go_ahead": True}
    return _sent(world.somebody.client.post(f"{talk.path}/messages", json=body))


def _assign(world: World, talk: Talk) -> bool:
    member = world.rng.choice([None, *_members(world)])
    done = world.somebody.client.post(f"{talk.path}/assign", json={"member_id": member})
    return _sent(done)


def _members(world: World) -> list[str]:
    return [one["id"] for one in ok(world.team.owner.client.get("/v1/members"))["items"]]


def _notes(world: World, talk: Talk) -> bool:
    body = {"content": f"Note {world.rng.random()}"}
    return _sent(world.somebody.client.post(f"{talk.path}/notes", json=body))


def _deletes_note(world: World, talk: Talk) -> bool:
    owner = world.team.owner.client
    note = ok(owner.post(f"{talk.path}/notes", json={"content": "Gone soon"}), 201)
    return _sent(owner.delete(f"{talk.path}/notes/{note['id']}"))


def _tags(world: World, talk: Talk) -> bool:
    tags = world.rng.sample(["vip", "refund", "late", "日本", "été"], world.rng.randrange(4))
    return _sent(world.somebody.client.put(f"{talk.path}/tags", json={"tags": tags}))


def _snoozes(world: World, talk: Talk) -> bool:
    until = datetime.now(UTC) + timedelta(hours=world.rng.randrange(1, 50))
    return _sent(world.somebody.client.post(f"{talk.path}/snooze", json={"until": f"{until}"}))


def _wakes(world: World, talk: Talk) -> bool:
    return _sent(world.somebody.client.delete(f"{talk.path}/snooze"))


def _reads(world: World, talk: Talk) -> bool:
    body = {"message_id": world.rng.choice(world.messages(talk))["id"]}
    return _sent(world.somebody.client.put(f"{talk.path}/read", json=body))


def _marks_unread(world: World, talk: Talk) -> bool:
    messages, client = world.messages(talk), world.somebody.client
    ok(client.put(f"{talk.path}/read", json={"message_id": messages[-1]["id"]}))
    body = {"message_id": messages[0]["id"], "unread": True}
    return _sent(client.put(f"{talk.path}/read", json=body))


def _drafts(world: World, talk: Talk) -> bool:
    path, client = (
        f"{talk.path}/drafts/{world.rng.choice(['reply', 'note'])}",
        world.somebody.client,
    )
    version = ok(client.get(path))["version"]
    content = world.rng.choice(["", "Dear…", "I think that"])
    return _sent(client.put(path, json={"content": content, "version": version}))


def _drops_draft(world: World, talk: Talk) -> bool:
    path, client = f"{talk.path}/drafts/reply", world.somebody.client
    version = ok(client.get(path))["version"]
    ok(client.put(path, json={"content": "Never mind", "version": version}))
    return _sent(client.delete(path))


def _contact(world: World, talk: Talk) -> bool:
    body = {"name": f"Ada {world.rng.randrange(10**6)}", "attributes": {"plan": "gold"}}
    return _sent(world.somebody.client.patch(f"/v1/visitors/{talk.guest.id}", json=body))


def _rates(world: World, talk: Talk) -> bool:
    answers = [one for one in world.messages(talk) if one["author"] != "visitor"]
    if not answers:
        return False
    rating = world.rng.choice(["positive", "negative"])
    path = f"conversations/{talk.id}/feedback"
    return _sent(talk.guest.post(path, message_id=answers[-1]["id"], rating=rating))


def _begins(world: World, _: Talk) -> bool:
    world.begin(world.rng.choice([world.team.site, world.other]))
    return True


def _deletes_project(world: World, _: Talk) -> bool:
    """Delete the other site, where something is left, and go on with a new one."""
    talk = world.begin(world.other)
    ok(world.team.owner.client.post(f"{talk.path}/claim"))
    ok(world.team.owner.client.delete(world.other.path), 204)
    gone = {one.id for one in world.talks if one.guest.get("conversations").status_code == 401}
    world.talks = [one for one in world.talks if one.id not in gone]
    world.other = Site(world.team.owner.client, world.team.site.visitor)
    return True


def _target_is_set(world: World, talk: Talk) -> bool:
    """Begin or breach a service level as its timer does."""
    world.rows(
        "with clock as (insert into sla_clock (account_id, id, conversation_id, project_id, target,"
        "  started_at, due_at, breached_at) select account_id, gen_random_uuid(), id, project_id,"
        "  'first_response', now(), now() + interval '1 hour', case when %s then now() end"
        "  from conversation where id = %s on conflict do nothing returning account_id),"
        " touched as (update conversation set version = version where id = %s returning *),"
        " tenant as (select set_config('answerdesk.account_id', account_id::text, true) as t, *"
        "  from touched)"
        " insert into event (account_id, project_id, type, payload) select account_id, project_id,"
        "  'inbox.changed', jsonb_build_object('conversation_id', cast(%s as text), 'aspect',"
        "  'service_level', 'tenant', t) - 'tenant' from tenant returning 1",
        *(world.rng.random() < 0.5, talk.id[5:], talk.id[5:], talk.id),
    )
    return True


ACTIONS: Final[dict[str, Action]] = {
    "a visitor begins": _begins,
    "a visitor writes": _visitor_writes,
    "a visitor wants a person": _wants_person,
    "a visitor leaves a contact": _leaves_contact,
    "a visitor rates": _rates,
    "a person claims": _post("claim", force=True),
    "a person replies": _person_replies,
    "a person assigns": _assign,
    "a person hands back": _post("hand-back"),
    "a person closes": _post("close"),
    "a person reopens": _post("reopen"),
    "a person notes": _notes,
    "a person deletes a note": _deletes_note,
    "a person tags": _tags,
    "a person snoozes": _snoozes,
    "a person wakes": _wakes,
    "a person reads": _reads,
    "a person marks as unread": _marks_unread,
    "a person drafts": _drafts,
    "a person drops a draft": _drops_draft,
    "a person changes the contact": _contact,
    "a target is set": _target_is_set,
    "a project is deleted": _deletes_project,
}

FIRST: Final[dict[str, str]] = {
    "a person hands back": "a person claims",
    "a person reopens": "a person closes",
    "a person wakes": "a person snoozes",
}
"""What has to happen before, so that an action changes something."""
