"""Pages that rest: which do, and until when."""

import time
from uuid import uuid4

from answerdesk.knowledge.sync.waiting import Resting


def test_whose_time_has_come_does_not_hurry_the_others() -> None:
    rested, resting = uuid4(), uuid4()
    pages = Resting({rested: time.time() - 5, resting: time.time() + 100})
    assert pages.pages() == [resting]
    assert 50 < pages.seconds() <= 100
    assert Resting.load(pages.dump()).pages() == [resting]


def test_where_none_rests_nothing_is_waited_for() -> None:
    assert Resting({}).seconds() == 0
    assert Resting({uuid4(): time.time() - 5}).seconds() == 0
