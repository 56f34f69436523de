"""Search and the filter by tag show what a plain reading of every row shows, whatever is typed."""

import random
from typing import Final

import pytest

from tests.conftest import Rows
from tests.inbox.listing.test_lists import Inbox
from tests.inbox.team import Team, bare

_TEXTS: Final = (
    "100% of it_self is \\ broken",
    'He said "it\'s lost", or not -- at all; drop table message',
    "Where is my parcel? WHERE?",
    "parcel parcel parcel lost",
    "cafe\u0301 and café, Å and A\u030a",
    "a" + "\u0301" * 40,
    "荷物がまだ届きません",
    "Моя посылка не пришла",
    "لم تصل الطرود بعد",
    "İstanbul ıssız STRASSE straße",
    "x" * 3000 + " end",
    "word " * 600 + "last",
    " " * 600 + "behind blanks",
    "write to grace.hopper@example.org (or <b>call</b>) & wait | now : * !",
)
_QUERIES: Final = (
    *("%", "_", "\\", "\\%", "%%", "'", '"', '""', "''", "$1", ":q", "*", "!&|", "-parcel", "or"),
    *("parcel", "PARCEL lost", '"parcel lost"', "parcel or посылка", "lost -parcel", "arce"),
    *("e\u0301", "é", "\u0301", "cafe", "届き", "не пришла", "الطرود", "ıs", "strasse", "ß"),
    *("grace@", "hopper@example", "Visitor", "word last", "x" * 200, " " * 200, "  end", "; drop"),
)
_TAGS: Final = ("VIP", "vip", "100%", "a_b", "Ärger", "ärger", "'", "\\", "荷物")

# Every message and every visitor of the account, one by one, without an index.
_PLAIN: Final = """
select c.id::text from conversation c left join visitor v on v.id = c.visitor_id
 where c.account_id = %s and (
  exists (select from message m where m.conversation_id = c.id and (
    numnode(websearch_to_tsquery('simple', %s)) > 0
     and to_tsvector('simple', m.content) @@ websearch_to_tsquery('simple', %s)
    or position(lower(%s) in lower(m.content)) > 0))
  or position(lower(%s) in lower(v.name)) > 0 or position(lower(%s) in lower(v.email)) > 0
  or exists (select from lead l where l.conversation_id = c.id
   and position(lower(%s) in lower(concat_ws(' ', l.name, l.email, l.phone))) > 0))
"""


@pytest.fixture
def inbox(team: Team) -> Inbox:
    return Inbox(team)


def _plain(rows: Rows, inbox: Inbox, query: str) -> set[str]:
    account = bare(inbox.team.owner.account_id)
    return {f"conv_{found.replace('-', '')}" for (found,) in rows(_PLAIN, account, *[query] * 6)}


def test_search_is_what_reading_every_message_finds(inbox: Inbox, rows: Rows) -> None:
    for number, text in enumerate(_TEXTS):
        name = f"Visitor {number} 100%_\\"
        token = inbox.team.site.sign(f"u{number}", email=f"v_{number}@example.org", name=name)
        inbox.begin(text.strip(), **({"identity_token": token} if number % 2 else {}))
    found = {query: set(inbox.ids(q=query)) for query in _QUERIES}
    drawn = random.Random(7)
    for _ in range(30):
        text = drawn.choice(_TEXTS)
        begin = drawn.randrange(len(text))
        piece = text[begin : begin + drawn.randint(1, 30)]
        found[piece] = set(inbox.ids(q=piece))
    for query, ids in found.items():
        # What is blank at its ends is searched without that.
        wanted = _plain(rows, inbox, query.strip()) if query.strip() else ids
        assert ids == wanted, repr(query)


# Stored from the oldest to the newest, one a minute: first those with "narwhal", then "walrus".
_MANY: Final = """
with tenant as materialized (select set_config('answerdesk.account_id', account_id::text, true),
  account_id, project_id, visitor_id from conversation where id = %s),
 made as (select gen_random_uuid() as id, n, now() - (8000 - n) * interval '1 minute' as at,
  case when n <= 2300 then 'narwhal' else 'walrus' end as word from generate_series(1, 6400) n),
 begun as (insert into conversation (account_id, id, project_id, visitor_id, state, created_at,
   updated_at, visitor_wrote_at) select account_id, id, project_id, visitor_id, 'closed', at, at, at
   from tenant, made order by n returning id)
insert into message (account_id, id, conversation_id, project_id, author, content, created_at)
 select account_id, gen_random_uuid(), made.id, project_id, 'visitor', 'I saw a ' || word, at
 from tenant, made, begun where begun.id = made.id order by n returning 1
"""
_NEWEST: Final = """
select 'conv_' || replace(conversation_id::text, '-', '') from message
 where account_id = %s and content like %s order by created_at desc
"""


def test_of_a_word_in_very_many_conversations_the_newest_are_found(
    inbox: Inbox, rows: Rows
) -> None:
    assert len(rows(_MANY, bare(inbox.begin("Hello")))) == 6400
    for query, least in (("saw walrus", 3900), ("saw narwhal", 2000)):
        found: list[str] = []
        page: dict[str, str | int] = {"q": query, "limit": 200}
        while True:
            answer = inbox.client.get("/v1/inbox", params=page).json()
            found += [one["id"] for one in answer["items"]]
            if answer["next_cursor"] is None:
                break
            page["cursor"] = answer["next_cursor"]
        word = query.split()[1]
        newest = rows(_NEWEST, bare(inbox.team.owner.account_id), f"%{word}")
        assert found == [one for (one,) in newest][: len(found)]
        assert len(found) >= least


def test_a_tag_is_the_same_whatever_its_case(inbox: Inbox) -> None:
    begun = {tag: inbox.begin(f"Question about {number}") for number, tag in enumerate(_TAGS)}
    for tag, one in begun.items():
        inbox.act(one, "tags", "PUT", tags=[tag])
    for tag in (*_TAGS, *(tag.upper() for tag in _TAGS), "%", "a%", "", " "):
        wanted = {one for other, one in begun.items() if other.lower() == tag.lower()}
        if tag.strip():
            assert set(inbox.ids(tag=tag)) == wanted, repr(tag)
