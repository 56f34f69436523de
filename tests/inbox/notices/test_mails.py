"""Mails: few however many wait, none of what is over, again after failures, safe to read."""

from datetime import timedelta
from uuid import UUID

import pytest

from answerdesk.accounts.audit import list_entries
from answerdesk.accounts.types import AuditFilter
from answerdesk.core.tenancy import ConversationId
from answerdesk.inbox.notices.letter import notice_letter, one_line
from answerdesk.inbox.notices.types import Channels, MailLine, Pace, usual_preference
from tests.inbox.place import BASE_URL, Place, placed

AT_ONCE = Pace(grace=timedelta(0))
MINUTES = timedelta(minutes=1)


async def test_a_thousand_waits_are_few_mails() -> None:
    async with placed(pace=AT_ONCE) as place:
        person = place.join()
        for _ in range(200):
            await place.move(place.converse(), "waiting")
        await place.work()
        assert len(place.mailer.sent) == 1
        for _ in range(8):
            for _ in range(100):
                await place.move(place.converse(), "waiting")
            await place.work()
            # Not before five minutes have passed.
            place.later(4 * MINUTES)
            before = len(place.mailer.sent)
            await place.work()
            assert len(place.mailer.sent) == before
            place.later(2 * MINUTES)
            await place.work()
        # 48 minutes later: the first, and one for each six minutes.
        assert len(place.mailer.sent) == 9
        assert {one.to for one in place.mailer.sent} == {place.email(person)}
        link = f"{BASE_URL}/app/inbox?conversation="
        counts = [one.text.count(link) for one in place.mailer.sent]
        assert counts[1:] == [20] * 8
        assert place.mailer.sent[-1].subject == "100 visitors wait for a person"
        assert "… and 80 more" in place.mailer.sent[-1].text
        assert place.count("notice", "mail and mailed_at is null and dropped_at is null") == 0


async def test_somebody_who_takes_it_in_time_saves_the_mail() -> None:
    async with placed() as place:
        person = place.join()
        taken, left = place.converse("Taken?"), place.converse("Left?")
        for one in (taken, left):
            await place.move(one, "waiting")
        await place.work()
        assert place.mailer.sent == []
        assert place.count("notice", "told_at is not null") == 2
        await place.move(taken, "human", assignee=place.join(), waits=True)
        place.later(timedelta(seconds=11))
        await place.work()
        (mail,) = [one for one in place.mailer.sent if one.to == place.email(person)]
        assert mail.subject == "A visitor waits for a person"
        assert "“Left?”" in mail.text
        assert "Taken?" not in mail.text


async def test_who_has_the_inbox_open_gets_no_mail_of_waits() -> None:
    async with placed(pace=AT_ONCE) as place:
        present, gone, absent = place.join(), place.join(), place.join()
        for person, seconds in ((present, 60), (gone, -1)):
            place.rows(
                "insert into presence (account_id, user_id, stream_id, until) values"
                " (%s, %s, gen_random_uuid(), now() + make_interval(secs => %s)) returning 1",
                *(place.account_id, person, seconds),
            )
        await place.move(place.converse(), "waiting")
        await place.work()
        assert {one.to for one in place.mailer.sent} == {place.email(gone), place.email(absent)}
        assert len(place.told()) == 3


async def test_a_mail_server_that_is_away_is_tried_again_and_the_operator_is_told_once() -> None:
    async with placed(pace=AT_ONCE) as place:
        person = place.join()
        place.mailer.away = True
        for _ in range(30):
            await place.move(place.converse(), "waiting")
            await place.work()
        assert await failures(place) == [True]
        # Five minutes, then twice as long: new waits don't have it tried sooner.
        place.later(6 * MINUTES)
        await place.work()
        place.later(6 * MINUTES)
        await place.move(place.converse(), "waiting")
        await place.work()
        assert place.rows("select failures from notice_mail") == [(2,)]
        place.mailer.away = False
        place.later(5 * MINUTES)
        await place.work()
        (mail,) = place.mailer.sent
        assert mail.to == place.email(person)
        assert mail.subject == "31 visitors wait for a person"
        assert place.rows("select failures from notice_mail") == [(0,)]
        place.later(60 * MINUTES)
        await place.work()
        assert len(place.mailer.sent) == 1


async def test_a_mail_that_fails_too_often_is_given_up() -> None:
    async with placed(pace=Pace(grace=timedelta(0), tries=2)) as place:
        place.join()
        place.mailer.away = True
        await place.move(place.converse(), "waiting")
        for _ in range(4):
            await place.work()
            place.later(60 * MINUTES)
        assert await failures(place) == [False, True]
        place.mailer.away = False
        await place.work()
        assert place.mailer.sent == []


async def failures(place: Place) -> list[object]:
    """Return whether the failed mails of the audit log are tried again, newest first."""
    async with place.application.database.transaction(place.account_id) as session:
        entries = await list_entries(session, limit=50, wanted=AuditFilter("letter.failed"))
    return [one.detail["tried_again"] for one in entries]


async def test_a_crash_between_sending_and_noting_sends_again_and_nothing_is_lost() -> None:
    async with placed(pace=AT_ONCE) as place:
        place.join()
        await place.move(place.converse(), "waiting")
        await place.work("notices.gather", "notices.tell")
        assert place.count("due_job", "name = 'notices.mail'") == 1
        await place.work()
        # As if the process had died before it noted that the mail was sent.
        place.rows("update notice set mailed_at = null returning 1")
        place.later(6 * MINUTES)
        await place.work()
        assert len(place.mailer.sent) == 2


async def test_everybody_is_told_of_a_wait_by_one_event_and_of_several_by_one_job() -> None:
    async with placed() as place:
        people = {f"user_{place.join().hex}" for _ in range(5)}
        waits = [place.converse() for _ in range(3)]
        for one in waits:
            await place.move(one, "waiting")
        assert place.count("due_job", "name = 'notices.gather'") == 3
        assert await place.work("notices.gather") == 1
        told = place.events("inbox.noticed")
        assert len(told) == 3
        assert {one["conversation_id"] for one in told} == {f"conv_{one.hex}" for one in waits}
        for notice in told:
            assert {one["user_id"] for one in notice["people"]} == people
        assert place.count("notice", "told_at is not null") == 15
        # The mails of all are looked after by one job, too.
        assert place.count("due_job", "name like 'notices.%%'") == 1


async def test_what_is_over_before_it_is_gathered_is_told_to_nobody() -> None:
    async with placed(pace=AT_ONCE) as place:
        place.join()
        over = place.converse()
        await place.move(over, "waiting")
        await place.move(over, "closed")
        await place.work()
        assert place.told() == []
        assert place.count("notice") == len(place.mailer.sent) == 0


async def test_who_may_no_longer_log_in_is_told_nothing_more() -> None:
    async with placed() as place:
        person = place.join()
        await place.move(place.converse(), "waiting")
        await place.work()
        place.rows("update app_user set disabled_at = now() where id = %s returning 1", person)
        place.later(timedelta(seconds=11))
        await place.work()
        assert place.mailer.sent == []
        assert place.count("notice", "dropped_at is null") == 0
        assert place.count("due_job", "name in ('notices.tell', 'notices.mail')") == 0


async def test_gathering_twice_tells_once() -> None:
    async with placed(pace=AT_ONCE) as place:
        place.join()
        await place.move(place.converse(), "waiting")
        [(events,)] = place.rows(
            "select jsonb_agg(id) from event where type = 'conversation.escalated'"
        )
        for _ in range(2):
            await place.work()
            place.later(6 * MINUTES)
            await place.handlers["notices.gather"].handler(
                place.job("notices.gather", events=events)
            )
        await place.work()
        assert len(place.mailer.sent) == len(place.told()) == 1


async def test_a_person_chooses_what_is_mailed_and_who_left_gets_nothing() -> None:
    async with placed(pace=AT_ONCE) as place:
        person, other, viewer = place.join(), place.join(), place.join("viewer")
        off = Channels(mail=False, browser=True)
        place.prefer(person, usual_preference("agent").model_copy(update={"waiting": off}))
        await place.move(place.converse(), "waiting")
        await place.work("notices.gather")
        place.rows("delete from membership where user_id = %s returning 1", other)
        await place.work()
        assert place.mailer.sent == []
        assert place.count("notice") == 1
        assert place.told()
        assert f"user_{viewer.hex}" not in place.told()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Hello\r\n\r\nBcc: all@example.com\nX", "Hello Bcc: all@example.com X"),
        ("a\u202eb\u0000c\u2028d", "a b c d"),
        ("”, wrote your bank: “pay", '", wrote your bank: "pay'),
        ("x" * 9000, "x" * 159 + "…"),
        (" " * 9000, ""),
    ],
)
def test_a_visitors_words_stay_on_one_short_line(said: str, shown: str) -> None:
    assert one_line(said, 160) == shown
    nobody = UUID(int=1)
    line = MailLine(nobody, "waiting", "Shop", ConversationId(nobody), said)
    mail = notice_letter("ann@example.com", [line], 1, BASE_URL)
    assert said[:5].strip() not in mail.subject or not said.strip()
    quoted = [one for one in mail.text.split("\n") if shown and shown in one]
    assert quoted == ([f"  The visitor wrote: “{shown}”"] if shown else [])
